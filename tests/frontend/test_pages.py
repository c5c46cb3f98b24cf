"""Every page in a real browser: accessible, in the window, by keyboard, without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
PAGES = ("list", "tiles", "board", "wall", "recording", "quiet", "broken", "sign-in", "parts")
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_the_page(
    browser: Browser, site: str, name: str, scheme: Literal["light", "dark"]
) -> None:
    if not AXE.exists():
        pytest.skip("axe is not installed: run `python frontend/npm.py ci`")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site}/{name}")
    page.wait_for_timeout(300)
    page.evaluate(AXE.read_text())

    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    context.close()

    assert [(f["id"], [node["target"] for node in f["nodes"]]) for f in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_at_320_pixels(page: Page, site: str, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{site}/{name}")
    page.wait_for_timeout(200)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", PAGES)
def test_every_target_is_24_pixels_or_a_link_in_a_sentence(
    page: Page, site: str, name: str
) -> None:
    page.goto(f"{site}/{name}")
    page.wait_for_timeout(300)

    # WCAG 2.2 SC 2.5.8: links inside a sentence, and things not drawn, are excepted.
    small = page.evaluate("""[...document.querySelectorAll(
        'button, select, summary, input:not([type=hidden]), [role=slider], a[href]')]
      .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
      .filter(([e, b]) => b.width > 1 && getComputedStyle(e).display !== 'inline'
        && (b.width < 24 || b.height < 24))
      .map(([e, b]) => `${e.className || e.outerHTML.slice(0, 80)} ${b.width}x${b.height}`)""")

    assert small == []


def test_the_page_reads_and_plays_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/recording")

    expect(page.locator("video[controls]")).to_have_attribute("src", "/media/part-0.mp4")
    expect(page.locator("custodes-map")).to_contain_text("Start: 51.46210")
    page.locator(".c-menu summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()


def test_the_menu_opens_on_a_phone_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/list")
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()

    page.get_by_role("button", name="Menu").click()

    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    context.close()


def test_slash_goes_to_the_search_box_and_types_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}/list")
    page.keyboard.press("/")

    expect(page.locator("#c-search")).to_be_focused()
    expect(page.locator("#c-search")).to_have_value("")


def test_the_list_is_walked_scrubbed_and_chosen_from_the_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/list")
    page.locator("#rec-0 .c-rec__open").focus()

    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(page.locator("#rec-1 .c-rec__open")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#rec-1 .c-filmstrip__sheet")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-chosen-count]")).to_have_text("2 recordings chosen")

    page.keyboard.press("Enter")

    page.wait_for_url("**/recording?2")


def test_the_board_moves_without_a_reload_and_keeps_what_is_open(page: Page, site: str) -> None:
    page.goto(f"{site}/board")
    page.locator("#lane-2-more summary").click()
    page.evaluate("window.same = true")
    before = page.locator("#lane-1 progress").get_attribute("value")

    expect(page.locator("#lane-1 progress")).not_to_have_attribute("value", before or "")

    assert page.evaluate("window.same") is True
    assert page.locator("#lane-2-more").get_attribute("open") is not None
    expect(page.locator("#lane-2-more summary")).to_be_focused()


def test_a_board_that_hears_nothing_says_since_when(page: Page, site: str) -> None:
    page.goto(f"{site}/board")
    page.route("**/docks/board/live", lambda route: route.abort())

    expect(page.locator(".c-stale")).to_contain_text("Not updating since")
    expect(page.locator("#dock-1")).to_be_visible()

    page.unroute("**/docks/board/live")
    expect(page.locator(".c-stale")).to_be_hidden(timeout=15_000)


def test_the_density_switch_is_kept_for_the_next_page(page: Page, site: str) -> None:
    page.goto(f"{site}/list")
    page.get_by_role("button", name="Show more on a page").click()

    assert page.evaluate("document.documentElement.dataset.density") == "compact"
    assert "custodes_density=compact" in page.evaluate("document.cookie")


def test_paper_shows_facts_and_no_controls(page: Page, site: str) -> None:
    page.goto(f"{site}/recording")
    page.emulate_media(media="print", color_scheme="dark")

    expect(page.locator(".c-header")).to_be_hidden()
    expect(page.locator(".c-deck")).to_be_hidden()
    expect(page.locator(".c-custody")).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
