"""What the record tells of and the database has lost: nothing is deleted for want of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.custody.models import Entry
from custodes.people.rules import Role, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.actions.hold import Wanted, place_hold
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.review import keep_after_review
from custodes.retention.actions.schedule import publish
from custodes.retention.actions.sweep import rehearse
from custodes.retention.errors import SweepStopped
from custodes.retention.models import (
    HeldRecording,
    Hold,
    Review,
    ScheduleVersion,
    Tombstone,
)
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.periods import Period
from custodes.retention.writing import write_schedule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


def _published(by: Viewer, days: int, *, version_before: str) -> ScheduleVersion:
    """Publish a version that keeps routine footage for so many days, in force at once."""
    first = replace(DEFAULT.lines[0], keep=Period(days=days))
    lines = (first, *DEFAULT.lines[1:])
    changed = replace(DEFAULT, lines=lines, effective_at=force.NOON + 2 * DAY)
    return publish(by, changed, "longer", version_before, at=force.NOON + DAY)


def test_a_version_that_the_database_lost_deletes_nothing_by_the_one_before(
    records: Viewer,
) -> None:
    recording = delivered()
    rehearse(by=ENGINE, at=force.NOON + DAY)
    newest = _published(records, 365, version_before="somebody else")
    ScheduleVersion.objects.filter(pk=newest.pk).delete()

    with pytest.raises(SweepStopped, match="version 2, which this database has lost"):
        swept(DUE)
    ScheduleVersion.objects.all().delete()
    with pytest.raises(SweepStopped, match="version 2, which this database has lost"):
        swept(DUE + DAY)
    assert not ScheduleVersion.objects.exists()
    assert Recording.objects.get(pk=recording.pk).state == State.COMPLETE

    _published(records, 31, version_before="somebody else")
    assert swept(DUE + 2 * DAY).disposed == 1


def test_a_schedule_that_was_not_published_so_deletes_nothing(records: Viewer) -> None:
    delivered()
    rehearse(by=ENGINE, at=force.NOON + DAY)
    shorter = replace(DEFAULT.lines[0], keep=Period(days=3))
    other = replace(DEFAULT, lines=(shorter, *DEFAULT.lines[1:]))
    ScheduleVersion.objects.update(document=write_schedule(other))

    with pytest.raises(SweepStopped, match="Version 1 was published otherwise"):
        swept(force.NOON + 5 * DAY)
    Entry.objects.filter(kind="policy.publish").update(kind="policy.lost")
    with pytest.raises(SweepStopped, match="Version 1 was never published"):
        swept(force.NOON + 6 * DAY)
    assert not Tombstone.objects.exists()


def test_a_standing_hold_that_the_database_lost_is_for_two_people(
    records: Viewer,
) -> None:
    camera = delivered().camera
    scope = Scope(cameras=frozenset({camera.handle}))
    wanted = Wanted(HoldKind.OTHER, "x", DUE.date(), scope, standing=True)
    hold = place_hold(records, wanted, at=force.NOON + DAY)
    HeldRecording.objects.all().delete()
    Hold.objects.filter(pk=hold.pk).delete()

    with pytest.raises(SweepStopped, match=r"holds that this database has lost \(1\)"):
        swept(DUE)


def test_a_review_that_the_database_lost_lets_nothing_go(records: Viewer) -> None:
    recording = delivered()
    look_ahead([recording.pk], at=DUE)
    keep_after_review(records, recording, "asked for", DUE.date() + 9 * DAY, at=DUE)
    Review.objects.all().delete()

    assert swept(DUE + DAY).disposed == 0
    assert Recording.objects.get(pk=recording.pk).state == State.COMPLETE
