"""The player of a package, opened from the disk as at a court, and the verifier's page on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.conftest import REPOSITORY
from tests.disclosure.packages.conftest import Trial
from tests.recordings.test_prove import policy_text, witness
from tests.verify_page.page import VerifierPage
from tests.world.browser import open_browser
from tests.world.waiting import eventually

from custodes.cases.rules.audiences import Audience
from custodes.kernel.clock import now
from custodes.recordings.models import Recording

# A browser's loop is not Django's: what it shows is made before it is opened.
pytestmark = [pytest.mark.django_db, pytest.mark.browser]
AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"


@dataclass
class Player:
    """The player's page; whatever it asks of a network, and its complaints, are written down."""

    page: Page
    asked: list[str]

    def text(self, name: str) -> str:
        return self.page.locator(f"#{name}").inner_text()

    def at(self) -> float:
        found: float = self.page.evaluate("document.getElementById('film').currentTime")
        return found

    def presses(self, key: str) -> float:
        """Press a key, and return where the film is once it has got there."""
        self.page.keyboard.press(key)
        self.until("!film.seeking")
        return self.at()

    def until(self, said: str) -> None:
        """Wait until something is so; asked from outside, for the page's policy lets nothing in."""
        asked = f"(film => {said})(document.getElementById('film'))"
        eventually(lambda: self.page.evaluate(asked), every=0.02)


@pytest.fixture
def unpacked(trial: Trial, tmp_path: Path) -> Path:
    Recording.objects.filter(pk=trial.recording.pk).update(clock_offset_ms=1500)
    witness(now())
    (tmp_path / "policy").write_text(policy_text())
    return trial.unpacked(trial.built(Audience.PROSECUTOR), tmp_path / "out")


@pytest.fixture
def opened() -> Iterator[Callable[[Path, int], Player]]:
    """Open pages; afterwards none has asked a network, or complained."""
    asked: list[str] = []
    with open_browser() as page:

        def note(url: str) -> None:
            if not url.startswith(("file:", "blob:")):
                asked.append(url)

        page.on("request", lambda request: note(request.url))
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.on("console", lambda m: asked.append(m.text) if "Policy" in m.text else None)

        def at(path: Path, width: int) -> Player:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.as_uri())
            return Player(page, asked)

        yield at
    assert asked == []


def test_it_plays_from_the_disk_by_keyboard_and_says_when_each_picture_was_filmed(
    unpacked: Path, opened: Callable[[Path, int], Player]
) -> None:
    player = opened(unpacked / "README.html", 1280)
    player.page.get_by_role("link", name="Open the player").click()
    player.until("film.readyState >= 2")

    assert player.text("what") == "AO/1: The arrest"
    start = player.text("camera-utc")
    assert start.startswith("2026-11-14 12:00:01.")
    assert player.text("camera-local").endswith(" GMT")
    assert player.text("camera-utc")[11:23] in player.text("camera-local")
    ahead = seconds(player.text("server-utc").rpartition("(")[2]) - seconds(start)
    assert round(ahead, 3) == 1.5

    steps = [player.presses(key) for key in (".", ".", ".", ",")]
    rate = float(player.page.evaluate("JSON.parse(exhibits.textContent).exhibits[0].frame_rate"))
    assert [round(at * rate - 0.5) for at in steps] == [1, 2, 3, 2]
    shown = seconds(player.text("camera-utc")) - seconds(start)
    assert shown == pytest.approx(2 / rate, abs=0.002)  # when the picture begins

    player.page.keyboard.press("l")
    player.until("film.currentTime > 0.4")
    player.page.keyboard.press("k")
    assert "paused" in player.text("speed")
    before = player.at()
    player.page.keyboard.press("j")
    player.until(f"film.currentTime < {before}")
    player.page.keyboard.press("k")

    player.page.get_by_role("button", name="AO/2 The knife").press("Enter")
    assert player.text("what") == "AO/2: The knife"
    player.until("document.getElementById('picture').naturalWidth === 320")
    assert player.page.locator("#fault").is_hidden()


def seconds(text: str) -> float:
    """Return the seconds of a day of ``2026-11-14 12:00:01.200 UTC``."""
    hours, minutes, rest = text.split(" ")[1].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def test_axe_finds_nothing_on_any_page_and_no_line_runs_out_of_the_screen(
    unpacked: Path, opened: Callable[[Path, int], Player]
) -> None:
    if not AXE.exists():
        pytest.skip("axe is not installed: run `python frontend/npm.py ci`")
    [custody] = (unpacked / "data/custody").glob("AO-1*.html")
    pages = ("README.html", "data/player.html", "data/coverage.html", custody)
    for page, width in product(pages, (1280, 390)):
        player = opened(unpacked / page, width)
        # The page's own policy lets no other script in; axe looks at it from outside.
        found = player.page.evaluate(f"{AXE.read_text()};axe.run(document)")

        assert [each["id"] for each in found["violations"]] == [], page
        assert player.page.evaluate("document.documentElement.scrollWidth") <= width, page


def test_the_verifiers_page_proves_it_and_sees_one_flipped_byte(
    unpacked: Path, tmp_path: Path, opened: Callable[[Path, int], Player]
) -> None:
    verifier = VerifierPage(opened(unpacked / "README.html", 1280).page).open()
    verifier.trust((tmp_path / "policy").read_text())

    claims = verifier.check(unpacked)

    by_name = {each["claim"]: each["verdict"] for each in claims}
    assert (by_name["whole"], by_name["log"], by_name["clip"]) == ("PROVEN",) * 3
    verifier.again()
    [film] = (unpacked / "data/clips").glob("*.mp4")
    body = bytearray(film.read_bytes())
    body[-9] ^= 1
    film.write_bytes(body)
    [whole] = [each for each in verifier.check(unpacked) if each["claim"] == "whole"]
    assert whole["verdict"] == "CONTRADICTED"
