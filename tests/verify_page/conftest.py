"""The shared corpus on disk, and the page in a browser, once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.verifier import corpus
from tests.verify_page.page import VerifierPage
from tests.world.browser import open_browser


@pytest.fixture(scope="package")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the corpus, with its index.json."""
    folder = tmp_path_factory.mktemp("corpus") / "cases"
    corpus.write(folder)
    return folder


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Open one browser for a file of tests."""
    with open_browser() as page:
        assert page.context.browser is not None
        yield page.context.browser


@pytest.fixture
def verifier(chromium: Browser) -> Iterator[VerifierPage]:
    """Open the page from disk; afterwards it must have asked no network and had no fault."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = VerifierPage(context.new_page()).open()
    yield opened
    context.close()
    assert opened.asked == []
    assert opened.complaints == []
