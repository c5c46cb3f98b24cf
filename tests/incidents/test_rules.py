"""What the rules of the procedure allow, and by when the matter must be referred."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.incidents.rules import (
    Asked,
    Stage,
    faults_of_access,
    faults_of_declaration,
    faults_of_end,
    faults_of_stage,
    is_unrecovered,
    needs_recovery,
    refer_by,
    was_too_early,
    window_around,
)
from custodes.kernel.spans import Span
from custodes.recordings.rules import OpenFor

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL_STAGES = {stage: NOON + stage * HOUR for stage in Stage}
ACCOUNT = {stage: NOON + stage * HOUR for stage in (Stage.BASIC_FACTS, Stage.PERSONAL_ACCOUNT)}


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON)  # type: ignore[arg-type,misc]


# PIP-11: not later than the end of the day after the day on which it became clear.
@pytest.mark.parametrize(
    ("clear_at", "due"),
    [
        (local(2026, 11, 14, 12, 0), local(2026, 11, 16)),
        (local(2026, 11, 14, 23, 59, 59), local(2026, 11, 16)),
        (local(2026, 11, 15, 0, 0), local(2026, 11, 17)),
        # in summer, an hour before midnight in UTC is already the next day
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), local(2026, 7, 4)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), local(2026, 7, 3)),
        # the clocks go back and forth in between
        (local(2026, 10, 24, 12, 0), local(2026, 10, 26)),
        (local(2026, 3, 28, 12, 0), local(2026, 3, 30)),
        (local(2028, 2, 28, 12, 0), local(2028, 3, 1)),
        (local(2026, 2, 28, 12, 0), local(2026, 3, 2)),
        (local(2026, 12, 31, 1, 0), local(2027, 1, 2)),
    ],
)
def test_it_is_referred_by_the_end_of_the_next_day(clear_at: datetime, due: datetime) -> None:
    assert refer_by(clear_at, LONDON) == due


@given(st.integers(0, 100 * 366 * 24 * 60))
def test_there_are_never_less_than_23_hours_and_never_more_than_49(minutes: int) -> None:
    clear_at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    left = refer_by(clear_at, LONDON) - clear_at

    assert timedelta(hours=23) <= left <= timedelta(hours=49)


WITNESS = Asked(
    purpose=OpenFor.OWN_FOOTAGE,
    rationale="He cannot say what was said on the stairs.",
    stages=ACCOUNT,
    one_recording=True,
    is_own=True,
    until=NOON + 9 * HOUR,
    authority="I Byrne",
    standards="DI Lindqvist",
    reference="2026/123",
)
OUTSIDER = replace(WITNESS, purpose=OpenFor.INVESTIGATION, stages=None, standards="", until=None)


def test_a_decision_with_everything_in_it_lets_somebody_in() -> None:
    assert faults_of_access(WITNESS, NOON + 5 * HOUR) == ()
    assert faults_of_access(OUTSIDER, NOON + 5 * HOUR) == ()


@pytest.mark.parametrize(
    ("missing", "fault"),
    [
        ({"rationale": " "}, "Say why"),
        ({"authority": ""}, "whom you consulted at the independent authority"),
        ({"reference": ""}, "reference of the independent authority"),
        ({"standards": ""}, "investigators or professional standards"),
        ({"one_recording": False}, "one recording at a time"),
        ({"until": None}, "Say until when"),
        ({"until": NOON}, "over before it began"),
        ({"stages": {}}, "have not given their personal initial account"),
        ({"is_own": False}, "not their own footage"),
        ({"purpose": OpenFor.OTHER_KPW_FOOTAGE}, "This is their own footage"),
        ({"purpose": OpenFor.INVESTIGATION}, "does not look into"),
        ({"purpose": OpenFor.MANAGEMENT}, "does not look into"),
    ],
)
def test_a_key_witness_is_let_in_only_with_all_of_it(
    missing: dict[str, object], fault: str
) -> None:
    faults = faults_of_access(replace(WITNESS, **missing), NOON + 5 * HOUR)  # type: ignore[arg-type]

    assert len(faults) == 1
    assert fault in faults[0]


def test_before_their_account_only_if_it_says_so_expressly() -> None:
    before = replace(WITNESS, stages={Stage.BASIC_FACTS: NOON}, before_account=True)

    assert faults_of_access(before, NOON) == ()


# PIP-05
def test_the_footage_of_another_key_witness_is_a_purpose_of_its_own() -> None:
    other = replace(WITNESS, is_own=False, purpose=OpenFor.OTHER_KPW_FOOTAGE)

    assert faults_of_access(other, NOON) == ()
    assert faults_of_access(replace(other, rationale=""), NOON)


@pytest.mark.parametrize("missing", ["authority", "reference", "rationale"])
def test_nobody_outside_is_let_in_without_the_authority(missing: str) -> None:
    assert len(faults_of_access(replace(OUTSIDER, **{missing: ""}), NOON)) == 1  # type: ignore[arg-type]


def test_whoever_was_not_there_gives_no_account_from_footage() -> None:
    assert faults_of_access(replace(OUTSIDER, purpose=OpenFor.OWN_FOOTAGE), NOON)


# PIP-06
@pytest.mark.parametrize(
    ("all_stages", "may"),
    [
        ((ALL_STAGES, ALL_STAGES), True),
        ((ALL_STAGES, ACCOUNT), False),
        ((ACCOUNT,), False),
        ((), False),
    ],
)
def test_nobody_debriefs_before_all_detailed_accounts(
    all_stages: tuple[dict[Stage, datetime], ...], may: bool
) -> None:
    outsider = replace(OUTSIDER, purpose=OpenFor.DEBRIEF, all_stages=all_stages)
    witness = replace(WITNESS, purpose=OpenFor.DEBRIEF, all_stages=all_stages)

    assert (faults_of_access(outsider, NOON) == ()) == may
    assert (faults_of_access(witness, NOON) == ()) == may


# PIP-04
@pytest.mark.parametrize(
    ("seen", "stages", "early"),
    [
        (NOON, {}, True),
        (NOON, {Stage.BASIC_FACTS: NOON - HOUR}, True),
        (NOON, {Stage.PERSONAL_ACCOUNT: NOON + HOUR}, True),
        (NOON, {Stage.PERSONAL_ACCOUNT: NOON}, False),
        (NOON, {Stage.PERSONAL_ACCOUNT: NOON - HOUR}, False),
    ],
)
def test_what_was_seen_before_the_personal_account_was_seen_too_early(
    seen: datetime, stages: dict[Stage, datetime], early: bool
) -> None:
    assert was_too_early(seen, stages) == early


def test_stages_follow_each_other_and_the_incident() -> None:
    noted = {Stage.SITUATION_REPORT: NOON + HOUR, Stage.PERSONAL_ACCOUNT: NOON + 3 * HOUR}
    at = NOON + 9 * HOUR

    def faults(reached: datetime) -> tuple[str, ...]:
        return faults_of_stage(Stage.BASIC_FACTS, reached, noted, NOON, at)

    assert faults(NOON + 2 * HOUR) == ()
    assert "before the situation report" in " ".join(faults(NOON + timedelta(minutes=30)))
    assert "after the personal initial account" in " ".join(faults(NOON + 4 * HOUR))
    assert "older than what it is about" in " ".join(faults(NOON - HOUR))
    assert "not before" in " ".join(faults(at + HOUR))


# PIP-07
@pytest.mark.parametrize(
    ("hours", "docked", "unrecovered", "late"),
    [
        (11.9, None, True, False),
        (12, None, True, True),
        (30, NOON - HOUR, True, True),
        (30, NOON, False, True),
    ],
)
def test_a_camera_that_is_still_out_after_twelve_hours_is_somebodys_business(
    hours: float, docked: datetime | None, unrecovered: bool, late: bool
) -> None:
    assert is_unrecovered(docked, NOON) == unrecovered
    assert needs_recovery(NOON, NOON + timedelta(hours=hours)) == late


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"happened_at": NOON + HOUR}, "future"),
        ({"clear_at": NOON + HOUR}, "become clear in the future"),
        ({"clear_at": NOON - HOUR}, "become clear before it happened"),
        ({"place": "  "}, "where"),
        ({"reached": []}, "at least one"),
        ({"window": Span(NOON + HOUR, NOON + 2 * HOUR)}, "must contain"),
        ({"window": Span(NOON - timedelta(days=4), NOON + timedelta(days=4))}, "seven days"),
    ],
)
def test_a_declaration_that_makes_no_sense_says_why(changed: dict[str, object], fault: str) -> None:
    said = {
        "happened_at": NOON, "place": "Cell 4", "window": window_around(NOON),
        "reached": ["x"], "at": NOON, "clear_at": NOON,
    }  # fmt: skip

    assert faults_of_declaration(**said) == ()  # type: ignore[arg-type]
    assert fault in " ".join(faults_of_declaration(**{**said, **changed}))  # type: ignore[arg-type]


def test_the_locks_go_only_when_all_accounts_are_given_and_the_authority_agrees() -> None:
    assert faults_of_end("2026/123", "over", (ALL_STAGES,)) == ()
    assert faults_of_end("2026/123", "over", ()) == ()
    assert faults_of_end("", "over", (ALL_STAGES,))
    assert faults_of_end("2026/123", " ", (ALL_STAGES,))
    assert faults_of_end("2026/123", "over", (ALL_STAGES, ACCOUNT))


def test_a_camera_that_is_out_needs_a_reason_of_its_own_for_the_end() -> None:
    out = {"Camera X1": "It lies in the river.", "Camera X2": " ", "Camera X3": ""}

    faults = faults_of_end("2026/123", "over", (ALL_STAGES,), out)

    assert faults == tuple(
        f"{camera} has not been docked since. Have it docked, or say why the procedure ends "
        "without it."
        for camera in ("Camera X2", "Camera X3")
    )
    assert faults_of_end("2026/123", "over", (ALL_STAGES,), {"Camera X1": "lost"}) == ()
