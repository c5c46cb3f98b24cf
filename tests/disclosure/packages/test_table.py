"""What a package holds for whom: one test a cell, and nothing sensitive for who must not see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.cases.rules.audiences import Audience, Paper, may_go, sees_sensitive
from custodes.cases.rules.material import Status
from custodes.disclosure.rules.content import (
    About,
    Content,
    Goes,
    goes,
    holds,
    learns_details,
    may_hold,
    why_left_out,
)
from custodes.disclosure.rules.having import NEEDS_RELEASE

#: Section 12 of the research on law, read by hand: Y always, a when asked, - never.
TABLE = """
readme      Y Y Y Y Y
clips       Y Y Y - Y
native      a a - Y -
exhibits    Y Y Y Y -
mg11-draft  Y - - - -
mg6c        Y a - Y -
mg6d        - - - - -
coverage    Y Y - Y -
custody     Y Y Y Y -
processing  Y Y Y Y Y
integrity   Y Y Y Y Y
player      Y Y Y Y Y
"""
COLUMNS = (
    Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT, Audience.WATCHDOG, Audience.SUBJECT
)  # fmt: skip
MARKS = {"Y": Goes.ALWAYS, "a": Goes.ASKED, "-": Goes.NEVER}
CELLS = [
    (Content(name), audience, MARKS[mark])
    for name, *marks in map(str.split, TABLE.strip().splitlines())
    for audience, mark in zip(COLUMNS, marks, strict=True)
]
ABOUT = st.builds(
    About,
    kind=st.sampled_from([Content.CLIPS, Content.NATIVE]),
    status=st.sampled_from(Status),
    is_exhibit=st.booleans(),
    kept_back=st.sampled_from(["", "It is locked."]),
    out_of_reach=st.sampled_from(["", "You may not."]),
    nothing_to_hide=st.booleans(),
)


@pytest.mark.parametrize(("content", "audience", "said"), CELLS)
def test_a_cell_of_the_table(content: Content, audience: Audience, said: Goes) -> None:
    assert goes(content, audience) is said
    assert (content in holds(audience, frozenset())) is (said is Goes.ALWAYS)
    assert (content in holds(audience, frozenset(Content))) is (said is not Goes.NEVER)


def test_every_cell_stands_in_the_table() -> None:
    assert len(CELLS) == len(Content) * len(Audience)


def test_a_paper_that_may_not_go_by_itself_does_not_go_in_a_package() -> None:
    papers = {
        Content.EXHIBITS: Paper.EXHIBITS,
        Content.STATEMENT: Paper.STATEMENT,
        Content.UNUSED: Paper.UNUSED,
        Content.SENSITIVE: Paper.SENSITIVE,
        Content.COVERAGE: Paper.COVERAGE,
    }
    for content, paper in papers.items():
        for audience in Audience:
            assert may_go(paper, audience) or not may_hold(content, audience)


@given(about=ABOUT, audience=st.sampled_from(Audience))
def test_nothing_sensitive_or_held_back_goes_to_who_must_not_have_it(
    about: About, audience: Audience
) -> None:
    if why_left_out(about, audience):
        return
    assert about.status is not Status.SENSITIVE or sees_sensitive(audience)
    assert about.kept_back == about.out_of_reach == ""
    assert may_hold(about.kind, audience)
    assert audience is not Audience.SUBJECT or about.nothing_to_hide


def test_why_something_stays_out_is_said_in_words() -> None:
    def why(audience: Audience, kind: Content = Content.CLIPS, **other: object) -> str:
        return why_left_out(About(kind, **({"status": Status.UNUSED} | other)), audience)  # type: ignore[arg-type]

    assert why(Audience.DEFENCE, status=Status.SENSITIVE) == (
        "It is sensitive unused material (MG6D) in this case or another, which never goes to the"
        " defence."
    )
    assert why(Audience.WATCHDOG) == (
        "Whole recordings are packaged, and no clips of them, for the police watchdog."
    )
    assert why(Audience.COURT, Content.NATIVE) == (
        "Clips are packaged, and no whole recordings, for the court."
    )
    assert why(Audience.SUBJECT).startswith("Nothing is hidden in it")
    assert why(Audience.COURT, status=Status.NOT_LOOKED_AT, is_exhibit=False).startswith("Nobody")
    assert why(Audience.COURT, status=Status.NOT_LOOKED_AT) == ""


def test_the_defence_and_the_subject_take_a_second_person_and_learn_no_details() -> None:
    assert {Audience.DEFENCE, Audience.SUBJECT} == NEEDS_RELEASE
    assert [each for each in Audience if learns_details(each)] == [
        Audience.PROSECUTOR, Audience.COURT, Audience.WATCHDOG
    ]  # fmt: skip
