"""What should be here and is not opens a gap by itself; it is filled, or somebody explains it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.world import force
from tests.world.force import CLERK, NOON

from custodes.custody.models import Entry
from custodes.fleet.models import Camera
from custodes.fleet.rules import Grade
from custodes.intake.actions import Offer, begin_upload, conclude, receive_all
from custodes.intake.rules import Kind, Promise
from custodes.kernel.digest import b64u
from custodes.kernel.errors import NotFound
from custodes.ledger.entry import parse_entry
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.arrive import complete, take_in
from custodes.recordings.actions.gaps import (
    Item,
    Reading,
    explain_gap,
    miss_what_is_overdue,
    note_reading,
)
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.gaps import gap_for, open_gaps_for
from custodes.recordings.models import Gap, Recording

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=25)


@dataclass
class Yard:
    """One camera that numbers its files, and what happens to it."""

    camera: Camera
    made: dict[str, Recording] = field(default_factory=dict)

    def arrive(self, name: str, number: int | None = None, body: bytes = b"footage") -> None:
        """Let a recording of one file arrive."""
        recording = force.recording(self.camera, name)
        promise = Promise(size=len(body))
        told = {} if number is None else {"sequence": str(number)}
        offer = Offer(
            door="test", name=name, kind=Kind.VIDEO, source_key=name, camera=self.camera,
            promise=promise, told=told,
        )  # fmt: skip
        upload = begin_upload(offer, at=NOON)
        conclude(upload, receive_all(upload, [body]), promise, by=CLERK, at=NOON)
        take_in(recording, upload, by=CLERK, at=NOON)
        complete(recording, by=CLERK, at=NOON)
        self.made[name] = recording

    def read(self, *items: Item, **more: Any) -> int:
        """Let a dock read the camera."""
        return note_reading(self.camera, Reading(items, **more), by=CLERK, at=NOON)


@pytest.fixture
def yard() -> Yard:
    camera = force.camera("X1")
    Camera.objects.filter(pk=camera.pk).update(grade=Grade.COUNTER_OVER_USB)
    camera.refresh_from_db()
    return Yard(camera)


def items(*numbers: int) -> list[Item]:
    return [Item(f"V{number:04}.mp4", 7, number) for number in numbers]


def open_gaps() -> list[tuple[str, int, int | None, int | None]]:
    gaps = Gap.objects.filter(closed_at=None).order_by("pk")
    return [(gap.why, gap.count, gap.first, gap.last) for gap in gaps]


def facts_of(kind: str) -> list[dict[str, Any]]:
    entries = Entry.objects.filter(kind=kind).order_by("index")
    return [dict(parse_entry(bytes(entry.data)).facts) for entry in entries]


def viewer(*roles: Role) -> Viewer:
    return force.person(f"Viewer {roles[0]}", *roles).as_viewer("test")


def test_each_file_names_the_entry_of_the_one_before_it_of_its_camera(yard: Yard) -> None:
    for number, name in enumerate(("one", "two", "three"), 1):
        yard.arrive(name, number)

    leaves = [
        b64u(bytes(entry.leaf))
        for entry in Entry.objects.filter(kind="recording.ingested").order_by("index")
    ]
    told = facts_of("recording.ingested")
    assert [facts.get("dp") for facts in told] == [None, *leaves[:2]]
    assert [facts["q"] for facts in told] == [1, 2, 3]


def test_a_number_that_is_passed_over_opens_a_gap_and_filling_it_closes_it(yard: Yard) -> None:
    yard.arrive("one", 7)
    yard.arrive("two", 10)
    assert open_gaps() == [("skipped", 2, 8, 9)]
    [opened] = facts_of("gap.opened")
    assert opened == {"d": yard.camera.handle, "g": "S2", "w": "skipped", "m": 2, "f": 8, "u": 9}

    yard.arrive("late", 9)
    assert len(open_gaps()) == 1
    yard.arrive("later", 8)
    assert open_gaps() == []
    gap = Gap.objects.get()
    assert force.kinds(gap.handle) == ["gap.opened", "gap.arrived"]


def test_what_a_dock_listed_is_not_missed_before_its_time(yard: Yard) -> None:
    yard.arrive("V0007.mp4", 7)
    assert yard.read(*items(7, 8, 9)) == 2
    yard.arrive("V0009.mp4", 9)

    assert open_gaps() == []
    miss_what_is_overdue(by=CLERK, at=NOON + timedelta(hours=23))
    assert open_gaps() == []


def test_what_a_dock_listed_and_never_came_is_missed_once(yard: Yard) -> None:
    yard.read(*items(7, 8, 9))
    yard.arrive("V0008.mp4", 8)

    assert miss_what_is_overdue(by=CLERK, at=LATER) == 1
    assert miss_what_is_overdue(by=CLERK, at=LATER) == 0
    assert open_gaps() == [("listed", 2, 7, 9)]
    for number in (7, 9):
        yard.arrive(f"V{number:04}.mp4", number)
    assert open_gaps() == []


def test_a_gap_names_the_day_by_the_clock_on_the_wall(yard: Yard) -> None:
    midsummer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July
    note_reading(yard.camera, Reading(tuple(items(7))), by=CLERK, at=midsummer)
    force.recording(yard.camera, "halfway", started=midsummer - timedelta(hours=1))

    miss_what_is_overdue(by=CLERK, at=LATER)

    listed, unfinished = Gap.objects.order_by("pk").values_list("what", flat=True)
    assert "on it on 1 July 2026;" in listed
    assert "announced on 1 July 2026 " in unfinished


def test_a_counter_that_moved_more_than_there_is_opens_a_gap(yard: Yard) -> None:
    yard.read(Item("a.mp4", 1), counter=5)
    yard.read(Item("b.mp4", 1), Item("c.mp4", 1), counter=9)

    assert open_gaps() == [("counter", 2, 6, 9)]
    assert [(facts.get("cb"), facts["ca"]) for facts in facts_of("dock.session")] == [
        (None, 5),
        (5, 9),
    ]


def test_numbers_that_are_no_longer_on_the_camera_open_a_gap_at_once(yard: Yard) -> None:
    yard.read(*items(1, 2, 3))
    yard.read(*items(2, 3, 4, 7), counter=8)

    assert open_gaps() == [("skipped", 2, 5, 6), ("skipped", 1, 8, 8)]


def test_a_counter_that_went_back_is_missed_and_counted_from_anew(yard: Yard) -> None:
    yard.read(*items(80, 81))
    yard.read(*items(1, 2))

    assert open_gaps() == [("back", 0, None, None)]
    yard.arrive("V0001.mp4", 1)
    yard.arrive("V0002.mp4", 2)
    yard.arrive("V0003.mp4", 3)
    assert len(open_gaps()) == 1


def test_what_is_held_already_is_not_awaited_again(yard: Yard) -> None:
    yard.arrive("V0001.mp4", 1)

    assert yard.read(*items(1)) == 0
    assert miss_what_is_overdue(by=CLERK, at=LATER) == 0


def test_a_recording_that_is_never_completed_is_missed_until_it_is(yard: Yard) -> None:
    recording = force.recording(yard.camera, "unfinished")

    miss_what_is_overdue(by=CLERK, at=NOON + timedelta(hours=24))
    assert open_gaps() == []
    miss_what_is_overdue(by=CLERK, at=NOON + timedelta(hours=26))
    assert open_gaps() == [("unfinished", 1, None, None)]
    complete(recording, by=CLERK, at=LATER)
    assert open_gaps() == []


def test_a_named_person_closes_a_gap_with_a_reason_and_nobody_else_does(yard: Yard) -> None:
    yard.arrive("one", 7)
    yard.arrive("two", 9)
    gap = Gap.objects.get()
    reason = "The camera was tested at the maker's."

    with pytest.raises(NotYours):
        explain_gap(viewer(Role.AUDITOR), gap.handle, reason, at=LATER)
    nobody = Viewer(0, "", "operator", frozenset({Role.EVIDENCE_UNIT}), None, "cli")
    with pytest.raises(NotYours):
        explain_gap(nobody, gap.handle, reason, at=LATER)
    mirza = viewer(Role.EVIDENCE_UNIT)
    with pytest.raises(Unusable, match="10 to 500"):
        explain_gap(mirza, gap.handle, "  because ", at=LATER)
    assert force.kinds(gap.handle) == ["gap.opened"]

    explain_gap(mirza, gap.handle, reason, at=LATER)
    assert force.kinds(gap.handle) == ["gap.opened", "gap.explained"]
    with pytest.raises(Unusable, match="closed already"):
        explain_gap(mirza, gap.handle, reason, at=LATER)


@pytest.mark.parametrize("role", Role)
def test_gaps_are_seen_by_those_who_look_after_them_and_by_nobody_else(
    yard: Yard, role: Role
) -> None:
    yard.arrive("one", 7)
    yard.arrive("two", 9)
    sees = role in {Role.EVIDENCE_UNIT, Role.STANDARDS, Role.WATCHDOG, Role.AUDITOR}
    who = viewer(role)

    assert open_gaps_for(who).count() == int(sees)
    if not sees:
        with pytest.raises(NotFound):
            gap_for(who, Gap.objects.get().handle)
