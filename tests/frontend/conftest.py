"""The pages of frontend/dev in a real browser: real templates and bundles, made-up facts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.world.waiting import PATIENCE

# A busy machine draws late; what never comes is still missed.
expect.set_options(timeout=PATIENCE * 1000)

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "src/custodes/web/static/built"
CHROMIUM = shutil.which("chromium")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the made-up site."""
    if not (BUILT / "player.js").exists():
        pytest.skip("the pages are not built: run `python frontend/npm.py run build`")
    media = tmp_path_factory.mktemp("media")
    command = [sys.executable, str(ROOT / "frontend/dev/serve.py"), str(media), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all pages; it must be gone before another file opens its own."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine to look at the pages with")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page whose errors, and whose breaches of the content policy, fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if "Policy" in m.text else None)
    yield page
    context.close()
    assert complaints == []
