"""The page as a person meets it: dropped on, typed at, printed, never led by a package."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as TooLate
from pypdf import PdfReader
from tests.conftest import REPOSITORY
from tests.verifier.corpus import POLICIES
from tests.verify_page.page import Claims, VerifierPage

AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"
POLICY = POLICIES["policy.txt"]

pytestmark = pytest.mark.browser


def reasons(claims: Claims) -> list[str]:
    return [claim["reason"] for claim in claims]


def dropped(verifier: VerifierPage, *paths: Path) -> Claims:
    """Drag files or folders from the desktop onto the page, and let go."""
    verifier.page.locator("#drop").scroll_into_view_if_needed()
    area = verifier.page.locator("#drop").bounding_box()
    assert area is not None
    devtools = verifier.page.context.new_cdp_session(verifier.page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    where = {"x": area["x"] + 50, "y": area["y"] + 30, "data": data}

    def drag() -> None:
        for kind in ("dragEnter", "dragOver", "drop"):
            devtools.send("Input.dispatchDragEvent", {"type": kind, **where})

    return verifier.after(drag)


@pytest.mark.parametrize("package", ["honest-clip", "honest-zip.zip"])
def test_a_package_can_be_dropped_on_the_page(
    verifier: VerifierPage, cases: Path, package: str
) -> None:
    verifier.trust(POLICY)

    assert {claim["verdict"] for claim in dropped(verifier, cases / package)} == {"PROVEN"}


def test_everything_can_be_done_by_keyboard(verifier: VerifierPage, cases: Path) -> None:
    page = verifier.page
    reached: list[str] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        if reached[-1] == "policy-text":
            page.keyboard.insert_text(POLICY)
        if reached[-1] == "zip-file":
            break

    def choose() -> None:
        # A busy browser may let a key go by; whoever presses it presses it again.
        for patience in (5_000, 10_000, 30_000):
            assert page.evaluate("document.activeElement.id") == "zip-file"
            with suppress(TooLate), page.expect_file_chooser(timeout=patience) as chooser:
                page.keyboard.press("Space")
                chooser.value.set_files(cases / "honest-zip.zip")
                return
        pytest.fail("no file can be chosen by keyboard")

    claims = verifier.after(choose)

    assert reached[-1] == "zip-file"
    assert {claim["verdict"] for claim in claims} == {"PROVEN"}
    assert page.evaluate("document.activeElement.id") == "result-title"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "folder"


def test_another_policy_gives_another_result_of_the_same_package(
    verifier: VerifierPage, cases: Path
) -> None:
    before = verifier.check(cases / "honest-clip")

    after = verifier.after(lambda: verifier.trust(POLICY))

    assert "policy.none" in reasons(before)
    assert {claim["verdict"] for claim in after} == {"PROVEN"}


def test_a_policy_with_a_key_anybody_can_sign_under_is_refused(verifier: VerifierPage) -> None:
    # The neutral point: name, number and bytes agree, and every signature holds.
    verifier.trust(
        "log x.example/custody+1bd7a0a3+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nquorum none\n"
    )

    assert "refused" in verifier.page.locator("#trust-now").inner_text()


def test_timestamps_count_only_once_their_roots_are_given(
    verifier: VerifierPage, cases: Path
) -> None:
    verifier.trust(POLICIES["no-witness.txt"])
    before = verifier.check(cases / "timestamp-good")
    said = verifier.page.locator("[data-claim=time]").inner_text()

    after = verifier.after(lambda: verifier.pin(cases / "policies/roots.pem"))

    assert "time.no_outside_clock" in reasons(before)
    assert "give the root certificates" in said
    assert "time.upper_only" in reasons(after)
    assert "timestamping authorities" in verifier.page.locator("#trust-now").inner_text()


def test_a_file_without_certificates_pins_nobody_and_says_so(
    verifier: VerifierPage, cases: Path
) -> None:
    verifier.pin(cases / "policies/policy.txt")

    verifier.page.wait_for_selector("text=This file holds no certificates")


def test_nothing_is_remembered(verifier: VerifierPage, cases: Path) -> None:
    verifier.trust(POLICY)
    verifier.check(cases / "honest-clip")

    verifier.open()

    assert verifier.page.locator("#policy-text").input_value() == ""
    kept = verifier.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert kept == [0, 0, ""]


def test_the_page_may_reach_no_network(verifier: VerifierPage) -> None:
    said = verifier.page.evaluate(
        "fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')"
    )

    assert said == "refused"
    assert any("connect-src" in each for each in verifier.complaints)
    verifier.complaints.clear()


def test_what_a_package_says_is_never_markup(verifier: VerifierPage, tmp_path: Path) -> None:
    name = "<img src=x onerror=\"document.title='taken'\">"
    (tmp_path / f"{name}.zip").write_bytes(b"not a package")

    claims = verifier.check(tmp_path / f"{name}.zip")

    assert reasons(claims) == ["whole.malformed"]
    assert verifier.page.locator("#result img").count() == 0
    assert name in verifier.page.locator("#result").inner_text()
    assert verifier.page.title() == "Check a package – Custodes"


def test_a_result_prints_on_one_sheet_with_its_codes_and_limits(
    verifier: VerifierPage, cases: Path
) -> None:
    verifier.trust(POLICY)
    claims = verifier.check(cases / "honest-both")

    [sheet] = PdfReader(io.BytesIO(verifier.page.pdf(prefer_css_page_size=True))).pages

    printed = " ".join(sheet.extract_text().split())
    assert all(reason in printed for reason in reasons(claims))
    assert "What no result of this kind shows" in printed


def test_a_result_can_be_kept_as_data(verifier: VerifierPage, cases: Path) -> None:
    claims = verifier.check(cases / "honest-clip")

    with verifier.page.expect_download() as download:
        verifier.page.get_by_role("button", name="Save as JSON").click()

    kept = json.loads(download.value.path().read_text())
    assert kept["format"] == "custodes-verdict/v1"
    assert [claim["reason"] for claim in kept["claims"]] == reasons(claims)
    assert len(kept["limits"]) == 8


def test_changes_in_a_clip_are_drawn_and_said(verifier: VerifierPage, cases: Path) -> None:
    verifier.trust(POLICY)
    verifier.check(cases / "honest-muted")

    drawn = verifier.page.locator(".v-strip svg[role=img]")

    said = [drawn.nth(nth).get_attribute("aria-label") for nth in range(drawn.count())]
    assert said == ["picture: all original", "sound: changed from 0:01.0 to 0:02.0"]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_no_line_runs_out_of_the_screen(
    verifier: VerifierPage, cases: Path, width: int
) -> None:
    verifier.page.set_viewport_size({"width": width, "height": 900})
    found = []
    for package in (None, "honest-muted", "sound-replaced,-denied"):
        if package:
            verifier.check(cases / package)
        result = verifier.page.evaluate(f"{AXE.read_text()};axe.run(document)")
        found += [violation["id"] for violation in result["violations"]]

        assert verifier.page.evaluate("document.documentElement.scrollWidth") == width
    assert found == []
