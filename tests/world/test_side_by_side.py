"""How tests are shared out among processes."""

from __future__ import annotations

from tests.world.side_by_side import group_of, longest


def test_everything_on_postgresql_shares_a_server_and_a_file_stays_whole() -> None:
    on_it = ["tests/worker/test_recovery.py::test_a[postgresql]",
             "tests/promises/test_the_promises_hold_on_postgresql.py::test_b[x]",
             "tests/retention/test_races.py::test_c"]  # fmt: skip

    assert {group_of(test) for test in on_it} == {"postgresql"}
    assert (
        group_of("tests/worker/test_recovery.py::test_a[sqlite]") == "tests/worker/test_recovery.py"
    )
    assert group_of("tests/hostile/test_pages.py::test_d") == "tests/hostile/"


def test_one_journey_begins_before_a_hundred_rules() -> None:
    rules = {f"test_{number}": False for number in range(100)}

    assert longest({"tests/x/test_rules.py": rules, "tests/journeys/test_y.py": {"z": False}}) == (
        "tests/journeys/test_y.py"
    )
    assert longest({"tests/x/test_rules.py": rules, "tests/x/test_y.py": {"z": False}}) == (
        "tests/x/test_rules.py"
    )
