"""What a package opens to whoever gets it, read as a stranger would."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from custodes.ledger.opening import Opening
from custodes.package.sending import Parcel
from custodes.package.statement import Statement


def opened_in(parcel: Parcel) -> dict[int, dict[str, str]]:
    """Return every entry in a package by its index, with the fields that are open."""
    return opened_by(inside(parcel)["proof.json"])


def opened_by(proof: bytes) -> dict[int, dict[str, str]]:
    """Return the same of what stands in ``proof.json``."""
    shown = Statement.parse(proof).entries
    return {each.index: dict(Opening(each.open, each.closed).fields()) for each in shown}


def inside(parcel: Parcel) -> dict[str, bytes]:
    """Return every file of a package, by its path inside the folder."""
    with ZipFile(BytesIO(b"".join(parcel.pieces()))) as sent:
        return {name.partition("/")[2]: sent.read(name) for name in sent.namelist()}
