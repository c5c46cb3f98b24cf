"""What is answered when somebody asks for footage to be erased, and when that is lifted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custodes.retention.rules.decision import Facts, Review
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.erasure import Answer, Basis, Ground, answer, why_not_lift
from custodes.retention.rules.holds import Hold, HoldKind
from custodes.retention.rules.proceedings import Outcome, Proceedings

TOLD_BEFORE = "Whoever asked has to be told before the restriction is lifted, not after."
TODAY = date(2026, 11, 26)
FILMED = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AT = FILMED + timedelta(days=1)
GOES = FILMED + timedelta(days=31)
PLAIN = Facts(ended_at=FILMED, received_at=FILMED + timedelta(hours=1))
NO_EVIDENCE = {
    HoldKind.SUBJECT_ACCESS,
    HoldKind.INFORMATION_REQUEST,
    HoldKind.SCRUTINY,
    HoldKind.USE_OF_FORCE,
    HoldKind.OTHER,
}


SAID = {
    HoldKind.COMPLAINT: "it is held for a complaint",
    HoldKind.DSI: "it is held for a death or serious injury",
    HoldKind.CASE: "it is held for a case",
    HoldKind.EXHIBIT: "it is an exhibit",
    HoldKind.APPEAL: "it is held for an appeal",
    HoldKind.REVIEW_COMMISSION: "it is held for an application to the CCRC",
    HoldKind.CORONER: "it is held for an inquest",
    HoldKind.CIVIL: "it is held for a civil claim",
    HoldKind.INQUIRY: "it is held for a public inquiry",
    HoldKind.COURT_ORDER: "it is held for a court order",
    HoldKind.SUSPENDED_SENTENCE: "it is held for a suspended sentence",
    HoldKind.SUBJECT_ACCESS: "it is held for a subject access request",
    HoldKind.INFORMATION_REQUEST: "it is held for a freedom of information request",
    HoldKind.SCRUTINY: "it is held for a sample for the scrutiny panel",
    HoldKind.USE_OF_FORCE: "it is held for a use of force form",
    HoldKind.COLD_CASE: "it is held for a cold case",
    HoldKind.OTHER: "it is held for a reason of its own",
}


def held(*kinds: HoldKind, until: datetime | None = None) -> Facts:
    return replace(
        PLAIN, holds=tuple(Hold(kind, "PSD/12/26", "DI Vane", FILMED, until) for kind in kinds)
    )


@pytest.mark.parametrize("ground", Ground)
@pytest.mark.parametrize("kind", HoldKind)
def test_only_what_is_held_to_be_evidence_is_called_evidence(
    ground: Ground, kind: HoldKind
) -> None:
    given = answer(ground, held(kind), DEFAULT, AT)

    because = SAID[kind]
    if kind not in NO_EVIDENCE:
        assert given == Answer(Basis.EVIDENCE, None, because)
    elif ground is Ground.INACCURATE:
        assert given == Answer(Basis.ACCURACY)
    else:
        assert given == Answer(Basis.KEPT, None, because)


def test_who_placed_a_hold_and_for_which_matter_is_not_theirs_to_know() -> None:
    given = answer(Ground.ERASE, held(*HoldKind), DEFAULT, AT)

    assert "Vane" not in given.because
    assert "PSD" not in given.because


def test_each_kind_of_hold_is_named_once_and_evidence_alone_where_there_is_some() -> None:
    kinds = (HoldKind.COMPLAINT, HoldKind.SUBJECT_ACCESS, HoldKind.CORONER, HoldKind.COMPLAINT)

    given = answer(Ground.ERASE, held(*kinds), DEFAULT, AT)

    assert given.because == "it is held for a complaint; it is held for an inquest"


def test_several_holds_that_are_no_evidence_are_each_named() -> None:
    both = held(HoldKind.SUBJECT_ACCESS, HoldKind.OTHER, until=AT + timedelta(days=1))

    given = answer(Ground.ERASE, both, DEFAULT, AT)

    because = f"{SAID[HoldKind.SUBJECT_ACCESS]}; {SAID[HoldKind.OTHER]}"
    assert given == Answer(Basis.KEPT, None, because)


def test_what_belongs_to_a_case_is_evidence_and_the_case_is_not_named() -> None:
    case = Proceedings("01MP/44/26", Outcome.OPEN)

    alone = answer(Ground.ERASE, replace(PLAIN, cases=(case,)), DEFAULT, AT)
    also = answer(Ground.INACCURATE, replace(held(HoldKind.CASE), cases=(case,)), DEFAULT, AT)

    assert alone == Answer(Basis.EVIDENCE, None, "it belongs to a case")
    assert also == alone


def test_a_hold_that_does_not_bind_any_more_is_no_reason() -> None:
    over = held(HoldKind.COMPLAINT, until=AT)
    of_a_case = replace(over, cases=(Proceedings("01MP/44/26", Outcome.OPEN),))

    assert answer(Ground.ERASE, of_a_case, DEFAULT, AT).because == "it belongs to a case"
    assert answer(Ground.INACCURATE, over, DEFAULT, AT) == Answer(Basis.ACCURACY)


def test_what_only_the_schedule_keeps_goes_on_its_day_or_now() -> None:
    assert answer(Ground.ERASE, PLAIN, DEFAULT, AT) == Answer(Basis.SCHEDULE, GOES)
    late = GOES + timedelta(days=3)
    assert answer(Ground.ERASE, PLAIN, DEFAULT, late) == Answer(Basis.SCHEDULE, late)
    assert answer(Ground.INACCURATE, PLAIN, DEFAULT, AT) == Answer(Basis.ACCURACY)


def test_without_a_schedule_that_can_be_read_that_is_the_reason() -> None:
    because = "no schedule that can be read is in force, and without one nothing is erased"

    assert answer(Ground.ERASE, PLAIN, None, AT) == Answer(Basis.KEPT, None, because)
    assert answer(Ground.INACCURATE, PLAIN, None, AT) == Answer(Basis.ACCURACY)


@pytest.mark.parametrize(
    ("facts", "because"),
    [
        (replace(PLAIN, complete=False), "it is still arriving"),
        (replace(PLAIN, ended_at=None), "nobody knows when the recording ended"),
        (
            replace(PLAIN, complete=False, received_at=None),
            "it is still arriving; nobody knows when it was received",
        ),
        (replace(PLAIN, restricted=True), "its use is restricted; it is kept and not used"),
        (replace(PLAIN, category="unheard-of"), "the schedule has no line for unheard-of"),
    ],
)
def test_a_fact_that_is_missing_keeps_it_in_the_words_of_the_decision_and_is_no_evidence(
    facts: Facts, because: str
) -> None:
    assert answer(Ground.ERASE, facts, DEFAULT, AT) == Answer(Basis.KEPT, None, because)


def test_a_clock_that_is_wrong_gives_no_day_before_anybody_has_looked() -> None:
    ahead = replace(PLAIN, ended_at=AT + timedelta(days=3))

    given = answer(Ground.ERASE, ahead, DEFAULT, AT)

    assert given == Answer(Basis.KEPT, None, "by its camera's clock it has not ended yet")


def test_no_day_is_given_where_a_person_looks_in_the_end() -> None:
    complaint = replace(PLAIN, category="complaint", trigger_at=FILMED)

    before = answer(Ground.ERASE, complaint, DEFAULT, AT)
    after = answer(Ground.ERASE, complaint, DEFAULT, AT + timedelta(days=4000))

    assert (before.basis, before.goes_on) == (Basis.KEPT, None)
    assert before.because.startswith("Complaint or conduct matter until ")
    assert after == Answer(
        Basis.KEPT, None, "Complaint or conduct matter: a person decides, not the clock"
    )


def test_who_looked_at_it_and_what_they_wrote_is_not_theirs_to_know() -> None:
    looked = Review("DC Osei", AT, "the neighbour is a witness", date(2090, 1, 1))
    complaint = replace(PLAIN, category="complaint", trigger_at=FILMED, review=looked)

    given = answer(Ground.ERASE, complaint, DEFAULT, AT)

    assert given.because == "somebody looked at it: it is needed; until 1 January 2090"


@pytest.mark.parametrize(
    ("because", "told_on", "fault"),
    [
        ("settled", TODAY, ""),
        ("settled", TODAY - timedelta(days=1), ""),
        (" ", TODAY, "Say why the restriction is lifted."),
        (
            "settled",
            None,
            TOLD_BEFORE,
        ),
        ("settled", TODAY + timedelta(days=1), "They have not been told yet."),
    ],
)
def test_nothing_is_lifted_before_whoever_asked_was_told(
    because: str, told_on: date | None, fault: str
) -> None:
    assert why_not_lift(because, told_on, TODAY) == fault
