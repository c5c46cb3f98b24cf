"""The census of a real log: its root fits the entries, its paths the root, once a night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.world.force import CLERK, NOON

from custodes.custody.actions import record
from custodes.custody.census import (
    newest_census,
    shown_by_census,
    take_census,
    take_census_if_due,
)
from custodes.custody.events import NoteAdded, UploadDiscarded
from custodes.custody.genesis import begin_log
from custodes.custody.models import CensusBlock, Entry
from custodes.custody.rules import census_is_due
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import new_handle
from custodes.ledger.census import CensusLeaf, Standing, census_root
from custodes.ledger.entry import parse_entry

pytestmark = pytest.mark.django_db


def note(subject: str, text: str = "hello") -> Entry:
    with transaction.atomic():
        return record(NoteAdded(text=text), subject=subject, by=CLERK, at=NOON)


def leaves_from(entries: Iterator[bytes]) -> Iterator[bytes]:
    """Make the leaves again as a stranger would: from public entries alone."""
    ends: dict[str, CensusLeaf] = {}
    for data in entries:
        entry = parse_entry(data)
        last = Entry.objects.get(data=data).leaf
        cleared = entry.kind == "upload.discarded"
        standing = Standing.CLEARED if cleared else Standing.STANDS
        ends[entry.subject] = CensusLeaf(entry.subject, entry.number, bytes(last), standing)
    return iter(ends[subject].to_bytes() for subject in sorted(ends))


@pytest.fixture
def subjects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the subjects of a log that fills three blocks and part of a fourth."""
    for room in ("ledger", "custody"):
        monkeypatch.setattr(f"custodes.{room}.census.BLOCK", 8)
    begin_log(by=CLERK, at=NOON)
    subjects = [new_handle() for _ in range(29)]
    for subject in subjects:
        note(subject)
    return subjects


def test_the_census_is_what_a_stranger_makes_of_the_public_entries(subjects: list[str]) -> None:
    note(subjects[3], "again")
    gone = UploadDiscarded(size=1, promised="2", name="a", reason="b")
    record(gone, subject=subjects[4], by=CLERK, at=NOON)
    size = Entry.objects.count()

    entry = take_census(by=CLERK, at=NOON)
    note(new_handle())

    public = (bytes(each.data) for each in Entry.objects.filter(index__lt=size).order_by("index"))
    census = newest_census()
    assert census is not None
    assert (census.entry, census.size) == (entry.index, size)
    assert (census.count, census.root) == census_root(leaves_from(public))


def test_whoever_was_counted_can_be_shown_with_number_and_last_entry(subjects: list[str]) -> None:
    last = note(subjects[3], "again")
    take_census(by=CLERK, at=NOON)
    note(subjects[3], "later")

    for subject in (subjects[0], subjects[3], sorted(subjects)[0], sorted(subjects)[-1]):
        shown = shown_by_census(subject)
        assert shown.counted is not None
        assert shown.counted.is_under(shown.census.root, shown.census.count)
    counted = shown_by_census(subjects[3]).counted
    assert counted is not None
    assert (counted.leaf.number, counted.leaf.last) == (1, bytes(last.leaf))


def test_whoever_came_later_is_shown_not_to_have_been_counted(subjects: list[str]) -> None:
    take_census(by=CLERK, at=NOON)

    for subject in (new_handle(), new_handle(), "-" * 22, "z" * 22):
        note(subject)
        shown = shown_by_census(subject)
        assert shown.counted is None
        assert shown.absent is not None
        root, count = shown.census.root, shown.census.count
        assert shown.absent.shows_absence_of(subject, root, count)


def test_an_empty_log_has_no_census_to_show() -> None:
    with pytest.raises(NotFound, match="not counted yet"):
        shown_by_census(new_handle())


def test_leaves_are_kept_for_the_two_newest_censuses_only(subjects: list[str]) -> None:
    taken = [take_census(by=CLERK, at=NOON).index for _ in range(3)]
    first = newest_census()

    kept = CensusBlock.objects.values_list("census", flat=True).distinct()
    assert sorted(kept) == taken[1:]
    assert first is not None
    assert first.entry == taken[2]


def test_the_census_is_taken_once_a_night_whoever_asks() -> None:
    begin_log(by=CLERK, at=NOON)

    assert take_census_if_due(by=CLERK, at=NOON + timedelta(hours=1)) is None
    assert take_census_if_due(by=CLERK, at=NOON + timedelta(days=1)) is not None
    assert take_census_if_due(by=CLERK, at=NOON + timedelta(days=1, minutes=1)) is None
    assert Entry.objects.filter(kind="census").count() == 1


LONDON = ZoneInfo("Europe/London")


COUNTED = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, datetime(2026, 11, 4, 1, 59, tzinfo=LONDON), False),
        (None, datetime(2026, 11, 4, 2, 0, tzinfo=LONDON), True),
        (COUNTED, datetime(2026, 11, 5, 1, 0, tzinfo=LONDON), False),
        (COUNTED, datetime(2026, 11, 5, 2, 1, tzinfo=LONDON), True),
        # A server that was off at two counts as soon as it is up.
        (COUNTED, datetime(2026, 11, 9, 23, 0, tzinfo=LONDON), True),
    ],
)
def test_a_census_is_due_once_two_o_clock_has_gone_by(
    last: datetime | None, now: datetime, due: bool
) -> None:
    begun = datetime(2026, 11, 3, 12, tzinfo=UTC)

    assert census_is_due(begun, last, now) is due
