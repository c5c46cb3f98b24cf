"""From the officer's page to the recipient's telephone in a real browser, with axe on the way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.conftest import REPOSITORY
from tests.disclosure.conftest import Matter
from tests.world import force
from tests.world.browser import open_browser, sign_in
from tests.world.waiting import eventually

from custodes.disclosure.models import Item, Share
from custodes.recordings.models import Category

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = os.environ.get("CUSTODES_SHOTS")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(matter: Matter, live_server: Any, settings: Any, tmp_path: Path) -> str:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop beside us
    Category.objects.get_or_create(code="arrest", defaults={"name": "Arrest"})
    named = {"public_url": live_server.url}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=named)
    return live_server.url  # type: ignore[no-any-return]


def test_a_clip_goes_from_the_case_to_the_prosecutors_telephone_by_keyboard(
    matter: Matter, address: str
) -> None:
    wrong: list[str] = []
    with open_browser() as page:
        link, figures = shared_by_keyboard(page, matter, address, wrong)
    with open_browser(width=390, height=844) as phone:
        wrong += received(phone, link, figures)
    with open_browser() as page:
        sign_in(page, address, matter.okafor.username, force.PASSWORD)
        page.goto(f"{address}/sharing")
        wrong += looked_at(page, "sharing")
        page.get_by_role("link", name="Pat Quill").press("Enter")
        expect(page.get_by_text("Pat Quill acknowledged it")).to_be_visible()
        expect(page.get_by_text("watched")).to_be_visible()
        wrong += looked_at(page, "share-after")
        page.goto(f"{address}/recordings/{matter.recording.handle}")
        expect(page.get_by_text("shared with Pat Quill")).to_be_visible()
        wrong += looked_at(page, "recording-after")

    assert wrong == []
    assert Share.objects.get().wishes.get().text == "The minute before, please."


def shared_by_keyboard(
    page: Page, matter: Matter, address: str, wrong: list[str]
) -> tuple[str, str]:
    """Share the clip as the officer does; return the link and the code they hand over."""
    sign_in(page, address, matter.okafor.username, force.PASSWORD)
    page.goto(f"{address}/cases/{matter.case.handle}")
    with page.expect_navigation():
        page.get_by_role("button", name="Share something of it").press("Enter")
    wrong += looked_at(page, "share-for")
    page.get_by_label("The prosecutor").press("Space")
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_label("Clip of AO/1").press("Space")
    page.get_by_label("Name of the recipient").fill("Pat Quill")
    page.get_by_label("Organisation").fill("CPS London North")
    page.get_by_label("Why it is shared").fill("A charging decision")
    wrong += looked_at(page, "share-new")
    with page.expect_navigation():
        page.get_by_role("button", name="Share it").press("Enter")
    wrong += looked_at(page, "share")
    link = page.get_by_label("The link, theirs alone").input_value()
    with page.expect_navigation():
        page.get_by_role("button", name="Make a code to tell them").press("Enter")
    figures = page.locator(".c-code").inner_text()
    wrong += looked_at(page, "share-code")
    return link, figures


def received(phone: Page, link: str, figures: str) -> list[str]:
    """Open the link on a telephone: the door, a wrong code, the right one, film, receipt, wish."""
    phone.goto(link)
    wrong = looked_at(phone, "door")
    phone.get_by_label("Your code").fill("00000000")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("The code is not right")).to_be_visible()
    wrong += looked_at(phone, "door-wrong")
    phone.get_by_label("Your code").fill(figures)
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    wrong += looked_at(phone, "shared")
    phone.get_by_role("link", name="Clip of AO/1").press("Enter")
    phone.wait_for_selector("custodes-player video")
    wrong += looked_at(phone, "shared-item")
    phone.get_by_role("button", name="Play", exact=True).press("Enter")
    seen = "document.querySelector('video').currentTime"
    eventually(lambda: phone.evaluate(seen) > 1)
    phone.keyboard.press("k")  # stops, as on every page with a player
    eventually(lambda: bool(Item.objects.get().seen))
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Download it").press("Enter")
    assert download.value.suggested_filename.endswith(".mp4")
    phone.get_by_role("link", name="Everything you were sent").press("Enter")
    phone.get_by_role("button", name="I received it").press("Enter")
    expect(phone.get_by_text("You acknowledged it")).to_be_visible()
    phone.get_by_label("Say what").fill("The minute before, please.")
    phone.get_by_role("button", name="Ask the officers").press("Enter")
    expect(phone.get_by_text("Nobody has answered yet.")).to_be_visible()
    wrong += looked_at(phone, "shared-asked")
    phone.get_by_role("button", name="Close it in this browser").press("Enter")
    expect(phone.get_by_label("Your code")).to_be_visible()
    return wrong


def looked_at(page: Page, called: str) -> list[str]:
    """Return what axe finds grave on this page at both widths, and whether it scrolls sideways."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    wrong: list[str] = []
    if not AXE.exists():
        pytest.skip("axe-core is not installed; frontend/README.md says how")
    for width in {size["width"], 390}:
        page.set_viewport_size({"width": width, "height": size["height"]})
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"share-{called}-{width}.png", full_page=True)
        # Evaluated, not added as a script: the page's own policy refuses scripts from elsewhere.
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
        wrong += [
            f"{called}: {one['id']}: {one['nodes'][0]['html']}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{called}: scrolls sideways at {width} px")
    page.set_viewport_size(size)
    return wrong
