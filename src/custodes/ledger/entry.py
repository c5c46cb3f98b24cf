"""One line of the custody log: a public entry and the private body behind it.

The public entry holds no personal data: random handles, a kind, a time, whole
numbers and commitments. Who did it and why is in the body, which stays private
until somebody opens it field by field. Both are as docs/reference/formats/custody-entry.md
describes, so that a second program can check them.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from custodes.kernel import cj1
from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.kernel.digest import b64u, sha256, unb64u
from custodes.kernel.ids import is_handle

VERSION = 1
BODY_TAG = b"custodes-body/v1\n"
_MEMBERS = frozenset("bknpstvx")
_HASH = 32


class EntryInvalid(ValueError):
    """The bytes are not a public entry of a version this program knows."""


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """What anybody may see of one custody entry.

    ``number`` counts the entries of one subject from 0, and ``previous`` is the
    leaf hash of the one before it (None for the first), so a custody record
    cannot leave out an entry in the middle. ``body`` commits to everything private.
    """

    subject: str
    kind: str
    number: int
    previous: bytes | None
    at: datetime
    body: bytes
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Write the entry as CJ1; these bytes are the leaf of the log."""
        return cj1.dumps(
            {
                "b": b64u(self.body),
                "k": self.kind,
                "n": self.number,
                "p": b64u(self.previous) if self.previous else "",
                "s": self.subject,
                "t": rfc3339(self.at),
                "v": VERSION,
                "x": dict(self.facts),
            }
        )


def parse_entry(data: bytes) -> PublicEntry:
    """Read a public entry; raises EntryInvalid for bytes no honest log would hold."""
    try:
        value = cj1.loads(data)
        if not isinstance(value, dict) or set(value) != _MEMBERS:
            raise EntryInvalid("not the members of an entry")
        if value["v"] != VERSION:
            raise EntryInvalid(f"version {value['v']} is not known")
        found = PublicEntry(
            subject=value["s"],
            kind=value["k"],
            number=value["n"],
            previous=unb64u(value["p"]) or None,
            at=parse_rfc3339(value["t"]),
            body=unb64u(value["b"]),
            facts=value["x"],
        )
        # Another spelling of the same time, say, would be another entry to somebody else.
        if not _is_shaped(found) or found.to_bytes() != data:
            raise EntryInvalid("a member is not what it must be")
        return found
    except (KeyError, TypeError, AttributeError, cj1.NotCanonical) as error:
        raise EntryInvalid(str(error)) from None


def _is_shaped(entry: PublicEntry) -> bool:
    hashes = [entry.body, *([entry.previous] if entry.previous else [])]
    return (
        isinstance(entry.kind, str)
        and is_handle(entry.subject)
        and type(entry.number) is int
        and isinstance(entry.facts, dict)
        and all(len(each) == _HASH for each in hashes)
    )


def disclosure(seed: bytes, name: str, value: str) -> bytes:
    """Return the bytes that open one field of a body to somebody.

    The salt comes from the entry's seed, so destroying the seed makes every
    unopened field of that entry unguessable for good.
    """
    salt = hmac.digest(seed, name.encode(), "sha256")[:16]
    return cj1.dumps([b64u(salt), name, value], max_bytes=65_535)


def commit_body(seed: bytes, fields: Mapping[str, str]) -> bytes:
    """Return the commitment to all fields of a private body."""
    return commitment_from(sha256(disclosure(seed, name, fields[name])) for name in fields)


def commitment_from(digests: Iterable[bytes]) -> bytes:
    """Return the body commitment from the digests of its disclosures, in any order."""
    return sha256(BODY_TAG + b"".join(sorted(digests)))
