"""From a docked camera to a court that trusts nobody, in a real browser.

The officer takes a clip from their own recording to the prosecutor in five pages, by
keyboard; the prosecutor watches it and takes it away; a stranger, without a network, checks
the package of the case with a page from their disk.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Frame, Page, expect
from tests.verify_page.page import VerifierPage
from tests.world.browser import choose, open_browser, press, sign_in, write
from tests.world.installation import Installation
from tests.world.waiting import eventually

from custodes.agent.axis_controller import AxisController, Filmed, clip
from custodes.kernel.clock import now
from custodes.media.generate import footage

PASSWORD = "blue lamp corner"
FILMED_AT = (now() - timedelta(hours=2)).replace(microsecond=0)
LASTED = timedelta(seconds=6)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Installation]:
    """Return a running installation with an officer, who has docked one recording."""
    station = Installation(tmp_path / "home", demo="false")
    station.run("user", "add", "PC 4711 Okafor", "--role", "officer", "--username", "okafor",
                "--number", "4711", "--password", PASSWORD)  # fmt: skip
    connection = station.json("dock", "add", "Brixton yard", "--container", "mp4")
    film = footage(tmp_path / "film.mp4", seconds=6, started_at=FILMED_AT, camera="X4711")
    station.start()
    with AxisController(connection) as dock:
        dock.tell_of_user("uuid-okafor", "A. Okafor", "4711")
        dock.tell_of_camera("X4711", "Okafor's camera", "W102")
        dock.send(recorded(film))
    eventually(lambda: station.json("recordings")[0]["prepared"])
    yield station
    station.stop()


@pytest.mark.browser
def test_footage_goes_from_a_camera_to_a_court_that_trusts_nobody(
    station: Installation, tmp_path: Path
) -> None:
    [recording] = station.json("recordings")
    assert (recording["state"], recording["wearer"]) == ("complete", "PC 4711 Okafor")

    with open_browser() as page:
        sign_in(page, station.url, "okafor", PASSWORD)
        link = shared_in_five_pages(page, f"{station.url}/recordings/{recording['id']}")
        press(page, "Make a code to tell them")
        code = page.locator(".c-code").inner_text()
        press(page, "I have told them")
        package = packaged(page, tmp_path)

        # custody: the recording's own history tells all of it
        page.goto(f"{station.url}/recordings/{recording['id']}/history")
        for said in ("exhibit OK/1", "shared with Pat Quill", "Cameras: Custody clock"):
            expect(page.get_by_text(said).first).to_be_attached()

    with open_browser(width=390, height=844) as telephone:
        taken = taken_away(telephone, link, code, tmp_path)

    # package: what the prosecutor took away is in it, byte for byte
    with zipfile.ZipFile(package) as archive:
        films = [name for name in archive.namelist() if "/data/clips/" in name]
        assert [sha256(archive.read(name)) for name in films] == [sha256(taken.read_bytes())]

    # verifier: a stranger's browser, the server is gone, and nothing is asked of a network
    policy = httpx.get(f"{station.url}/custody/policy").text
    station.stop()
    with open_browser() as page:
        verifier = VerifierPage(page).open()
        verifier.trust(policy)
        claims = verifier.check(package)
        found = {each["claim"]: each["verdict"] for each in claims}
        assert (found["whole"], found["log"], found["clip"]) == ("PROVEN",) * 3, claims
        assert "CONTRADICTED" not in found.values()
        assert verifier.asked == []


def shared_in_five_pages(page: Page, recording: str) -> str:
    """Take a clip from the officer's own recording to the prosecutor; return the link."""
    visited = pages_of(page)
    page.goto(recording)

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
    return page.get_by_label("The link, theirs alone").input_value()


def packaged(page: Page, folder: Path) -> Path:
    """Make the package of the case for the prosecutor, as the officer does; return the file."""
    press(page, "Cases", exact=True)
    press(page, "01MP/00044/26")
    press(page, "Packages")
    page.get_by_label("The prosecutor").press("Space")
    press(page, "Show what goes in")
    write(page, "Name of the recipient", "Pat Quill")
    write(page, "Organisation", "CPS London North")
    write(page, "Why they get it", "Charging decision asked for")
    write(page, "Why it goes although a camera is not accounted for", "Custody clock")
    press(page, "Make the package")
    with page.expect_download() as download:
        press(page, "Download")
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def taken_away(telephone: Page, link: str, code: str, folder: Path) -> Path:
    """Watch the clip as the prosecutor does, take it away and acknowledge it."""
    telephone.goto(link)
    write(telephone, "Your code", code)
    telephone.keyboard.press("Enter")
    press(telephone, "OK/1")
    telephone.wait_for_selector("custodes-player video")
    press(telephone, "Play", exact=True)
    eventually(lambda: telephone.evaluate("document.querySelector('video').currentTime") > 0.5)
    with telephone.expect_download() as download:
        press(telephone, "Download it")
    download.value.save_as(folder / "taken.mp4")
    press(telephone, "Everything you were sent")
    press(telephone, "I received it")
    expect(telephone.get_by_text("You acknowledged it")).to_be_visible()
    return folder / "taken.mp4"


def pages_of(page: Page) -> set[str]:
    """Return the addresses of the pages that are shown from now on, without their queries."""
    visited: set[str] = set()

    def see(frame: Frame) -> None:
        if frame == page.main_frame:
            visited.add(urlsplit(frame.url).path)

    page.on("framenavigated", see)
    return visited


def recorded(film: Path) -> Filmed:
    return Filmed(
        wearer="uuid-okafor",
        serial="X4711",
        trigger_on=FILMED_AT + timedelta(seconds=2),
        started_at=FILMED_AT,
        ended_at=FILMED_AT + LASTED,
        parts=(clip("1f3a", film, FILMED_AT, FILMED_AT + LASTED, container="mp4"),),
    )


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
