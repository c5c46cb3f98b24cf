"""Wrap a million data keys anew: AES key wrap (RFC 3394) on many keys in one go.

The same bytes as one key at a time, which a test holds it to. Every step of the
standard is one pass of AES over a block of each key, so that the work is done by
the cipher and not by a loop around it.
"""

from __future__ import annotations

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from numpy.typing import NDArray

from custodes.vault.errors import DamagedWrap

WRAPPED = 40
_HALF = 8
_PARTS = 4
# RFC 3394 s2.2.3.1: what the first half of an unwrapped key must be.
_INITIAL = 0xA6
_ROUNDS = 6

Blocks = NDArray[np.uint8]


def rewrap(packed: bytes, old: bytes, new: bytes) -> bytes:
    """Return wrapped keys, 40 bytes each and in the same order, wrapped by another key.

    Raises DamagedWrap, naming the place of the first, when one was not wrapped by
    ``old``: then none is returned. Plain keys are in memory while this runs.
    """
    if len(packed) % WRAPPED:
        raise ValueError(f"wrapped keys are {WRAPPED} bytes each")
    keys = np.frombuffer(packed, np.uint8).reshape(-1, WRAPPED)
    return _wrap(_unwrap(keys, old), new).tobytes()


def _unwrap(wrapped: Blocks, key: bytes) -> Blocks:
    """RFC 3394 s2.2.2, by index: from the last step back to the first."""
    decryptor = Cipher(AES(key), ECB()).decryptor()  # noqa: S305 - the primitive of key wrap
    first, parts = wrapped[:, :_HALF].copy(), wrapped[:, _HALF:].copy()
    for step in range(_ROUNDS * _PARTS, 0, -1):
        part = _part(parts, step)
        first[:, -1] ^= np.uint8(step)
        block = _pass(decryptor, np.hstack([first, part]))
        first[:], part[:] = block[:, :_HALF], block[:, _HALF:]
    wrong = np.flatnonzero((first != _INITIAL).any(axis=1))
    if wrong.size:
        raise DamagedWrap(f"The wrapped key in place {wrong[0]} does not open.")
    return parts


def _wrap(parts: Blocks, key: bytes) -> Blocks:
    """RFC 3394 s2.2.1, by index."""
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - the primitive of key wrap
    first = np.full((len(parts), _HALF), _INITIAL, np.uint8)
    for step in range(1, _ROUNDS * _PARTS + 1):
        part = _part(parts, step)
        block = _pass(encryptor, np.hstack([first, part]))
        first[:], part[:] = block[:, :_HALF], block[:, _HALF:]
        # The counter is 64 bits, big-endian; it never passes 24, so one byte holds it.
        first[:, -1] ^= np.uint8(step)
    return np.hstack([first, parts])


def _part(parts: Blocks, step: int) -> Blocks:
    at = (step - 1) % _PARTS * _HALF
    return parts[:, at : at + _HALF]


def _pass(cipher: CipherContext, blocks: Blocks) -> Blocks:
    return np.frombuffer(cipher.update(blocks.tobytes()), np.uint8).reshape(blocks.shape)
