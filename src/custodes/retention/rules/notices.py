"""What somebody who was given a recording is told when it changes, word for word.

DPA 2018 s.48(9): who received personal data is told when it was rectified, erased or
restricted, and does the same with what they hold; s.38(5)(c): and when it was wrong. A
letter names the recording by its number and never says what is filmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from custodes.retention.rules.periods import in_words


class Change(StrEnum):
    """What happened to something that was given."""

    ERASED = "erased"
    RESTRICTED = "restricted"
    LIFTED = "restriction-lifted"
    CORRECTED = "corrected"


CHANGE_NAMES = {
    Change.ERASED: "deleted",
    Change.RESTRICTED: "restricted",
    Change.LIFTED: "no longer restricted",
    Change.CORRECTED: "corrected",
}

_WHAT = {
    Change.ERASED: "We deleted it, because its retention period is over.",
    Change.RESTRICTED: "Its use is restricted.",
    Change.LIFTED: "Its use is not restricted any more.",
    Change.CORRECTED: "Something that we told you of it was wrong.",
}
_DO = {
    Change.ERASED: (
        "Please delete every copy that you hold, unless you must keep it by law, and tell us "
        "that you have."
    ),
    Change.RESTRICTED: (
        "Please do not use, copy or pass on what you hold until we write to you again."
    ),
    Change.LIFTED: "You may use it again for the purpose it was given for.",
    Change.CORRECTED: "Please correct what you hold, and tell everybody you passed it on to.",
}


_LAW = "We tell you because the law asks us to (Data Protection Act 2018, sections 38 and 48)."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter is made of: to whom, of what, and what happened on which day."""

    force: str
    recipient: str
    recording: str
    what: str
    given_on: date
    change: Change
    changed_on: date
    about: str = ""

    def text(self) -> str:
        """Return the letter, its paragraphs parted by empty lines."""
        given = in_words(self.given_on)
        paragraphs = (
            f"To {self.recipient}",
            f"On {given} {self.force} gave you {self.what} of the recording {self.recording}.",
            f"{_WHAT[self.change]} This was on {in_words(self.changed_on)}.",
            self.about,
            _DO[self.change],
            _LAW,
            self.force,
        )
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
