"""Room for many rows: taken for as long as it is needed, and given back."""

from __future__ import annotations

import gc
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.world.tables import lay, said_by

from custodes.kernel.cycles import looked_for_rarely
from custodes.recordings.many import moment, stored

_FILLED = """
import json, os
from pathlib import Path
from django.db import connection
from custodes.people.models import Person
from custodes.recordings.many import room_for_many

def asked():
    with connection.cursor() as cursor:
        names = ("cache_size", "mmap_size", "wal_autocheckpoint")
        return [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

log = Path(os.environ["CUSTODES_HOME"]) / "custodes.sqlite3-wal"
before = asked()
with room_for_many():
    within = asked()
    Person.objects.bulk_create(Person(username=f"p{n}", name="x" * 90) for n in range(9000))
    grown = log.stat().st_size
print(json.dumps([before, within, asked(), grown, log.stat().st_size]))
"""


def test_what_many_rows_took_of_memory_and_disk_is_given_back(tmp_path: Path) -> None:
    lay(tmp_path / "home")

    before, within, after, grown, left = json.loads(said_by(tmp_path / "home", _FILLED))

    assert before == after
    assert before != within
    assert grown > 1_000_000
    assert left == 0


def test_cycles_are_looked_for_as_often_as_before_once_it_ends_however_it_does() -> None:
    before, within = gc.get_threshold(), []

    def falls_over() -> None:
        with looked_for_rarely():
            within.extend(gc.get_threshold())
            raise ValueError("it fell over")

    with pytest.raises(ValueError, match="it fell over"):
        falls_over()

    assert within[0] > 10 * before[0]
    assert gc.get_threshold() == before


@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_a_moment_reads_as_it_was_stored(microsecond: int) -> None:
    at = datetime(2026, 3, 29, 1, 30, 0, microsecond, timezone(timedelta(hours=1)))

    assert moment(stored(at)) == at
    assert moment(stored(at)).tzinfo is UTC
