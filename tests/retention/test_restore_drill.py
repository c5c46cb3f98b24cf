"""The drill of custody format, section 6: last night's backup is restored after the roll.

Run as whoever makes the backups would: by the blocks of the page that says how, and by
the commands, on real homes, each in processes of its own.
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
from typing import Any

import pytest
from tests.docs.test_examples_run import DOCS, blocks
from tests.world.installation import Installation
from tests.world.tables import lay

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = "how-to/back-up-and-restore.md"


class Force:
    """A force with a home, a place for its backups, and another for its keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = Installation(folder / "home")
        self.home = self.place.home

    def does(self, block: str) -> None:
        """Run a block of the page, in the folder the backups are in."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-eu", "-c", block], cwd=self.folder, check=False,
            env={**self.place.environment(), "PATH": path}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"

    def looks(self, word: str = "look", home: Path | None = None) -> dict[str, Any]:
        """Return what a process of its own finds in a home."""
        own = {
            "CUSTODES_HOME": str(home or self.home),
            "DJANGO_SETTINGS_MODULE": "custodes.site.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "tests.world.restoring", word], check=False,
            env={**self.place.environment(), **own}, cwd=REPOSITORY, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def opens(self, home: Path | None = None) -> dict[str, str]:
        """Return of each recording a database knows that it opens, or why not."""
        files: dict[str, str] = self.looks(home=home)["files"]
        return files

    def asks(self, *words: str) -> tuple[int, str]:
        """Return how a command ended and all it said."""
        done = self.place.run(*words, check=False)
        return done.returncode, done.stdout + done.stderr

    def puts_back(self, database: Path) -> None:
        """Put an older database into the home itself, and nothing else."""
        for name in ("custodes.sqlite3", "custodes.sqlite3-wal", "custodes.sqlite3-shm"):
            (self.home / name).unlink(missing_ok=True)
        shutil.copy(database, self.home)

    def an_hour_passes(self) -> None:
        """Let all that was done until now be done an hour earlier: the roll, and before it."""
        with sqlite3.connect(self.home / "custodes.sqlite3") as database:
            for table, when in (("keyroll", "began_at"), ("tombstone", "disposed_at")):
                database.execute(
                    f"UPDATE retention_{table} SET {when} = datetime({when}, '-1 hour')"
                )
        database.close()

    def sealed(self) -> set[str]:
        """Return the names of the sealed objects in the home."""
        return {each.name for each in (self.home / "vault" / "sealed").rglob("*.floe")}


def restored(backup: Path, keys: Path, into: Path) -> Path:
    """Restore a backup and copied keys into an empty folder, as on a spare machine."""
    into.mkdir(mode=0o700)
    shutil.copy(backup / "custodes.sqlite3", into)
    shutil.copytree(backup / "vault", into / "vault")
    shutil.copytree(keys, into / "keys")
    return into


def the_night() -> tuple[str, str]:
    """Return what the page has done at night: until the hour is over, and after it."""
    [block] = re.findall(r"^```bash\n(.*?)^```$", (DOCS / PAGE).read_text(), re.M | re.S)
    before, after = block.split("sleep 3600\n")
    return before, after


@pytest.mark.slow
def test_last_nights_backup_opens_nothing_that_was_destroyed_and_tonights_all_that_is_kept(
    tmp_path: Path,
) -> None:
    force = Force(tmp_path)
    lay(force.home)
    all_of_it = force.looks("fill")["files"]
    back_up, _ = blocks(PAGE)
    force.does(back_up)
    for folder in ("backup", "keys-elsewhere"):
        shutil.copytree(tmp_path / folder, tmp_path / "last night" / folder)
    last_night = tmp_path / "last night" / "backup"

    force.place.run("retention", "run")
    found = force.looks("publish")
    kept = found["files"]
    deleted = set(all_of_it) - set(kept)
    assert len(deleted) > 5
    assert set(all_of_it.values()) == set(kept.values()) == {"opens"}
    assert found["waiting"].startswith(f"{len(deleted)} recordings deleted since")

    # Deleted, and not destroyed: whoever has last night's backup and keys opens it all.
    keys_then = tmp_path / "last night" / "keys-elsewhere" / "keys"
    assert force.opens(restored(last_night, keys_then, tmp_path / "spare 1")) == all_of_it

    roll_and_back_up, destroy = the_night()
    force.does(roll_and_back_up)
    force.an_hour_passes()
    force.does(destroy)
    assert force.looks() == {"files": kept, "waiting": ""}

    # Whoever restores last night's backup now, with the keys there are, opens nothing.
    keys = tmp_path / "keys-elsewhere" / "keys"
    nothing = force.opens(restored(last_night, keys, tmp_path / "spare 2"))
    assert set(nothing) == set(all_of_it)
    no_key = "cannot be read: The key of epoch 1 is not in this key ring."
    assert all(said.endswith(no_key) for said in nothing.values())
    # And tonight's opens all that is kept, and knows of nothing else.
    assert force.opens(restored(tmp_path / "backup", keys, tmp_path / "spare 3")) == kept

    # Put back into the home itself it is older than the record, and the engine stops.
    sealed = force.sealed()
    force.puts_back(last_night / "custodes.sqlite3")
    older = (
        r"The custody log ends after \d+ entries, but .* shows \d+: an older database was put back"
    )
    status, said = force.asks("retention", "run")
    assert status == 1
    assert re.match(older, said)
    assert re.search(f"^WRONG {older}", force.asks("doctor")[1], re.M)
    # Where nothing outside the database is left to tell, the keys do: nothing can be entered.
    (force.home / "ledger" / "last-checkpoint.note").unlink()
    status, said = force.asks("retention", "run")
    assert status == 1
    assert said.startswith("The key of epoch 1 is not in this key ring.")
    assert force.sealed() == sealed
