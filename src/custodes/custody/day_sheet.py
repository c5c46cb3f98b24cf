"""What a day's sheet shows: the checkpoint that closes the day, and small enough for a QR code.

Printed, posted or pinned up, it is what somebody holds the log to later: whoever has the
sheet sees whether the log they are shown still begins with what it had that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import segno

from custodes.custody.checkpoints import Vouched, closed_day
from custodes.kernel.errors import NotFound
from custodes.ledger.note import Note, Signature

# An Ed25519 line, with the time of a cosignature or without; an ML-DSA-44 one has 2,420 bytes
# and would make a code nobody can scan.
_SHORT_SIGNATURE = 80
# Custody format s2.5: the code of a checkpoint with one witness.
MOST_IN_CODE = 343


@dataclass(frozen=True, slots=True)
class DaySheet:
    """The sheet of one day. ``small_note`` is what the code says."""

    day: date
    size: int
    root: bytes
    signed_at: datetime
    note: str
    small_note: str
    code: str


def day_sheet(day: date) -> DaySheet:
    """Return the sheet of a day; raises NotFound for a day that is not closed."""
    closed = closed_day(day)
    if closed is None:
        raise NotFound(
            f"{day:%-d %B %Y} has no sheet.", "A day is closed in the first minutes of the next."
        )
    small = small_note(closed)
    code = segno.make(small, error="m", micro=False)
    return DaySheet(
        day=day,
        size=closed.size,
        root=closed.root,
        signed_at=closed.at,
        note=closed.note,
        small_note=small,
        code=code.svg_inline(scale=4, border=4, svgclass="c-code", lineclass=None, omitsize=True),
    )


def small_note(closed: Vouched) -> str:
    """Return the note with as many of its short signature lines as a code can carry.

    The log's own line first, then witnesses in the order they cosigned. It is a whole
    signed note, checked like any other.
    """
    archived = {each.line() for each in Note.parse(closed.archived).signatures}
    note = Note.parse(closed.note)
    kept: tuple[Signature, ...] = ()
    lines = sorted(note.signatures, key=lambda each: each.line() not in archived)
    for each in lines:
        longer = Note(note.text, (*kept, each))
        fits = len(str(longer).encode()) <= MOST_IN_CODE or not kept
        if len(each.rest) <= _SHORT_SIGNATURE and fits:
            kept = (*kept, each)
    return str(Note(note.text, kept))
