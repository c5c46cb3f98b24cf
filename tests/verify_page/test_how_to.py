"""How a journalist checks us: every step of the page in the documentation, with both verifiers."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.docs.test_examples_run import blocks, run
from tests.verify_page.page import VerifierPage, built


@pytest.mark.browser
@pytest.mark.slow
def test_a_journalist_can_check_a_package_as_the_page_says(
    verifier: VerifierPage, cases: Path, tmp_path: Path
) -> None:
    get_it, check_it = blocks("how-to/check-a-package.md")
    shutil.copytree(cases / "honest-both", tmp_path / "package")
    shutil.copy(cases / "policies/policy.txt", tmp_path)

    fingerprint = run(get_it, tmp_path).splitlines()[-1].split()[0]
    on_the_command_line = run(check_it, tmp_path)
    verifier.page.goto((tmp_path / "verify.html").as_uri())
    verifier.page.set_input_files("#policy-file", tmp_path / "policy.txt")
    verifier.page.wait_for_selector("text=Trusted: the log custodes.test.example/custody")
    in_the_browser = verifier.check(tmp_path / "package")

    assert fingerprint == hashlib.sha256(built().read_bytes()).hexdigest()
    assert {claim["verdict"] for claim in in_the_browser} == {"PROVEN"}
    for claim in in_the_browser:
        assert claim["reason"] in on_the_command_line
    assert "PROVEN" in on_the_command_line
    assert "CONTRADICTED" not in on_the_command_line


def test_the_page_explains_codes_that_there_are() -> None:
    said = (REPOSITORY / "docs/how-to/check-a-package.md").read_text()
    format_page = (REPOSITORY / "docs/reference/formats/package.md").read_text()

    named = [
        word
        for word in said.split("`")
        if "." in word and word.replace("_", "").replace(".", "").isalpha()
    ]
    codes = [
        word for word in named if word.split(".")[0] in ("policy", "tail", "witness", "deletion")
    ]
    assert [code for code in codes if code != "policy.txt" and f"`{code}`" not in format_page] == []
    assert len(codes) >= 3
