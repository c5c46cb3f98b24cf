"""When a sweep must not begin, and when two people have to agree first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custodes.retention.rules.disposal import (
    STAGE_NAMES,
    Condition,
    Stage,
    enough_agree,
    why_not,
    why_two_people,
)

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
QUIET_NIGHT = Condition(
    at=NOW,
    last_entry_at=NOW - timedelta(minutes=3),
    silence=None,
    schedule_faults=(),
    behind="",
    objects_missing=0,
    objects_unknown=0,
    rows_lost=0,
    holds_lost=0,
    due=2400,
    due_last_time=2300,
)


UNKNOWN = (
    "The store holds 1,101 sealed files that this database does not know: "
    "it may be older than the store."
)


def test_on_a_quiet_night_nothing_stands_in_the_way() -> None:
    assert why_not(QUIET_NIGHT) == ()
    assert why_two_people(QUIET_NIGHT) == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"schedule_faults": ("No schedule is in force.",)}, "No schedule is in force."),
        (
            {"last_entry_at": None},
            "The custody record is empty: this database knows nothing of what was filmed.",
        ),
        (
            {"last_entry_at": NOW + timedelta(minutes=5, milliseconds=1)},
            "The server's clock stands before the last entry of the record.",
        ),
        ({"behind": "The log is behind its witnesses."}, "The log is behind its witnesses."),
        ({"objects_missing": 1}, "1 sealed files are not in the store and should be."),
        ({"objects_missing": 96174}, "96,174 sealed files are not in the store and should be."),
        (
            {"rows_lost": 1},
            "1 files that the record says were taken in have no row in this database.",
        ),
        (
            {"objects_unknown": 1101},
            UNKNOWN,
        ),
    ],
)
def test_whatever_is_in_doubt_stops_the_sweep(changed: dict[str, object], reason: str) -> None:
    assert why_not(replace(QUIET_NIGHT, **changed)) == (reason,)  # type: ignore[arg-type]


def test_a_hundred_stray_files_are_a_matter_for_a_scrub_only() -> None:
    assert why_not(replace(QUIET_NIGHT, objects_unknown=100)) == ()


def test_entries_written_while_the_sweep_looks_around_do_not_stop_it() -> None:
    ahead = NOW + timedelta(minutes=5)

    assert why_not(replace(QUIET_NIGHT, last_entry_at=ahead)) == ()


def test_everything_in_doubt_is_said_at_once() -> None:
    condition = replace(
        QUIET_NIGHT,
        schedule_faults=("A.", "B."),
        last_entry_at=None,
        behind="C.",
        objects_missing=2,
    )

    assert len(why_not(condition)) == 5


def test_holds_that_were_lost_are_for_two_people() -> None:
    condition = replace(QUIET_NIGHT, holds_lost=1234)

    assert why_not(condition) == ()
    [reason] = why_two_people(condition)
    assert reason == (
        "The record tells of holds that this database has lost (1,234); "
        "nothing that arrives is held by them."
    )


@pytest.mark.parametrize(
    ("due", "last_time", "needed"),
    [
        (100, None, 0),
        (101, None, 1),
        (101, 5, 0),
        (150, 5, 0),
        (151, 5, 1),
        (300, 200, 0),
        (301, 200, 1),
        (0, 5000, 0),
    ],
)
def test_a_jump_needs_two_people(due: int, last_time: int | None, needed: int) -> None:
    condition = replace(QUIET_NIGHT, due=due, due_last_time=last_time)

    assert len(why_two_people(condition)) == needed


def test_a_jump_is_told_in_numbers() -> None:
    jumped = replace(QUIET_NIGHT, due=12408, due_last_time=2300)

    assert why_two_people(jumped) == ("12,408 recordings are due; last time 2,300 were.",)
    assert why_two_people(replace(jumped, due_last_time=None)) == (
        "It is the first time that anything is deleted.",
    )


def test_a_long_silence_makes_people_look_at_the_clock() -> None:
    silent = replace(QUIET_NIGHT, silence=(NOW - timedelta(days=9, minutes=1), NOW))

    assert why_not(silent) == ()
    [reason] = why_two_people(silent)
    assert reason == (
        "Nothing was entered in the record for 9 days, from 22 November 2026 to 1 December 2026: "
        "was the server off, or is its clock wrong?"
    )


def test_two_people_are_two_different_people() -> None:
    assert not enough_agree([])
    assert not enough_agree(["ann", "ann"])
    assert enough_agree(["ann", "bob"])


def test_every_stage_is_told_in_words_and_only_the_third_says_destroyed() -> None:
    assert set(STAGE_NAMES) == set(Stage)
    assert [stage for stage in Stage if STAGE_NAMES[stage].startswith("destroyed")] == [Stage.FINAL]
