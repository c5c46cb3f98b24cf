"""One visit to a log: what it signed, what it holds, and what the last visit saw.

1. The checkpoint is read and, under a policy, its signatures are checked.
2. All entries up to its size are replayed; their root must be the one signed.
3. If an earlier visit was remembered, its entries must be the beginning of these; those of
   a log whose end was lost as far as its successor has them.
4. What was seen is remembered, unless the history was rewritten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from custodes.kernel.durable import write_over
from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid
from custodes.ledger.monitor.exported import ExportedLog, Missing
from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.names import Earlier
from custodes.ledger.monitor.replay import Replay
from custodes.ledger.note import Note, NoteInvalid, WrongSignature
from custodes.ledger.policy import Policy, verify_note


class CannotCheck(Exception):
    """There is nothing to say: the checkpoint, the policy or what was remembered is unusable."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a visit found, and over how much."""

    origin: str
    size: int
    entries: int
    subjects: int
    last_at: str
    findings: Findings

    @property
    def is_clean(self) -> bool:
        """Say whether nothing is wrong; there may be things worth knowing."""
        return not self.findings.faults


def visit(folder: Path, *, policy: Policy | None = None, state: Path | None = None) -> Report:
    """Replay the log exported into a folder; raises CannotCheck where nothing can be said.

    Without a policy nobody vouches for the checkpoint: then the entries are only
    shown to be those of the root in it. ``state`` is a file this remembers between
    visits; it may not be there yet.
    """
    log, findings = ExportedLog(folder), Findings()
    try:
        note = log.checkpoint()
    except Missing as missing:
        raise CannotCheck(f"{missing} in {folder}.") from None
    checkpoint = _checked(note, policy, findings)
    earlier = _remembered(state, checkpoint, findings)
    replay = Replay(log, findings)
    try:
        root = replay.run(checkpoint.size, earlier)
        if root != checkpoint.root:
            findings.fault(
                "root", None, f"The {checkpoint.size} entries do not have the root that was signed."
            )
    except Missing as missing:
        findings.fault(
            "missing", replay.entries, f"the log cannot be read from here on: {missing}."
        )
    if replay.origin not in ("", checkpoint.origin):
        findings.fault(
            "genesis",
            0,
            f"the log calls itself {replay.origin}, its checkpoint {checkpoint.origin}.",
        )
    if earlier and replay.entries == checkpoint.size and not replay.has_had(earlier.origin):
        raise CannotCheck(f"{state} remembers another log: {earlier.origin}.")
    report = Report(
        checkpoint.origin,
        checkpoint.size,
        replay.entries,
        replay.subjects,
        replay.last_at,
        findings,
    )
    if state is not None:
        _remember(state, checkpoint, note, findings)
    return report


def _checked(note: bytes, policy: Policy | None, findings: Findings) -> Checkpoint:
    try:
        if policy is None:
            findings.notice(
                "unsigned", None, "No policy was given, so nobody's signature was checked."
            )
            return Checkpoint.parse(Note.parse(note).text)
        held = verify_note(policy, note)
    except WrongSignature as wrong:
        findings.fault("signature", None, f"A signature of the checkpoint does not hold: {wrong}.")
        return Checkpoint.parse(Note.parse(note).text)
    except (NoteInvalid, CheckpointInvalid) as error:
        raise CannotCheck(f"The checkpoint cannot be used: {error}.") from None
    if not held.quorum_met:
        findings.notice(
            "unwitnessed", None, "Fewer witnesses than the policy asks for saw this checkpoint."
        )
    return held.checkpoint


def _remembered(state: Path | None, checkpoint: Checkpoint, findings: Findings) -> Earlier | None:
    if state is None or not state.exists():
        return None
    try:
        seen = json.loads(state.read_text())
        before = Checkpoint.parse(Note.parse(seen["checkpoint"]).text)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotCheck(f"What was remembered in {state} cannot be read: {error}.") from None
    if before.origin == checkpoint.origin and before.size > checkpoint.size:
        findings.fault(
            "rolled-back",
            None,
            f"The log had {before.size} entries at the last visit and has {checkpoint.size} now.",
        )
        return None
    return Earlier(before.origin, before.size, before.root)


def _remember(state: Path, checkpoint: Checkpoint, note: bytes, findings: Findings) -> None:
    """Replace what was remembered, durably; what proves a rewritten history stays as it is."""
    against = {"forked", "rolled-back", "root", "missing", "signature"}
    if any(finding.code in against for finding in findings.found):
        return
    value = {"origin": checkpoint.origin, "size": checkpoint.size, "checkpoint": note.decode()}
    write_over(state, json.dumps(value).encode())
