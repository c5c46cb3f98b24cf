"""What was imported is a copy of something: whose it was, and that the thing itself goes back."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st
from tests.recordings.test_deliver_together import begun, singly, together
from tests.world import force

from custodes.cli.import_files import command as import_command
from custodes.cli.shared import operating_viewer
from custodes.cli.things import command as things_command
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.deliver import Sender
from custodes.recordings.actions.dispose import find_footage, forget_footage
from custodes.recordings.actions.lock import Locking
from custodes.recordings.actions.lock import lock as lock_recordings
from custodes.recordings.actions.things import keep_thing, return_thing
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.models import CopiedFrom, Needed, Recording, Thing
from custodes.recordings.origins import (
    LOOKED_AT_WITHIN,
    Origin,
    is_asked_for,
    origin_after,
    source_said,
    why_not_kept,
    why_not_returned,
)
from custodes.recordings.rules import LockKind, State
from custodes.recordings.things import copied_from, copies_of, things_for, to_return

pytestmark = pytest.mark.django_db
DISK = "hard disk of the shop's recorder, property no. 7/26"
SHOP = "Mrs Oyelaran, 14 Brixton Road"
SEIZED = ("--origin", "seized", "--thing", DISK, "--from", SHOP)
TODAY = date(2026, 11, 14)


def custodes_import(*arguments: str) -> Result:
    return CliRunner().invoke(import_command, [*arguments, "--camera", "REC-1", "--json"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("A", "B"):
        (tmp_path / f"{name}.MP4").write_bytes(os.urandom(2000))
    return tmp_path


@pytest.fixture
def clerk() -> Person:
    return force.person("Mirza", Role.EVIDENCE_UNIT)


@pytest.fixture
def disk(folder: Path) -> Thing:
    done = custodes_import(str(folder), "--enrol", *SEIZED)
    assert done.exit_code == 0, done.output
    return Thing.objects.get()


class TestAnImport:
    def test_of_something_seized_opens_one_task_to_return_it_however_many_files_it_brings(
        self, folder: Path, clerk: Person
    ) -> None:
        done = custodes_import(str(folder), "--enrol", *SEIZED)

        assert done.exit_code == 0, done.output
        [thing] = to_return(clerk.as_viewer("test"), localtime(now()).date())
        assert (thing.what, thing.taken_from) == (DISK, SHOP)
        assert force.kinds(thing.handle) == ["thing.seized"]
        copies = copies_of(clerk.as_viewer("test"), thing)
        assert [each.origin for each in copies] == ["seized", "seized"]
        for each in copies:
            assert "recording.origin_said" in force.kinds(each.handle)

    def test_of_police_footage_opens_none_and_says_nothing_more(self, folder: Path) -> None:
        assert custodes_import(str(folder), "--enrol").exit_code == 0

        assert set(Recording.objects.values_list("origin", flat=True)) == {"police-generated"}
        assert not Thing.objects.exists()
        assert not Entry.objects.filter(kind="recording.origin_said").exists()

    def test_of_something_volunteered_keeps_what_it_is_and_opens_no_task(
        self, folder: Path, clerk: Person
    ) -> None:
        said = ("--origin", "volunteered", "--thing", "a phone", "--from", "a passer-by")
        assert custodes_import(str(folder / "A.MP4"), "--enrol", *said).exit_code == 0

        recording = Recording.objects.get()
        assert recording.origin == "volunteered"
        [thing] = copied_from(clerk.as_viewer("test"), recording)
        assert thing.what == "a phone"
        assert not things_for(clerk.as_viewer("test"))
        assert force.kinds(thing.handle) == []

    def test_a_second_time_opens_no_second_task(self, folder: Path, disk: Thing) -> None:
        before = Entry.objects.exclude(kind="recording.offered_again").count()
        shouted = ("--origin", "seized", "--thing", f" {DISK.upper()}", "--from", SHOP)

        assert custodes_import(str(folder), *shouted).exit_code == 0

        assert Entry.objects.exclude(kind="recording.offered_again").count() == before
        assert (Thing.objects.count(), CopiedFrom.objects.count()) == (1, 2)

    def test_again_after_the_thing_went_back_opens_none_either(
        self, folder: Path, disk: Thing, clerk: Person
    ) -> None:
        return_thing(clerk.as_viewer("test"), disk.handle, localtime(now()).date(), SHOP, at=now())

        assert custodes_import(str(folder), *SEIZED).exit_code == 0

        assert Thing.objects.count() == 1

    def test_of_something_new_on_a_thing_that_went_back_asks_for_it_again(
        self, folder: Path, disk: Thing, clerk: Person
    ) -> None:
        return_thing(clerk.as_viewer("test"), disk.handle, localtime(now()).date(), SHOP, at=now())
        (folder / "C.MP4").write_bytes(os.urandom(2000))

        assert custodes_import(str(folder), *SEIZED).exit_code == 0

        [again] = to_return(clerk.as_viewer("test"), localtime(now()).date())
        assert again.pk != disk.pk
        assert copies_of(clerk.as_viewer("test"), again).count() == 1

    def test_that_forgot_to_say_is_put_right_by_importing_again(self, folder: Path) -> None:
        custodes_import(str(folder), "--enrol")

        assert custodes_import(str(folder), *SEIZED).exit_code == 0

        assert set(Recording.objects.values_list("origin", flat=True)) == {"seized"}
        assert CopiedFrom.objects.count() == 2

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            (("--origin", "seized", "--from", SHOP), "Say what was seized"),
            (("--origin", "volunteered", "--thing", DISK), "from whom, or where, it was volun"),
            (("--thing", DISK), "Police-generated footage is a copy of nothing"),
        ],
    )
    def test_that_does_not_say_enough_is_refused_before_anything_is_read(
        self, folder: Path, said: tuple[str, ...], reason: str
    ) -> None:
        done = custodes_import(str(folder), "--enrol", *said)

        assert done.exit_code == 1
        assert reason in done.output
        assert "Nothing was taken in" in done.output
        assert not Entry.objects.exists()


def test_whose_it_was_stands_in_no_leaf_of_the_log(disk: Thing, clerk: Person) -> None:
    viewer = clerk.as_viewer("test")
    keep_thing(viewer, disk.handle, "The maker must look at it.", tomorrow(), at=now())
    return_thing(viewer, disk.handle, localtime(now()).date(), "Mr Oyelaran, her son", at=now())

    leaves = b"\n".join(bytes(each) for each in Entry.objects.values_list("data", flat=True))
    for private in (b"disk", b"Oyelaran", b"maker", b"Brixton"):
        assert private not in leaves
    assert b'"or":"seized"' in leaves
    told = [each.fields for each in history_of(disk.handle)]
    assert told[-1]["returned_to"] == "Mr Oyelaran, her son"


def test_what_a_dock_says_of_an_origin_is_kept_and_means_nothing() -> None:
    force.camera("X1")
    dock = Sender("tus", force.CLERK, lasting=timedelta(days=1))
    singly([begun("X1", "k1", b"one", dock, origin="seized", thing=DISK)])

    recording = Recording.objects.get()
    assert recording.origin == "police-generated"
    assert recording.told["origin"] == "seized"
    assert not Thing.objects.exists()


def test_what_was_seized_is_taken_in_by_sets_as_it_is_one_by_one() -> None:
    force.camera("X1")
    seized = {"origin": "seized", "thing": DISK, "taken_from": SHOP}
    together([begun("X1", "k1", b"one"), begun("X1", "k2", b"two", **seized)])

    found = Recording.objects.order_by("source_key").values_list("origin", flat=True)
    assert list(found) == ["police-generated", "seized"]
    assert "origin" not in Recording.objects.get(source_key="k2").told
    assert DISK not in json.dumps(list(Recording.objects.values_list("told", flat=True)))
    assert Thing.objects.get().what == DISK


class TestClosing:
    def test_says_when_and_to_whom_and_by_whom_it_is_said(self, disk: Thing, clerk: Person) -> None:
        viewer, today = clerk.as_viewer("test"), localtime(now()).date()

        return_thing(viewer, disk.handle, today, "  Mrs  Oyelaran ", at=now())

        disk.refresh_from_db()
        assert (disk.returned_on, disk.returned_to) == (today, "Mrs Oyelaran")
        assert disk.returned_by == clerk
        assert force.kinds(disk.handle) == ["thing.seized", "thing.returned"]
        assert not to_return(viewer, today)

    def test_leaves_the_copies_what_they_are(self, disk: Thing, clerk: Person) -> None:
        before = list(Recording.objects.order_by("pk").values())

        return_thing(clerk.as_viewer("test"), disk.handle, TODAY - timedelta(9), SHOP, at=now())

        assert list(Recording.objects.order_by("pk").values()) == before

    def test_is_not_done_by_the_deletion_of_the_recordings(
        self, disk: Thing, clerk: Person
    ) -> None:
        forget_footage(find_footage(list(Recording.objects.values_list("pk", flat=True))))
        assert set(Recording.objects.values_list("state", flat=True)) == {State.DISPOSED}

        assert list(to_return(clerk.as_viewer("test"), localtime(now()).date())) == [disk]

    def test_twice_is_refused(self, disk: Thing, clerk: Person) -> None:
        viewer, today = clerk.as_viewer("test"), localtime(now()).date()
        return_thing(viewer, disk.handle, today, SHOP, at=now())

        with pytest.raises(Unusable, match="This went back on"):
            return_thing(viewer, disk.handle, today, "another", at=now())
        with pytest.raises(Unusable, match="This went back on"):
            keep_thing(viewer, disk.handle, "It is needed after all.", tomorrow(), at=now())

        assert force.kinds(disk.handle) == ["thing.seized", "thing.returned"]

    def test_or_saying_why_not_asks_again_on_the_day_and_keeps_what_was_said(
        self, disk: Thing, clerk: Person
    ) -> None:
        viewer, today = clerk.as_viewer("test"), localtime(now()).date()
        first, second = today + timedelta(10), today + timedelta(20)
        keep_thing(viewer, disk.handle, "The maker must look at it.", first, at=now())

        assert not to_return(viewer, first - timedelta(1))
        assert list(to_return(viewer, first)) == [disk]
        keep_thing(viewer, disk.handle, "It is still at the maker's.", second, at=now())
        assert not to_return(viewer, first)
        assert [each.because for each in disk.needed.all()] == [
            "It is still at the maker's.",
            "The maker must look at it.",
        ]

    def test_needs_somebody_whose_role_it_is_and_a_name(self, disk: Thing) -> None:
        auditor = force.person("Lind", Role.AUDITOR).as_viewer("test")
        officer = force.person("Okafor").as_viewer("test")
        today = localtime(now()).date()

        with pytest.raises(NotYours):
            return_thing(auditor, disk.handle, today, SHOP, at=now())
        with pytest.raises(NotYours):
            return_thing(operating_viewer(), disk.handle, today, SHOP, at=now())
        with pytest.raises(NotFound):
            return_thing(officer, disk.handle, today, SHOP, at=now())

        assert force.kinds(disk.handle) == ["thing.seized"]

    def test_what_a_lock_keeps_from_somebody_is_not_told_by_the_thing(
        self, disk: Thing, clerk: Person
    ) -> None:
        lock(Recording.objects.order_by("pk")[0])
        assert copies_of(clerk.as_viewer("test"), disk).count() == 1
        lock(Recording.objects.order_by("pk")[1])

        assert not things_for(clerk.as_viewer("test"))


class TestAtTheServer:
    def test_things_are_listed_and_closed_by_somebody_who_signs_in(
        self, disk: Thing, clerk: Person
    ) -> None:
        listed = CliRunner().invoke(things_command, ["list", "--json"])
        assert [(each["what"], each["asked_for"]) for each in json.loads(listed.output)] == [
            (DISK, True)
        ]
        who = ["--as", clerk.username, "--password", force.PASSWORD]
        kept = ["keep", disk.handle, *who, "--because", "The maker must look at it."]
        done = CliRunner().invoke(things_command, [*kept, "--look-on", tomorrow().isoformat()])
        assert done.exit_code == 0, done.output
        day = localtime(now()).date().isoformat()

        gone = ["return", disk.handle, *who, "--on", day, "--to", SHOP]
        done = CliRunner().invoke(things_command, gone)

        assert done.exit_code == 0, done.output
        assert force.kinds(disk.handle) == ["thing.seized", "thing.needed", "thing.returned"]
        assert [each.by for each in Needed.objects.all()] == [clerk]
        listed = CliRunner().invoke(things_command, ["list"])
        assert "Nothing that was seized waits" in listed.output

    def test_a_wrong_password_closes_nothing(self, disk: Thing, clerk: Person) -> None:
        who = ["--as", clerk.username, "--password", "wrong"]
        gone = ["return", disk.handle, *who, "--on", "2026-01-01", "--to", SHOP]

        assert CliRunner().invoke(things_command, gone).exit_code == 1
        assert force.kinds(disk.handle) == ["thing.seized"]


class TestTheRules:
    def test_what_a_dock_brought_stays_the_police_s_own(self) -> None:
        ours, seized, given = Origin.POLICE_GENERATED, Origin.SEIZED, Origin.VOLUNTEERED
        assert origin_after(ours, seized, by_hand=False) is ours
        assert origin_after(ours, seized, by_hand=True) is seized
        assert origin_after(given, seized, by_hand=True) is given
        assert origin_after(seized, ours, by_hand=True) is seized

    @given(st.dates(), st.dates() | st.none(), st.dates() | st.none())
    def test_what_has_not_gone_back_is_asked_for_unless_a_day_ahead_was_named(
        self, today: date, look_on: date | None, returned_on: date | None
    ) -> None:
        asked = is_asked_for(look_on, returned_on, today)

        if returned_on is not None:
            assert not asked
        elif look_on is None:
            assert asked
        else:
            assert asked == (look_on <= today)

    def test_a_day_to_come_is_no_day_on_which_it_went_back(self) -> None:
        assert "has not come" in why_not_returned(TODAY + timedelta(1), SHOP, TODAY)
        assert "to whom" in why_not_returned(TODAY, " x ", TODAY)
        assert why_not_returned(TODAY, SHOP, TODAY) == ""

    def test_nothing_is_kept_without_a_reason_and_a_day_within_a_year(self) -> None:
        why, last = "The maker must look at it.", TODAY + LOOKED_AT_WITHIN
        assert "why the thing itself" in why_not_kept("  short   ", last, TODAY)
        assert "after today" in why_not_kept(why, TODAY, TODAY)
        assert "within a year" in why_not_kept(why, last + timedelta(1), TODAY)
        assert why_not_kept(why, last, TODAY) == ""

    def test_an_origin_nobody_knows_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'found' is not an origin"):
            source_said("found", DISK, SHOP)


def tomorrow() -> date:
    return localtime(now()).date() + timedelta(1)


def lock(recording: Recording) -> None:
    because = Locking("c" * 22, LockKind.POST_INCIDENT, "why")
    lock_recordings([recording], because, by=force.CLERK, at=now())
