"""From an officer's own recording to an exhibit that is held, by keyboard, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.world.browser import open_browser, sign_in
from tests.world.installation import Installation

from custodes.kernel.clock import now, rfc3339
from custodes.media.generate import footage

PASSWORD = "blue lamp corner"


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Installation]:
    """Return a running installation with an officer, an investigator, and one recording."""
    station = Installation(tmp_path / "home", demo="false")
    for name, username, role in (
        ("PC 4711 Okafor", "okafor", "officer"),
        ("DC Sharma", "sharma", "investigator"),
    ):
        station.run("user", "add", name, "--role", role, "--username", username,
                    "--password", PASSWORD)  # fmt: skip
    station.run("camera", "add", "X4711")
    station.run("camera", "issue", "X4711", "okafor")
    filmed_at = now()
    film = footage(tmp_path / "film.mp4", seconds=2, started_at=filmed_at, camera="X4711")
    station.run("import", str(film), "--camera", "X4711", "--started-at", rfc3339(filmed_at))
    station.start()
    yield station
    station.stop()


@pytest.mark.browser
def test_an_officers_recording_becomes_an_exhibit_that_is_held_and_another_may_see(
    station: Installation,
) -> None:
    [recording] = station.json("recordings")

    # cases, retention: from their own recording the officer opens a case and numbers the exhibit
    with open_browser() as page:
        sign_in(page, station.url, "okafor", PASSWORD)
        page.goto(f"{station.url}/recordings/{recording['id']}")
        make_an_exhibit(page)

    # retention: it is held for the case and for the exhibit, whatever the schedule says
    held = {hold["kind"]: hold for hold in station.json("hold", "list")}
    assert held["exhibit"]["reason"] == "exhibit OK/1"
    assert held["exhibit"]["held"] == held["case"]["held"] == 1
    explained = station.json("retention", "explain", recording["id"])
    assert explained["verdict"] == "keep"

    # people, recordings: whoever is put on the case finds the recording; before, nothing was there
    with open_browser() as page:
        sign_in(page, station.url, "sharma", PASSWORD)
        page.goto(f"{station.url}/recordings")
        expect(page.get_by_role("heading", name="There are no recordings yet")).to_be_visible()
        station.run("case", "assign", "01MP/44/26", "sharma")
        page.reload()
        expect(page.locator(".c-rec")).to_have_count(1)

    # custody: all of it is in the record of the recording
    shown = station.json("case", "show", "01MP/44/26")
    assert [each["reference"] for each in shown["exhibits"]] == ["OK/1"]


def make_an_exhibit(page: Page) -> None:
    """Go from a recording to a numbered exhibit without touching the mouse."""
    follow(page, "Add to a case")
    follow(page, "Open a case with it")
    page.get_by_label("URN").focus()
    page.keyboard.type("01MP/44/26")
    page.keyboard.press("Tab")
    page.keyboard.type("Robbery")
    page.keyboard.press("Enter")
    follow(page, "Make it an exhibit")
    page.get_by_label("What it is").focus()
    page.keyboard.type("Body-worn video of the arrest")
    expect(page.get_by_label("Initials of the producer")).to_have_value("OK")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Exhibit OK/1")).to_be_visible()


def follow(page: Page, name: str) -> None:
    """Follow a link by keyboard."""
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
