"""Read a recording's sealed files again and say what that proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import RecordingChecked
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.intake.actions import OBJECT_KIND
from custodes.kernel.digest import b64u
from custodes.ledger.entry import parse_entry
from custodes.ledger.tree import leaf_hash
from custodes.media.commitment import salted
from custodes.recordings.arriving import salt_of
from custodes.recordings.models import Original, Recording
from custodes.vault.scrub import ExpectedObject, check_object


@dataclass(frozen=True, slots=True)
class Proof:
    """What one check of one file showed: a sentence, and whether it holds."""

    holds: bool
    sentence: str


def check_recording(recording: Recording, *, by: Actor, at: datetime) -> list[Proof]:
    """Check every original and the record of it, and write the outcome down.

    Nothing is repaired and nothing is deleted, whatever is found.
    """
    proofs = list(_chain(recording))
    for original in recording.originals.all():
        proofs.extend(_check(original))
    faults = [proof.sentence for proof in proofs if not proof.holds]
    outcome = " ".join(faults) if faults else "everything is as it was sealed."
    with transaction.atomic():
        checked = RecordingChecked(
            sound=len(proofs) - len(faults), faults=len(faults), outcome=outcome[:2000]
        )
        record(checked, subject=recording.handle, by=by, at=at)
        if not faults:
            recording.originals.update(checked_at=at)
    return proofs


def expected(original: Original) -> ExpectedObject:
    """Return what the vault must hold for an original."""
    return ExpectedObject(
        handle=original.handle,
        kind=OBJECT_KIND,
        wrapped_key=original.key,
        plain_size=original.size,
        sha256=bytes.fromhex(original.sha256),
        chunk_root=bytes(original.chunk_root),
    )


def _check(original: Original) -> Iterator[Proof]:
    finding = check_object(strongroom.vault(), expected(original))
    if finding is not None:
        yield Proof(holds=False, sentence=f"{original.name}: {finding.sentence}")
        return
    yield Proof(
        holds=True,
        sentence=(
            f"{original.name}: all {original.size:,} bytes were read again and are, bit for bit, "
            f"what was received (SHA-256 {original.sha256})."
        ),
    )
    yield _committed(original)


def _committed(original: Original) -> Proof:
    """Compare with the commitment in the custody entry of the day it was sealed."""
    for entry in Entry.objects.filter(
        subject=original.recording.handle, kind="recording.ingested"
    ).order_by("number"):
        facts = parse_entry(bytes(entry.data)).facts
        if facts.get("o") != original.handle:
            continue
        committed = b64u(salted("file", salt_of(original), bytes.fromhex(original.sha256)))
        holds = facts.get("fc") == committed
        verb = "is" if holds else "is NOT"
        said = f"{original.name}: this {verb} what custody entry {entry.index} committed to."
        return Proof(holds=holds, sentence=said)
    return Proof(
        holds=False, sentence=f"{original.name}: no custody entry says when it was sealed."
    )


def _chain(recording: Recording) -> Iterator[Proof]:
    previous: bytes | None = None
    number = -1
    for number, entry in enumerate(
        Entry.objects.filter(subject=recording.handle).order_by("number")
    ):
        data = bytes(entry.data)
        public = parse_entry(data)
        unbroken = public.number == number and public.previous == previous
        if not unbroken or leaf_hash(data) != bytes(entry.leaf):
            said = f"The custody record is broken at entry {entry.index}."
            yield Proof(holds=False, sentence=said)
            return
        previous = leaf_hash(data)
    said = f"The custody record has {number + 1} entries, in an unbroken chain."
    yield Proof(holds=number >= 0, sentence=said)
