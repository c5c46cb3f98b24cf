"""How quickly a month of shares is made, and how quickly their recipients are answered.

An installation of its own brings one film in, cuts a clip of it and shares that with so many
recipients, each by the action the page calls: gate, link, entries, list of recipients. Then
recipients open their links at the server, several at once, as a browser would: the door, the
code, what was sent, its page, three stretches of the film, the receipt. Eight at once never
pause, which is many times what such a month brings. The baseline is the same server's
shortest answer, asked for in the same turns. The last line is the ratio of the medians.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from custodes.media.generate import large_h264

from .installation import Installation
from .rounds import Limits, say_ratio
from .watching import wait_until_prepared

TARGET_MS = 300
_AT_ONCE, _STRETCH = 8, 256 * 1024
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SHARES = """
import json, sys, time
import django
django.setup()
from datetime import timedelta
from custodes.cases.models import Case
from custodes.cases.rules.audiences import Audience
from custodes.cli.shared import operating_viewer
from custodes.disclosure.actions.enter import make_code
from custodes.disclosure.actions.share import Wanted, share
from custodes.disclosure.links import token_of
from custodes.disclosure.offers import on_offer
from custodes.kernel.clock import now
number, opened = int(sys.argv[1]), int(sys.argv[2])
viewer, case = operating_viewer(), Case.objects.get()
[clip] = [offer.key for offer in on_offer(viewer, case) if offer.kind == "clip"]
made, seconds = [], []
for each in range(number):
    at = now()
    wanted = Wanted(
        [clip], Audience.PROSECUTOR, f"Jo Hale {each}", "CPS", at + timedelta(days=28), "charge",
        despite="made up",
    )
    began = time.perf_counter()
    given = share(viewer, case, wanted, at=at)
    seconds.append(time.perf_counter() - began)
    if each >= number - opened:
        made.append((token_of(given), make_code(viewer, given, at=now())))
print(json.dumps({"made": made, "seconds": seconds}))
"""


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as the server's shortest answer a recipient's page takes."""
    parser = argparse.ArgumentParser(prog="custodes bench portal", description=__doc__)
    parser.add_argument("--shares", type=int, default=5000, help="what is shared in the month")
    parser.add_argument("--opened", type=int, default=200, help="how many of them are opened")
    parser.add_argument("--home", type=Path, default=None)
    options = parser.parse_args(arguments)
    Limits.begin(full=options.shares >= parser.get_default("shares"))
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-portal-") as folder:
        return _measure(Path(folder), options.shares, min(options.opened, options.shares))


def _measure(folder: Path, shares: int, opened: int) -> float:
    place = Installation(folder / "home")
    _cut(place, folder / "film.mp4")
    found = _run(place, shares, opened)
    times = [1000 * each for each in found["seconds"]]
    print(f"{shares:,} shares: median {statistics.median(times):.1f} ms, p95 {_p95(times):.1f} ms")
    place.start()
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            all_of = pool.map(lambda one: list(_open(place.url, *one)), found["made"])
            asked = [each for some in all_of for each in some]
    finally:
        place.stop()
    names = dict.fromkeys(name for name, _ in asked)
    for name in names:
        each = [ms for what, ms in asked if what == name]
        print(f"{name}: median {statistics.median(each):.1f} ms, p95 {_p95(each):.1f} ms")
    pages = [ms for what, ms in asked if what != "shortest answer"]
    verdict = Limits.verdict("the pages", held=_p95(pages) <= TARGET_MS)
    print(f"all of them: p95 {_p95(pages):.1f} ms, {verdict} {TARGET_MS} ms")
    bare = [ms for what, ms in asked if what == "shortest answer"]
    return say_ratio(statistics.median(pages) / statistics.median(bare))


def _cut(place: Installation, film: Path) -> None:
    """Bring a film in, and make a clip of it an exhibit of a case."""
    large_h264(film, 4_000_000)
    place.run("user", "add", "Ada Okafor", "--username", "ada", "--role", "officer",
              "--password", "a long enough pass phrase")  # fmt: skip
    place.json("case", "new", "01MP/44/26", "--about", "Robbery", "--officer", "ada")
    began = ["--started-at", "2026-11-14T12:00:00Z"]
    place.run("import", str(film), "--camera", "X1", "--enrol", *began)
    film.unlink()
    place.start()
    wait_until_prepared(place)
    [recording] = place.json("recordings")
    stretch = ["--from", "0.5", "--to", "3.5", "--because", "it", "--out", str(film)]
    cut = place.json("clip", recording["id"], *stretch)
    what = ["--item", "Clip", "--initials", "AO", "--clip", cut["clip"]]
    place.json("case", "exhibit", "01MP/44/26", recording["id"], *what)
    place.stop()


def _run(place: Installation, shares: int, opened: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _SHARES, str(shares), str(opened)],
        env={**place.environment(), "DJANGO_SETTINGS_MODULE": "custodes.site.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _open(url: str, token: str, code: str) -> Iterator[tuple[str, float]]:
    """Do what a recipient does, and yield what was asked for and the milliseconds it took."""
    here = f"/shared/{token}"
    with _Browser(url) as browser:
        yield browser.ask("the door", "GET", here)
        yield browser.send("the code", f"{here}/code", code=code)
        yield browser.ask("what was sent", "GET", here)
        yield browser.ask("its page", "GET", f"{here}/1")
        for start in range(0, 3 * _STRETCH, _STRETCH):
            yield browser.ask("shortest answer", "GET", "/health")
            span = {"Range": f"bytes={start}-{start + _STRETCH - 1}"}
            yield browser.ask("a stretch of film", "GET", f"{here}/1/media", headers=span)
        yield browser.send("the receipt", f"{here}/received")


class _Browser:
    """Somebody's browser: keeps its cookies and the token of the last form it saw."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=60, headers={"Accept": "text/html"})
        self._form: dict[str, str] = {}

    def __enter__(self) -> _Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, name: str, path: str, **fields: str) -> tuple[str, float]:
        """Fill the last form in and send it."""
        return self.ask(name, "POST", path, data=self._form | fields)

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
    ) -> tuple[str, float]:
        """Ask for something; return what it was and how many milliseconds it took."""
        began = time.perf_counter()
        answer = self._client.request(method, path, headers=headers, data=data)
        took = 1000 * (time.perf_counter() - began)
        assert answer.status_code < 400, (name, answer.status_code)
        is_page = "html" in answer.headers.get("content-type", "")
        if is_page and (found := _TOKEN.search(answer.text)):
            self._form = {"csrfmiddlewaretoken": found[1]}
        return name, took


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


if __name__ == "__main__":
    main(sys.argv[1:])
