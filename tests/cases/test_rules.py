"""URNs, exhibit numbers, descriptions, audiences, coverage and papers: the decisions alone."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world.force import NOON

from custodes.cases.rules.audiences import Audience, Paper, may_go, papers_for, sees_sensitive
from custodes.cases.rules.coverage import Filmed, overlap, siblings, stretches, what_is_open
from custodes.cases.rules.exhibits import (
    LAST,
    Reference,
    initials_of,
    next_reference,
    read_initials,
    read_reference,
)
from custodes.cases.rules.material import (
    NOT_DESCRIBED,
    Status,
    fault_of_description,
    faults_of_assessment,
)
from custodes.cases.rules.papers import (
    DocumentType,
    ExhibitRow,
    UnusedRow,
    exhibits_csv,
    exhibits_json,
    read_exhibits_csv,
    read_exhibits_json,
    unused_csv,
)
from custodes.cases.rules.proceeding import OUTCOMES, Move, State, faults_of_move, may_follow
from custodes.cases.rules.urn import NotAUrn, read_urn, spaced

GOOD = "PC Lewis arrests a man in a red jacket, who says he was not there."
TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    "written", ["01MP0004426", "01MP/44/26", "01/MP/00044/26", "01mp 00044 26", " 01MP/00044/26 "]
)
def test_a_urn_is_read_however_a_person_writes_it(written: str) -> None:
    assert read_urn(written) == "01MP0004426"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "01MP44",
        "1MP0004426",
        "01MP00044266",
        "01M-0004426",
        "01MP/44/2026",
        "\u0660\u0661MP0004426",
    ],
)
def test_what_is_no_urn_is_refused_with_what_one_looks_like(wrong: str) -> None:
    with pytest.raises(NotAUrn, match="01MP/44/26"):
        read_urn(wrong)


@given(st.integers(0, 99), st.sampled_from(["MP", "A1", "99"]), st.integers(0, 9_999_999))
def test_a_urn_is_the_same_after_it_was_written_for_a_person(
    of: int, unit: str, number: int
) -> None:
    urn = f"{of:02}{unit}{number:07}"
    assert read_urn(spaced(urn)) == urn


@pytest.mark.parametrize("good", ["AB/1", "ABCD/9999", "ABC/12", "ABC/1A"])
def test_a_reference_has_initials_a_stroke_and_a_number(good: str) -> None:
    assert str(read_reference(good)) == good


@pytest.mark.parametrize(
    "wrong", ["A/1", "ABCDE/1", "AB/0", "AB/01", "AB1", "AB/10000", "AB/1AB", ""]
)
def test_what_is_no_reference_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="ABC/1"):
        read_reference(wrong)


@given(st.lists(st.tuples(st.sampled_from(["AB", "ABC"]), st.integers(1, 40)), max_size=30))
def test_the_next_reference_was_never_given_before(given_: list[tuple[str, int]]) -> None:
    given_before = {Reference(initials, number) for initials, number in given_}

    following = next_reference("AB", given_before)

    assert following not in given_before
    assert following.number == max([n for i, n in given_ if i == "AB"], default=0) + 1


def test_when_all_numbers_are_used_there_is_no_next() -> None:
    with pytest.raises(ValueError, match="all 9,999"):
        next_reference("AB", [Reference("AB", LAST)])


def test_initials_are_proposed_from_a_name_without_its_rank() -> None:
    assert initials_of("PC 4711 Ada Okafor") == "AO"
    assert initials_of("Sgt 88 Harding") == "HA"
    assert initials_of("") == ""
    assert read_initials("a. b.") == "AB"


@pytest.mark.parametrize(
    "thin",
    ["", "BWV", "bodycam footage", "Footage of the incident from police camera", "n/a",
     "x x x x x x", "video of the scene at the incident"],
)  # fmt: skip
def test_a_description_that_says_nothing_is_refused_in_the_prosecutors_words(thin: str) -> None:
    assert NOT_DESCRIBED in fault_of_description(thin)
    assert NOT_DESCRIBED in " ".join(faults_of_assessment(Status.UNUSED, thin, ""))
    assert NOT_DESCRIBED in " ".join(faults_of_assessment(Status.SENSITIVE, thin, "an informant"))


def test_a_description_that_says_what_is_seen_will_do() -> None:
    assert fault_of_description(GOOD) == ""
    assert faults_of_assessment(Status.UNUSED, GOOD, "") == ()


def test_sensitive_needs_a_reason_and_so_does_not_relevant() -> None:
    assert faults_of_assessment(Status.SENSITIVE, GOOD, " ") == ("Say why it is sensitive.",)
    assert faults_of_assessment(Status.SENSITIVE, GOOD, "an informant") == ()
    assert faults_of_assessment(Status.NOT_RELEVANT, "", "no") != ()
    assert faults_of_assessment(Status.NOT_RELEVANT, "", "a stop in another street, later") == ()


@pytest.mark.parametrize("audience", [Audience.DEFENCE, Audience.COURT, Audience.SUBJECT])
def test_sensitive_material_never_goes_to_these(audience: Audience) -> None:
    assert not may_go(Paper.SENSITIVE, audience)
    assert Paper.SENSITIVE not in papers_for(audience)
    assert not sees_sensitive(audience)


def test_the_prosecutor_gets_every_paper_and_the_subject_none() -> None:
    assert papers_for(Audience.PROSECUTOR) == tuple(Paper)
    assert papers_for(Audience.SUBJECT) == ()


def test_a_paper_nobody_thought_of_goes_to_nobody() -> None:
    assert not any(may_go("mg6e", audience) for audience in Audience)  # type: ignore[arg-type]


def filmed(number: int, **more: object) -> Filmed:
    known: dict[str, object] = {"started_at": NOON, "ended_at": NOON + timedelta(minutes=10)}
    return Filmed(number, **(known | more))  # type: ignore[arg-type]


def test_two_cameras_overlap_by_position_then_by_place_then_by_team() -> None:
    here, near = (
        {"latitude": 51.4626, "longitude": -0.1146},
        {"latitude": 51.4640, "longitude": -0.1146},
    )
    far = {"latitude": 51.4952, "longitude": -0.1117}

    assert "156 m away" in overlap(filmed(1, **here), filmed(2, **near))
    assert overlap(filmed(1, team=1, **here), filmed(2, team=1, **far)) == ""
    assert "at Brixton Road" in overlap(
        filmed(1, place="Brixton Road"), filmed(2, place="Brixton Road")
    )
    assert "same team" in overlap(filmed(1, team=1, place="A"), filmed(2, team=1, place="B"))
    assert overlap(filmed(1, team=1), filmed(2, team=2)) == ""
    assert overlap(filmed(1), filmed(2)) == ""


def test_what_is_held_for_one_death_belongs_together_whatever_the_clocks_say() -> None:
    late = NOON + timedelta(hours=9)
    one = filmed(1, incidents=frozenset({7}))

    assert "serious injury" in overlap(
        one, filmed(2, started_at=late, ended_at=late, incidents=frozenset({7, 8}))
    )
    assert overlap(one, filmed(2, incidents=frozenset({8}))) == ""
    assert "same wearer" in overlap(filmed(1, wearer=3), filmed(2, wearer=3))


def test_a_recording_of_another_time_never_overlaps_and_one_without_an_end_may() -> None:
    late = NOON + timedelta(hours=1)

    assert overlap(filmed(1, team=1), filmed(2, team=1, started_at=late, ended_at=late)) == ""
    endless = filmed(2, team=1, started_at=NOON - timedelta(hours=5), ended_at=None)
    assert overlap(filmed(1, team=1), endless) != ""


_PLACES = st.sampled_from(["", "A", "B"])
_FILMED = st.builds(
    lambda number, start, long, place, team, where, incidents: Filmed(
        number, NOON + timedelta(minutes=start), NOON + timedelta(minutes=start + long), place,
        where, where, None, None, team, frozenset(incidents),
    ),
    st.integers(1, 50), st.integers(0, 300), st.integers(0, 60), _PLACES,
    st.sampled_from([None, 1, 2]), st.sampled_from([None, 51.0, 51.001, 52.0]),
    st.sets(st.integers(1, 3), max_size=1),
)  # fmt: skip


@given(_FILMED, _FILMED)
def test_overlapping_works_both_ways(one: Filmed, other: Filmed) -> None:
    assert bool(overlap(one, other)) == bool(overlap(other, one))


@given(st.lists(_FILMED, max_size=8), st.lists(_FILMED, max_size=8))
def test_no_sibling_is_missed_and_none_is_of_the_case(
    of: list[Filmed], among: list[Filmed]
) -> None:
    found = siblings(of, among)
    own = {each.recording for each in of}

    assert not own & set(found)
    expected = {
        o.recording for o in among if o.recording not in own and any(overlap(c, o) for c in of)
    }
    assert set(found) == expected
    spans = stretches(of)
    assert all(any(span.overlaps(each.span) for span in spans) for each in of)
    assert all(one.end < two.start for one, two in pairwise(spans))


def test_a_case_is_open_while_anything_waits_or_nobody_looked_for_other_cameras() -> None:
    assert what_is_open(0, sought=True) == ()
    assert "1 recording" in what_is_open(1, sought=True)[0]
    assert "evidence unit" in what_is_open(0, sought=False)[0]


def move(to: State, **more: object) -> Move:
    return Move(to, **({"on": TODAY, "because": "CPS advice"} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("to", State)
def test_a_case_goes_only_where_it_may(before: State, to: State) -> None:
    faults = faults_of_move(before, None, move(to), TODAY)

    may = to in may_follow(before) or (to is before and before in OUTCOMES)
    assert (faults == ()) is may


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"because": " "}, "Say why"),
        ({"because": "x" * 501}, "at most 500"),
        ({"on": TODAY + timedelta(days=1)}, "lies ahead"),
        ({"on": TODAY - timedelta(days=9)}, "before the last step"),
        ({"group": 5}, "1, 2, 3 or 4"),
        ({"released_on": TODAY}, "Only after a custodial"),
    ],
)
def test_a_step_that_cannot_be_so_is_refused(wrong: dict[str, object], words: str) -> None:
    faults = faults_of_move(
        State.CHARGED, TODAY - timedelta(days=3), move(State.CONVICTED, **wrong), TODAY
    )

    assert any(words in fault for fault in faults)


def test_only_a_conviction_has_a_sentence() -> None:
    faults = faults_of_move(State.CHARGED, None, move(State.ACQUITTED, custodial=True), TODAY)

    assert faults == ("Only a conviction has a sentence.",)


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
_ROWS = st.lists(
    st.builds(ExhibitRow, _TEXT, _TEXT, _TEXT, st.sampled_from(DocumentType), _TEXT), max_size=5
)


@given(_ROWS)
def test_the_record_of_exhibits_reads_back_to_what_was_written(rows: list[ExhibitRow]) -> None:
    assert read_exhibits_csv(exhibits_csv(rows)) == rows
    assert read_exhibits_json(exhibits_json("01MP0004426", rows)) == rows


def test_a_spreadsheet_runs_nothing_that_somebody_typed() -> None:
    written = exhibits_csv([ExhibitRow("=1+1", "AB/1", "@A", DocumentType.OTHER_EXHIBIT)])

    assert written.splitlines()[1] == "'=1+1,AB/1,'@A,1030,"


@pytest.mark.parametrize("number", ["1001", "", "x", "1030.0"])
def test_an_unknown_type_of_document_is_refused(number: str) -> None:
    good = exhibits_csv([ExhibitRow("a", "AB/1", "A B", DocumentType.OTHER_EXHIBIT)])

    with pytest.raises(ValueError, match="not a type"):
        read_exhibits_csv(good.replace("1030", number))
    json = exhibits_json("01MP0004426", read_exhibits_csv(good))
    with pytest.raises(ValueError, match="not a type"):
        read_exhibits_json(json.replace("1030", f'"{number}"'))


def test_the_numbers_are_those_the_cps_publishes() -> None:
    assert {t.name: int(t) for t in DocumentType} == {
        "MG5": 1006, "MG6": 1007, "MG6C": 1009, "MG6D": 1010, "MG6E": 1011, "MG12": 1019,
        "OTHER_EXHIBIT": 1030, "MG11": 1031, "MG3": 1034, "ABE": 1201,
        "STREAMLINED_DISCLOSURE_CERTIFICATE": 1202,
    }  # fmt: skip


def test_only_the_sensitive_schedule_says_why_something_is_sensitive() -> None:
    row = UnusedRow("r", "PC 1", "s", "e", "p", GOOD, "me", "t", "an informant")

    assert "an informant" not in unused_csv([row], sensitive=False)
    assert "an informant" in unused_csv([row], sensitive=True)
