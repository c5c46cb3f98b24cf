"""From an officer's own recording to a clip shared with the prosecutor: five pages, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Page, expect
from tests.world.browser import open_browser, sign_in
from tests.world.installation import Installation

from custodes.kernel.clock import now, rfc3339
from custodes.media.generate import footage

PASSWORD = "blue lamp corner"


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Installation]:
    """Return a running installation with an officer and one recording of theirs."""
    station = Installation(tmp_path / "home", demo="false")
    station.run("user", "add", "PC 4711 Okafor", "--role", "officer", "--username", "okafor",
                "--password", PASSWORD)  # fmt: skip
    station.run("camera", "add", "X4711")
    station.run("camera", "issue", "X4711", "okafor")
    filmed_at = now()
    film = footage(tmp_path / "film.mp4", seconds=4, started_at=filmed_at, camera="X4711")
    station.run("import", str(film), "--camera", "X4711", "--started-at", rfc3339(filmed_at))
    station.start()
    yield station
    station.stop()


@pytest.mark.browser
def test_an_officer_takes_a_clip_to_the_prosecutor_in_five_pages_by_keyboard(
    station: Installation,
) -> None:
    [recording] = station.json("recordings")

    with open_browser() as page:
        sign_in(page, station.url, "okafor", PASSWORD)
        visited = pages_of(page)
        page.goto(f"{station.url}/recordings/{recording['id']}")

        # 1, recordings: the officer cuts what matters out of their own recording
        press(page, "Make a clip or a still")
        write(page, "From, since the start, such as 1:15.5", "0:01")
        write(page, "To (a still needs none)", "0:02.5")
        write(page, "What does it show, and what does that matter for?", "The arrest")
        press(page, "Make the clip", exact=True)
        expect(page.get_by_text("The clip was made")).to_be_visible()

        # 2, cases: it becomes an exhibit of a new case
        press(page, "Give it to the prosecutor")
        choose(page, "Which case is it for?", "A new case")
        write(page, "Of a new case: its URN", "01MP/44/26")
        write(page, "Of a new case: what it is about, and the offence", "Robbery")
        press(page, "Next: is it ready?")

        # 3, disclosure: everything is ticked but that the evidence unit has not looked yet
        expect(page.get_by_role("heading", name="Ready for the prosecutor?")).to_be_visible()
        expect(page.locator(".c-gate .c-status--proven")).to_have_count(7)
        expect(page.get_by_text("1 of 9 is to be done.")).to_be_visible()
        press(page, "Next: share it")

        # 4, disclosure: for whom, and why it goes although a camera is not accounted for
        write(page, "Name of the recipient", "Pat Quill")
        write(page, "Organisation", "CPS London North")
        write(page, "Why it is shared", "Charging decision asked for")
        write(page, "If a camera is not accounted for: why it goes all the same", "Custody clock")
        press(page, "Share it", exact=True)

        # 5: shared, with a link that is the recipient's alone
        expect(page.get_by_role("heading", name="Shared with Pat Quill")).to_be_visible()
        expect(page.get_by_label("The link, theirs alone")).not_to_have_value("")

        assert len(visited) == 5, visited

        # custody: the recording's own history tells all of it
        page.goto(f"{station.url}/recordings/{recording['id']}/history")
        for said in ("exhibit OK/1", "shared with Pat Quill", "Cameras: Custody clock"):
            expect(page.get_by_text(said).first).to_be_attached()


def pages_of(page: Page) -> set[str]:
    """Return the addresses of the pages that are shown from now on, without their queries."""
    visited: set[str] = set()

    def see(frame: Frame) -> None:
        if frame == page.main_frame:
            visited.add(urlsplit(frame.url).path)

    page.on("framenavigated", see)
    return visited


def press(page: Page, name: str, *, exact: bool = False) -> None:
    """Press a button, follow a link, or open what is folded, by keyboard."""
    found = page.get_by_role("link", name=name, exact=exact).or_(
        page.get_by_role("button", name=name, exact=exact)
    )
    found.or_(page.locator("summary", has_text=name)).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def write(page: Page, label: str, text: str) -> None:
    """Write into a field by keyboard."""
    page.get_by_label(label).first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list by typing what it begins with."""
    page.get_by_label(label).focus()
    page.keyboard.type(option)
