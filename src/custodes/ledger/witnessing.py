"""Have a checkpoint cosigned: what is said between a log and a witness (C2SP tlog-witness v1.0).

Both sides speak through :class:`Submission`; :func:`submit` is the log's side over
HTTP. What a witness answers is believed only as far as its own signature goes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from custodes.ledger.checkpoint import CheckpointInvalid, decimal, decoded
from custodes.ledger.keys import VerifierKey
from custodes.ledger.note import (
    Note,
    NoteInvalid,
    NoteMalformed,
    Signature,
    check_note,
    parse_signatures,
)
from custodes.ledger.tree import HASH_SIZE

MOST_BYTES = 512 * 1024
MOST_HASHES = 63
SIZE_TYPE = "text/x.tlog.size"


class SubmissionInvalid(ValueError):
    """The bytes are not the body of an add-checkpoint request."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint for a witness: what it last saw, the proof from there, and the signed note."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def body(self) -> bytes:
        """Return the body of the request."""
        hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in self.proof)
        return f"old {self.old}\n{hashes}\n{self.note}".encode()

    @classmethod
    def parse(cls, body: bytes) -> Submission:
        """Read the body of a request; raises SubmissionInvalid."""
        if len(body) > MOST_BYTES:
            raise SubmissionInvalid(f"the body is longer than {MOST_BYTES} bytes")
        head, found, note = body.partition(b"\n\n")
        first, *hashes = head.decode("ascii", "replace").split("\n")
        if not found or not first.startswith("old ") or len(hashes) > MOST_HASHES:
            raise SubmissionInvalid("there is no line with the old size, or the proof is too long")
        try:
            proof = tuple(decoded(line) for line in hashes)
            old = decimal(first.removeprefix("old "))
            parsed = Note.parse(note)
        except (CheckpointInvalid, NoteMalformed) as error:
            raise SubmissionInvalid(str(error)) from None
        if any(len(each) != HASH_SIZE for each in proof):
            raise SubmissionInvalid("a hash of the proof is not 32 bytes")
        return cls(old, proof, parsed)


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness cosigned; these lines by its known keys hold over the checkpoint."""

    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The witness has last seen the log at this size; send the proof from there."""

    size: int


@dataclass(frozen=True, slots=True)
class NotCosigned:
    """The witness did not cosign. ``is_fork`` says that it found the log not to have only grown."""

    said: str
    is_fork: bool = False


Answer = Cosigned | Seen | NotCosigned


def submit(
    http: httpx.Client, url: str, submission: Submission, keys: Iterable[VerifierKey]
) -> Answer:
    """Send a checkpoint to a witness and return what came of it; ``url`` is its prefix.

    Never raises for what the other side or the network does.
    """
    try:
        answer = http.post(f"{url.rstrip('/')}/add-checkpoint", content=submission.body())
        said = answer.text[:200].strip()
        match answer.status_code:
            case 200:
                return _cosigned(submission.note, answer.text, list(keys))
            case 409:
                return Seen(decimal(answer.text.removesuffix("\n")))
            case 422:
                return NotCosigned(f"It answered 422: {said}", is_fork=True)
    except httpx.HTTPError as error:
        return NotCosigned(f"It cannot be reached ({type(error).__name__}).")
    except (NoteInvalid, CheckpointInvalid, ValueError) as error:
        return NotCosigned(f"Its answer cannot be read: {error}.")
    return NotCosigned(f"It answered {answer.status_code}: {said}")


def _cosigned(note: Note, text: str, keys: list[VerifierKey]) -> Answer:
    # "The client MUST ignore any cosignatures from unknown keys."
    answered = Note(note.text, parse_signatures(text)).only(*keys)
    good = [each for each in check_note(answered, keys) if each.checked and each.at]
    if not good:
        return NotCosigned("It answered with no cosignature by a key that is known here.")
    return Cosigned(answered.signatures)
