"""Publish a version of the schedule; the versions before it stay as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.custody.actions import record
from custodes.custody.events import SchedulePublished
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.digest import b64u, sha256
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Category
from custodes.retention.errors import ScheduleRefused
from custodes.retention.exports import as_csv, as_page
from custodes.retention.models import ScheduleVersion, Sweep
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.schedule import Schedule, faults_of
from custodes.retention.writing import for_the_log, write_schedule


@transaction.atomic
def publish_first(*, by: Actor, at: datetime) -> None:
    """Publish the schedule an installation starts with, unless one was published.

    Not even where the database has lost it: the record knows, and no sweep begins then.
    """
    published = Entry.objects.filter(kind=SchedulePublished.kind)
    if not ScheduleVersion.objects.exists() and not published.exists():
        _publish(DEFAULT, "the schedule every installation starts with", "Custodes", by=by, at=at)


@transaction.atomic
def publish(
    viewer: Viewer, schedule: Schedule, because: str, proposed_by: str, *, at: datetime
) -> ScheduleVersion:
    """Let a schedule that another person proposed take effect; raises ScheduleRefused.

    ``proposed_by`` is the handle of who proposed it: nobody approves their own.
    """
    if not viewer.may(Permission.CHANGE_SCHEDULE):
        raise ScheduleRefused("None of your roles changes the schedule.")
    if viewer.handle == proposed_by:
        raise ScheduleRefused("You proposed this schedule; another person approves it.")
    if Sweep.objects.filter(begun_at__isnull=False, ended_at=None).exists():
        raise ScheduleRefused(
            "A sweep is under way, by the version that is in force now.",
            "The schedule in force was not changed. Approve this one when the sweep has ended.",
        )
    if schedule.effective_at < at:
        raise ScheduleRefused("A schedule cannot take effect before it is approved.")
    follow_what_is_published(schedule.effective_at)
    offered = Category.objects.filter(is_offered=True).order_by("code")
    if faults := faults_of(schedule, offered.values_list("code", flat=True)):
        raise ScheduleRefused(" ".join(faults))
    if not because.strip():
        raise ScheduleRefused("A change of the schedule needs a reason.")
    newest = ScheduleVersion.objects.order_by("-version").first()
    numbered = replace(schedule, version=newest.version + 1 if newest else 1)
    return _publish(numbered, because.strip(), proposed_by, by=viewer.actor, at=at)


def follow_what_is_published(effective_at: datetime) -> None:
    """Refuse a version that would take effect before one that is published already.

    It would be in force for a while, and then the older one instead of it; so each
    version is the one in force from its day until the day of the next.
    """
    latest = ScheduleVersion.objects.order_by("-effective_at", "-version").first()
    if latest is not None and effective_at < latest.effective_at:
        day = in_words(localdate(latest.effective_at))
        raise ScheduleRefused(
            f"Version {latest.version} is published and takes effect on {day}; a later version "
            "cannot take effect before it.",
            f"The schedule in force was not changed. Let this one take effect on {day}, in its "
            "place, or later.",
        )


def _publish(
    schedule: Schedule, because: str, proposed_by: str, *, by: Actor, at: datetime
) -> ScheduleVersion:
    document, table, page = write_schedule(schedule), as_csv(schedule), as_page(schedule)
    version = ScheduleVersion.objects.create(
        version=schedule.version,
        effective_at=schedule.effective_at,
        document=document,
        table=table,
        page=page,
        because=because,
        proposed_by=proposed_by,
        approved_by=by.name,
        made_at=at,
    )
    published = SchedulePublished(
        rules=for_the_log(schedule),
        version=schedule.version,
        document=b64u(sha256(document.encode())),
        table=b64u(sha256(table.encode())),
        page=b64u(sha256(page.encode())),
        proposed_by=proposed_by,
    )
    record(published, subject=version.handle, by=by, at=at, because=because)
    return version
