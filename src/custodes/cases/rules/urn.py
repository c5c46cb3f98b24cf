"""The unique reference number of a case, which police, prosecutors and courts share.

Two digits of the force, two letters or digits of the unit, five digits of a serial
and two of the year: ``01MP0004426``. So the Crown Prosecution Service checks it in
its published program (CPS-Innovation/Polaris, ``validate-urn.ts``); the endings it
allows there (``S``, ``M``, ``/1``) name parts of a case and belong to no case as such.
"""

from __future__ import annotations

import re

_URN = re.compile(r"[0-9]{2}[A-Z0-9]{2}[0-9]{7}\Z")
# As people write it: 01MP/44/26, 01/MP/00044/26.
_SPACED = re.compile(r"([0-9]{2})/?([A-Z0-9]{2})/([0-9]{1,5})/([0-9]{2})\Z")


class NotAUrn(ValueError):
    """A text is no reference of a case; says what one looks like."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}” is not the reference of a case. It has the force's two digits, the unit's"
            " two characters, five digits and the year: 01MP0004426, or 01MP/44/26."
        )


def read_urn(text: str) -> str:
    """Return a reference as it is kept; raises NotAUrn.

    Spaces and small letters do not count, and a serial between slashes may lack its
    leading zeros; without slashes all eleven characters must be there.
    """
    plain = re.sub(r"\s", "", text).upper()
    if found := _SPACED.match(plain):
        force, unit, serial, year = found.groups()
        plain = f"{force}{unit}{serial:0>5}{year}"
    if not _URN.match(plain):
        raise NotAUrn(text.strip()[:40])
    return plain


def spaced(urn: str) -> str:
    """Return a reference as a person reads it: ``01MP/00044/26``."""
    return f"{urn[:4]}/{urn[4:9]}/{urn[9:]}"
