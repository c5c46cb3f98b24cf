"""A real browser for tests that act as a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tests.world.waiting import PATIENCE

# A busy machine draws late; what never comes is still missed.
expect.set_options(timeout=PATIENCE * 1000)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Chromium is asked not to call its maker, which no test needs and no test machine allows.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip


@contextmanager
def open_browser(width: int = 1280, height: int = 900) -> Iterator[Page]:
    """Open a fresh browser with one page; skips the test, saying so, when there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE * 1000)
        yield page
        browser.close()


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    """Sign in as a person does, by keyboard."""
    page.goto(address)
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Today")


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
