"""Keys of signed notes: who may vouch, and what exactly each kind of key signs.

Three kinds (C2SP signed-note v1.0, tlog-cosignature v1.0): plain Ed25519 over the
text (0x01), Ed25519 over the text with a time (0x04, for witnesses), and ML-DSA-44
over a checkpoint with a time (0x06, for logs and witnesses). A key that is read from
text is refused if signatures under it would prove nothing.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid, decoded
from custodes.ledger.weak_keys import why_weak

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME_BYTES = 8


class Kind(IntEnum):
    """The signature types of the specification that this program knows."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    ML_DSA_44 = 0x06


_PUBLIC_SIZE = {Kind.ED25519: 32, Kind.COSIGNATURE: 32, Kind.ML_DSA_44: 1312}
_SIGNATURE_SIZE = {Kind.ED25519: 64, Kind.COSIGNATURE: 64, Kind.ML_DSA_44: 2420}


class KeyInvalid(ValueError):
    """The text is not a key of a known kind, or signatures under it would prove nothing."""


class SignatureWrong(ValueError):
    """The signature is not one that this key made over this text."""


class CannotCheck(Exception):
    """This installation of ``cryptography`` has no ML-DSA-44; nothing is known of the signature."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name, the public key that signs under it, and how it signs."""

    name: str
    public: bytes
    kind: Kind = Kind.ED25519

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that lead each signature of this key."""
        text = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(text).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a ``name+id+key`` line; raises KeyInvalid for what must not be trusted."""
        name, found, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        if not found or not is_name(name):
            raise KeyInvalid("not a verifier key: it has no name")
        try:
            raw = decoded(encoded)
            kind = Kind(raw[0])
        except (CheckpointInvalid, ValueError, IndexError):
            raise KeyInvalid("not a verifier key of a kind that is known here") from None
        key = cls(name, raw[1:], kind)
        if len(key.public) != _PUBLIC_SIZE[kind] or key.key_id.hex() != key_id:
            raise KeyInvalid("the key's name, number and bytes do not belong together")
        if kind is not Kind.ML_DSA_44 and (weak := why_weak(key.public)):
            raise KeyInvalid(f"the key of {name} is refused: {weak}")
        return key

    def check(self, signature: bytes, text: str) -> datetime | None:
        """Return the time that this signature over the text states, or None if it states none.

        ``signature`` is without the key's number. Raises SignatureWrong, or CannotCheck
        where nothing can be said.
        """
        seconds, raw = _split(self.kind, signature)
        at = _EPOCH + timedelta(seconds=seconds) if seconds else None
        try:
            message = _message(self.kind, self.name, seconds, text)
            if self.kind is Kind.ML_DSA_44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(raw, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(raw, message)
        except UnsupportedAlgorithm:
            raise CannotCheck(self.name) from None
        except (InvalidSignature, ValueError):
            raise SignatureWrong(f"the signature of {self.name} does not hold") from None
        return at


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key and the name it signs under. ``kind`` is guessed unless it is a witness's."""

    name: str
    private: Ed25519PrivateKey | MLDSA44PrivateKey
    kind: Kind = Kind.ED25519

    def __post_init__(self) -> None:
        if isinstance(self.private, MLDSA44PrivateKey):
            object.__setattr__(self, "kind", Kind.ML_DSA_44)

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw(), self.kind)

    def sign(self, text: str, at: datetime | None = None) -> bytes:
        """Return key number and signature; ``at`` is needed unless the kind is plain Ed25519."""
        if self.kind is Kind.ED25519:
            return self.verifier.key_id + self.private.sign(text.encode())
        if at is None:
            raise ValueError("this kind of key signs a time too")
        seconds = int((at - _EPOCH).total_seconds())
        signature = self.private.sign(_message(self.kind, self.name, seconds, text))
        return self.verifier.key_id + seconds.to_bytes(_TIME_BYTES, "big") + signature

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r}, {self.kind.name})"


def is_name(text: str) -> bool:
    """Say whether a key may be called so: not empty, no space of any kind, no plus."""
    return bool(text) and "+" not in text and not any(c.isspace() or ord(c) < 0x20 for c in text)


def _split(kind: Kind, signature: bytes) -> tuple[int, bytes]:
    timed = _TIME_BYTES if kind is not Kind.ED25519 else 0
    if len(signature) != timed + _SIGNATURE_SIZE[kind]:
        raise SignatureWrong("the signature has another length than its kind")
    seconds = int.from_bytes(signature[:timed], "big")
    # tlog-cosignature: at most 2^63-1. What no calendar holds is no time either.
    if seconds > (datetime.max.replace(tzinfo=UTC) - _EPOCH).total_seconds():
        raise SignatureWrong("the signature states a time that no calendar holds")
    return seconds, signature[timed:]


def _message(kind: Kind, name: str, seconds: int, text: str) -> bytes:
    match kind:
        case Kind.ED25519:
            return text.encode()
        case Kind.COSIGNATURE:
            # tlog-cosignature, "Ed25519 signed message"
            return f"cosignature/v1\ntime {seconds}\n{text}".encode()
        case Kind.ML_DSA_44:
            # tlog-cosignature, "ML-DSA-44 signed message": struct cosigned_message
            checkpoint = Checkpoint.parse(text, extensions=True)
            return b"".join(
                [
                    b"subtree/v1\n\0",
                    _prefixed(name),
                    seconds.to_bytes(8, "big"),
                    _prefixed(checkpoint.origin),
                    (0).to_bytes(8, "big"),
                    checkpoint.size.to_bytes(8, "big"),
                    checkpoint.root,
                ]
            )


def _prefixed(text: str) -> bytes:
    raw = text.encode()
    if not 1 <= len(raw) <= 255:
        raise CheckpointInvalid("ML-DSA-44 signs names of 1 to 255 bytes")
    return bytes([len(raw)]) + raw
