"""Sign checkpoints of the log, at their time, and say of each who vouches for it.

A checkpoint is signed with every key of the log, kept outside the database, and only
then shown to anybody. Made twice, by two workers, it is the same checkpoint: nothing
here needs to happen only once. Cosignatures come from :mod:`outside`, tokens from
:mod:`timestamps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from custodes.custody import guard, strongroom
from custodes.custody.actions import record
from custodes.custody.errors import LogBehind
from custodes.custody.events import Heartbeat
from custodes.custody.log import of_kind, own_checkpoints, size_of_log, subject_of_log
from custodes.custody.models import Cosignature, Entry, PublishedCheckpoint, Token
from custodes.custody.rules import Actor
from custodes.custody.tiles import tree_of_log
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.note import Note, parse_signatures, sign_note

# Custody format s3.2: a checkpoint within 10 seconds of an entry, a heartbeat every 15 minutes.
PUBLISH_AFTER = timedelta(seconds=5)
HEARTBEAT_EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One authority's time on a checkpoint, and its answer (an RFC 3161 response, DER)."""

    authority: str
    at: datetime
    answer: bytes


@dataclass(frozen=True, slots=True)
class Vouched:
    """A checkpoint, and who outside vouches for it so far.

    ``archived`` is the note that tokens are over: body and the log's own lines.
    ``note`` has the witnesses' lines too. ``witnesses`` says when each cosigned, by
    its own clock.
    """

    size: int
    root: bytes
    at: datetime
    closes: date | None
    archived: str
    note: str
    witnesses: dict[str, datetime]
    stamps: tuple[Stamp, ...]


def publish(at: datetime) -> PublishedCheckpoint | None:
    """Sign and keep a checkpoint of the log as it is; None if there is one of this size.

    Waits while another process publishes. Raises LogBehind, and signs nothing, while the
    log is shorter than it was.
    """
    with guard.publishing() as keep:
        if why := guard.why_refused():
            raise LogBehind(why)
        size = size_of_log()
        if not size or PublishedCheckpoint.objects.filter(size=size).exists():
            return None
        checkpoint = checkpoint_of(size)
        note = sign_note(checkpoint.body(), *strongroom.signers(), at=at)
        keep(note)
        made, is_new = PublishedCheckpoint.objects.get_or_create(
            size=size, defaults={"root": checkpoint.root, "note": note, "at": at}
        )
        return made if is_new else None


def publish_if_due(at: datetime) -> PublishedCheckpoint | None:
    """Publish if there are entries that no checkpoint covers and the last one is old enough."""
    last = own_checkpoints().first()
    if last is not None and last.at > at - PUBLISH_AFTER:
        return None
    return publish(at)


def close_day_if_due(at: datetime) -> PublishedCheckpoint | None:
    """Publish what closes yesterday (in the force's time zone), unless that was done."""
    today = at.astimezone(ZoneInfo(settings.CUSTODES.time_zone)).date()
    yesterday = today - timedelta(days=1)
    if PublishedCheckpoint.objects.filter(closes__gte=yesterday).exists() or not size_of_log():
        return None
    publish(at)
    newest = own_checkpoints().filter(closes=None).first()
    if newest is None:
        return None
    newest.closes = yesterday
    newest.save(update_fields=["closes"])
    return newest


@transaction.atomic
def beat_if_due(*, by: Actor, at: datetime) -> Entry | None:
    """Enter a heartbeat if the last one is 15 minutes old, so that silence can be seen."""
    last = of_kind(Heartbeat.kind).first()
    if not size_of_log() or (last is not None and last.at > at - HEARTBEAT_EVERY):
        return None
    return record(Heartbeat(), subject=subject_of_log(), by=by, at=at)


def checkpoint_of(size: int) -> Checkpoint:
    """Return the unsigned checkpoint of the log's first so many entries."""
    return Checkpoint(strongroom.origin(), size, tree_of_log(size).root())


def newest_checkpoint() -> Vouched | None:
    """Return the newest published checkpoint, or None before there is one."""
    row = own_checkpoints().first()
    return vouched(row) if row else None


def newest_witnessed() -> Vouched | None:
    """Return the newest checkpoint that any witness cosigned, or None."""
    row = own_checkpoints().filter(cosignature__isnull=False).first()
    return vouched(row) if row else None


def checkpoint_covering(index: int) -> Vouched | None:
    """Return the first checkpoint that has the entry at this index, or None yet."""
    row = PublishedCheckpoint.objects.filter(size__gt=index).order_by("size").first()
    return vouched(row) if row else None


def closed_day(day: date) -> Vouched | None:
    """Return the checkpoint that closes a day, or None if that day was not closed."""
    row = PublishedCheckpoint.objects.filter(closes=day).first()
    return vouched(row) if row else None


def closed_days(limit: int = 31) -> list[date]:
    """Return the newest days that were closed, newest first."""
    days = PublishedCheckpoint.objects.exclude(closes=None).order_by("-closes")
    return [day for day in days.values_list("closes", flat=True)[:limit] if day]


def vouched(row: PublishedCheckpoint) -> Vouched:
    """Return a published checkpoint with everybody who vouches for it."""
    note, witnesses = Note.parse(row.note), {}
    for each in Cosignature.objects.filter(checkpoint=row).order_by("witness"):
        note = note.with_lines(parse_signatures(each.lines))
        witnesses[each.witness] = each.at
    tokens = Token.objects.filter(checkpoint=row).order_by("at")
    return Vouched(
        size=row.size,
        root=bytes(row.root),
        at=row.at,
        closes=row.closes,
        archived=row.note,
        note=str(note),
        witnesses=witnesses,
        stamps=tuple(Stamp(each.authority, each.at, bytes(each.answer)) for each in tokens),
    )
