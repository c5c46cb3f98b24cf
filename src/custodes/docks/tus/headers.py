"""What tus says in headers, read strictly; anything else is declined with a sentence."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from custodes.docks.http import Declined

# Checksum extension: sha1 is the one a server must know.
ALGORITHMS: Mapping[str, int] = {"sha256": 32, "sha1": 20, "md5": 16}
RAW = "Upload-Metadata"
_NUMBER = re.compile(r"[0-9]{1,18}\Z")
_KEY = re.compile(r"[!-+\--~]{1,64}\Z")  # printable ASCII without space and comma
_LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the body of one request must hash to."""

    algorithm: str
    digest: bytes

    def fits(self, body: bytes) -> bool:
        """Say whether the body is the one that was meant."""
        return hashlib.new(self.algorithm, body, usedforsecurity=False).digest() == self.digest


def number(text: str | None, header: str) -> int:
    """Return a header that must be a whole number, not negative."""
    if text is None or not _NUMBER.match(text):
        raise Declined(HTTPStatus.BAD_REQUEST, f"{header} must be there and be a whole number.")
    return int(text)


def checksum(text: str | None) -> Checksum | None:
    """Return what Upload-Checksum says: an algorithm we know and a digest of its length."""
    if text is None:
        return None
    algorithm, _, encoded = text.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise Declined(HTTPStatus.BAD_REQUEST, f"Upload-Checksum must be one of {known}.")
    digest = _base64(encoded)
    if digest is None or len(digest) != ALGORITHMS[algorithm]:
        raise Declined(HTTPStatus.BAD_REQUEST, f"Upload-Checksum holds no {algorithm} digest.")
    return Checksum(algorithm, digest)


def metadata(text: str | None) -> dict[str, str]:
    """Return Upload-Metadata as texts by key, and the header itself under its own name.

    Values that are no text are only in the header.
    """
    if not text:
        return {}
    if len(text) > _LONGEST:
        raise Declined(HTTPStatus.BAD_REQUEST, f"Upload-Metadata is longer than {_LONGEST} bytes.")
    said: dict[str, str] = {}
    seen: set[str] = set()
    for pair in text.split(","):
        key, _, encoded = pair.strip().partition(" ")
        value = _base64(encoded)
        if not _KEY.match(key) or key in seen or value is None:
            wrong = "Upload-Metadata must be unique keys with Base64 values, parted by commas."
            raise Declined(HTTPStatus.BAD_REQUEST, wrong)
        seen.add(key)
        if (plain := _text(value)) is not None:
            said[key] = plain
    return said | {RAW: text}


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None


def _text(value: bytes) -> str | None:
    # A NUL has no place in a name, and PostgreSQL would not keep it.
    try:
        return None if b"\0" in value else value.decode()
    except UnicodeDecodeError:
        return None
