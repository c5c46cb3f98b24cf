"""A whole year is lived through the real actions, killed, gone on with, and adds up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from custodes.cli.simulating.diary import Deed, Diary
from custodes.simulation.casework import cases_of
from custodes.simulation.met_2017 import MET_2017
from custodes.simulation.year import Force

SCALE = "0.0003"
#: With it, people complain, something is held after an incident, and cases are shared and end.
SEED = "14"
RECORDINGS = 235  # of 785,000


def started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).parent / "custodes"), "simulate", "met-2017"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
    environment = kept | {"CUSTODES_MINIMUM_FREE_BYTES": "0"}
    return subprocess.Popen(
        [*command, "--home", str(home), "--scale", SCALE, "--seed", SEED, "--json", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


def ended(run: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = run.communicate(timeout=200)
    assert run.returncode == 0, out + err
    value: dict[str, Any] = json.loads(out)
    return value


def ask(home: Path, question: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(home / "custodes.sqlite3") as connection:
        return connection.execute(question).fetchall()


def count(home: Path, question: str) -> int:
    number: int = ask(home, f"SELECT count(*) FROM {question}")[0][0]
    return number


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Live one year in peace, and one that is killed again and again; both at a time."""
    folder = tmp_path_factory.mktemp("years")
    in_peace, killed = folder / "in-peace", folder / "killed"
    peaceful = started(in_peace)
    for what, number in (("recordings_recording", 25), ("disclosure_share", 1)):
        run = started(killed)
        while run.poll() is None and there_are(killed, what) < number:
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.communicate()
    (folder / "killed.json").write_text(json.dumps(ended(started(killed))))
    (folder / "in-peace.json").write_text(json.dumps(ended(peaceful)))
    return in_peace, killed


def there_are(home: Path, what: str) -> int:
    try:
        return count(home, what)
    except sqlite3.OperationalError:
        return 0


