"""Two processes append to one log and publish it at the same time, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.custody.appender import Appender
from tests.world.postgres import BOTH
from tests.world.tables import lay

from custodes.ledger.monitor.visit import visit

BATCHES = 20


@pytest.fixture
def both(database_url: str, tmp_path: Path) -> Iterator[list[Appender]]:
    """Start two processes on one new log."""
    if not database_url:
        lay(tmp_path / "home")
    started = [Appender(tmp_path / "home", database_url)]
    try:
        started[0].tell("begin")
        assert started[0].answer() == "begun"
        started.append(Appender(tmp_path / "home", database_url))
        yield started
    finally:
        for each in started:
            each.close()


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_two_that_append_and_publish_at_once_write_one_whole_log(
    both: list[Appender], tmp_path: Path
) -> None:
    for each, seed in zip(both, "ab", strict=True):
        each.tell("append", seed, BATCHES)
    written = sum(each.answer() for each in both)

    both[0].tell("end", tmp_path / "log")
    told = both[0].answer()

    size = len(told["indexes"])
    assert told["indexes"] == list(range(size))
    assert size > written > BATCHES
    assert told["chains"]
    assert told["shared"] > BATCHES, "both wrote about the same subjects"
    assert (told["edge"], told["refused"]) == ([], "")
    assert told["kept"] == size
    report = visit(tmp_path / "log")
    assert [each.code for each in report.findings.found] == ["unsigned"]
    assert (report.size, report.entries) == (size, size)
