"""Proposed schedules, as far as the viewer may know of them: those who may change schedules."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from custodes.fleet.models import Camera
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.retention.certificates import without_what_is_shut
from custodes.retention.effect import changes_of
from custodes.retention.facts import newest_schedule
from custodes.retention.models import ScheduleProposal, ScheduleVersion
from custodes.retention.rules.schedule import Schedule
from custodes.retention.writing import read_schedule


def proposals_for(viewer: Viewer) -> QuerySet[ScheduleProposal]:
    """Return the proposals, the newest first, for those who may see keeping and deleting."""
    found = ScheduleProposal.objects.select_related("proposed_by", "version")
    return found if viewer.may(Permission.SEE_RETENTION) else found.none()


def proposal_for(viewer: Viewer, handle: str) -> ScheduleProposal:
    """Return one proposal, if this person may know of it."""
    proposal = proposals_for(viewer).filter(handle=handle).first()
    if proposal is None:
        raise NotFound("There is no such proposal.")
    return proposal


def number_to_decide(viewer: Viewer) -> int:
    """Return how many proposals of others wait for this person's approval."""
    if not viewer.may(Permission.CHANGE_SCHEDULE):
        return 0
    waiting = proposals_for(viewer).filter(ended_at=None, effect__isnull=False)
    return waiting.exclude(proposed_by=viewer.person).count()


def effect_in(viewer: Viewer, proposal: ScheduleProposal) -> dict[str, Any] | None:
    """Return what it would do, None until that is worked out.

    It names no recording that a lock keeps from the viewer.
    """
    if not viewer.may(Permission.SEE_RETENTION) or proposal.effect is None:
        return None
    return without_what_is_shut(viewer, proposal.effect)


def changes_in(viewer: Viewer, proposal: ScheduleProposal) -> tuple[str, ...]:
    """Return what a proposal changes in the version it was made from, in sentences."""
    if not viewer.may(Permission.SEE_RETENTION):
        return ()
    base = ScheduleVersion.objects.get(version=proposal.base)
    try:
        return changes_of(read_schedule(base.document), read_schedule(proposal.document))
    except ValueError:
        return ("One of the two schedules cannot be read.",)


def schedule_to_change(viewer: Viewer) -> Schedule:
    """Return the newest schedule, to propose another from it; the first one if there is none."""
    if not viewer.may(Permission.CHANGE_SCHEDULE):
        raise NotFound("There is no such page.")
    return newest_schedule()


def source_types_to_change(viewer: Viewer) -> tuple[str, ...]:
    """Return the source types that cameras have now, for who may say which line is theirs."""
    if not viewer.may(Permission.CHANGE_SCHEDULE):
        return ()
    cameras = Camera.objects.exclude(source_type="").order_by("source_type")
    return tuple(cameras.values_list("source_type", flat=True).distinct())
