"""What a camera counted and the log does not have is named, unless the log says so itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.ledger.monitor.logs import Log, codes, handle, watch


def later(log: Log, days: int = 4) -> None:
    """Let the log go on until nothing more may be expected."""
    log.pass_time(days=days)
    log.add("person.signed_in", handle("officer"))


def gap(log: Log, first: int, last: int) -> None:
    log.add("gap.opened", handle(f"gap {first}"), d=handle("camera"), f=first, u=last, g="S2")


def test_a_number_that_was_skipped_and_passed_over_is_named(tmp_path: Path) -> None:
    log = Log()
    log.ingest("one", "camera", 7)
    skipping = log.ingest("two", "camera", 10)
    later(log)

    [fault] = watch(log, tmp_path).findings.found[:1]
    assert (fault.code, fault.entry) == ("sequence-skipped", skipping)
    assert "counted 8 to 9" in fault.sentence


def test_numbers_that_arrive_late_and_in_any_order_are_no_fault(tmp_path: Path) -> None:
    log = Log()
    for number in (7, 12, 9, 8, 11, 10, 13):
        log.ingest(str(number), "camera", number)
    later(log)

    assert codes(watch(log, tmp_path)) == []


def test_a_hole_is_not_named_before_it_may_be_filled(tmp_path: Path) -> None:
    log = Log()
    log.ingest("one", "camera", 7)
    log.ingest("two", "camera", 9)
    later(log, days=2)

    assert codes(watch(log, tmp_path)) == []


@pytest.mark.parametrize(
    ("first", "last", "left"), [(8, 11, ""), (1, 99, ""), (9, 10, "8"), (8, 10, "11")]
)
def test_a_gap_answers_for_the_numbers_it_names_and_no_others(
    first: int, last: int, left: str, tmp_path: Path
) -> None:
    log = Log()
    log.ingest("one", "camera", 7)
    log.ingest("two", "camera", 12)
    gap(log, first, last)
    later(log)

    report = watch(log, tmp_path)
    assert bool(codes(report)) is bool(left)
    if left:
        assert f"number {left}, which never arrived" in str(report.findings.found[0])


def test_an_open_gap_is_worth_knowing_until_it_is_explained(tmp_path: Path) -> None:
    log = Log()
    log.ingest("one", "camera", 7)
    gap(log, 1, 2)
    assert [each.code for each in watch(log, tmp_path / "a").findings.found] == [
        "gap-open",
        "census-none",
    ]

    log.add("gap.explained", handle("gap 1"))
    assert [each.code for each in watch(log, tmp_path / "b").findings.found] == ["census-none"]

    log.add("gap.arrived", handle("gap 1"))
    assert codes(watch(log, tmp_path / "c")) == ["gap-unknown"]


def test_a_file_that_names_another_one_before_it_is_named(tmp_path: Path) -> None:
    log = Log()
    for name in ("one", "two", "three"):
        log.ingest(name, "camera")
    del log.entries[2]

    report = watch(log, tmp_path)
    assert codes(report) == ["device-chain"]
    assert report.findings.found[0].entry == 2


def test_a_file_that_stops_naming_the_one_before_it_is_named(tmp_path: Path) -> None:
    log = Log()
    for name in ("one", "two"):
        log.ingest(name, "camera")
    log.add("recording.ingested", handle("three"), d=handle("camera"))

    assert codes(watch(log, tmp_path)) == ["device-chain"]


def test_files_from_before_the_chain_was_kept_are_no_fault(tmp_path: Path) -> None:
    log = Log()
    for name in ("one", "two"):
        log._ingested["camera"] = ""
        log.ingest(name, "camera")
    log.ingest("three", "camera")
    log.ingest("four", "camera")

    assert codes(watch(log, tmp_path)) == []


def session(log: Log, before: int, after: int, items: int) -> int:
    facts: dict[str, Any] = {"cb": before, "ca": after, "i": items}
    return log.add("dock.session", handle("camera"), **facts)


def test_a_counter_that_moved_by_more_than_there_was_is_named(tmp_path: Path) -> None:
    log = Log()
    session(log, 0, 3, 3)
    moved = session(log, 3, 9, 4)
    later(log)

    report = watch(log, tmp_path)
    assert [(each.code, each.entry) for each in report.findings.found[:1]] == [
        ("sequence-skipped", moved)
    ]


def test_a_counter_that_moved_and_a_gap_that_says_so_is_no_fault(tmp_path: Path) -> None:
    log = Log()
    session(log, 3, 9, 4)
    gap(log, 4, 9)
    later(log)

    assert codes(watch(log, tmp_path)) == []


def test_a_counter_that_stood_elsewhere_before_is_named(tmp_path: Path) -> None:
    log = Log()
    session(log, 0, 3, 3)
    session(log, 5, 6, 1)

    assert codes(watch(log, tmp_path)) == ["counter-jump"]


@pytest.mark.parametrize("facts", [{"q": "7"}, {"d": 7}, {"q": True}])
def test_a_member_that_is_not_what_its_kind_says_is_named(
    facts: dict[str, Any], tmp_path: Path
) -> None:
    log = Log()
    log.add("recording.ingested", handle("one"), **{"d": handle("camera"), "q": 7, **facts})

    assert codes(watch(log, tmp_path)) == ["member"]


@pytest.mark.parametrize("put_back", [True, False])
def test_a_database_that_lost_what_was_put_back_may_say_again_what_it_knew(
    put_back: bool, tmp_path: Path
) -> None:
    log = Log()
    log.add("dock.session", handle("camera"), cb=0, ca=1, i=1)
    log.ingest("one", "camera", 1)
    gap(log, 3, 3)
    known = log._ingested["camera"]
    first = len(log.entries)
    log.add("dock.session", handle("camera"), cb=1, ca=2, i=1)
    log.ingest("two", "camera", 2)
    log.add("gap.explained", handle("gap 3"))
    if put_back:
        log.add("log.recovered", log.subject, i=first, z=len(log.entries))
    log._ingested["camera"] = known

    log.add("dock.session", handle("camera"), cb=1, ca=2, i=1)
    log.ingest("three", "camera", 4)
    log.add("gap.explained", handle("gap 3"))
    later(log)

    named = [] if put_back else ["counter-jump", "device-chain", "gap-unknown"]
    assert codes(watch(log, tmp_path)) == named
