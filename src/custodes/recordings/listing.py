"""Recordings as plain rows, for programs and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from custodes.intake.rules import Kind
from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.people.rules import Viewer
from custodes.recordings.errors import Unusable
from custodes.recordings.models import Recording
from custodes.recordings.queries import recordings_for

# what may follow --where, and the column it narrows
_CONDITIONS = {
    "id": "handle",
    "camera": "camera__serial",
    "wearer": "wearer__name__icontains",
    "state": "state",
    "category": "category",
    "place": "place__name__icontains",
    "source": "source",
    "source-type": "source_type",
    "origin": "origin",
    "key": "source_key",
    "sha256": "originals__sha256",
    "from": "started_at__gte",
    "to": "started_at__lt",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One recording with the files it came in."""

    id: str
    state: str
    origin: str
    camera: str
    wearer: str
    started_at: str
    ended_at: str | None
    received_at: str
    seconds: float
    category: str | None
    source_key: str
    fault: str
    prepared: bool
    files: list[dict[str, Any]]


def listed(viewer: Viewer, where: Mapping[str, str], *, limit: int) -> list[Row]:
    """Return the newest recordings this viewer may know of that meet every condition.

    Raises Unusable for a condition that does not exist or a time that is none.
    """
    found = recordings_for(viewer).filter(**_narrowed(where))
    found = found.select_related("camera", "wearer").prefetch_related("originals")
    return [_row(recording) for recording in found.order_by("-started_at", "-id")[:limit]]


def _narrowed(where: Mapping[str, str]) -> dict[str, Any]:
    if unknown := set(where) - set(_CONDITIONS):
        known = ", ".join(_CONDITIONS)
        raise Unusable(f"There is no condition {', '.join(sorted(unknown))}.", f"Use {known}.")
    return {_CONDITIONS[key]: _value(key, text) for key, text in where.items()}


def _value(key: str, text: str) -> Any:  # noqa: ANN401 - a time or a text
    if key not in {"from", "to"}:
        return text
    try:
        return parse_rfc3339(text)
    except ValueError:
        advice = "Write it like 2026-11-14T21:14:00Z."
        raise Unusable(f"{text} is not a time with a zone.", advice) from None


def _row(recording: Recording) -> Row:
    return Row(
        id=recording.handle,
        state=recording.state,
        origin=recording.origin,
        camera=recording.camera.serial,
        wearer=str(recording.wearer or ""),
        started_at=rfc3339(recording.started_at),
        ended_at=rfc3339(recording.ended_at) if recording.ended_at else None,
        received_at=rfc3339(recording.received_at),
        seconds=recording.seconds,
        category=recording.category_id,
        source_key=recording.source_key,
        fault=recording.fault,
        prepared=_is_prepared(recording),
        files=[
            {
                "number": original.number,
                "name": original.name,
                "kind": original.kind,
                "size": original.size,
                "sha256": original.sha256,
            }
            for original in recording.originals.all()
        ],
    )


def _is_prepared(recording: Recording) -> bool:
    """Say whether the sandbox has looked at every video of it."""
    videos = [each for each in recording.originals.all() if each.kind == Kind.VIDEO]
    return bool(videos) and all(video.described is not None for video in videos)
