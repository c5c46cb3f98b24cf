"""The drill: an older database is put back under a real installation, twice, and it goes on.

Run as an operator would, through the commands and, from the page that says how, its blocks.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.docs.test_examples_run import blocks
from tests.world.installation import Installation
from tests.world.mirrored import write_mirror
from tests.world.waiting import eventually


def published(place: Installation) -> int:
    """Return the size of the last checkpoint that is kept outside the database."""
    path = place.home / "ledger" / "last-checkpoint.note"
    return int(path.read_text().split("\n")[1]) if path.exists() else 0


def entries(place: Installation) -> list[bytes]:
    with sqlite3.connect(place.home / "custodes.sqlite3") as database:
        rows = database.execute('SELECT data FROM custody_entry ORDER BY "index"').fetchall()
    return [bytes(data) for (data,) in rows]


def put_back(place: Installation, backup: Path) -> None:
    for name in ("custodes.sqlite3", "custodes.sqlite3-wal", "custodes.sqlite3-shm"):
        (place.home / name).unlink(missing_ok=True)
    shutil.copy(backup, place.home / "custodes.sqlite3")


def run(block: str, place: Installation, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", block],
        cwd=folder,
        env={**place.environment(), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
    return done.stdout


def refuses(place: Installation) -> str:
    """Look at everything that must refuse, and return the start of what the doctor says."""
    size = len(entries(place))
    assert place.run("camera", "add", "X3", check=False).returncode == 1
    page = httpx.get(place.url, follow_redirects=True).text
    assert "Nothing can be recorded." in page
    for path in ("/tus/", "/auth/v1.0", "/v1/AUTH_x/y/z"):
        answer = httpx.post(place.url + path, content=b"x")
        assert answer.status_code == 503, path
        assert "keep your copy" in answer.text
    remarks = json.loads(place.run("doctor", "--json", check=False).stdout)
    said = [remark["what"] for remark in remarks if remark["grave"]]
    assert len(entries(place)) == size
    return "\n".join(said)


@pytest.mark.slow
def test_an_older_database_is_put_back_and_the_log_goes_on_both_ways(tmp_path: Path) -> None:
    place = Installation(tmp_path / "home").start()
    try:
        eventually(lambda: published(place) > 1)
        place.stop()
        backup = tmp_path / "backup.sqlite3"
        with sqlite3.connect(place.home / "custodes.sqlite3") as source:
            source.backup(sqlite3.connect(backup))
        before = len(entries(place))

        place.start()
        for serial in ("X1", "X2"):
            place.run("camera", "add", serial)
        eventually(lambda: published(place) >= before + 2)
        place.stop()
        note = (place.home / "ledger" / "last-checkpoint.note").read_text()
        all_of_it = entries(place)[: published(place)]
        write_mirror(tmp_path / "mirror", note, all_of_it)

        put_back(place, backup)
        place.start()
        said = refuses(place)
        assert f"ends after {before}" in said
        assert f"shows {len(all_of_it)}" in said
        doctor, from_mirror, successor = blocks("how-to/recover-the-log.md")
        assert "an older database was put back" in run(doctor, place, tmp_path)
        assert "were put back" in run(from_mirror, place, tmp_path)
        assert httpx.get(f"{place.url}/tus/key").status_code == 200
        place.run("camera", "add", "X1")
        assert entries(place)[: len(all_of_it)] == all_of_it
        eventually(lambda: published(place) > len(all_of_it))
        place.stop()

        put_back(place, backup)
        place.start()
        assert f"ends after {before}" in refuses(place)
        text = run(successor, place, tmp_path)
        assert re.search(r"^log custodes\.localhost/custody/2\+", text, flags=re.MULTILINE)
        place.run("camera", "add", "X1")
        eventually(lambda: published(place) > before + 1)
        now = (place.home / "ledger" / "last-checkpoint.note").read_text()
        assert now.startswith("custodes.localhost/custody/2\n")
        assert "older database" not in place.run("doctor", check=False).stdout
    finally:
        place.stop()
