"""An inventory owns up to everything that was taken in and not deleted, or is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.ledger.monitor.logs import Log, codes, handle, watch


def delivered(log: Log, *recordings: str) -> None:
    for recording in recordings:
        log.ingest(recording, f"camera of {recording}")


def deleted(log: Log, recording: str, *, keys: int = 1) -> None:
    kids = [handle(f"key {number} of {recording}") for number in range(keys)]
    log.add("recording.deleted", handle(recording), mode="manual", ap=["a", "b"], kids=kids, ep=1)


def total(log: Log, **changed: Any) -> int:
    """Enter an honest total of what stands, but for what is changed."""
    kinds = [entry.decode() for entry in log.entries]
    taken = sum('"k":"recording.ingested"' in entry for entry in kinds)
    gone = sum('"k":"recording.deleted"' in entry for entry in kinds)
    stands = {"want": taken - gone, "held": taken - gone, "miss": 0, "lost": 0}
    honest = {"z": len(log.entries), "in": taken, "del": gone, **stands}
    return log.add("inventory.taken", log.subject, **{**honest, **changed})


def stock_codes(log: Log, folder: Path) -> list[str]:
    return [code for code in codes(watch(log, folder)) if code.startswith(("inventory", "member"))]


@pytest.fixture
def log() -> Log:
    log = Log()
    delivered(log, "one", "two", "three")
    deleted(log, "two")
    return log


def test_an_honest_total_is_no_fault(log: Log, tmp_path: Path) -> None:
    total(log)
    total(log, want=9, held=9)  # copies for viewing are held too

    assert stock_codes(log, tmp_path) == []


def test_a_total_that_asks_for_less_than_was_taken_in_is_named(log: Log, tmp_path: Path) -> None:
    short = total(log, want=1, held=1)

    [fault] = [f for f in watch(log, tmp_path).findings.found if f.code == "inventory-short"]
    assert fault.entry == short
    assert "1 objects should be held; the entries have 2 files" in fault.sentence


def test_what_arrived_while_the_store_was_listed_need_not_be_in_it(
    log: Log, tmp_path: Path
) -> None:
    size = len(log.entries)
    delivered(log, "four")
    total(log, z=size, want=2, held=2)

    assert stock_codes(log, tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"in": 2}, "inventory-count"),
        ({"del": 0}, "inventory-count"),
        ({"held": 1}, "inventory-sum"),
        ({"miss": 1}, "inventory-sum"),
        ({"z": 99}, "member"),
        ({"want": "2"}, "member"),
    ],
)
def test_a_total_that_does_not_fit_is_named(
    log: Log, tmp_path: Path, changed: dict[str, Any], code: str
) -> None:
    total(log, **changed)

    assert code in stock_codes(log, tmp_path)


def test_what_the_force_says_is_missing_is_worth_knowing_and_no_fault(
    log: Log, tmp_path: Path
) -> None:
    total(log, held=1, miss=1)

    [notice] = [f for f in watch(log, tmp_path).findings.found if f.code == "inventory-loss"]
    assert not notice.grave
    assert "1 sealed objects are missing" in notice.sentence


def test_after_a_deletion_of_nobody_knows_how_many_files_nothing_is_claimed(
    log: Log, tmp_path: Path
) -> None:
    deleted(log, "three", keys=64)
    total(log, want=0, held=0)

    assert stock_codes(log, tmp_path) == []
