"""How long a page of recordings takes when there are a million of them.

Builds a made-up force in a temporary home (2,000 officers, a million recordings),
then asks for pages as a browser would, through every layer, and measures the bare
SQL of the same pages in the same run. The last line is the ratio of the two.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from django.test import Client

OFFICERS, CAMERAS, PLACES, TEAMS, DAYS = 2000, 1000, 400, 80, 730
ROUNDS = 25
TARGET_MS = 150
START = datetime(2024, 12, 1, tzinfo=UTC)
PASSWORD = "a bench needs no secret"


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times the bare SQL of a page the whole page takes."""
    parser = argparse.ArgumentParser(prog="custodes bench recordings_page")
    parser.add_argument("--recordings", type=int, default=1_000_000)
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        return _measure(home, chosen.recordings)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, total: int) -> float:
    began = time.perf_counter()
    start_django(home)
    build(home / "custodes.sqlite3", total)
    print(f"{total:,} recordings built in {time.perf_counter() - began:.0f} s")
    slowest, medians = 0.0, []
    for who, asked in questions():
        times = page_times(who, asked)
        median, worst = statistics.median(times), percentile(times, 95)
        slowest = max(slowest, worst)
        medians.append(median)
        label = f"{who:<10} {urlencode(asked) or 'no filter'}"
        print(f"{label:<72} median {median:6.1f} ms   p95 {worst:6.1f} ms")
    bare = [statistics.median(times) for times in bare_times(home / "custodes.sqlite3")]
    print(f"bare SQL of a page of {40}: median {statistics.median(bare):.2f} ms")
    verdict = "within" if slowest <= TARGET_MS else "OVER"
    print(f"slowest p95: {slowest:.1f} ms, {verdict} the {TARGET_MS} ms asked for")
    ratio = statistics.median(medians) / statistics.median(bare)
    print(f"ratio: {ratio:.1f}")
    return ratio


def questions() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield who asks for what: the filters people use, alone and together."""
    month = {"from": "2026-03-01", "to": "2026-03-31"}
    for who in ("mirza", "harding", "okafor"):
        yield who, {}
        yield who, month
        yield who, {"category": "none"}
    yield "mirza", {"wearer": "1007"}
    yield "mirza", {"wearer": "Officer 10"}
    yield "mirza", {"camera": "C00042"}
    yield "mirza", {"category": "C3"}
    yield "mirza", {"place": "Place 17 Road"}
    yield "mirza", {"place": "Road"}
    yield "mirza", {"state": "arriving"}
    yield "mirza", {"state": "complete"}
    yield "mirza", {"state": "faulty"}
    yield "mirza", {"q": "Place 17"}
    yield "mirza", {"q": "nobody at all"}
    yield "mirza", {"wearer": "1007", "category": "C3"} | month
    yield "mirza", {"place": "Place 17 Road", "category": "C3"}
    yield "mirza", {"category": "C3", "state": "faulty"}
    yield "mirza", {"category": "C3", "state": "arriving"} | month
    yield "harding", {"category": "C3"} | month
    yield "harding", {"place": "Place 17 Road"}
    yield "harding", {"q": "Place 17"}


def page_times(who: str, asked: dict[str, str]) -> list[float]:
    """Ask for the page and the pages after it; return the milliseconds of each."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=who))
    client.get("/recordings", asked)
    return [_worked(lambda: _page(client, asked)) for _ in range(ROUNDS)]


def _page(client: Client, asked: dict[str, str]) -> None:
    answer = client.get("/recordings", asked)
    assert answer.status_code == 200, answer.status_code


