"""What is opened and withheld of the entries' private parts."""

from __future__ import annotations

from tests.verifier.cases.entering import OPENED, C, N, case
from tests.verifier.story import Story, honest_clip, honest_proof, story


def _lying_field() -> Story:
    told = story(honest_clip(), honest_proof())
    entry = told.statement.entries[2]
    opened = entry.open[0].replace(b"preparing an interview", b"curiosity, nothing more")
    return told.with_entry(2, open=(opened,))


case(
    "field says something else",
    "An opened field is not what was written.",
    but={OPENED: (C, "opened.differs")},
)(_lying_field)


def _without_closed() -> Story:
    told = story(honest_clip(), honest_proof())
    return told.with_entry(2, closed=told.statement.entries[2].closed[1:])


case(
    "withheld field left out",
    "That there is one more field is hidden.",
    but={OPENED: (C, "opened.differs")},
)(_without_closed)
case(
    "field not a disclosure",
    "What opens a field is something else.",
    but={OPENED: (N, "opened.malformed")},
)(lambda: story(honest_clip(), honest_proof()).with_entry(2, open=(b'["AA","because"]',)))
