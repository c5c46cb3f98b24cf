"""What is late or missing of all that makes the log checkable, as facts and in sentences.

For pages, the doctor and Today. No names of persons, and nothing of any recording: whoever
runs the installation may know all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from custodes.custody import guard
from custodes.custody.errors import LogBehind
from custodes.custody.log import own_checkpoints
from custodes.custody.models import Head, Outsider
from custodes.custody.outside import SettingUnclear, witnesses

# Custody format s3.2. A checkpoint is due within 10 seconds; a minute spares false alarms.
CHECKPOINT_LATE = timedelta(minutes=1)
WITNESS_LATE = timedelta(minutes=30)
AUTHORITY_LATE = timedelta(hours=3)
# Two heartbeats missed.
SILENT = timedelta(minutes=31)


class Fault(StrEnum):
    """What can be wrong with the log as others see it."""

    BEHIND = "behind"
    CHECKPOINT_LATE = "checkpoint-late"
    SILENT = "silent"
    WITNESS_LATE = "witness-late"
    AUTHORITY_LATE = "authority-late"
    NO_WITNESS = "no-witness"
    SETTING = "setting"


#: Of these nobody may go on working as if nothing were wrong.
GRAVE = frozenset({Fault.BEHIND, Fault.CHECKPOINT_LATE, Fault.SILENT, Fault.SETTING})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is late or missing: what, since when, a sentence, and what to do."""

    fault: Fault
    since: datetime | None
    sentence: str
    advice: str

    @property
    def is_grave(self) -> bool:
        """Say whether the log cannot be relied on until this is mended."""
        return self.fault in GRAVE


def log_health(at: datetime) -> list[Finding]:
    """Return what is late or missing, the gravest first. Asks nobody outside."""
    findings = [*_behind(), *_late(at), *_outsiders(at)]
    return sorted(findings, key=lambda finding: not finding.is_grave)


def _behind() -> Iterator[Finding]:
    if why := guard.why_refused():
        yield Finding(Fault.BEHIND, None, f"{why} Nothing is appended.", LogBehind.advice)


def _late(at: datetime) -> Iterator[Finding]:
    size, last = Head.objects.values_list("size", "at").first() or (0, None)
    if last is None:
        return
    if last < at - SILENT:
        yield Finding(
            Fault.SILENT,
            last,
            f"Nothing was entered in the custody log since {_when(last)}, no heartbeat either.",
            "Look whether a worker is running: custodes worker.",
        )
    newest = own_checkpoints().first()
    if (newest is None or newest.size < size) and last < at - CHECKPOINT_LATE:
        since = newest.at if newest else last
        yield Finding(
            Fault.CHECKPOINT_LATE,
            since,
            f"The newest entries are in no checkpoint; the last one is of {_when(since)}.",
            "Look whether a worker is running and what it says.",
        )


def _outsiders(at: datetime) -> Iterator[Finding]:
    try:
        names = [witness.name for witness in witnesses()]
    except SettingUnclear as unclear:
        yield Finding(Fault.SETTING, None, unclear.reason, unclear.advice)
        return
    if not names:
        yield Finding(
            Fault.NO_WITNESS,
            None,
            "No witness cosigns the log: it is tamper-evident only to those who hold earlier "
            "checkpoints.",
            "Ask another force or an oversight body: docs/how-to/witness-each-other.md.",
        )
    known = {row.name: row for row in Outsider.objects.all()}
    for name in names:
        yield from _overdue(Fault.WITNESS_LATE, known.get(name), WITNESS_LATE, at)
    for authority in settings.CUSTODES.timestamp_authorities:
        yield from _overdue(Fault.AUTHORITY_LATE, known.get(authority), AUTHORITY_LATE, at)


def _overdue(
    fault: Fault, row: Outsider | None, allowed: timedelta, at: datetime
) -> Iterator[Finding]:
    since = (row.vouched_at or row.since) if row else None
    if row is None or since is None or since > at - allowed:
        return
    what = "witness" if fault is Fault.WITNESS_LATE else "timestamp authority"
    yield Finding(
        fault,
        since,
        f"The {what} {row.name} has not vouched for the log since {_when(since)}. {row.trouble}",
        "Ask whoever runs it, or take it out of the settings.",
    )


def _when(at: datetime) -> str:
    return f"{at:%d %B %Y %H:%M} UTC"
