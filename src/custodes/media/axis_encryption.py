"""Reading clips that an Axis camera encrypted end to end.

Body-worn integration API v1.6: AES-256-CBC over the whole object, the content
key wrapped with our RSA key by OAEP. CBC can be opened from any block onwards,
since a block needs only itself and the one before it, so a clip is decrypted as
it is read. The private key stays on the parent's side of the sandbox.

CBC proves nothing: a changed block reads as noise, not as an error. Integrity
comes from the digest of the object as received, which is the original.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1

from custodes.kernel.errors import Refused
from custodes.media.sandbox.ports import ReadAt

BLOCK = 16


class CannotDecrypt(Refused):
    """The clip or its key cannot be opened with the key at hand."""

    advice = "The encrypted original is kept as received. Check which key the camera was given."


@dataclass(frozen=True, slots=True, repr=False)
class ContentKey:
    """The AES-256 key and IV of one object; never logged, never stored."""

    key: bytes
    iv: bytes


def key_id(key_object: bytes) -> str:
    """Return which public key wrapped the content key (``PublicKeyId``)."""
    return str(_parsed(key_object).get("PublicKeyId", ""))


def open_content_key(key_object: bytes, private_key: RSAPrivateKey) -> ContentKey:
    """Unwrap the content key from a ``.key`` object; raises CannotDecrypt."""
    parsed = _parsed(key_object)
    try:
        wrapped = base64.b64decode(_member(parsed, "EncryptedKey"), validate=True)
        iv = base64.b64decode(_member(parsed, "ContentEncryptionIV"), validate=True)
    except (ValueError, TypeError):
        raise CannotDecrypt("The key file of this clip is damaged.") from None
    # The vendor's own example uses SHA-1; in OAEP that is not a weakness.
    oaep = padding.OAEP(padding.MGF1(SHA1()), SHA1(), None)  # noqa: S303
    try:
        key = private_key.decrypt(wrapped, oaep)
    except ValueError:
        raise CannotDecrypt("This clip was encrypted for another key.") from None
    if len(key) != 32 or len(iv) != BLOCK:
        raise CannotDecrypt("The key file of this clip holds a key of the wrong length.")
    return ContentKey(key, iv)


class DecryptingReader:
    """Show the plain bytes of an encrypted object, from any position.

    Raises CannotDecrypt when the object is not whole blocks or its padding
    (PKCS #7, RFC 5652 section 6.3) does not fit the key.
    """

    def __init__(self, encrypted: ReadAt, key: ContentKey) -> None:
        if encrypted.size == 0 or encrypted.size % BLOCK:
            raise CannotDecrypt(
                "The encrypted clip is cut short: it does not end on a whole block."
            )
        self._encrypted = encrypted
        self._key = key
        self.size = encrypted.size - self._padding()

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` plain bytes from ``offset``."""
        length = max(0, min(length, self.size - offset))
        if length == 0:
            return b""
        first = offset - offset % BLOCK
        end = -(-(offset + length) // BLOCK) * BLOCK
        return self._blocks(first, end)[offset - first : offset - first + length]

    def _padding(self) -> int:
        last = self._blocks(self._encrypted.size - BLOCK, self._encrypted.size)
        count = last[-1]
        if not 1 <= count <= BLOCK or last[-count:] != bytes([count]) * count:
            raise CannotDecrypt("This key does not open this clip, or the clip is damaged.")
        return count

    def _blocks(self, first: int, end: int) -> bytes:
        before = max(0, first - BLOCK)
        sealed = self._encrypted.read_at(before, end - before)
        if len(sealed) != end - before:
            raise CannotDecrypt("The encrypted clip ended before its length.")
        iv = sealed[: first - before] or self._key.iv
        opener = Cipher(algorithms.AES(self._key.key), modes.CBC(iv)).decryptor()
        return opener.update(memoryview(sealed)[first - before :]) + opener.finalize()


def _parsed(key_object: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(key_object)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise CannotDecrypt("The key file of this clip is not JSON.")
    return parsed


def _member(parsed: dict[str, Any], name: str) -> str:
    inner = parsed.get("WrappedContentKey")
    found = parsed.get(name, inner.get(name) if isinstance(inner, dict) else None)
    if not isinstance(found, str):
        raise TypeError(name)
    return found
