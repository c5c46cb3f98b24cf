"""A sweep that was cut off goes on with its own sheet, or is closed with what it did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.retention.test_sweep import (  # noqa: F401 - the fixtures work by being here
    DUE,
    ENGINE,
    delivered,
    unit,
)
from tests.world import force
from tests.world.tables import lay

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry
from custodes.people.rules import Role, Viewer
from custodes.recordings.models import Recording
from custodes.retention.actions import outlook
from custodes.retention.actions.hold import Wanted, place_hold
from custodes.retention.actions.night import sweep_if_due
from custodes.retention.actions.one_at_a_time import one_at_a_time
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.sweep import agree_to_sweep, go_on, rehearse, run
from custodes.retention.errors import SweepStopped, SweepUnderWay
from custodes.retention.models import Sweep, Tombstone
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.usefixtures("vault_of_its_own")

REPOSITORY = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """What stands for a kill within one process: nothing catches it."""


def cut_off(monkeypatch: pytest.MonkeyPatch, *, after: int) -> Sweep:
    """Begin a sweep of what is due, a recording at a time, and cut it off after some."""
    sweep = rehearse(by=ENGINE, at=DUE)

    def kill(gone: int, due: int) -> None:
        if gone == after:
            raise Killed

    monkeypatch.setattr(outlook, "_BATCH", 1)
    with pytest.raises(Killed):
        run(sweep, by=ENGINE, at=DUE, progress=kill)
    return Sweep.objects.get(pk=sweep.pk)


@pytest.mark.django_db
def test_the_next_worker_finishes_the_sheet_that_was_approved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(5):
        delivered(f"r{number}")
    sweep = cut_off(monkeypatch, after=2)
    assert (sweep.disposed, sweep.ended_at) == (2, None)

    finished = sweep_if_due(by=ENGINE, at=DUE + HOUR)

    assert finished == sweep
    assert (finished.due, finished.disposed, finished.kept) == (5, 5, 0)
    assert finished.interrupted == ""
    assert Sweep.objects.count() == 1
    assert Tombstone.objects.filter(sweep=sweep).count() == 5
    told = Entry.objects.get(kind="sweep.done")
    assert parse_entry(bytes(told.data)).facts == {"gone": 5, "kept": 0}
    assert Entry.objects.filter(kind="recording.deleted").count() == 5
    assert list(strongroom.vault().store.sealed_handles()) == []


@pytest.mark.django_db
def test_a_hold_placed_while_it_lay_there_wins(
    monkeypatch: pytest.MonkeyPatch,
    unit: Viewer,  # noqa: F811 - the fixture
) -> None:
    for number in range(3):
        delivered(f"r{number}")
    sweep = cut_off(monkeypatch, after=1)
    held = Recording.objects.exclude(state="disposed").order_by("pk")[0]
    scope = Scope(recordings=frozenset({held.handle}))
    place_hold(unit, Wanted(HoldKind.COMPLAINT, "CO/1", DUE.date() + HOUR * 24, scope), at=DUE)

    finished = go_on(by=ENGINE, at=DUE + HOUR)

    assert finished == sweep
    assert finished is not None
    assert (finished.disposed, finished.kept) == (2, 0)
    held.refresh_from_db()
    assert held.state == "complete"


@pytest.mark.django_db
def test_what_speaks_against_going_on_closes_it_with_the_counts_so_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        delivered(f"r{number}")
    sweep = cut_off(monkeypatch, after=1)
    lost = Recording.objects.exclude(state="disposed").order_by("-pk")[0].originals.get()
    strongroom.vault().store.shred(lost.handle)

    closed = sweep_if_due(by=ENGINE, at=DUE + HOUR)

    assert closed == sweep
    assert (closed.disposed, closed.ended_at) == (1, DUE + HOUR)
    assert "1 sealed files are not in the store" in closed.interrupted
    assert Entry.objects.get(subject=sweep.handle, kind="sweep.done")
    assert Recording.objects.exclude(state="disposed").count() == 2
    assert go_on(by=ENGINE, at=DUE + HOUR) is None
    assert rehearse(by=ENGINE, at=DUE + HOUR).due == 2


@pytest.mark.django_db
def test_more_than_was_approved_is_not_deleted_on_an_old_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(2):
        delivered(f"r{number}")
    sweep = cut_off(monkeypatch, after=1)
    look_ahead([delivered("r9").pk], at=DUE)

    closed = go_on(by=ENGINE, at=DUE + HOUR)

    assert closed == sweep
    assert closed is not None
    assert "2 recordings would go; the rehearsal found 1" in closed.interrupted
    assert Recording.objects.exclude(state="disposed").count() == 2


@pytest.mark.django_db
def test_a_sheet_of_another_schedule_does_not_begin() -> None:
    delivered()
    sweep = rehearse(by=ENGINE, at=DUE)
    sweep.letter["version"] = 7
    sweep.save()

    with pytest.raises(SweepStopped, match="Another schedule is in force"):
        run(sweep, by=ENGINE, at=DUE)
    assert not Tombstone.objects.exists()


@pytest.mark.django_db
def test_nobody_sweeps_while_somebody_does() -> None:
    delivered()
    sweep = rehearse(by=ENGINE, at=DUE)

    with one_at_a_time(), pytest.raises(SweepUnderWay, match="under way in another process"):
        run(sweep, by=ENGINE, at=DUE)

    assert run(sweep, by=ENGINE, at=DUE).disposed == 1


@pytest.mark.django_db
def test_what_two_people_agreed_to_waits_while_another_sweep_is_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custodes.retention.rules.disposal.FEW", 0)
    delivered()
    sweep = rehearse(by=ENGINE, at=DUE)
    for name in ("Records", "Auditor"):
        viewer = force.person(name, Role.RECORDS).as_viewer("web")
        agree_to_sweep(viewer, sweep, "looked through", at=DUE)

    with one_at_a_time():
        assert sweep_if_due(by=ENGINE, at=DUE) is None

    sweep.refresh_from_db()
    assert sweep.agreements.count() == 2
    assert "under way" not in sweep.stopped
    done = sweep_if_due(by=ENGINE, at=DUE)
    assert done == sweep
    assert done.disposed == 1


@pytest.mark.django_db
def test_a_hold_that_the_tables_lose_in_the_middle_of_a_sweep_still_keeps(
    monkeypatch: pytest.MonkeyPatch,
    unit: Viewer,  # noqa: F811 - the fixture
) -> None:
    """What the record tells is read once a sweep, and from then on what came since."""
    first, second = delivered("r1"), delivered("r2")
    sweep = rehearse(by=ENGINE, at=DUE)
    monkeypatch.setattr(outlook, "_BATCH", 1)

    def hold_and_lose(gone: int, due: int) -> None:
        if second.holds.exists() or gone != 1:
            return
        scope = Scope(recordings=frozenset({second.handle}))
        wanted = Wanted(HoldKind.COMPLAINT, "CO/1", DUE.date() + HOUR * 24, scope)
        place_hold(unit, wanted, at=DUE)
        second.holds.all().delete()
        second.outlook.__class__.objects.filter(pk=second.pk).update(due_at=DUE)

    run(sweep, by=ENGINE, at=DUE, progress=hold_and_lose)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("disposed", "complete")


def in_a_process(home: Path, *words: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
    own = {
        "CUSTODES_HOME": str(home),
        "CUSTODES_MINIMUM_FREE_BYTES": "0",
        "DJANGO_SETTINGS_MODULE": "custodes.site.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.world.sweeping", *words],
        env={**kept, **own}, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def said(home: Path, *words: str) -> str:
    done = in_a_process(home, *words)
    out, _ = done.communicate(timeout=120)
    assert done.returncode == 0
    return out


def kill_after(home: Path, gone: Sequence[int]) -> None:
    """Start a sweep and kill it (SIGKILL) in the middle of what follows each of these."""
    for number in gone:
        process = in_a_process(home, "sweep")
        assert process.stdout is not None
        for line in process.stdout:
            if int(line.split()[0]) >= number:
                break
        process.send_signal(signal.SIGKILL)
        process.wait(30)


def test_killed_in_the_middle_it_deletes_nothing_without_an_entry_and_counts_nothing_twice(
    tmp_path: Path,
) -> None:
    lay(tmp_path)
    said(tmp_path, "fill", "14")
    kill_after(tmp_path, [3, 8])
    halfway: dict[str, Any] = json.loads(said(tmp_path, "tell"))
    assert len(halfway["gone"]) >= 8
    assert halfway["gone"] == halfway["deleted"] == halfway["stones"]
    assert halfway["originals"] == 14 - len(halfway["gone"])
    assert halfway["sealed"] <= halfway["originals"] + halfway["listed"]
    assert halfway["sweeps"][0]["disposed"] == len(halfway["gone"])

    said(tmp_path, "sweep")

    told = json.loads(said(tmp_path, "tell"))
    [sweep] = told["sweeps"]
    assert sweep == {"due": 14, "disposed": 14, "kept": 0, "interrupted": ""}
    assert (told["running"], len(told["deleted"])) == (0, 14)
    assert told["gone"] == told["deleted"] == told["stones"]
    assert (told["originals"], told["sealed"], told["listed"]) == (0, 0, 0)
    assert told["stages"] == [2]
    assert told["faults"] == []
