"""How long the code lasts that opens a share, and how often it may be got wrong.

Rules only. A code by e-mail is for now; one that an officer hands over by telephone or in
person lasts as long as the share, so that it still works on the day of the hearing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DIGITS = 8
#: So many wrong ones, and a code is dead: one in twenty million guesses comes through.
TRIES = 5
#: So many codes are sent in an hour; more is somebody else pressing the button.
SENT_AN_HOUR = 5
BY_MAIL_LASTS = timedelta(minutes=10)


class Way(StrEnum):
    """How a code comes to the recipient."""

    MAIL = "mail"
    HAND = "hand"


WAY_NAMES = {Way.MAIL: "sent by e-mail", Way.HAND: "told by an officer"}


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was made: how it comes to them, until when it lasts, how often it was missed."""

    way: Way
    until: datetime
    wrong: int
    over: bool

    def opens(self, at: datetime) -> bool:
        """Say whether it opens anything at this moment."""
        return not self.over and at < self.until and self.wrong < TRIES

    @property
    def is_used_up(self) -> bool:
        """Say whether opening once is all it does: what was sent through a mailbox is."""
        return self.way is Way.MAIL


def lasts_until(way: Way, at: datetime, share_ends: datetime) -> datetime:
    """Return until when a code lasts that is made now."""
    return min(at + BY_MAIL_LASTS, share_ends) if way is Way.MAIL else share_ends


def in_figures(typed: str) -> str:
    """Return what somebody typed as a code without the gaps they left."""
    return "".join(typed.split()).replace("-", "")[: 2 * DIGITS]
