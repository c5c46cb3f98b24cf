"""Signed notes: a few lines of text and who vouches for them (C2SP signed-note v1.0).

Used for receipts now and for checkpoints of the log. Only Ed25519 signatures
are made here; lines by unknown keys are passed over when reading, as the
specification asks, and a known key with a bad signature refuses the note.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_DASH = "\N{EM DASH} "
_MAX_SIGNATURES = 64


class NoteInvalid(ValueError):
    """The note is malformed, or no known key vouches for it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and the public key that signs under it."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that lead each signature of this key."""
        text = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(text).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a ``name+id+key`` line; raises NoteInvalid when its parts disagree."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteInvalid(f"not a verifier key: {error}") from None
        key = cls(name, raw[1:])
        if raw[:1] != ED25519 or len(raw) != 33 or key.key_id.hex() != key_id:
            raise NoteInvalid("the key's name, number and bytes do not belong together")
        return key


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key and the name it signs under."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"


def sign_note(text: str, *signers: SignerKey) -> str:
    """Return the note: the text, which must end in a newline, and one line a signer."""
    if not text.endswith("\n") or any(ord(c) < 0x20 and c != "\n" for c in text):
        raise NoteInvalid("a note is lines of text, the last one ended too")
    lines = [text, "\n"]
    for signer in signers:
        signature = signer.verifier.key_id + signer.private.sign(text.encode())
        lines.append(f"{_DASH}{signer.name} {base64.b64encode(signature).decode()}\n")
    return "".join(lines)


def open_note(note: str, *keys: VerifierKey) -> str:
    """Return the text of a note that at least one of the known keys signed.

    Raises NoteInvalid when it is malformed, when no known key signed, or when a
    known key's signature does not hold.
    """
    # C2SP signed-note: the *last* empty line parts the text from the signatures.
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise NoteInvalid("the note has no signatures")
    text += "\n"
    lines = signatures[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise NoteInvalid(f"more than {_MAX_SIGNATURES} signatures")

    vouched = False
    for line in lines:
        name, raw = _signature(line)
        for key in keys:
            if key.name == name and key.key_id == raw[:4]:
                _check(key, raw[4:], text)
                vouched = True
    if not vouched:
        raise NoteInvalid("no known key signed the note")
    return text


def _signature(line: str) -> tuple[str, bytes]:
    if not line.startswith(_DASH):
        raise NoteInvalid("a signature line does not start with a dash")
    name, _, encoded = line[len(_DASH) :].partition(" ")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise NoteInvalid("a signature is not base64") from None
    if not name or len(raw) < 5:
        raise NoteInvalid("a signature line is too short")
    return name, raw


def _check(key: VerifierKey, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        raise NoteInvalid(f"the signature of {key.name} does not hold") from None
