"""What the package of a case holds for whom: one table, and why something stays out.

Rules only; the table is section 12 of the research on law. The safe answer comes first:
what is not named here goes to nobody. The schedule of sensitive unused material (MG6D) is
in no package at all: it goes to the prosecutor as a paper of its own (DIS-14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.rules.having import why_not_have


class Content(StrEnum):
    """A kind of thing that a package can hold."""

    README = "readme"
    CLIPS = "clips"
    NATIVE = "native"
    EXHIBITS = "exhibits"
    STATEMENT = "mg11-draft"
    UNUSED = "mg6c"
    SENSITIVE = "mg6d"
    COVERAGE = "coverage"
    CUSTODY = "custody"
    PROCESSING = "processing"
    INTEGRITY = "integrity"
    PLAYER = "player"


CONTENT_NAMES: Mapping[Content, str] = {
    Content.README: "what each thing is, how to check it, how to handle it, whom to ask",
    Content.CLIPS: "the clips and pictures that are exhibits",
    Content.NATIVE: "whole recordings, bit for bit as they were received",
    Content.EXHIBITS: "the list of exhibits, as CSV and as JSON",
    Content.STATEMENT: "draft producing statements (MG11)",
    Content.UNUSED: "the schedule of unused material (MG6C)",
    Content.SENSITIVE: "the schedule of sensitive material (MG6D)",
    Content.COVERAGE: "what other cameras filmed",
    Content.CUSTODY: "the chain of custody, in sentences and as CASE/UCO",
    Content.PROCESSING: "how each clip was made, by which tools",
    Content.INTEGRITY: "proofs, checkpoints, timestamps, and the policy of the log",
    Content.PLAYER: "a player that needs no network",
}


class Goes(StrEnum):
    """Whether a kind of thing is in somebody's package."""

    NEVER = "never"
    ASKED = "asked"
    ALWAYS = "always"


_CPS, _DEFENCE, _COURT = Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT
_WATCHDOG, _SUBJECT = Audience.WATCHDOG, Audience.SUBJECT
_EVERYBODY: Final = dict.fromkeys(Audience, Goes.ALWAYS)
_NOT_THE_SUBJECT: Final = {**_EVERYBODY, _SUBJECT: Goes.NEVER}
_TABLE: Final[Mapping[Content, Mapping[Audience, Goes]]] = {
    Content.README: _EVERYBODY,
    # The person in the footage gets what nothing has to be hidden in: see why_left_out.
    Content.CLIPS: {**_EVERYBODY, _WATCHDOG: Goes.NEVER},
    Content.NATIVE: {_CPS: Goes.ASKED, _DEFENCE: Goes.ASKED, _WATCHDOG: Goes.ALWAYS},
    Content.EXHIBITS: _NOT_THE_SUBJECT,
    Content.STATEMENT: {_CPS: Goes.ALWAYS},
    # The prosecutor decides what of it the defence gets.
    Content.UNUSED: {_CPS: Goes.ALWAYS, _DEFENCE: Goes.ASKED, _WATCHDOG: Goes.ALWAYS},
    Content.SENSITIVE: {},
    Content.COVERAGE: {_CPS: Goes.ALWAYS, _DEFENCE: Goes.ALWAYS, _WATCHDOG: Goes.ALWAYS},
    Content.CUSTODY: _NOT_THE_SUBJECT,
    Content.PROCESSING: _EVERYBODY,
    Content.INTEGRITY: _EVERYBODY,
    Content.PLAYER: _EVERYBODY,
}

#: To whom the details in the record are opened that name people, reasons and places.
_LEARNS_DETAILS: Final = frozenset({_CPS, _COURT, _WATCHDOG})


def goes(content: Content, audience: Audience) -> Goes:
    """Say whether a kind of thing is in somebody's package; what is not known is in none."""
    return _TABLE.get(content, {}).get(audience, Goes.NEVER)


def may_hold(content: Content, audience: Audience) -> bool:
    """Say whether a kind of thing may be in somebody's package at all."""
    return goes(content, audience) is not Goes.NEVER


def holds(audience: Audience, asked: frozenset[Content]) -> tuple[Content, ...]:
    """Return what somebody's package holds when this was asked for, in the order of the table."""
    return tuple(
        each
        for each in Content
        if goes(each, audience) is Goes.ALWAYS
        or (goes(each, audience) is Goes.ASKED and each in asked)
    )


def learns_details(audience: Audience) -> bool:
    """Say whether the chain of custody names people, reasons and places to somebody."""
    return audience in _LEARNS_DETAILS


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a film or picture that decides whether it may go to somebody.

    ``kept_back`` is why it goes to nobody at the moment, ``status`` what was said of its
    recording in the case. ``nothing_to_hide``: it is redacted, or somebody has said why
    nothing has to be. ``out_of_reach`` is why whoever makes the package may not give it.
    """

    kind: Content
    status: Status
    is_exhibit: bool = True
    kept_back: str = ""
    out_of_reach: str = ""
    nothing_to_hide: bool = False


def why_left_out(about: About, audience: Audience) -> str:
    """Return why a film or picture is not in somebody's package; empty when it is."""
    if not may_hold(about.kind, audience):
        return f"{_NOT_FOR[about.kind]} for {AUDIENCE_NAMES[audience]}."
    is_ready = audience is not _SUBJECT or about.nothing_to_hide
    return (
        why_not_have(audience, about.status, exhibited=about.is_exhibit)
        or about.kept_back
        or about.out_of_reach
        or ("" if is_ready else _NOTHING_HIDDEN)
    )


_NOTHING_HIDDEN: Final = "Nothing is hidden in it, and nobody has said why nothing has to be."
_NOT_FOR: Final = {
    Content.CLIPS: "Whole recordings are packaged, and no clips of them,",
    Content.NATIVE: "Clips are packaged, and no whole recordings,",
}
