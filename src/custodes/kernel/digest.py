"""Digests and the one way they are written: base64url without padding."""

from __future__ import annotations

import base64
import binascii
import hashlib

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def sha256(data: bytes | bytearray | memoryview) -> bytes:
    """Return the 32-byte SHA-256 of the data."""
    return hashlib.sha256(data).digest()


def b64u(data: bytes) -> str:
    """Write bytes as base64url without padding (RFC 4648 section 5)."""
    plain = binascii.b2a_base64(data, newline=False)
    return plain.translate(_URL_SAFE).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    """Read base64url without padding; raises ValueError for anything but the one spelling."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64url: {error}") from None
    # Two spellings of the same bytes would let one commitment pass as another.
    if b64u(data) != text:
        raise ValueError("not the canonical base64url spelling")
    return data
