"""Signed notes: a few lines of text and who vouches for them (C2SP signed-note v1.0).

Used for receipts, checkpoints of the log and what witnesses sign. Lines by unknown
keys are passed over when reading, as the specification asks; a known key with a bad
signature refuses the note. Nothing in a note says whom to believe: the caller
brings the keys.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from custodes.ledger.checkpoint import CheckpointInvalid, decoded
from custodes.ledger.keys import (
    CannotCheck,
    KeyInvalid,
    Kind,
    SignatureWrong,
    SignerKey,
    VerifierKey,
    is_name,
)

__all__ = [
    "KeyInvalid",
    "Kind",
    "Note",
    "NoteInvalid",
    "NoteMalformed",
    "Signature",
    "SignerKey",
    "UnknownSigners",
    "VerifierKey",
    "Vouched",
    "WrongSignature",
    "check_note",
    "open_note",
    "sign_note",
]

_DASH = "\N{EM DASH} "
MOST_SIGNATURES = 64
MOST_BYTES = 1 << 20
_SHORT = 8 + 64  # what a witness's Ed25519 line holds: the time and the signature
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteInvalid(ValueError):
    """The note is malformed, or no known key vouches for it. ``code`` is a stable word."""

    code = "note-invalid"


class NoteMalformed(NoteInvalid):
    """The note is not written as the specification says."""

    code = "note-malformed"


class WrongSignature(NoteInvalid):
    """A known key's line holds a signature that it did not make over this text."""

    code = "signature-wrong"


class UnknownSigners(NoteInvalid):
    """No known key signed the note."""

    code = "signers-unknown"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: whose it says it is, the number of their key, and the rest."""

    name: str
    key_id: bytes
    rest: bytes

    def line(self) -> str:
        """Return the line as it stands in the note."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.rest).decode()}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Say whether the line claims to be by this key; both name and number must agree."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A note taken apart. Nothing has been checked but how it is written."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str | bytes) -> Note:
        """Take a note apart; raises NoteMalformed."""
        text, separator, rest = _as_text(note).rpartition("\n\n")
        # The *last* empty line parts the text from the signatures.
        if not separator or not rest.endswith("\n"):
            raise NoteMalformed("the note has no signatures")
        return cls(text + "\n", parse_signatures(rest))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(each.line() for each in self.signatures)

    def only(self, *keys: VerifierKey) -> Note:
        """Return the note with the lines of these keys only."""
        kept = (each for each in self.signatures if any(each.is_by(key) for key in keys))
        return Note(self.text, tuple(kept))

    def brief(self) -> Note:
        """Return the note with its short lines only, those of Ed25519; itself if it has none.

        A line of ML-DSA-44 takes 3.3 kB, where all else that shows a clip takes less than five.
        """
        short = tuple(each for each in self.signatures if len(each.rest) <= _SHORT)
        return Note(self.text, short or self.signatures)

    def with_lines(self, signatures: Iterable[Signature]) -> Note:
        """Return the note with further lines; what stands there already is not doubled."""
        new = [each for each in signatures if each not in self.signatures]
        return Note(self.text, (*self.signatures, *new))


@dataclass(frozen=True, slots=True)
class Vouched:
    """A known key that signed, and the time its signature states, if it states one.

    ``checked`` is False where this installation cannot check that kind of signature.
    """

    key: VerifierKey
    at: datetime | None
    checked: bool = True


def sign_note(text: str, *signers: SignerKey, at: datetime | None = None) -> str:
    """Return the note: the text, which must end in a newline, and one line a signer.

    ``at`` is the time that signers of kinds with a time sign.
    """
    if not text.endswith("\n") or _CONTROL.search(text):
        raise NoteMalformed("a note is lines of text, the last one ended too")
    made = ((signer.name, signer.sign(text, at)) for signer in signers)
    return str(Note(text, tuple(Signature(name, raw[:4], raw[4:]) for name, raw in made)))


def open_note(note: str | bytes, *keys: VerifierKey) -> str:
    """Return the text of a note that at least one of the known keys signed.

    Raises NoteInvalid when it is malformed, when no known key signed, or when a
    known key's signature does not hold.
    """
    parsed = Note.parse(note)
    if not any(each.checked for each in check_note(parsed, keys)):
        raise UnknownSigners("no known key signed the note")
    return parsed.text


def check_note(note: Note, keys: Iterable[VerifierKey]) -> list[Vouched]:
    """Return which of the known keys signed; raises WrongSignature if one of them did not.

    An empty list means that nobody known vouches for the text.
    """
    known = list(keys)
    return [
        _check(key, each, note.text) for each in note.signatures for key in known if each.is_by(key)
    ]


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines, each ended by a newline; raises NoteMalformed."""
    if not lines.endswith("\n"):
        raise NoteMalformed("a signature line is not ended")
    split = lines[:-1].split("\n")
    if len(split) > MOST_SIGNATURES:
        raise NoteMalformed(f"more than {MOST_SIGNATURES} signatures")
    return tuple(_signature(line) for line in split)


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise NoteMalformed("a signature line does not start with a dash")
    name, _, encoded = line[len(_DASH) :].partition(" ")
    try:
        raw = decoded(encoded)
    except CheckpointInvalid:
        raise NoteMalformed("a signature is not base64") from None
    if not is_name(name) or len(raw) < 5:
        raise NoteMalformed("a signature line has no name or is too short")
    return Signature(name, raw[:4], raw[4:])


def _check(key: VerifierKey, signature: Signature, text: str) -> Vouched:
    try:
        return Vouched(key, key.check(signature.rest, text))
    except CannotCheck:
        return Vouched(key, None, checked=False)
    except SignatureWrong as wrong:
        raise WrongSignature(str(wrong)) from None


def _as_text(note: str | bytes) -> str:
    try:
        raw = note.encode() if isinstance(note, str) else note
        text = raw.decode()
    except UnicodeError:
        raise NoteMalformed("the note is not UTF-8") from None
    if len(raw) > MOST_BYTES:
        raise NoteMalformed(f"the note is longer than {MOST_BYTES} bytes")
    if _CONTROL.search(text):
        raise NoteMalformed("the note holds control characters")
    return text
