"""The player in a real browser: time, keys, gaps, bookmarks, and what it says when it cannot."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect
from tests.world.waiting import PATIENCE

pytestmark = pytest.mark.browser
POSITION = "document.querySelector('[role=slider]').ariaValueNow"
# Two frames on: what a key changed has been drawn, however long a frame takes here.
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def open_recording(page: Page, site: str, name: str = "recording") -> None:
    page.goto(f"{site}/{name}")
    page.wait_for_selector("[role=slider]")


def until(page: Page, expression: str, seconds: float = PATIENCE) -> None:
    """Wait for an expression to be true; the content policy forbids playwright's own way."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def wait_until_loaded(page: Page) -> None:
    until(page, "document.querySelector('video').readyState >= 2")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_clock_shows_the_devices_time_to_the_frame(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)

    expect(page.locator(".c-clock__time")).to_have_text("21:15:40.20 GMT")
    press(page, ".", ".", ".")

    # Three frames of 25 a second, in the middle of the fourth: 0.14 s.
    expect(page.locator(".c-clock__time")).to_have_text("21:15:40.34 GMT")
    expect(page.locator(".c-clock__offset")).to_have_text("(device, +1.2 s)")


def test_arrows_move_five_seconds_and_with_shift_one(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)

    press(page, "ArrowRight", "ArrowRight", "Shift+ArrowLeft")

    expect(page.locator(".c-clock__since")).to_have_text("0:09 of 0:46")
    expect(page.get_by_role("slider", name="Position")).to_have_attribute(
        "aria-valuetext", "9 seconds of 46 seconds, 21:15:49 GMT by the device"
    )


def test_playing_crosses_the_gap_into_the_next_file(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    page.evaluate("document.querySelector('video').muted = true")
    press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight")

    press(page, "l")

    until(page, f"{POSITION} >= 31")
    assert page.evaluate("document.querySelector('video').src").endswith("part-1.mp4")
    assert page.evaluate("!document.querySelector('video').paused")
    expect(page.locator("#c-announcer")).to_have_text(
        "Nothing was filmed for 6 seconds from 21:16:04 GMT."
    )


def test_j_plays_backwards_and_k_stops(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    press(page, "End")
    until(page, f"{POSITION} >= 45")

    press(page, "j", "j")
    until(page, f"{POSITION} <= 43")
    press(page, "k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    stopped = page.evaluate(f"{DRAWN}.then(() => {POSITION})")
    page.wait_for_timeout(400)
    assert page.evaluate(POSITION) == stopped


def test_sixteen_times_and_a_quarter_are_both_played(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    page.evaluate("document.querySelector('video').muted = true")

    page.get_by_label("Speed").select_option("16")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, f"{POSITION} >= 20")
    assert page.evaluate("document.querySelector('video').playbackRate") == 16
    press(page, "k", "Home")
    page.get_by_label("Speed").select_option("0.25")
    page.get_by_role("button", name="Play", exact=True).click()

    until(page, "document.querySelector('video').playbackRate == 0.25")
    assert page.evaluate("!document.querySelector('video').paused")


def test_marks_are_shown_as_times_and_a_crossed_mark_gives_way(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    press(page, "ArrowRight", "[", "ArrowRight", "ArrowRight", "]")
    expect(page.locator(".c-deck__cut")).to_contain_text("21:15:45 GMT (0:05)")
    expect(page.locator(".c-deck__cut")).to_contain_text("10 seconds")

    press(page, "ArrowRight", "[")

    expect(page.locator(".c-deck__cut")).to_contain_text("21:16:00 GMT (0:20) to the end")


def test_a_bookmark_is_named_kept_and_listed(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    press(page, "ArrowRight", "m")
    # The letters of the label are letters, not commands.
    page.keyboard.type("man, left. jkl")
    with page.expect_request("**/bookmark") as asked:
        press(page, "Enter")

    assert asked.value.post_data == "at=5.000&label=man%2C+left.+jkl&csrfmiddlewaretoken=made-up"
    expect(page.locator(".c-bookmarks li").first).to_contain_text("man, left. jkl")
    expect(page.get_by_role("button", name="Bookmark 1, at 5 seconds")).to_be_visible()


def test_a_refused_bookmark_says_that_nothing_changed(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    press(page, "m")
    page.keyboard.type("refuse me")
    press(page, "Enter")

    expect(page.get_by_role("alert")).to_contain_text("Nothing changed")
    expect(page.locator(".c-bookmarks li")).to_have_count(2)
    assert page.locator("#c-bookmark-label").input_value() == "refuse me"


def test_single_keys_can_be_turned_off(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    press(page, "?")
    page.get_by_label("Single keys act anywhere on the page").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    page.locator("h1").click()

    press(page, "m")

    expect(page.locator(".c-deck__naming")).to_have_count(0)


def test_hovering_the_timeline_previews_the_filmstrip(page: Page, site: str) -> None:
    open_recording(page, site)
    page.locator("[role=slider]").hover(position={"x": 100, "y": 40})

    preview = page.locator(".c-timeline__preview")
    expect(preview).to_be_visible()
    expect(preview).to_contain_text(re.compile(r"21:15:\d\d · 0:\d\d"))
    assert "strip-0.jpg" in preview.locator(".c-timeline__picture").evaluate(
        "e => getComputedStyle(e).backgroundImage"
    )


def test_the_dot_on_the_map_follows_the_player(page: Page, site: str) -> None:
    open_recording(page, site)
    wait_until_loaded(page)
    before = page.locator(".c-map__now").text_content()

    press(page, "End")

    expect(page.locator(".c-map__now")).not_to_have_text(before or "")
    expect(page.get_by_role("img", name="Path of 260 m from 51.46210° N")).to_be_visible()


def test_a_file_that_cannot_be_played_says_so_and_what_to_do(page: Page, site: str) -> None:
    open_recording(page, site, "broken")

    sign = page.locator(".c-player__problem")
    expect(sign).to_contain_text("could not play the recording")
    expect(sign).to_contain_text("safe and unchanged")
    expect(sign.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("custodes-timeline")).to_contain_text("No sound track")


def test_a_recording_still_being_prepared_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}/quiet")

    expect(page.locator(".c-player__problem")).to_contain_text("still being prepared")
    expect(page.locator("custodes-map")).to_contain_text("recorded no position")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
