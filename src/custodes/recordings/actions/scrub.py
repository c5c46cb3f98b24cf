"""Read everything that is stored again, and say of each object whether it is as it was.

Nothing is repaired silently and nothing is deleted, whatever is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import StoreScrubbed
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.intake.actions import OBJECT_KIND
from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.recordings.actions.check import expected
from custodes.recordings.models import Copy, Original
from custodes.vault.scrub import ExpectedObject, Fault, Finding, scrub

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scrub found."""

    checked: int
    findings: tuple[Finding, ...]


def scrub_store(
    *, by: Actor, at: datetime, progress: Callable[[int], None] | None = None
) -> Outcome:
    """Re-hash every stored object and enter the outcome in the record."""
    checked = 0

    def note(objects: int, _: int) -> None:
        nonlocal checked
        checked = objects
        if progress is not None:
            progress(objects)

    findings = tuple(scrub(strongroom.vault(), inventory(), progress=note))
    unsound = sum(finding.fault is not Fault.UNKNOWN for finding in findings)
    with transaction.atomic():
        scrubbed = StoreScrubbed(
            checked=checked,
            sound=checked - unsound,
            faults=len(findings),
            findings=" ".join(finding.sentence for finding in findings)[:20_000],
        )
        record(scrubbed, subject=log_handle(), by=by, at=at)
    return Outcome(checked, findings)


def inventory() -> Iterator[ExpectedObject]:
    """Yield everything the vault must hold: originals, copies, and what is in quarantine."""
    for original in Original.objects.order_by("pk").iterator(_BATCH):
        yield expected(original)
    copies = Copy.objects.select_related("original").order_by("pk")
    for copy in copies.iterator(_BATCH):
        yield _expected_copy(copy)
    held = Upload.objects.filter(state__in=[State.QUARANTINED, State.RECEIVED], original=None)
    for upload in held.exclude(sha256="").order_by("pk").iterator(_BATCH):
        yield ExpectedObject(
            handle=upload.handle,
            kind=OBJECT_KIND,
            wrapped_key=upload.key,
            plain_size=upload.received,
            sha256=bytes.fromhex(upload.sha256),
            chunk_root=bytes(upload.chunk_root) if upload.chunk_root else None,
        )


def log_handle() -> str:
    """Return the handle of the log itself, the subject of what happens to the whole store."""
    subject: str = Entry.objects.only("subject").get(index=0).subject
    return subject


def _expected_copy(copy: Copy) -> ExpectedObject:
    return ExpectedObject(
        handle=copy.handle,
        kind=copy.purpose,
        wrapped_key=copy.original.key,
        plain_size=copy.size,
        sha256=bytes.fromhex(copy.sha256),
        purpose=f"copy: {copy.purpose}",
    )
