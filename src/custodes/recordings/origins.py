"""Where footage comes from, and what becomes of the thing that it was copied from.

Rules only: no table, no clock, no files. Body-worn footage the police made themselves. What
was imported may be a copy of something seized, such as a shop's recorder or a phone, or of
what somebody handed in. PACE 1984 s.22: a thing that was seized is kept as long as is
necessary in all the circumstances, and not where a photograph or a copy would be enough
(s.22(4)). The copy is the exhibit; the thing goes back, or somebody says why not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Origin(StrEnum):
    """Whose footage it was before it was the record's; its value is also its name in words."""

    POLICE_GENERATED = "police-generated"
    SEIZED = "seized"
    VOLUNTEERED = "volunteered"


#: A thing that must be kept is looked at again within this. A proposal: s.22 names no time.
LOOKED_AT_WITHIN = timedelta(days=366)

_WHAT, _WHOM, _WHY = (3, 300), (2, 200), (10, 500)


@dataclass(frozen=True, slots=True)
class Source:
    """What something that was imported is a copy of, in the words of who imports it.

    ``what`` is the thing, ``taken_from`` from whom or where it was taken or got.
    """

    origin: Origin
    what: str = ""
    taken_from: str = ""

    @property
    def is_a_thing(self) -> bool:
        """Say whether there is a thing that is not the police's own."""
        return self.origin is not Origin.POLICE_GENERATED

    @property
    def is_to_return(self) -> bool:
        """Say whether somebody has to give the thing back: only what was taken from them."""
        return self.origin is Origin.SEIZED


def source_said(origin: str, what: str, taken_from: str) -> Source:
    """Return what was said of a source, with plain spaces; raises ValueError with the reason."""
    if origin not in list(Origin):
        raise ValueError(f"{origin!r} is not an origin: {', '.join(Origin)}.")
    source = Source(Origin(origin), _plain(what), _plain(taken_from))
    if not source.is_a_thing:
        if source.what or source.taken_from:
            raise ValueError(
                "Police-generated footage is a copy of nothing that belongs to somebody else; "
                "say that it was seized or volunteered, or leave the thing out."
            )
        return source
    if not _is_within(source.what, _WHAT):
        raise ValueError(f"Say what was {origin}, in {_WHAT[0]} to {_WHAT[1]} characters.")
    if not _is_within(source.taken_from, _WHOM):
        low, high = _WHOM
        raise ValueError(
            f"Say from whom, or where, it was {origin}, in {low} to {high} characters."
        )
    return source


def origin_after(known: Origin, said: Origin, *, by_hand: bool) -> Origin:
    """Return the origin of a recording that is held, when it is said to be a copy of something.

    What a dock brought stays the police's own, even if a copy of it was seized, too. Of what
    was imported by hand the first that says more than nothing stands.
    """
    return said if by_hand and known is Origin.POLICE_GENERATED else known


def is_asked_for(look_on: date | None, returned_on: date | None, today: date) -> bool:
    """Say whether somebody has to give a seized thing back, or say why not, by now."""
    return returned_on is None and (look_on is None or look_on <= today)


def why_not_returned(returned_on: date, to: str, today: date) -> str:
    """Return why it cannot be entered that a thing went back; empty when it can.

    It may have gone back before its copies were taken in: they are often made where it was.
    """
    if returned_on > today:
        return "The day on which it was returned has not come yet."
    if not _is_within(_plain(to), _WHOM):
        return f"Say to whom it was returned, in {_WHOM[0]} to {_WHOM[1]} characters."
    return ""


def why_not_kept(because: str, look_on: date, today: date) -> str:
    """Return why it cannot be entered that a thing must be kept; empty when it can."""
    if not _is_within(_plain(because), _WHY):
        low, high = _WHY
        why = "Say why the thing itself is needed and a copy is not enough"
        return f"{why}, in {low} to {high} characters."
    if look_on <= today:
        return "Say on which day after today somebody looks again."
    if look_on > today + LOOKED_AT_WITHIN:
        return "Somebody has to look again within a year."
    return ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _is_within(text: str, lengths: tuple[int, int]) -> bool:
    return lengths[0] <= len(text) <= lengths[1]
