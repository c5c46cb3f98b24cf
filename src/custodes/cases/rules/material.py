"""What becomes of each recording of a case: exhibit, unused material, or not relevant.

Criminal Procedure and Investigations Act 1996, code of practice: relevant material
that is not part of the prosecution case is listed, non-sensitive material on form
MG6C and sensitive material on MG6D, each described so that somebody who has not seen
it can tell whether it has to be disclosed.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Status(StrEnum):
    """What somebody said of a recording of a case; an exhibit is one whatever stands here."""

    NOT_LOOKED_AT = "not-looked-at"
    UNUSED = "unused"
    SENSITIVE = "unused-sensitive"
    NOT_RELEVANT = "not-relevant"


STATUS_NAMES = {
    Status.NOT_LOOKED_AT: "nobody has looked at it yet",
    Status.UNUSED: "unused, not sensitive (MG6C)",
    Status.SENSITIVE: "unused, sensitive (MG6D)",
    Status.NOT_RELEVANT: "not relevant",
}

#: The words in which the CPS refuses such a row (its own prototype of file checks).
NOT_DESCRIBED = "listed without sufficient description"
# How little is too little is a proposal: the CPS publishes no number.
_FEWEST_WORDS = 5
_WORD = re.compile(r"[^\W\d_]{2,}")
# Words that say what any such recording is, and so describe none.
_SAYS_NOTHING = frozenset(
    {
        "a", "an", "and", "any", "at", "body", "bodycam", "bodyworn", "bwv", "camera", "clip",
        "evidence", "file", "footage", "from", "in", "incident", "material", "media", "more", "no",
        "none", "not", "of", "officer", "on", "other", "police", "recording", "scene", "see",
        "shows", "the", "this", "to", "unused", "video", "with", "worn",
    }
)  # fmt: skip


def fault_of_description(text: str) -> str:
    """Return why a description is too little to disclose by, or nothing when it will do."""
    words = [word.lower() for word in _WORD.findall(text)]
    telling = {word for word in words if word not in _SAYS_NOTHING}
    if len(words) >= _FEWEST_WORDS and len(telling) >= _FEWEST_WORDS - 2:
        return ""
    return (
        f"It would be {NOT_DESCRIBED}: say in a sentence who and what can be seen and heard, so"
        " that somebody who has not watched it can tell what it is."
    )


def faults_of_assessment(status: Status, description: str, reason: str) -> tuple[str, ...]:
    """Return what is wrong with what is said of a recording; nothing when it is right."""
    match status:
        case Status.UNUSED:
            faults = [fault_of_description(description)]
        case Status.SENSITIVE:
            why = "" if reason.strip() else "Say why it is sensitive."
            faults = [fault_of_description(description), why]
        case Status.NOT_RELEVANT:
            faults = ["" if len(reason.split()) >= _FEWEST_WORDS else _WHY_NOT]
        case _:
            faults = []
    return tuple(filter(None, faults))


_WHY_NOT = "Say in a sentence why it is not relevant: the reason goes with the case."
