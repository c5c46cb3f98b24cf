"""The custody record of a subject, and its end."""

from __future__ import annotations

from dataclasses import replace

from tests.verifier.cases.entering import OPENED, RECORD, TAIL, TIME, C, N, P, case
from tests.verifier.story import OTHER, RECORDING, Plot, Story, honest_clip, honest_proof, story

case(
    "entry left out",
    "An entry in the middle is missing.",
    but={RECORD: (C, "record.hole"), TAIL: (C, "tail.missing")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(holes=(5,))))
case(
    "census leaves the recording out",
    "The log was counted without it, and the package shows just that.",
    but={TAIL: (C, "tail.omitted")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census_leaves_out=RECORDING)))


def _tail_cut() -> Story:
    told = story(honest_clip(), honest_proof(), plot=Plot(after_census=False))
    kept = tuple(each for each in told.statement.entries if each.index != 5)
    return told.but(entries=kept)


case(
    "last entry left out",
    "The last entry before the count is missing: the chain is whole, the count is not.",
    but={TAIL: (C, "tail.missing"), OPENED: (P, "opened.as_written")},
)(_tail_cut)


def _census_of_another() -> Story:
    told = story(honest_clip(), honest_proof())
    census = told.log.census_of(told.statement.entries[3].index, OTHER)
    return told.but(subjects=(replace(told.statement.subjects[0], census=census),))


case(
    "census of another",
    "The path in the count is another recording's.",
    but={TAIL: (C, "tail.census_differs")},
)(_census_of_another)


def _not_a_census() -> Story:
    told = story(honest_clip(), honest_proof())
    subject = told.statement.subjects[0]
    assert subject.census is not None
    census = replace(subject.census, entry=told.ingested)
    return told.but(subjects=(replace(subject, census=census),))


case(
    "not a census",
    "What is called a count of the log is none.",
    but={TAIL: (N, "tail.census_malformed")},
)(_not_a_census)


def _not_adjacent() -> Story:
    told = story(honest_clip(), honest_proof(), plot=Plot(census_leaves_out=RECORDING))
    subject = told.statement.subjects[0]
    census = told.log.census_of(told.statement.entries[3].index, RECORDING)
    second = told.log.path_in(census.entry, 1).to_value()
    census = replace(census, before=None, after=second)
    return told.but(subjects=(replace(subject, census=census),))


case(
    "census neighbours apart",
    "The two leaves between which it would stand are not side by side.",
    but={TAIL: (C, "tail.census_not_adjacent")},
)(_not_adjacent)
case(
    "census of before",
    "The log was last counted before there was a recording.",
    but={TAIL: (N, "tail.not_yet"), TIME: (P, "time.upper_only")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census=False, early_census=True)))
case(
    "census that is stale",
    "The count knows fewer entries than there were.",
    but={TAIL: (C, "tail.uncounted")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census_forgets=5)))
