"""What should be held is compared with what is, counted exactly and told plainly.

CUSTODES_TEST_ARCHIVE_PART says which part of a force's archive is robbed: 1 is the whole of it,
which takes minutes and gigabytes: `make drill`, in continuous integration.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.world import force
from tests.world.holdings import fill

from custodes.custody import strongroom
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.ids import new_handle
from custodes.ledger.entry import parse_entry
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Original, Recording
from custodes.retention.actions import inventory as taking
from custodes.retention.actions.inventory import Taken, look_if_due, take_inventory
from custodes.retention.actions.sweep import rehearse, run
from custodes.retention.inventory import looking
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.tables import Discrepancy, Inventory
from custodes.retention.inventory.telling import headline, lines
from custodes.retention.rules.inventory import Fault, Verdict

pytestmark = pytest.mark.django_db

ENGINE = Actor(handle="", name="Custodes", door="worker")
NOON = force.NOON + timedelta(days=1)
# The loss of South Yorkshire Police, 96,174 of 785,000, and how small a part of it the drill
# has: a hundredth, unless the environment says otherwise. 1 is the whole of it.
PART = int(os.environ.get("CUSTODES_TEST_ARCHIVE_PART", "100"))
HELD, LOST = 785_000 // PART, round(96_174 / PART)


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a store of its own and a log that was begun."""
    monkeypatch.setattr(looking, "_A_MOMENT", 0.0)
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})
    begin_log(by=force.CLERK, at=force.NOON)
    strongroom.vault()
    return tmp_path / "vault"


def delivered(key: str = "r1") -> Original:
    recording = force.recording(force.camera(f"C-{key}"), key)
    original = force.original(recording, body=key.encode())
    complete(recording, by=force.CLERK, at=recording.received_at)
    return original


def path_of(store: Path, handle: str) -> Path:
    return store / "sealed" / handle[:2] / f"{handle}.floe"


def taken() -> Taken:
    return take_inventory(by=ENGINE, at=NOON)


def entries(kind: str) -> Iterator[dict[str, Any]]:
    for entry in Entry.objects.filter(kind=kind).order_by("index"):
        yield dict(parse_entry(bytes(entry.data)).facts)


