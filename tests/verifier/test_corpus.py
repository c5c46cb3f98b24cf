"""Every package of the corpus gets exactly the claims that were written down for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.verifier.corpus import POLICIES, ROOTS, Case, all_cases

from custodes.ledger.policy import Policy
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify

CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_package_gets_the_claims_it_deserves(case: Case, tmp_path: Path) -> None:
    path = case.build(tmp_path / "package")
    trust = Trust(Policy.parse(POLICIES[case.policy]) if case.policy else None, ROOTS)

    result = verify(path, trust)

    said = {(c.name, c.about): (c.verdict.value, c.reason) for c in result.claims}
    assert said == case.claims
    assert list(said) == list(case.claims)
    assert result.verdict.value == case.verdict
