"""The page and the command say the same of every package of the shared corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.verifier.corpus import ROOTS
from tests.verify_page.firefox import open_firefox
from tests.verify_page.page import VerifierPage, as_one_file

from custodes.ledger.policy import Policy
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify


def listed(cases: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((cases / "index.json").read_text())["cases"]
    return found


def policy_of(cases: Path, case: dict[str, Any]) -> str:
    return (cases / case["policy"]).read_text() if case["policy"] else ""


def as_the_command_says(package: Path, policy: str) -> list[dict[str, str]]:
    trust = Trust(Policy.parse(policy) if policy else None, ROOTS)
    claims = verify(package, trust).to_value()["claims"]
    return [{k: c[k] for k in ("claim", "about", "verdict", "reason")} for c in claims]


@pytest.mark.browser
def test_chromium_and_the_command_say_the_same(cases: Path, verifier: VerifierPage) -> None:
    different = []
    verifier.pin(cases / "policies/roots.pem")
    for case in listed(cases):
        package, policy = cases / case["path"], policy_of(cases, case)
        verifier.trust(policy)
        said = verifier.check(package)
        verifier.again()
        if said != case["claims"] or said != as_the_command_says(package, policy):
            different.append((case["name"], said))

    assert different == []


@pytest.mark.browser
def test_firefox_says_the_same(cases: Path, tmp_path: Path) -> None:
    different = []
    with open_firefox() as page:
        page.pin(cases / "policies/roots.pem")
        for nth, case in enumerate(listed(cases)):
            package = as_one_file(cases / case["path"], tmp_path / f"{nth}.zip")
            said = page.check(package, policy_of(cases, case))
            if said != case["claims"]:
                different.append((case["name"], said))

    assert different == []
