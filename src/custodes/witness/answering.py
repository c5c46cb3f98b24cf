"""Answer one add-checkpoint request, step by step as the specification has them.

The answer is made and what it promises is remembered in one transaction: of two
requests at once, the second sees what the first was answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from custodes.kernel.digest import sha256
from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid, EmptyTreeHasOneRoot
from custodes.ledger.note import Note, NoteInvalid, SignerKey, check_note, sign_note
from custodes.ledger.tree import EMPTY_ROOT, verify_consistency
from custodes.ledger.witnessing import SIZE_TYPE, Submission, SubmissionInvalid
from custodes.witness import evidence
from custodes.witness.memory import Held, Memory, Remembered

_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: an HTTP status and its body."""

    status: int
    body: str
    kind: str = _PLAIN


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness in its home folder. ``clock`` gives the time that is signed."""

    home: Path
    memory: Memory
    signers: tuple[SignerKey, ...]
    clock: Callable[[], datetime]

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer a request; C2SP tlog-witness, "add-checkpoint"."""
        try:
            submission = Submission.parse(body)
            checkpoint = Checkpoint.parse(submission.note.text, extensions=True)
        except EmptyTreeHasOneRoot as error:
            return self._misshapen(submission.note, str(error))
        except (SubmissionInvalid, CheckpointInvalid) as error:
            return Reply(400, f"{error}\n")
        with self.memory.locked() as held:
            return self._answer(held, submission, checkpoint)

    def published(self, origin_hash: str) -> Reply:
        """Answer with the newest cosigned checkpoint of a log; "Monitor Retrieval Mechanism"."""
        note = self.memory.published(origin_hash)
        return (
            Reply(404, "No checkpoint of that log was cosigned here.\n")
            if note is None
            else (Reply(200, note))
        )

    def _answer(self, held: Held, submission: Submission, checkpoint: Checkpoint) -> Reply:
        # 1. The log is known, and a key of it signed; a known key that did not is no signature.
        if refused := self._not_signed(held, submission.note, checkpoint.origin):
            return refused
        # 2. The old size is not beyond the new one, and is what was cosigned last.
        if submission.old > checkpoint.size:
            return Reply(400, "The old size is larger than the checkpoint's.\n")
        last = held.last(checkpoint.origin)
        if submission.old != (last.size if last else 0):
            return Reply(409, f"{last.size if last else 0}\n", SIZE_TYPE)
        # 3. The log has only grown since.
        if why := _why_not_grown(submission, checkpoint, last.root if last else EMPTY_ROOT):
            if last:
                evidence.keep(self.home, why, last.note, str(submission.note), self.clock())
            return Reply(422, f"{why}\n")
        # 4. Cosign, remember, and only then answer.
        text = submission.note.text
        lines = Note.parse(sign_note(text, *self.signers, at=self.clock()))
        kept = submission.note.only(*held.keys_of(checkpoint.origin)).with_lines(lines.signatures)
        remembered = Remembered(checkpoint.size, checkpoint.root, str(kept))
        held.remember(checkpoint.origin, hash_of(checkpoint.origin), remembered)
        return Reply(200, "".join(line.line() for line in lines.signatures))

    def _not_signed(self, held: Held, note: Note, origin: str) -> Reply | None:
        keys = held.keys_of(origin)
        if not keys:
            return Reply(404, "This witness does not know the log.\n")
        try:
            signed = any(each.checked for each in check_note(note, keys))
        except NoteInvalid as error:
            return Reply(403, f"{error}\n")
        return None if signed else Reply(403, "No key of the log that is known here signed.\n")

    def _misshapen(self, note: Note, why: str) -> Reply:
        with self.memory.locked() as held:
            return self._not_signed(held, note, note.text.partition("\n")[0]) or Reply(
                422, f"{why}\n"
            )


def hash_of(origin: str) -> str:
    """Return the name under which a log's newest checkpoint is served."""
    return sha256(origin.encode()).hex()


def _why_not_grown(submission: Submission, checkpoint: Checkpoint, root: bytes) -> str | None:
    if submission.old == checkpoint.size and root != checkpoint.root:
        return "Another root was cosigned for this very size: the log has two histories."
    proof = submission.proof
    if not verify_consistency(submission.old, checkpoint.size, proof, root, checkpoint.root):
        return "The proof does not show that the log only grew since the last cosigned checkpoint."
    return None