def bare_times(database: Path) -> Iterator[list[float]]:
    """Yield the milliseconds of the same kind of pages, asked of SQLite directly."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA mmap_size=268435456")
    connection.execute("PRAGMA cache_size=-65536")
    columns = "id, handle, started_at, seconds, state, wearer_id, camera_id, place_id, category_id"
    for where in ("1", "wearer_id = 1007", "camera_id = 42", "category_id = 'C3'", "place_id = 17"):
        sql = (
            f"SELECT {columns} FROM recordings_recording WHERE {where} "
            "ORDER BY started_at DESC, id DESC LIMIT 40"
        )
        yield [_timed(lambda: connection.execute(sql).fetchall()) for _ in range(ROUNDS)]  # noqa: B023


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def _worked(what: Callable[[], object]) -> float:
    """Return the processor time in milliseconds: what a busy machine does not distort."""
    began = time.process_time()
    what()
    return (time.process_time() - began) * 1000


def percentile(times: list[float], share: int) -> float:
    """Return the time that this share of a hundred were no slower than."""
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)]


def start_django(home: Path) -> None:
    """Bring Django up in a home of its own, with tables and three people who ask."""
    os.environ["CUSTODES_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "custodes.site.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.people.actions import add_person
    from custodes.people.rules import Role

    call_command("migrate", interactive=False, verbosity=0)
    people = [("okafor", Role.OFFICER), ("harding", Role.SUPERVISOR), ("mirza", Role.EVIDENCE_UNIT)]
    for username, role in people:
        add_person(username, username.title(), [role], password=PASSWORD, by=SYSTEM, at=now(),
                   collar_number=f"X{username}", team="Team 1")  # fmt: skip
    connections.close_all()


def build(database: Path, total: int) -> None:
    """Fill the tables past the models: a bench of reading need not wait for a million entries."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA cache_size=-262144")
    _small_tables(connection)
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name='recordings_recording' "
        "AND type='index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    columns = [row[1] for row in connection.execute("PRAGMA table_info(recordings_recording)")]
    marks = ",".join("?" * len(columns))
    sql = f"INSERT INTO recordings_recording ({','.join(columns)}) VALUES ({marks})"
    connection.executemany(sql, _recordings(columns, total))
    for _, made in indexes:
        connection.execute(made)
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _small_tables(connection: sqlite3.Connection) -> None:
    def fill(table: str, rows: Iterator[dict[str, Any]]) -> None:
        for row in rows:
            names, marks = ",".join(f'"{name}"' for name in row), ",".join("?" * len(row))
            sql = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
            connection.execute(sql, list(row.values()))

    fill("people_team", ({"name": f"Team {n}", "unit": ""} for n in range(2, TEAMS + 1)))
    fill("people_person", (
        {"handle": f"p{n:021}", "username": f"o{n}", "name": f"Officer {n}",
         "collar_number": str(n), "team_id": n % TEAMS + 1, "password": "!",
         "email": "", "is_active": 1, "joined_at": START.isoformat(" ")}
        for n in range(4, OFFICERS + 1)
    ))  # fmt: skip
    fill("fleet_camera", (
        {"handle": f"c{n:021}", "serial": f"C{n:05}", "name": "", "model": "X6000",
         "mount": "chest", "grade": "S2", "is_active": 1}
        for n in range(1, CAMERAS + 1)
    ))  # fmt: skip
    fill("recordings_place", ({"id": n, "name": f"Place {n} Road"} for n in range(1, PLACES + 1)))
    fill("recordings_category", (
        {"code": f"C{n}", "name": f"Category {n}", "is_offered": 1, "order": n} for n in range(12)
    ))  # fmt: skip
    connection.commit()


def _recordings(columns: list[str], total: int) -> Iterator[list[Any]]:
    chance = random.Random(1)
    step = timedelta(days=DAYS) / total
    told = '{"mimeType": "video/mp4", "recordingSource": "body-worn camera"}'
    for number in range(1, total + 1):
        started = START + step * number
        wearer = chance.randrange(1, OFFICERS + 1)
        seconds = chance.randrange(20, 3600)
        row = {
            "id": number,
            "handle": f"{number:022}",
            "camera_id": chance.randrange(1, CAMERAS + 1),
            "wearer_id": wearer,
            "team_id": wearer % TEAMS + 1,
            "mount": "chest",
            "source": "axis",
            "source_key": f"k{number}",
            "told": told,
            "started_at": started.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "ended_at": (started + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.%f"),
            "time_zone": "Europe/London",
            "received_at": (started + timedelta(hours=5)).strftime("%Y-%m-%d %H:%M:%S.%f"),
            "seconds": float(seconds),
            "state": "arriving" if chance.random() < 0.001 else "complete",
            "category_id": None if chance.random() < 0.1 else f"C{chance.randrange(12)}",
            "place_id": chance.randrange(1, PLACES + 1),
            "fault": "The file is cut short." if chance.random() < 0.002 else "",
        }
        yield [row.get(column) for column in columns]


if __name__ == "__main__":
    main(sys.argv[1:])
