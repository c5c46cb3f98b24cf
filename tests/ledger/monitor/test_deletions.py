"""A deletion is held against the policy, the holds and the clock that the log itself has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.monitor.logs import Log, codes, handle, watch

from custodes.kernel.clock import rfc3339
from custodes.ledger.monitor.visit import Report

SCHEDULED = {"mode": "scheduled", "pol": handle("policy"), "rule": "routine"}
BY_ORDER = {"mode": "order", "pol": handle("policy"), "rule": "routine", "ap": ["a", "b"]}


@pytest.fixture
def log() -> Log:
    """Return a log with a policy of 31 days from completion, and one recording."""
    log = Log()
    rules = {
        "routine": {"days": 31, "from": "completed"},
        "sorted": {"days": 10, "from": "classified"},
        "filmed": {"days": 31, "from": "ended"},
        "odd": {"days": "soon", "from": "completed"},
    }
    log.add("policy.publish", handle("policy"), rules=rules)
    log.record("one", "camera")
    return log


def delete(log: Log, **changes: Any) -> None:
    log.add("recording.deleted", handle("one"), **{**SCHEDULED, **changes})


def test_what_is_deleted_when_it_is_due_is_no_fault(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=31)
    delete(log)

    assert codes(watch(log, tmp_path)) == []


def test_what_is_deleted_a_moment_early_is_named(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=31, seconds=-2)
    delete(log)

    [fault] = [each for each in watch(log, tmp_path).findings.found if each.grave]
    assert fault.code == "deleted-early"
    assert "0:00:01 before it was due" in fault.sentence


def test_a_due_date_that_is_not_the_policys_is_named(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=40)
    delete(log, due="2026-11-20T00:00:00.000Z")

    assert codes(watch(log, tmp_path)) == ["deleted-due"]


def test_a_rule_may_count_from_when_it_was_last_put_in_a_category(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=9)
    log.add("recording.classified", handle("one"))
    log.pass_time(days=5)
    log.add("recording.classified", handle("one"))
    log.pass_time(days=6)
    delete(log, rule="sorted")

    assert codes(watch(log, tmp_path)) == ["deleted-early"]


def test_the_policy_in_force_is_the_newest_one_before_the_deletion(
    log: Log, tmp_path: Path
) -> None:
    log.add("policy.publish", handle("policy"), rules={"routine": {"days": 60, "from": "opened"}})
    log.pass_time(days=31)
    delete(log)

    assert codes(watch(log, tmp_path)) == ["deleted-early"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pol": handle("another")}, "which was not published"),
        ({"rule": "none"}, "has no rule"),
        ({"rule": "odd"}, "cannot be read"),
        ({"rule": "sorted"}, "which never happened"),
    ],
)
def test_a_deletion_under_a_rule_that_nobody_can_read_is_named(
    changes: dict[str, str], why: str, log: Log, tmp_path: Path
) -> None:
    log.pass_time(days=99)
    delete(log, **changes)

    report = watch(log, tmp_path)
    assert codes(report) == ["deleted-rule"]
    assert why in str(report.findings.found[0])


def test_what_is_deleted_while_held_is_named(log: Log, tmp_path: Path) -> None:
    for hold in ("a", "b"):
        log.add("hold.placed", handle("one"), h=handle(hold))
    log.add("hold.released", handle("one"), h=handle("a"))
    log.pass_time(days=99)
    delete(log)

    [fault] = [each for each in watch(log, tmp_path).findings.found if each.grave]
    assert fault.code == "deleted-held"
    assert handle("b") in fault.sentence
    assert handle("a") not in fault.sentence


def test_an_order_does_not_lift_a_hold(log: Log, tmp_path: Path) -> None:
    log.add("hold.placed", handle("one"), h=handle("a"))
    delete(log, **BY_ORDER)

    assert codes(watch(log, tmp_path)) == ["deleted-held"]


@pytest.mark.parametrize(("until", "found"), [("2026-12-01", []), ("2027-06-01", ["deleted-held"])])
def test_a_hold_with_an_end_binds_until_then(
    until: str, found: list[str], log: Log, tmp_path: Path
) -> None:
    log.add("hold.placed", handle("one"), h=handle("a"), u=f"{until}T00:00:00.000Z")
    log.pass_time(days=99)
    delete(log)

    assert codes(watch(log, tmp_path)) == found


def test_a_release_of_a_hold_that_was_not_placed_is_named(log: Log, tmp_path: Path) -> None:
    log.add("hold.released", handle("one"), h=handle("a"))

    assert codes(watch(log, tmp_path)) == ["hold-unknown"]


@pytest.mark.parametrize(
    ("approvals", "found"), [(["a", "b"], []), (["a", "a"], ["deleted-approval"])]
)
def test_early_by_order_needs_two_who_approved_and_is_worth_knowing(
    approvals: list[str], found: list[str], log: Log, tmp_path: Path
) -> None:
    delete(log, **{**BY_ORDER, "ap": approvals})

    report: Report = watch(log, tmp_path)
    assert codes(report) == found
    assert "deleted-early" in [each.code for each in report.findings.found if not each.grave]


def test_what_needs_the_footage_after_its_deletion_is_named(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=40)
    delete(log)
    log.add("recording.opened_page", handle("one"))
    log.add("recording.viewed", handle("one"))
    log.ingest("one", "camera")

    assert codes(watch(log, tmp_path)) == ["after-deletion", "after-deletion"]


def test_what_is_deleted_twice_or_was_never_there_is_named(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=40)
    delete(log)
    delete(log)
    log.add("recording.deleted", handle("never"), **BY_ORDER)

    assert codes(watch(log, tmp_path)) == ["deleted-unknown", "deleted-unknown"]


def test_a_rule_may_count_from_when_filming_ended_by_the_camera(log: Log, tmp_path: Path) -> None:
    ended = rfc3339(log.at - timedelta(days=2))
    log.add("recording.completed", handle("one"), f=1, e=ended)
    log.pass_time(days=28, hours=23)
    delete(log, rule="filmed")
    assert codes(watch(log, tmp_path)) == ["deleted-early"]


def test_a_rule_that_counts_from_an_end_nobody_gave_shows_nothing(log: Log, tmp_path: Path) -> None:
    log.pass_time(days=400)
    delete(log, rule="filmed")

    assert codes(watch(log, tmp_path)) == ["deleted-rule"]
