"""How long a page of recordings takes when there are a million of them.

Builds a made-up force in a temporary home (made_up_force.py), then asks for pages as
a browser would, through every layer, and measures the bare SQL of the same pages in
the same run. The last line is the ratio of the two.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .home import start
from .made_up_force import build
from .rounds import Limits, say_ratio

if TYPE_CHECKING:
    from django.test import Client

TARGET_MS = 150
PASSWORD = "a bench needs no secret"


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times the bare SQL of a page the whole page takes."""
    parser = argparse.ArgumentParser(prog="custodes bench recordings_page")
    parser.add_argument("--recordings", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=25, help="how often each page is asked for")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.recordings >= parser.get_default("recordings"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        return _measure(home, chosen.recordings, chosen.rounds)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, total: int, rounds: int) -> float:
    began = time.perf_counter()
    start_django(home)
    build(home / "custodes.sqlite3", total)
    print(f"{total:,} recordings built in {time.perf_counter() - began:.0f} s")
    slowest, slowest_work, medians = 0.0, 0.0, []
    for who, asked in questions():
        clock, work = (list(times) for times in zip(*page_times(who, asked, rounds), strict=True))
        slowest = max(slowest, percentile(clock, 95))
        slowest_work = max(slowest_work, percentile(work, 95))
        medians.append(statistics.median(work))
        print(_line(who, asked, clock, work))
    bare = [statistics.median(times) for times in bare_times(home / "custodes.sqlite3", rounds)]
    print(f"bare SQL of a page: median {statistics.median(bare):.2f} ms")
    verdict = Limits.verdict("the slowest p95", held=slowest <= TARGET_MS)
    print(f"slowest p95: {slowest:.1f} ms, {verdict} the {TARGET_MS} ms asked for")
    print(f"slowest p95 of work alone, whatever else the machine does: {slowest_work:.1f} ms")
    ratio = statistics.median(medians) / statistics.median(bare)
    return say_ratio(ratio)


def _line(who: str, asked: dict[str, str], clock: list[float], work: list[float]) -> str:
    said = [f"{who:<8} {urlencode(asked) or 'no filter':<62}"]
    for name, times in (("clock", clock), ("work", work)):
        said.append(f"{name} {statistics.median(times):5.1f}, p95 {percentile(times, 95):5.1f} ms")
    return "  ".join(said)


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


def page_times(who: str, asked: dict[str, str], rounds: int) -> list[tuple[float, float]]:
    """Ask for the page again and again; return the milliseconds by the clock and of work."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=who))
    page = client.get("/recordings", asked).content
    assert asked or b'href="/recordings/' in page, "a list of everything shows nothing"
    return [_measured(lambda: _page(client, asked)) for _ in range(rounds)]


def _page(client: Client, asked: dict[str, str]) -> None:
    answer = client.get("/recordings", asked)
    assert answer.status_code == 200, answer.status_code


def bare_times(database: Path, rounds: int) -> Iterator[list[float]]:
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
        yield [_timed(lambda: connection.execute(sql).fetchall()) for _ in range(rounds)]  # noqa: B023


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000


def _measured(what: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds by the clock and of this process, which differ on a busy machine."""
    began, worked = time.perf_counter(), time.process_time()
    what()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def percentile(times: list[float], share: int) -> float:
    """Return the time that this share of a hundred were no slower than."""
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)]


def start_django(home: Path) -> None:
    """Bring Django up in a home of its own, with tables and three people who ask."""
    start(home)
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


if __name__ == "__main__":
    main(sys.argv[1:])