def told(home: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(home.with_suffix(".json").read_text())
    return value


def test_the_year_adds_up(homes: tuple[Path, Path]) -> None:
    value = told(homes[0])

    assert value["recordings"] == value["deleted"] + value["kept"] == RECORDINGS
    assert 0.5 < value["deleted"] / RECORDINGS < 0.68
    assert sum(value["deleted_by_line"].values()) == value["deleted"]
    assert sum(value["kept_by_line"].values()) == value["kept"]
    assert value["holds"]["dsi"] == 1


def planned() -> dict[Deed, list[Any]]:
    """Return what people were to do with what, before the year was over."""
    force, diary = Force(MET_2017, float(SCALE), int(SEED)), Diary()
    done: dict[Deed, list[Any]] = {deed: [] for deed in Deed}
    for number in range(len(force)):
        moment = force.moment(number)
        diary.note(moment, cases_of(force, moment))
        for errand in diary.due(moment.at):
            done[errand.deed].append(errand.about)
    return done


def test_every_complaint_is_in_the_register_and_holds_what_it_is_about(
    homes: tuple[Path, Path],
) -> None:
    value, complained = told(homes[0]), planned()[Deed.COMPLAIN]
    held = ask(
        homes[0],
        "SELECT r.source_key FROM oversight_registered o JOIN retention_heldrecording h"
        " ON h.hold_id = o.hold_id JOIN recordings_recording r ON r.id = h.recording_id",
    )

    assert value["complaints"] == len(complained) > 0
    assert {key for (key,) in held} == {film.key for film in complained}
    # One by the register, one by who watched it.
    assert value["holds"]["complaint"] == 2 * value["complaints"]


def test_cases_hold_what_was_planned_and_the_prosecutor_was_given_it(
    homes: tuple[Path, Path],
) -> None:
    value, done = told(homes[0]), planned()
    inside = ask(
        homes[0],
        "SELECT c.urn, r.source_key FROM cases_material m JOIN cases_case c ON c.id = m.case_id"
        " JOIN recordings_recording r ON r.id = m.recording_id",
    )
    given = ask(
        homes[0],
        "SELECT c.urn, r.source_key, s.email FROM disclosure_item i JOIN disclosure_share s ON"
        " s.id = i.share_id JOIN cases_case c ON c.id = s.case_id JOIN recordings_recording r"
        " ON r.id = i.recording_id",
    )

    assert set(inside) == {(c.urn, f.key) for c in done[Deed.OPEN_CASE] for f in c.films}
    assert {row[:2] for row in given} == {(c.urn, f.key) for c in done[Deed.SHARE] for f in c.films}
    assert len(given) == value["shared"] > 0
    assert sum(value["cases"].values()) == len(done[Deed.OPEN_CASE])
    assert value["shares"] == len(done[Deed.SHARE])
    assert value["shares_opened"] == len(done[Deed.LOOK_AT_SHARE]) > 0
    assert value["holds"]["exhibit"] == value["shared"]


def test_no_letter_is_written_to_anybody(homes: tuple[Path, Path]) -> None:
    assert count(homes[0], "disclosure_letter") == 0
    assert {email for (email,) in ask(homes[0], "SELECT email FROM disclosure_share")} == {""}


def test_all_that_is_kept_is_in_the_store_and_nothing_else(homes: tuple[Path, Path]) -> None:
    for home in homes:
        stored = {path.stem for path in (home / "vault" / "sealed").rglob("*.floe")}
        kept = {handle for (handle,) in ask(home, "SELECT handle FROM recordings_original")}

        assert stored == kept
        assert len(kept) == told(home)["kept"]
        assert not any((home / "vault" / "incoming").iterdir())


def test_every_deletion_has_its_entry_and_none_went_before_its_time(
    homes: tuple[Path, Path],
) -> None:
    home = homes[0]
    stones = ask(
        home,
        "SELECT t.due_at, t.disposed_at, e.kind, r.ended_at, r.state FROM retention_tombstone t"
        ' JOIN custody_entry e ON e."index" = t.entry JOIN recordings_recording r'
        " ON r.handle = t.handle AND r.handle = e.subject",
    )

    assert len(stones) == told(home)["deleted"]
    for due, disposed, kind, film_ended, state in stones:
        assert film_ended < due <= disposed
        assert (kind, state) == ("recording.deleted", "disposed")


def test_the_log_stands_in_the_year_it_tells_of_and_verifies(homes: tuple[Path, Path]) -> None:
    first, last = ask(homes[0], "SELECT min(at), max(at) FROM custody_entry")[0]
    assert first.startswith("2016-08-30")
    assert last.startswith("2017-08-01")

    numbers = ask(homes[0], 'SELECT max("index") + 1, count(*) FROM custody_entry')[0]
    assert numbers[0] == numbers[1] == told(homes[0])["entries"]


def test_a_run_that_was_killed_and_started_again_comes_to_the_same_end(
    homes: tuple[Path, Path],
) -> None:
    in_peace, killed = (told(home) for home in homes)
    of_the_run = {"home", "seconds", "peak_rss_bytes", "peak_lane_rss_bytes", "entries", "sweeps"}

    assert {k: v for k, v in killed.items() if k not in of_the_run} == {
        k: v for k, v in in_peace.items() if k not in of_the_run
    }
    for what in ("kind, count(*) FROM custody_entry", "state, count(*) FROM intake_upload"):
        column = what.partition(",")[0]
        question = f"SELECT {what} GROUP BY {column} ORDER BY {column}"
        # A sweep that was cut short may be rehearsed once more, and that is told.
        one, other = (dict(ask(home, question)) for home in homes)
        assert {k: n for k, n in one.items() if not k.startswith("sweep.")} == {
            k: n for k, n in other.items() if not k.startswith("sweep.")
        }


def test_a_year_that_is_over_is_only_counted_again(homes: tuple[Path, Path]) -> None:
    before = told(homes[0])
    again = ended(started(homes[0]))

    assert again["entries"] == before["entries"]


def test_another_scale_does_not_go_into_the_same_home(homes: tuple[Path, Path]) -> None:
    run = started(homes[0], "--scale", "0.5")
    out, _ = run.communicate(timeout=60)

    assert run.returncode == 1
    assert "holds the simulation met-2017 at scale 0.0003" in json.loads(out)["refused"]


def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "evidence.txt").write_text("mine")
    run = started(tmp_path)
    out, _ = run.communicate(timeout=60)

    assert run.returncode == 1
    assert "is not empty" in json.loads(out)["refused"]
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.txt"]


def test_a_database_that_holds_a_log_is_refused(tmp_path: Path, homes: tuple[Path, Path]) -> None:
    home = tmp_path / "stranger"
    home.mkdir()
    shutil.copy(homes[0] / "custodes.sqlite3", home)
    wanted = {"year": "met-2017", "scale": float(SCALE), "seed": int(SEED)}
    (home / "simulation.json").write_text(json.dumps(wanted))

    run = started(home)
    out, _ = run.communicate(timeout=60)

    assert run.returncode == 1
    assert "holds a custody log already" in json.loads(out)["refused"]
