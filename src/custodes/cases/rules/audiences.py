"""Which papers of a case may go to whom. What is not named here goes to nobody.

Sensitive unused material (MG6D) and the papers about it never reach the defence, the
court or the subject of the data; packages, pages and programs all ask here.
"""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """To whom something of a case is given."""

    PROSECUTOR = "cps"
    DEFENCE = "defence"
    COURT = "court"
    WATCHDOG = "iopc"
    SUBJECT = "sar"


AUDIENCE_NAMES = {
    Audience.PROSECUTOR: "the prosecutor",
    Audience.DEFENCE: "the defence",
    Audience.COURT: "the court",
    Audience.WATCHDOG: "the police watchdog",
    Audience.SUBJECT: "the person in the footage",
}


class Paper(StrEnum):
    """A paper of a case."""

    EXHIBITS = "exhibits"
    STATEMENT = "mg11-draft"
    UNUSED = "mg6c"
    SENSITIVE = "mg6d"
    COVERAGE = "coverage"


PAPER_NAMES = {
    Paper.EXHIBITS: "the list of exhibits",
    Paper.STATEMENT: "the draft producing statement (MG11)",
    Paper.UNUSED: "the schedule of unused material (MG6C)",
    Paper.SENSITIVE: "the schedule of sensitive material (MG6D)",
    Paper.COVERAGE: "what other cameras filmed",
}

_EVERYBODY_IN_COURT = frozenset({Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT})
_MAY_GO: dict[Paper, frozenset[Audience]] = {
    Paper.EXHIBITS: _EVERYBODY_IN_COURT | {Audience.WATCHDOG},
    Paper.STATEMENT: frozenset({Audience.PROSECUTOR}),
    # The prosecutor decides what of it the defence gets, and serves it.
    Paper.UNUSED: frozenset({Audience.PROSECUTOR, Audience.DEFENCE, Audience.WATCHDOG}),
    # CPIA code and the forms' own banding: never further than the prosecutor.
    Paper.SENSITIVE: frozenset({Audience.PROSECUTOR}),
    Paper.COVERAGE: frozenset({Audience.PROSECUTOR, Audience.DEFENCE, Audience.WATCHDOG}),
}
# Who may be told of sensitive rows inside a paper that goes to several.
_SEES_SENSITIVE = frozenset({Audience.PROSECUTOR, Audience.WATCHDOG})


def may_go(paper: Paper, audience: Audience) -> bool:
    """Say whether a paper may be given to somebody at all."""
    return audience in _MAY_GO.get(paper, frozenset())


def papers_for(audience: Audience) -> tuple[Paper, ...]:
    """Return the papers somebody may be given."""
    return tuple(paper for paper in Paper if may_go(paper, audience))


def sees_sensitive(audience: Audience) -> bool:
    """Say whether somebody may learn which recordings are sensitive unused material."""
    return audience in _SEES_SENSITIVE
