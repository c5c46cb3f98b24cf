"""Claims ``log`` and ``witnessed``: the entries are in the log, and who has seen it."""

from __future__ import annotations

from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid
from custodes.ledger.entry import EntryInvalid, parse_entry
from custodes.ledger.note import (
    MOST_SIGNATURES,
    Note,
    NoteInvalid,
    NoteMalformed,
    UnknownSigners,
)
from custodes.ledger.policy import NO_QUORUM, UnknownLog, verify_note
from custodes.ledger.proof import LogProof
from custodes.ledger.tree import verify_consistency, verify_inclusion
from custodes.package.errors import PackageMalformed
from custodes.package.statement import CheckpointShown
from custodes.verifier.claims import Claim, Making
from custodes.verifier.evidence import Evidence

_PROOFS = "proofs/"


def check_log(evidence: Evidence) -> Claim:
    """Say whether every entry is in the log, under notes that a known log signed.

    1. Every entry is CJ1 and a custody entry; what is hashed is the bytes that came.
    2. Every note is written as it must be, and says what the package says of it.
    3. Every entry's path leads to the head, and the head begins with every checkpoint.
    4. Proofs for other programs are the same proofs.
    5. The policy names the log, and its key signed every note, with a line here or in the
       full note beside it; a known key with a bad signature refuses the note.
    """
    making = Making("log", evidence.statement.log)
    fault = (
        _read_entries(evidence, making)
        or _check_tree(evidence, making)
        or _check_proof_files(evidence, making)
        or _check_signatures(evidence, making)
    )
    if fault is not None:
        return fault
    evidence.log_proven = True
    entries, head = len(evidence.statement.entries), evidence.statement.head
    said = (
        f"All {entries} entries are in the custody log {evidence.statement.log}, which had"
        f" {head.size} entries then and is signed by its key."
    )
    return making.proven("log.included", said, _unchecked(evidence))


def check_witnessed(evidence: Evidence) -> Claim:
    """Say whether as many as the policy asks for have seen the head, apart from the force."""
    making = Making("witnessed", evidence.statement.log)
    policy = evidence.trust.policy
    if policy is None:
        return making.without_policy()
    if not evidence.log_proven:
        return making.without_log()
    if policy.quorum == NO_QUORUM:
        said = (
            "Your policy asks for no witness: only those who hold earlier checkpoints would see"
            " a rewritten log."
        )
        return making.not_proven("witness.none_asked", said)
    held = evidence.held[evidence.statement.head.size]
    names = ", ".join(held.witnesses) or "nobody"
    if not held.quorum_met:
        said = f"Not enough witnesses of your policy have seen this log: {names}."
        return making.not_proven("witness.quorum_not_met", said)
    said = f"Enough witnesses of your policy have seen this log as it is shown here: {names}."
    return making.proven("witness.quorum_met", said)


def _read_entries(evidence: Evidence, making: Making) -> Claim | None:
    fault = None
    for shown in evidence.statement.entries:
        try:
            evidence.entries[shown.index] = parse_entry(shown.data)
        except (EntryInvalid, ValueError) as error:
            said = f"Entry {shown.index} cannot be read as a custody entry: {error}."
            fault = fault or making.not_proven("log.entry_malformed", said)
    return fault


def _check_tree(evidence: Evidence, making: Making) -> Claim | None:
    statement = evidence.statement
    checkpoints, apart = [], []
    for shown in statement.checkpoints:
        try:
            checkpoints.append(_text_of(evidence, shown))
            if len({note.text for note in evidence.notes(shown)}) > 1:
                apart.append(shown)
        except (NoteInvalid, CheckpointInvalid, PackageMalformed) as error:
            return making.not_proven("note.malformed", f"{shown.note} is no checkpoint: {error}.")
    for shown, checkpoint in zip(statement.checkpoints, checkpoints, strict=True):
        if (checkpoint.origin, checkpoint.size) != (statement.log, shown.size):
            said = f"{shown.note} is of another log or of another size than the package says."
            return making.contradicted("log.checkpoint_differs", said)
    for shown in apart:
        said = f"{shown.full_note} is another checkpoint than {shown.note}."
        return making.contradicted("log.checkpoint_differs", said)
    head = checkpoints[-1]
    for entry in statement.entries:
        leaf = evidence.leaf(entry)
        if not verify_inclusion(leaf, entry.index, head.size, entry.path, head.root):
            said = f"Entry {entry.index} is not in the log that the package shows."
            return making.contradicted("log.not_included", said)
    for shown, old in zip(statement.checkpoints, checkpoints, strict=True):
        if not verify_consistency(old.size, head.size, shown.to_head, old.root, head.root):
            said = f"The log of {old.size} entries is not the beginning of the log of {head.size}."
            return making.contradicted("log.inconsistent", said)
    return None


def _text_of(evidence: Evidence, shown: CheckpointShown) -> Checkpoint:
    checkpoint = Checkpoint.parse(_with_every_line(evidence, shown).text)
    if checkpoint.size == 0:
        raise NoteMalformed("an empty log includes nothing")
    return checkpoint


def _with_every_line(evidence: Evidence, shown: CheckpointShown) -> Note:
    """Return a note with the lines of both places where it may stand, each once."""
    note, *full = evidence.notes(shown)
    for each in full:
        note = note.with_lines(each.signatures)
    if len(note.signatures) > MOST_SIGNATURES:
        raise NoteMalformed("it has too many signatures, in two files")
    return note


def _check_proof_files(evidence: Evidence, making: Making) -> Claim | None:
    head = evidence.note(evidence.statement.head).decode()
    made = {
        f"{_PROOFS}{entry.index}.tlog-proof": str(LogProof(entry.index, entry.path, head)).encode()
        for entry in evidence.statement.entries
    }
    for path, stored in evidence.opened.files.items():
        if path.startswith(_PROOFS) and (
            path not in made
            or stored.size != len(made[path])
            or stored.read_at(0, stored.size) != made[path]
        ):
            said = f"{path} is another proof than the one in proof.json."
            return making.contradicted("log.proof_file_differs", said)
    return None


def _check_signatures(evidence: Evidence, making: Making) -> Claim | None:
    policy = evidence.trust.policy
    if policy is None:
        return making.without_policy()
    unsigned = None
    for shown in evidence.statement.checkpoints:
        try:
            evidence.held[shown.size] = verify_note(policy, str(_with_every_line(evidence, shown)))
        except UnknownLog:
            said = f"Your policy does not name a log called {evidence.statement.log}."
            return making.not_proven("log.unknown", said)
        except UnknownSigners:
            said = f"{shown.note} is not signed by a key of the log that your policy names."
            if shown.full_note not in evidence.opened.files:
                said += f" Its further signatures would be in {shown.full_note}, which is not here."
            unsigned = unsigned or making.not_proven("note.not_signed", said)
        except NoteInvalid as error:
            said = f"{shown.note} has a signature that does not hold: {error}."
            return making.contradicted("note.bad_signature", said)
    return unsigned


def _unchecked(evidence: Evidence) -> list[str]:
    names = sorted({key.name for held in evidence.held.values() for key in held.unchecked})
    return [f"A signature of {name} is of a kind this program cannot check." for name in names]
