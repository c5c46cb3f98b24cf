"""The verifier's page, opened from disk, as a person uses it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.conftest import REPOSITORY

BUILT = REPOSITORY / "src/custodes/web/static/built/verify.html"
_CLAIMS = """() => [...document.querySelectorAll('[data-claim]')].map(one => ({
  claim: one.dataset.claim, about: one.dataset.about,
  verdict: one.dataset.verdict, reason: one.dataset.reason}))"""

Claims = list[dict[str, str]]


def built() -> Path:
    """Return the page; skips the test, saying so, when the pages are not built."""
    if not BUILT.exists():
        pytest.skip("the pages are not built: run `python frontend/npm.py run build`")
    return BUILT


@dataclass
class VerifierPage:
    """The page in one browser. Whatever it asks of a network is written down."""

    page: Page

    def __post_init__(self) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._note_request(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._note(said.type, said.text))

    def _note_request(self, url: str) -> None:
        if not url.startswith(("blob:", "file:")):
            self.asked.append(url)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" or "Policy" in text:
            self.complaints.append(text)

    def open(self) -> VerifierPage:
        """Open the page from disk, in the state in which it trusts nobody."""
        self.page.goto(built().as_uri())
        return self

    def trust(self, policy: str) -> None:
        """Paste a policy."""
        self.page.locator("#policy-text").fill(policy)

    def pin(self, roots: Path) -> None:
        """Believe timestamping authorities under these certificates."""
        self.page.set_input_files("#roots-file", roots)

    def check(self, package: Path) -> Claims:
        """Choose a package, as the folder or the file that it is, and return the claims."""
        chooser = "#folder" if package.is_dir() else "#zip-file"
        return self.after(lambda: self.page.set_input_files(chooser, package))

    def after(self, act: Callable[[], Any]) -> Claims:
        """Do something that begins a check, and return the claims once they are there."""
        self.page.evaluate("delete document.documentElement.dataset.verdict")
        act()
        self.page.wait_for_selector("html[data-verdict]", timeout=30_000, state="attached")
        found: Claims = self.page.evaluate(_CLAIMS)
        return found

    def again(self) -> None:
        """Put the result away, so that what is trusted next is not applied to it."""
        self.page.get_by_role("button", name="Check another package").click()


def as_one_file(package: Path, target: Path) -> Path:
    """Return the package as one ZIP file, its files stored as they are."""
    if not package.is_dir():
        return package
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for path in sorted(package.rglob("*")):
            out.write(path, path.relative_to(package.parent))
    return target
