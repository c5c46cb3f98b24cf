"""Find what one person did without writing in the table who did what.

Who acted stands in an entry's sealed body. So that the entries of one person can
be found among millions, each row carries a mark: a keyed hash of the person's
handle. Whoever steals the table alone learns which entries have the same author,
never who that is; the key lies in the home folder. The mark goes when the
details of the entry are erased.
"""

from __future__ import annotations

import hashlib
import hmac

from custodes.custody import strongroom

MARK_SIZE = 16


def mark(handle: str) -> bytes | None:
    """Return the mark of a person's entries; None for the system, which is nobody."""
    if not handle:
        return None
    return hmac.digest(strongroom.who_acted_key(), handle.encode(), hashlib.sha256)[:MARK_SIZE]
