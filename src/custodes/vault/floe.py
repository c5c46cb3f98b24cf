"""FLOE: encryption of large files with random access (C2SP, c2sp.org/FLOE).

One :class:`Floe` is the state of one ciphertext: it seals and opens segments by
position. Only arithmetic on buffers happens here; files are for others. Names in
capitals are the specification's. AES-256-GCM and HKDF-Expand come from
``cryptography``; this file only puts them together.
"""

from __future__ import annotations

import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from custodes.kernel.errors import Damaged

KEY_SIZE = 32
_IV = 32  # FLOE_IV_LEN
_NONCE = 12  # AEAD_IV_LEN
_TAG = 16  # AEAD_TAG_LEN
_HEADER_TAG = 32
_INTERNAL = 0xFFFFFFFF  # the length field of every segment but the final one

#: PARAM_ENCODE, IV and header tag.
HEADER_SIZE = 10 + _IV + _HEADER_TAG
#: What a segment is longer than its plaintext: length, nonce and tag.
OVERHEAD = 4 + _NONCE + _TAG


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of FLOE that may differ; AEAD, KDF and IV length are fixed.

    ``rotation_bits`` is AEAD_ROTATION_MASK: 20 always, except in the published
    known-answer tests of key rotation.
    """

    segment_size: int = 65_536
    rotation_bits: int = 20

    @property
    def plain_size(self) -> int:
        """Return how many plaintext bytes a full segment holds."""
        return self.segment_size - OVERHEAD

    def encoded(self) -> bytes:
        """Return PARAM_ENCODE: AEAD 0 is AES-256-GCM, KDF 0 is HKDF-Expand-SHA-384."""
        return struct.pack(">BBII", 0, 0, self.segment_size, _IV)


PRODUCTION = Params()


class Floe:
    """The state of one ciphertext; safe to share between threads."""

    def __init__(self, key: bytes, aad: bytes, iv: bytes, params: Params) -> None:
        if len(key) != KEY_SIZE:
            raise ValueError(f"a FLOE key has {KEY_SIZE} bytes, not {len(key)}")
        self.params = params
        self._iv = iv
        self._aad = aad
        self._message_key = self._kdf(key, b"MESSAGE_KEY:", 48)
        tag = self._kdf(key, b"HEADER_TAG:", _HEADER_TAG)
        self.header = params.encoded() + iv + tag
        self._aeads: dict[int, AESGCM] = {}

    @classmethod
    def start(cls, key: bytes, aad: bytes, params: Params = PRODUCTION) -> Floe:
        """Begin a new ciphertext with a fresh random IV (startEncryption)."""
        return cls(key, aad, os.urandom(_IV), params)

    @classmethod
    def open(cls, key: bytes, aad: bytes, header: bytes, params: Params = PRODUCTION) -> Floe:
        """Take up an existing ciphertext (startDecryption).

        Raises Damaged when the header is not of these parameters, or was not
        made with exactly this key and these associated data.
        """
        if len(header) != HEADER_SIZE or header[:10] != params.encoded():
            raise Damaged("The header of the sealed object is not one of ours.")
        floe = cls(key, aad, header[10 : 10 + _IV], params)
        if not hmac.compare_digest(floe.header, header):
            raise Damaged("The header of the sealed object does not match its key and its name.")
        return floe

    def seal_into(
        self, position: int, plain: memoryview, out: memoryview, *, final: bool = False
    ) -> int:
        """Seal one segment into ``out`` and return its length (encryptSegment).

        Only the final segment may be shorter than full; ``out`` must have room.
        """
        full = self.params.plain_size
        if len(plain) > full or (len(plain) < full and not final):
            raise ValueError(f"a segment of {len(plain)} bytes cannot stand at position {position}")
        length = len(plain) + OVERHEAD
        nonce = os.urandom(_NONCE)
        struct.pack_into(">I12s", out, 0, length if final else _INTERNAL, nonce)
        self._aead(position).encrypt_into(
            nonce, plain, _segment_aad(position, final), out[4 + _NONCE : length]
        )
        return length

    def open_into(
        self, position: int, sealed: memoryview, out: memoryview, *, final: bool = False
    ) -> int:
        """Open one segment into ``out`` and return the plaintext length (decryptSegment).

        Raises Damaged when anything about the segment is not as it was sealed,
        its position and whether it is the last included.
        """
        size = self._plain_size(position, sealed, final)
        try:
            return self._aead(position).decrypt_into(
                bytes(sealed[4 : 4 + _NONCE]),
                sealed[4 + _NONCE :],
                _segment_aad(position, final),
                out[:size],
            )
        except InvalidTag:
            raise _changed(position) from None

    def opened(self, position: int, sealed: memoryview) -> bytes:
        """Return the plaintext of an internal segment as bytes of its own; raises Damaged.

        Quicker than :meth:`open_into` where the plaintext is given away: nothing copies it.
        """
        self._plain_size(position, sealed, final=False)
        nonce, rest = bytes(sealed[4 : 4 + _NONCE]), sealed[4 + _NONCE :]
        try:
            return self._aead(position).decrypt(nonce, rest, _segment_aad(position, final=False))
        except InvalidTag:
            raise _changed(position) from None

    def _plain_size(self, position: int, sealed: memoryview, final: bool) -> int:
        size = len(sealed) - OVERHEAD
        expected = len(sealed) if final else _INTERNAL
        full = self.params.plain_size
        if (
            not (0 <= size <= full if final else size == full)
            or int.from_bytes(sealed[:4]) != expected
        ):
            raise Damaged(f"Segment {position} of the sealed object is cut short or out of place.")
        return size

    def _aead(self, position: int) -> AESGCM:
        """Return DERIVE_KEY for the position: one key for 2^20 segments (64 GiB)."""
        masked = position >> self.params.rotation_bits << self.params.rotation_bits
        aead = self._aeads.get(masked)
        if aead is None:
            purpose = b"DEK:" + masked.to_bytes(8)
            aead = AESGCM(self._kdf(self._message_key, purpose, KEY_SIZE))
            self._aeads[masked] = aead
        return aead

    def _kdf(self, key: bytes, purpose: bytes, length: int) -> bytes:
        """Return FLOE_KDF(key, iv, aad, purpose, length)."""
        info = self.params.encoded() + self._iv + purpose + self._aad
        return HKDFExpand(SHA384(), length, info).derive(key)


def _changed(position: int) -> Damaged:
    return Damaged(f"Segment {position} of the sealed object was changed.")


def _segment_aad(position: int, final: bool) -> bytes:
    # aead_aad = I2BE(position, 8) || aad_tail
    return struct.pack(">Q?", position, final)
