"""The papers of a case, made from its tables: exhibits, schedules, a draft statement.

Nothing here goes out by itself: ``actions.take`` makes the entry and asks the rule
which paper may go to whom.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from custodes.cases.clips import clip_of
from custodes.cases.models import Case, Exhibit, Material
from custodes.cases.queries import exhibits_of, material_of
from custodes.cases.rules.material import Status
from custodes.cases.rules.papers import DocumentType, ExhibitRow, UnusedRow
from custodes.cases.rules.statement import ExhibitFacts
from custodes.fleet.rules import MOUNT_NAMES, Mount
from custodes.kernel.clock import rfc3339
from custodes.people.rules import Viewer
from custodes.recordings.models import Original, Recording
from custodes.recordings.moments import filmed_from
from custodes.recordings.rules import Purpose

_ENDS = ("begins", "ends")


def exhibit_rows(viewer: Viewer, case: Case) -> list[ExhibitRow]:
    """Return the exhibits of a case that stand, as the prosecutor's record has them."""
    standing = exhibits_of(viewer, case).filter(voided_at=None)
    return [
        ExhibitRow(
            item=each.item,
            reference=str(each),
            producer=each.producer_name,
            document_type=DocumentType(each.document_type),
        )
        for each in standing
    ]


def unused_of(viewer: Viewer, case: Case, *, sensitive: bool) -> list[Material]:
    """Return what one of the two schedules of a case lists; an exhibit is on neither."""
    exhibited = case.exhibits.filter(voided_at=None).values("recording")
    status = Status.SENSITIVE if sensitive else Status.UNUSED
    return list(material_of(viewer, case).filter(status=status).exclude(recording__in=exhibited))


def unused_rows(viewer: Viewer, case: Case, *, sensitive: bool) -> list[UnusedRow]:
    """Return the rows of MG6C, or with ``sensitive`` of MG6D."""
    return [
        UnusedRow(
            recording=each.recording.handle,
            officer=str(each.recording.wearer or each.recording.announced or ""),
            start=rfc3339(each.recording.started_at),
            end=rfc3339(each.recording.ended_at) if each.recording.ended_at else "",
            place=str(each.recording.place or ""),
            description=each.description,
            reviewed_by=each.assessed_by,
            reviewed_at=rfc3339(each.assessed_at) if each.assessed_at else "",
            reason=each.reason if sensitive else "",
        )
        for each in unused_of(viewer, case, sensitive=sensitive)
    ]


def facts_for_statement(exhibit: Exhibit) -> ExhibitFacts:
    """Return what is known of an exhibit that the caller may see; empty where nothing is."""
    recording, producer = exhibit.recording, exhibit.producer
    originals = list(recording.originals.all())
    mount = Mount(recording.mount)
    return ExhibitFacts(
        case=str(exhibit.case),
        reference=str(exhibit),
        item=exhibit.item,
        producer=exhibit.producer_name,
        wearer=str(recording.wearer or recording.announced or ""),
        produced_by_wearer=producer is not None and producer.pk == recording.wearer_id,
        number=producer.collar_number if producer else "",
        unit=str(producer.team) if producer and producer.team else "",
        camera=recording.camera.serial,
        model=recording.camera.model,
        mount=MOUNT_NAMES[mount] if mount is not Mount.UNKNOWN else "",
        started=_moment(recording.started_at),
        ended=_moment(recording.ended_at) if recording.ended_at else "",
        length=_length(recording),
        clock=_clock(recording.clock_offset_ms),
        sealed=_moment(max(each.sealed_at for each in originals)) if originals else "",
        checked=_checked(originals),
        place=str(recording.place or ""),
        recording=recording.handle,
        derived_from=str(exhibit.derived_from or ""),
        clip=_clip(exhibit),
        digests=tuple((each.name, each.sha256) for each in originals),
    )


def _clip(exhibit: Exhibit) -> str:
    """Say what of the recording an exhibit is, if it is not all of it."""
    copy = clip_of(exhibit)
    if copy is None:
        return f"a clip ({exhibit.clip})" if exhibit.clip else ""
    began = filmed_from(copy.original)
    begins, ends = (_moment(began + timedelta(seconds=copy.about[end])) for end in _ENDS)
    if copy.purpose == Purpose.STILL:
        return f"a still, the picture of {begins}, SHA-256 {copy.sha256},"
    return f"a clip, from {begins} to {ends}, SHA-256 {copy.sha256},"


def _moment(at: datetime) -> str:
    here = localtime(at)
    return f"{here.day} {here:%B %Y}, {here:%H:%M:%S %Z}"


def _length(recording: Recording) -> str:
    ended = recording.ended_at or recording.started_at
    seconds = round((ended - recording.started_at).total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02} (hours:minutes:seconds)"


def _clock(offset_ms: int | None) -> str:
    """Say how the camera's clock stood against the server's; the offset is ours minus its."""
    if offset_ms is None:
        return ""
    way = "behind" if offset_ms >= 0 else "ahead of"
    return f"{abs(offset_ms) / 1000:.3f} seconds {way} the server's"


def _checked(originals: list[Original]) -> str:
    """Return since when every file was last compared, or nothing if one never was."""
    times = [each.checked_at for each in originals]
    known = [at for at in times if at is not None]
    return _moment(min(known)) if known and len(known) == len(times) else ""
