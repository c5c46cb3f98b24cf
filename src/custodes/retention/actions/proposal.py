"""Propose another schedule, work out what it would change, and approve or withdraw it.

Nothing changes before a second person has read the rehearsal and approved.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import (
    ProposalApproved,
    ProposalRehearsed,
    ProposalWithdrawn,
    ScheduleProposed,
)
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Category
from custodes.retention.actions.schedule import (
    follow_what_is_published,
    publish,
    publish_first,
)
from custodes.retention.effect import changes_of, effect_of
from custodes.retention.errors import ScheduleRefused
from custodes.retention.facts import read_version, readable_schedule_at
from custodes.retention.models import ScheduleProposal, ScheduleVersion
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.schedule import Schedule, faults_of
from custodes.retention.writing import read_schedule, write_schedule

#: What a proposal would change is counted anew after this, while nobody has decided.
COUNTED_FOR = timedelta(days=1)
#: And nobody approves it by counts that are older than this: then no worker counts.
TOO_OLD = timedelta(days=2)


@transaction.atomic
def propose(viewer: Viewer, schedule: Schedule, because: str, *, at: datetime) -> ScheduleProposal:
    """Propose a schedule made from the newest version; raises ScheduleRefused, in sentences."""
    if not viewer.may(Permission.CHANGE_SCHEDULE):
        raise ScheduleRefused("None of your roles changes the schedule.")
    if not because.strip():
        raise ScheduleRefused("A change of the schedule needs a reason.")
    offered = Category.objects.filter(is_offered=True).order_by("code")
    if faults := faults_of(schedule, offered.values_list("code", flat=True)):
        raise ScheduleRefused(" ".join(faults))
    publish_first(by=viewer.actor, at=at)
    follow_what_is_published(max(schedule.effective_at, at))
    newest = _newest()
    changes = changes_of(read_version(newest), schedule)
    if not changes:
        raise ScheduleRefused("Nothing in it is different from the newest version.")
    proposal = ScheduleProposal.objects.create(
        document=write_schedule(replace(schedule, version=newest.version + 1)),
        base=newest.version,
        because=because.strip(),
        proposed_by_id=viewer.person,
        proposed_at=at,
    )
    proposed = ScheduleProposed(changes=" ".join(changes))
    record(proposed, subject=proposal.handle, by=viewer.actor, at=at, because=proposal.because)
    return proposal


def count_anew(*, by: Actor, at: datetime) -> int:
    """Work out again what open proposals would change, where it was counted over a day ago."""
    waiting = ScheduleProposal.objects.filter(ended_at=None, effect__isnull=False)
    old = [each for each in waiting.order_by("pk") if each.counted_at + COUNTED_FOR <= at]
    for proposal in old:
        work_out(proposal.handle, by=by, at=at)
    return len(old)


def work_out(handle: str, *, by: Actor, at: datetime) -> None:
    """Work out what a proposal would change, unless that was counted within a day.

    One that was decided on meanwhile is left alone.
    """
    proposal = ScheduleProposal.objects.filter(handle=handle, ended_at=None).first()
    if proposal is None or (proposal.effect and proposal.counted_at + COUNTED_FOR > at):
        return
    known = proposal.effect
    now = readable_schedule_at(at)
    if now is None:
        raise ScheduleRefused("No schedule that can be read is in force.")
    proposed = read_schedule(proposal.document)
    takes_effect = max(proposed.effective_at, at)
    effect = effect_of(now, proposed, today=at, takes_effect=takes_effect)
    with transaction.atomic():
        proposal = ScheduleProposal.objects.select_for_update().get(pk=proposal.pk)
        if proposal.ended_at is not None or proposal.effect != known:
            return  # somebody decided on it, or worked it out, meanwhile
        proposal.effect = effect
        proposal.save(update_fields=["effect"])
        rehearsed = ProposalRehearsed(sooner=effect["sooner"], later=effect["later"])
        record(rehearsed, subject=proposal.handle, by=by, at=at)


@transaction.atomic
def approve(
    viewer: Viewer, proposal: ScheduleProposal, because: str, *, at: datetime
) -> ScheduleVersion:
    """Let a proposal take effect, as a second person who has read what it changes.

    It takes effect on its day, or at once if that is past.
    """
    proposal = _open(proposal)
    if proposal.effect is None:
        raise ScheduleRefused("What it would change has not been worked out yet.")
    if proposal.counted_at + TOO_OLD < at:
        raise ScheduleRefused(
            f"What it would change was counted on {in_words(proposal.counted_at)}, which is too "
            "long ago. The worker counts it anew: look at that first."
        )
    if _newest().version != proposal.base:
        raise ScheduleRefused("Another version was published since; propose it anew.")
    schedule = read_schedule(proposal.document)
    schedule = replace(schedule, effective_at=max(schedule.effective_at, at))
    version = publish(viewer, schedule, because, proposal.proposed_by.handle, at=at)
    _end(proposal, viewer, because.strip(), at, version)
    approved = ProposalApproved(version=version.version)
    record(approved, subject=proposal.handle, by=viewer.actor, at=at, because=because.strip())
    return version


@transaction.atomic
def withdraw(viewer: Viewer, proposal: ScheduleProposal, because: str, *, at: datetime) -> None:
    """Take a proposal back, one's own or somebody else's; the schedule in force stays."""
    if not viewer.may(Permission.CHANGE_SCHEDULE):
        raise ScheduleRefused("None of your roles changes the schedule.")
    if not because.strip():
        raise ScheduleRefused("A proposal is withdrawn for a reason, and none was given.")
    proposal = _open(proposal)
    _end(proposal, viewer, because.strip(), at, None)
    record(
        ProposalWithdrawn(), subject=proposal.handle, by=viewer.actor, at=at,
        because=because.strip(),
    )  # fmt: skip


def _open(proposal: ScheduleProposal) -> ScheduleProposal:
    found = ScheduleProposal.objects.select_for_update().get(pk=proposal.pk)
    if found.ended_at is not None:
        raise ScheduleRefused("This proposal was decided on already.")
    return found


def _end(
    proposal: ScheduleProposal,
    viewer: Viewer,
    because: str,
    at: datetime,
    version: ScheduleVersion | None,
) -> None:
    proposal.ended_at, proposal.ended_by = at, viewer.name
    proposal.ended_because, proposal.version = because, version
    proposal.save(update_fields=["ended_at", "ended_by", "ended_because", "version"])


def _newest() -> ScheduleVersion:
    return ScheduleVersion.objects.order_by("-version")[:1].get()
