"""Whether somebody may have something of a recording, by what was said of it, and who releases it.

Rules only. The safe answer comes first: sensitive unused material (MG6D), and what nobody
has said anything of, never reaches those who may not learn of it (DIS-14).
"""

from __future__ import annotations

from typing import Final

from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience, sees_sensitive
from custodes.cases.rules.material import Status

#: What goes to them is looked through and released by a second person (law section 11, DIS-14).
NEEDS_RELEASE: Final = frozenset({Audience.DEFENCE, Audience.SUBJECT})


def why_not_have(audience: Audience, status: Status, *, exhibited: bool) -> str:
    """Return why somebody may not have something of a recording; empty when they may.

    ``status`` is sensitive where any case says so. That it is an exhibit, too, makes it no
    less so.
    """
    if sees_sensitive(audience):
        return ""
    who = AUDIENCE_NAMES[audience]
    if status is Status.SENSITIVE:
        where = "in this case or another"
        return f"It is sensitive unused material (MG6D) {where}, which never goes to {who}."
    if status is Status.NOT_LOOKED_AT and not exhibited:
        return f"Nobody has said yet what becomes of it, and until then it does not go to {who}."
    return ""