@pytest.mark.timeout(300 + 1500 // PART)
def test_the_loss_of_a_tenth_of_an_archive_is_counted_exactly_and_listed(store: Path) -> None:
    handles = fill(store, HELD)
    gone = set(random.Random(96_174).sample(handles, LOST))
    for handle in gone:
        path_of(store, handle).unlink()

    done = taken()

    figures = done.look.figures
    assert (figures.wanted, figures.held, figures.missing) == (HELD, HELD - LOST, LOST)
    assert figures.verdict is Verdict.LOSS
    assert {each.handle for each in done.look.findings(Fault.MISSING)} == gone
    listed = Discrepancy.objects.filter(fault=Fault.MISSING)
    assert set(listed.values_list("handle", flat=True)) == gone
    originals = Original.objects.values_list("handle", "recording__handle")
    of = {recording for handle, recording in originals.iterator() if handle in gone}
    assert set(listed.values_list("recording", flat=True)) == of
    assert sum(month.missing for month in figures.months) == LOST
    assert sum(month.wanted for month in figures.months) == HELD
    [total], [loss] = entries("inventory.taken"), entries("inventory.loss")
    assert (total["want"], total["held"], total["miss"]) == (HELD, HELD - LOST, LOST)
    assert (loss["new"], loss["miss"]) == (LOST, LOST)
    assert f"{LOST:,} sealed objects of {HELD:,} that should be held are missing" in headline(
        figures
    )


def test_what_is_well_is_said_to_be_well(store: Path) -> None:
    delivered("r1")
    delivered("r2")

    done = taken()

    assert done.look.figures.verdict is Verdict.WHOLE
    assert [line.is_well for line in lines(done.look.figures)] == [True, True, True, None, None]
    assert headline(done.look.figures) == (
        "Everything that should be held is held: 2 sealed objects."
    )
    assert not Discrepancy.objects.exists()
    assert not list(entries("inventory.loss"))


def test_a_row_removed_behind_the_systems_back_is_known_from_the_record(store: Path) -> None:
    kept, robbed = delivered("r1"), delivered("r2")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM recordings_original WHERE handle = %s", [robbed.handle])

    done = taken()

    figures = done.look.figures
    assert (figures.wanted, figures.held, figures.missing, figures.forgotten) == (2, 2, 0, 1)
    assert figures.verdict is Verdict.LOSS
    [found] = done.look.findings(Fault.FORGOTTEN)
    assert (found.handle, found.recording) == (robbed.handle, robbed.recording.handle)
    assert "the database has lost the rows of 1 file" in lines(figures)[1].sentence
    assert kept.handle != robbed.handle


def test_removing_row_and_object_both_does_not_hide_the_loss(store: Path) -> None:
    robbed = delivered("r1")
    path_of(store, robbed.handle).unlink()
    with connection.cursor() as cursor:
        for table in ("recordings_original", "intake_upload"):
            cursor.execute(f"DELETE FROM {table}")

    done = taken()

    assert (done.look.figures.missing, done.look.figures.forgotten) == (1, 1)
    row = Discrepancy.objects.get()
    assert (row.handle, row.fault, row.recording) == (
        robbed.handle, Fault.MISSING, robbed.recording.handle,
    )  # fmt: skip


class _Late(Future[Any]):
    """An answer that nobody has yet when they first look."""

    def done(self) -> bool:
        return False


def test_what_the_record_tells_last_comes_to_the_same(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def answered_late(question: Callable[[], Any]) -> Iterator[_Late]:
        late = _Late()
        late.set_result(question())
        yield late

    delivered("r1")
    gone = delivered("r2")
    Original.objects.filter(pk=gone.pk).delete()
    before = looking.look()
    monkeypatch.setattr(looking, "asked_beside", answered_late)

    after = looking.look()

    assert before.figures == after.figures
    assert after.figures.forgotten == 1
    assert [*before.findings(Fault.FORGOTTEN)] == [*after.findings(Fault.FORGOTTEN)]


def test_what_was_set_apart_on_arrival_is_missed_too(store: Path) -> None:
    held = delivered("r1")
    from custodes.intake.actions import quarantine  # noqa: PLC0415 - for this test alone

    quarantine(held.upload, "odd", by=force.CLERK, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM recordings_original")
        cursor.execute("DELETE FROM intake_upload")

    figures = taken().look.figures

    # The record tells of it twice, as taken in and as set apart; it is one object.
    assert (figures.wanted, figures.forgotten) == (1, 1)


def test_a_deletion_is_no_loss_and_is_told_with_its_reason(store: Path) -> None:
    delivered("r1")
    stays = delivered("r2")
    Recording.objects.filter(pk=stays.recording_id).update(
        ended_at=force.NOON + timedelta(days=900)
    )
    due = force.NOON + timedelta(days=40)
    run(rehearse(by=ENGINE, at=due), by=ENGINE, at=due)

    figures = take_inventory(by=ENGINE, at=due).look.figures

    assert figures.verdict is Verdict.WHOLE
    assert (figures.taken_in, figures.disposed, figures.held) == (2, 1, 1)
    assert figures.lines == [("N0", 1)]
    assert [(month.wanted, month.disposed) for month in figures.months] == [(1, 1)]


def test_what_should_be_gone_and_is_there_is_told_apart_from_what_nobody_knows(
    store: Path,
) -> None:
    gone = delivered("r1")
    due = force.NOON + timedelta(days=40)
    run(rehearse(by=ENGINE, at=due), by=ENGINE, at=due)
    stray = new_handle()
    for handle in (gone.handle, stray):
        path_of(store, handle).parent.mkdir(exist_ok=True)
        path_of(store, handle).write_bytes(b"put back from an old backup")

    done = take_inventory(by=ENGINE, at=due)

    figures = done.look.figures
    assert (figures.surviving, figures.unexpected, figures.missing) == (1, 1, 0)
    assert figures.verdict is Verdict.ODD
    [survivor] = done.look.findings(Fault.SURVIVING)
    assert (survivor.handle, survivor.recording) == (gone.handle, gone.recording.handle)
    assert [each.handle for each in done.look.findings(Fault.UNEXPECTED)] == [stray]
    assert path_of(store, stray).exists(), "the inventory only reports"


def test_a_store_that_is_not_mounted_is_told_apart_from_a_loss(store: Path) -> None:
    delivered("r1")
    delivered("r2")
    taken()
    shutil.rmtree(store / "sealed")
    (store / "sealed").mkdir()

    figures = taken().look.figures

    assert figures.verdict is Verdict.STORE_AWAY
    assert (figures.wanted, figures.missing) == (2, 2)
    assert headline(figures).startswith("The store itself is not there: not one of the 2 sealed")
    assert not Discrepancy.objects.exists(), "a list of everything helps nobody"
    [loss] = entries("inventory.loss")
    assert loss["new"] == 2


def test_an_older_database_is_told_apart_from_a_loss_and_enters_nothing(store: Path) -> None:
    from custodes.custody import guard  # noqa: PLC0415 - for this test alone

    path_of(store, delivered("r1").handle).unlink()
    delivered("r2")
    guard.set_refusal("The custody log ends after 7 entries, but a witness shows 9.")
    before = Entry.objects.count()

    done = taken()

    assert done.inventory is None
    assert done.look.figures.verdict is Verdict.OLD_DATABASE
    assert headline(done.look.figures).startswith("This database is older than the store:")
    assert Entry.objects.count() == before
    assert not Discrepancy.objects.exists()


def test_a_loss_and_a_stray_file_do_not_make_up_for_each_other(store: Path) -> None:
    path_of(store, delivered("r1").handle).unlink()
    delivered("r2")
    stray = path_of(store, new_handle())
    stray.parent.mkdir(exist_ok=True)
    stray.touch()

    sweep = rehearse(by=ENGINE, at=NOON)

    assert "1 sealed files are not in the store and should be." in sweep.stopped


def test_nothing_is_deleted_while_the_record_tells_of_files_without_rows(store: Path) -> None:
    delivered("r1")
    delivered("r2")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM recordings_original WHERE name = 'a.bin' AND number = 1")

    sweep = rehearse(by=ENGINE, at=force.NOON + timedelta(days=40))

    assert "2 files that the record says were taken in have no row" in sweep.stopped


def test_what_comes_back_is_entered_and_taken_off_the_list(store: Path) -> None:
    lost = path_of(store, delivered("r1").handle)
    delivered("r2")
    lost.rename(store / "elsewhere")
    taken()
    (store / "elsewhere").rename(lost)

    taken()

    [mended] = entries("inventory.found")
    assert (mended["back"], mended["miss"]) == (1, 0)
    assert not Discrepancy.objects.exists()


def test_the_regular_look_sounds_the_alarm_within_the_hour_and_enters_it_once(
    store: Path,
) -> None:
    lost = delivered("r1")
    delivered("r2")
    first = look_if_due(by=ENGINE, at=NOON)
    assert first is not None
    path_of(store, lost.handle).unlink()

    assert look_if_due(by=ENGINE, at=NOON + timedelta(minutes=29)) is None
    for minutes in (30, 60, 90):
        look_if_due(by=ENGINE, at=NOON + timedelta(minutes=minutes))

    assert [loss["new"] for loss in entries("inventory.loss")] == [1]
    assert Inventory.objects.count() == 2
    newest = Inventory.objects.first()
    assert newest is not None
    assert newest.looked_at == NOON + timedelta(minutes=90)
    assert Discrepancy.objects.get().noticed_at == NOON + timedelta(minutes=30)


def test_a_total_is_entered_every_day_though_nothing_changed(store: Path) -> None:
    delivered("r1")
    for hours in range(0, 49, 6):
        look_if_due(by=ENGINE, at=NOON + timedelta(hours=hours))

    assert Inventory.objects.count() == 3
    assert len(list(entries("inventory.taken"))) == 3


def test_one_lost_for_another_found_is_a_new_loss(store: Path) -> None:
    first, second = (path_of(store, delivered(key).handle) for key in ("r1", "r2"))
    delivered("r3")
    first.rename(store / "aside")
    look_if_due(by=ENGINE, at=NOON)
    (store / "aside").rename(first)
    second.unlink()

    look_if_due(by=ENGINE, at=NOON + timedelta(minutes=30))

    assert [loss["new"] for loss in entries("inventory.loss")] == [1, 1]
    assert [mended["back"] for mended in entries("inventory.found")] == [1]
    assert Discrepancy.objects.get().handle == second.stem


def test_an_upload_under_way_is_neither_missing_nor_too_much(store: Path) -> None:
    from custodes.intake.actions import Offer, begin_upload, receive_all  # noqa: PLC0415
    from custodes.intake.rules import Kind, Promise  # noqa: PLC0415

    offer = Offer(
        door="test", name="b.bin", kind=Kind.OTHER, source_key="r9", camera=force.camera(),
        promise=Promise(), told={},
    )  # fmt: skip
    receive_all(begin_upload(offer, at=NOON), [b"sealed, and not yet concluded"])

    figures = taken().look.figures

    assert figures.verdict is Verdict.WHOLE
    assert (figures.wanted, figures.unexpected) == (0, 0)


def test_the_entry_counts_the_record_up_to_itself(store: Path, monkeypatch: Any) -> None:
    delivered("r1")
    look = taking.look

    def look_and_be_overtaken(progress: Any = None) -> Any:
        found = look(progress)
        delivered("r2")
        return found

    monkeypatch.setattr(taking, "look", look_and_be_overtaken)
    taken()

    [total] = entries("inventory.taken")
    entry = Entry.objects.get(kind="inventory.taken")
    before = Entry.objects.filter(kind="recording.ingested", index__lt=entry.index).count()
    assert (total["in"], before, total["want"]) == (2, 2, 1)


def test_figures_are_read_again_as_they_were_written(store: Path) -> None:
    path_of(store, delivered("r1").handle).unlink()
    delivered("r2")
    figures = taken().look.figures
    stored = Inventory.objects.get().figures

    assert Figures.from_value({**stored, "of a later release": 1}) == figures
