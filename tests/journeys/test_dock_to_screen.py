"""Read this first: one recording's way from a camera to an officer's screen.

Everything is real: the installed server with its worker, the cameras' protocol, a
browser. Each step is a sentence; the rooms it passes through are named beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.world.browser import open_browser, sign_in
from tests.world.installation import Installation
from tests.world.waiting import eventually

from custodes.agent.axis_controller import AxisController, Filmed, bookmark, clip
from custodes.kernel.clock import now
from custodes.media.generate import footage

PASSWORD = "blue lamp corner"
FILMED_AT = (now() - timedelta(hours=2)).replace(microsecond=0)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Installation]:
    """Return a running installation with one officer, and nothing else."""
    station = Installation(tmp_path / "home", from_nothing=True, demo="false")
    station.run("user", "add", "PC 4711 Okafor", "--role", "officer", "--username", "okafor",
                "--number", "4711", "--password", PASSWORD)  # fmt: skip
    station.start()
    yield station
    station.stop()


@pytest.mark.browser
def test_footage_goes_from_a_docked_camera_to_the_officers_screen(
    station: Installation, tmp_path: Path
) -> None:
    # fleet: the dock is enrolled and its connection file loaded into the controller
    connection = station.json("dock", "add", "Brixton yard", "--container", "mp4")
    film = footage(tmp_path / "film.mp4", seconds=6, started_at=FILMED_AT, camera="X4711")

    # docks, intake, vault, custody: a camera docks; its footage is proved and sealed
    with AxisController(connection) as dock:
        dock.tell_of_user("uuid-okafor", "A. Okafor", "4711")
        dock.tell_of_camera("X4711", "Okafor's camera", "W102")
        acknowledged = dock.send(recorded(film))
    assert hashlib.md5(film.read_bytes()).hexdigest() in acknowledged.values()

    # recordings: it is there, whole, under the officer's name
    [recording] = station.json("recordings", "--where", "camera=X4711")
    assert recording["state"] == "complete"
    assert recording["wearer"] == "PC 4711 Okafor"
    assert recording["files"][0]["sha256"] == hashlib.sha256(film.read_bytes()).hexdigest()

    # worker, media: the sandbox looks at it, by a reaction to the custody entry
    eventually(lambda: station.json("recordings")[0]["prepared"])

    # web, people: the officer signs in, finds it, plays it, marks a moment
    with open_browser() as page:
        sign_in(page, station.url, "okafor", PASSWORD)
        page.get_by_role("link", name="Recordings", exact=True).click()
        page.get_by_role("link", name="GMT").first.click()
        play_and_step(page)

    # custody: all of that is in the record, in an unbroken chain, and it proves
    verified = station.json("verify", recording["id"])
    assert verified["verdict"] == "PROVEN"
    assert any("bit for bit" in claim["sentence"] for claim in verified["claims"])

    # vault: and a flipped bit anywhere in the store would be named
    assert station.json("vault", "scrub")["findings"] == []


def recorded(film: Path) -> Filmed:
    ended = FILMED_AT + timedelta(seconds=6)
    trigger = FILMED_AT + timedelta(seconds=2)
    return Filmed(
        wearer="uuid-okafor",
        serial="X4711",
        trigger_on=trigger,
        started_at=FILMED_AT,
        ended_at=ended,
        parts=(
            clip("1f3a", film, FILMED_AT, ended, container="mp4"),
            bookmark(trigger, "first account"),
        ),
    )


def play_and_step(page: Page) -> None:
    """Play with the space bar, see the picture move, step one frame with the full stop."""
    video = page.locator("video")
    expect(video).to_be_visible()

    def seconds() -> float:
        at: float = video.evaluate("video => video.currentTime")
        return at

    eventually(lambda: video.evaluate("video => video.readyState >= 2"))
    page.keyboard.press("Space")
    eventually(lambda: seconds() > 0.5)
    page.keyboard.press("k")
    eventually(lambda: video.evaluate("video => video.paused"))

    before = seconds()
    page.keyboard.press(".")
    eventually(lambda: seconds() > before)

    assert seconds() - before < 0.1
