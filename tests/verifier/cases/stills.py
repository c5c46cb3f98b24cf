"""Stills: files of which an entry says, in an opened detail, that they were made of an original."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tests.verifier.cases.entering import (
    LOG,
    LOG_FAILS,
    OPENED,
    PROOF,
    WHOLE,
    C,
    N,
    P,
    case,
    resting,
)
from tests.verifier.small_log import handle
from tests.verifier.story import OTHER, STILL_PATH, Plot, Story, story

_MADE = ("made", STILL_PATH)
_PICTURE = b"\x89PNG\r\n\x1a\n and a picture"
still_case = partial(case, has_clip=False)


def _told(**plot: object) -> Story:
    return story(plot=Plot(still=_PICTURE, **plot))  # type: ignore[arg-type]


def _entry_of(told: Story) -> int:
    return told.statement.files[0].entry


def _shown(told: Story, nth: int, **changes: object) -> Story:
    """Return the story with the entry of this number in the log shown otherwise."""
    place = next(at for at, each in enumerate(told.statement.entries) if each.index == nth)
    return told.with_entry(place, **changes)


still_case(
    "honest still",
    "A picture, with the entry that it was made by.",
    but={_MADE: (P, "made.as_entered")},
)(_told)
still_case(
    "still under no policy",
    "Nobody to believe.",
    policy="",
    but={
        **{key: said for key, said in LOG_FAILS.items() if key[0] != "clip"},
        **{key: (N, "policy.none") for key in LOG_FAILS if key[0] in ("witnessed", "time")},
        LOG: (N, "policy.none"),
        **resting(_MADE),
    },
)(_told)


def _another() -> Story:
    told = _told()
    return replace(told, media={STILL_PATH: _PICTURE[:-1] + b"!"})


still_case("still changed", "One byte is another.", but={_MADE: (C, "made.differs")})(_another)


def _longer() -> Story:
    told = _told()
    return replace(told, media={STILL_PATH: _PICTURE + b"!"})


still_case("still longer", "One byte more.", but={_MADE: (C, "made.differs")})(_longer)


def _withheld() -> Story:
    told = _told()
    nth = _entry_of(told)
    return _shown(told, nth, **_all_closed(told, nth))


def _all_closed(told: Story, nth: int) -> dict[str, object]:
    found = told.log.shown(nth, max(told.log.notes), set())
    return {"open": found.open, "closed": found.closed}


still_case(
    "still withheld",
    "Which bytes were made is not opened.",
    but={_MADE: (N, "made.not_opened")},
)(_withheld)


def _nothing_shown() -> Story:
    told = _told()
    return _shown(told, _entry_of(told), open=(), closed=())


still_case(
    "still with nothing shown",
    "Not even how many details there are.",
    but={_MADE: (N, "made.not_opened")},
)(_nothing_shown)


def _opened_wrongly() -> Story:
    """Open, in place of the real hash, one that was made up for another picture."""
    told, other = _told(), story(plot=Plot(still=b"another picture"))
    nth = _entry_of(told)
    lie = other.log.shown(nth, max(other.log.notes), {"sha256"})
    media = {STILL_PATH: b"another picture"}
    return replace(_shown(told, nth, open=lie.open), media=media)


still_case(
    "still with a hash made up",
    "What is opened is not what was written.",
    but={OPENED: (C, "opened.differs"), _MADE: (N, "needs.opened")},
)(_opened_wrongly)

for _name, _changes in (
    ("still of an entry that took in", {"entry": -1}),
    ("still of an entry that is not there", {"entry": 4711}),
    ("still of another original", {"original": handle("another original")}),
    ("still of another recording", {"recording": OTHER}),
):

    def _tell(changes: dict[str, object] = _changes) -> Story:  # type: ignore[assignment]
        told = _told()
        if changes.get("entry") == -1:
            changes = {"entry": told.ingested}
        return told.with_file(**changes)

    still_case(_name, "The entry is of something else.", but={_MADE: (C, "made.other_entry")})(
        _tell
    )


def _with_salt() -> Story:
    return _told().with_file(salt=bytes(32))


still_case(
    "still with a salt",
    "A member that has no place there.",
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)(_with_salt)
