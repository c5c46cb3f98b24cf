"""How long the page in Chromium takes to check the package of a 30 minute recording.

The package is the one of ``verify_package``; the baseline in the same rounds is
``sha256sum`` of its film. The clock runs from choosing the folder until the result is
shown. With ``--minutes 60`` the film is over 2 GB, which the page reads in pieces.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from custodes.verifier.in_browser import NAME

from .rounds import interleaved, median, say_ratio
from .verify_package import POLICY, copied, package, scene

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_SHOWN = "html[data-verdict]"


def main(arguments: Sequence[str] = ()) -> float:
    """Return the time of the check ÷ the time of ``sha256sum``."""
    parser = argparse.ArgumentParser(prog="custodes bench verify_html")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", type=Path, default=None)
    asked = parser.parse_args([*arguments])
    with TemporaryDirectory(prefix="verify-html-", dir=asked.home) as name:
        return _measured(Path(name), asked.minutes, asked.rounds)


def _measured(folder: Path, minutes: float, rounds: int) -> float:
    from playwright.sync_api import sync_playwright  # a package of the tests

    scene(folder / "scene.mp4", 2, (1920, 1080), 6_000_000, 24)
    copied(folder / "scene.mp4", folder / "recording.mp4", 0, 2, max(1, round(minutes * 30)))
    package(folder / "recording.mp4", folder / "package")
    (folder / "recording.mp4").unlink()
    film = folder / "package" / "data" / "recording.mp4"
    built = Path(str(files("custodes") / "web" / "static" / "built" / NAME))
    print(f"recording: {minutes:g} minutes, {film.stat().st_size / 1e6:,.0f} MB")
    print(f"{NAME}: {built.stat().st_size:,} bytes")

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_ARGUMENTS
        )
        page = chromium.new_page()

        def check() -> float:
            page.goto(built.as_uri())
            page.locator("#policy-text").fill(POLICY)
            began = time.perf_counter()
            page.set_input_files("#folder", folder / "package")
            page.wait_for_selector(_SHOWN, state="attached", timeout=600_000)
            return time.perf_counter() - began

        def sha256sum() -> float:
            began = time.perf_counter()
            subprocess.run(["sha256sum", film], check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - began

        took = interleaved({"sha256sum": sha256sum, "verify.html": check}, rounds)
        reasons = page.locator(".v-claim__code").all_inner_texts()
        chromium.close()
    print(f"said: {', '.join(reasons)}")
    return say_ratio(median(took["verify.html"]) / median(took["sha256sum"]))


if __name__ == "__main__":
    main()
