"""What a rehearsal points out beside the counts, and why each is worth a look, in words.

What is touched is something of people's that the footage once served or serves; what is odd
is a recording of which something speaks against nobody needing it. Neither keeps anything:
people read it before they agree.
"""

from __future__ import annotations

from enum import StrEnum

from custodes.retention.rules.holds import HOLD_NAMES, HoldKind


class Touch(StrEnum):
    """Of what some of the recordings that would go are, or were, a part."""

    CASE = "case"
    ONCE_IN_CASE = "once-in-case"
    HELD = "held"
    RESTRICTION = "restriction"
    REGISTER = "register"
    WISH = "wish"


_TITLES = {
    Touch.CASE: "In a case that is over",
    Touch.ONCE_IN_CASE: "Once in a case, and taken out",
    Touch.HELD: "Once held for: ",
    Touch.RESTRICTION: "Asked about in a request that is open",
    Touch.REGISTER: "Of an open entry in the register, whose hold has ended",
    Touch.WISH: "Shared with somebody who asks for more and has no answer",
}
_LOOK = {
    Touch.CASE: "Open the case: is it over for everybody in it?",
    Touch.ONCE_IN_CASE: "Open the case: was it right to take them out?",
    Touch.HELD: "Open the hold: is what it was for really closed?",
    Touch.RESTRICTION: "They go as the answer said; see that the answer was sent.",
    Touch.REGISTER: "Answer it, or hold them again, before they go.",
    Touch.WISH: "Answer first: what is asked for may be among them.",
}


def title_of(touch: Touch, kind: str) -> str:
    """Return what a group of touched recordings is called; ``kind`` is that of a hold."""
    return _TITLES[touch] + (HOLD_NAMES[HoldKind(kind)] if touch is Touch.HELD else "")


def look_at(touch: Touch) -> str:
    """Return what a person may look at before they agree."""
    return _LOOK[touch]


class Odd(StrEnum):
    """What is odd about a recording that would go."""

    NOTED = "noted"
    MARKED = "marked"
    CLIPPED = "clipped"
    GIVEN = "given"
    FILES_MISSING = "files-missing"
    CAMERA_SHORT = "camera-short"
    LATE = "late"
    FAULTY = "faulty"


ODD_NAMES = {
    Odd.NOTED: "Somebody wrote a note about it, and nobody chose a category.",
    Odd.MARKED: "A moment of it was marked, and nobody chose a category.",
    Odd.CLIPPED: "Somebody cut a clip of it: they needed it for something.",
    Odd.GIVEN: "It was given to somebody, who may still work with it; they will be told.",
    Odd.FILES_MISSING: "Files of it are missing, and nobody has said why.",
    Odd.CAMERA_SHORT: "Its camera filmed something that never came: this may be all there is.",
    Odd.LATE: "It was docked late, and nobody has said why.",
    Odd.FAULTY: "Something is wrong with it: perhaps nobody could ever watch it.",
}
