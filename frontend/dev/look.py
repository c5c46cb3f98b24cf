"""Take pictures of the pages at 1280 and 390 px, light and dark, and run axe on each.

``python frontend/dev/look.py URL OUT [page…]`` prints every finding of axe; the exit code is 1
when one is serious.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

PAGES = ("list", "tiles", "board", "wall", "recording", "quiet", "broken", "sign-in", "parts")
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
AXE = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def say(words: str) -> None:
    """Write a line for the person looking."""
    sys.stdout.write(f"{words}\n")


def findings(page: Page) -> list[dict[str, Any]]:
    """Run axe in the page and return what it objects to."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return found


def look(browser: Browser, url: str, out: Path, name: str, width: int, scheme: Scheme) -> bool:
    """Look at one page in one size and scheme; say whether axe found it good enough."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.on("console", lambda m: say(f"{name}: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: say(f"{name}: {error}"))
    page.goto(f"{url}/{name}", wait_until="load")
    page.wait_for_timeout(700)
    page.screenshot(path=out / f"{name}-{width}-{scheme}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        say(f"{name} {width}: {wide} px too wide")
    good = True
    for finding in findings(page):
        good &= finding["impact"] not in ("serious", "critical")
        where = [node["target"] for node in finding["nodes"]][:4]
        say(f"{name} {width} {scheme}: {finding['impact']} {finding['id']} {where}")
    context.close()
    return good


def main(url: str, out: Path, names: tuple[str, ...]) -> int:
    """Look at every page."""
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        good = [
            look(browser, url, out, name, width, scheme)
            for name in names
            for width in (1280, 390)
            for scheme in SCHEMES
        ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), tuple(sys.argv[3:]) or PAGES))
