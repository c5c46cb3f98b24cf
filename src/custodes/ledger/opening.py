"""Open some fields of an entry's private body to somebody, and withhold the others.

Selective disclosure as docs/reference/formats/custody-entry.md has it: an open field is
given by its disclosure, a withheld one by its digest. Whoever gets both recomputes the
commitment in the public entry, so nothing can be changed, added or left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from custodes.kernel import cj1
from custodes.kernel.digest import sha256, unb64u
from custodes.ledger.entry import commitment_from, disclosure

_MOST_BYTES = 65_535
_SALT_SIZE = 16


class OpeningInvalid(ValueError):
    """What was given is not disclosures and digests of a body."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The disclosures of the open fields and the digests of the withheld ones, both sorted."""

    open: tuple[bytes, ...] = ()
    closed: tuple[bytes, ...] = ()

    def commitment(self) -> bytes:
        """Return the commitment that all of them together make."""
        return commitment_from([*map(sha256, self.open), *self.closed])

    def fields(self) -> dict[str, str]:
        """Return the open fields; raises OpeningInvalid for what is no disclosure."""
        found: dict[str, str] = {}
        for given in self.open:
            name, value = _read(given)
            if name in found:
                raise OpeningInvalid(f"the field {name!r} is open twice")
            found[name] = value
        return found


def open_fields(seed: bytes, fields: Mapping[str, str], chosen: Collection[str]) -> Opening:
    """Open the chosen fields of a body and withhold all others.

    Without the seed (details erased, or lost) nothing can be opened or withheld.
    """
    if not seed:
        return Opening()
    given = {name: disclosure(seed, name, value) for name, value in fields.items()}
    return Opening(
        open=tuple(sorted(given[name] for name in given if name in chosen)),
        closed=tuple(sorted(sha256(given[name]) for name in given if name not in chosen)),
    )


def _read(given: bytes) -> tuple[str, str]:
    try:
        value = cj1.loads(given, max_bytes=_MOST_BYTES)
    except cj1.NotCanonical as error:
        raise OpeningInvalid(f"not a disclosure: {error}") from None
    match value:
        case [str(salt), str(name), str(text)] if _is_salt(salt):
            return name, text
    raise OpeningInvalid("a disclosure is a salt of 16 bytes, a name and a value")


def _is_salt(text: str) -> bool:
    try:
        return len(unb64u(text)) == _SALT_SIZE
    except ValueError:
        return False
