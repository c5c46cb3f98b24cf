"""``custodes import``: the same way in, without a network."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.agent.conftest import stored

from custodes.cli.import_files import command
from custodes.custody.models import Entry
from custodes.fleet.models import Camera
from custodes.intake.models import Upload
from custodes.recordings.models import Original, Recording

pytestmark = pytest.mark.django_db(transaction=True)
CLIP = os.urandom(2_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "A.MP4").write_bytes(CLIP)
    (tmp_path / "A.gpx").write_bytes(b"<gpx/>")
    return tmp_path


def custodes_import(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--json"])


def test_files_are_taken_in_and_stay_where_they_are(folder: Path) -> None:
    done = custodes_import(str(folder), "--camera", "CAM1", "--enrol")

    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(v["file"]).name, v["state"]) for v in lines] == [
        ("A.MP4", "taken in"),
        ("A.gpx", "taken in"),
    ]
    assert stored("A.MP4") == CLIP
    recording = Recording.objects.get()
    assert (recording.source, recording.state) == ("import", "complete")
    assert (folder / "A.MP4").read_bytes() == CLIP


def test_importing_twice_keeps_each_file_once(folder: Path) -> None:
    custodes_import(str(folder), "--camera", "CAM1", "--enrol")

    again = custodes_import(str(folder), "--camera", "CAM1")

    assert {json.loads(line)["state"] for line in again.stdout.splitlines()} == {"held already"}
    assert (Original.objects.count(), Recording.objects.count()) == (2, 1)


def test_an_unknown_camera_is_refused_and_not_enrolled_by_itself(folder: Path) -> None:
    done = custodes_import(str(folder), "--camera", "STRANGER")

    assert done.exit_code == 1
    assert "No camera with the serial number STRANGER" in done.output
    assert not Camera.objects.exists()
    assert not Upload.objects.exists()


def test_the_operator_s_time_wins_and_is_marked_as_theirs(folder: Path) -> None:
    said = ["--started-at", "2026-11-03T09:15:00+00:00"]
    custodes_import(str(folder / "A.MP4"), "--camera", "CAM1", "--enrol", *said)

    recording = Recording.objects.get()
    assert recording.started_at == datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
    assert recording.told["started_at_from"] == "the operator"


def test_a_time_without_a_zone_is_refused_before_anything_is_read(folder: Path) -> None:
    said = ["--started-at", "2026-11-03T09:15:00"]
    done = custodes_import(str(folder), "--camera", "CAM1", "--enrol", *said)

    assert done.exit_code == 2
    assert "no time zone" in done.output
    assert not Entry.objects.exists()


def test_a_folder_without_recordings_says_so(tmp_path: Path) -> None:
    done = custodes_import(str(tmp_path), "--camera", "CAM1", "--enrol")

    assert done.exit_code == 1
    assert "No recordings were found there." in done.output
