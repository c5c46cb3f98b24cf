"""What the sandbox found in an original, as pages and lists ask for it.

Reads ``Original.described``, which the worker writes; knows no table and no
file. What is missing or of another shape reads as not known, never as good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# What a browser is told a file is. Never sniffed, never taken from a file's name.
MEDIA_TYPES = {"MP4": "video/mp4", "WebM": "video/webm"}
UNNAMED = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Described:
    """One original in the words of the sandbox. ``looked`` is False until it has looked.

    ``copy_due`` says that a viewing copy is made if none is there yet; ``no_copy``
    why none could be made.
    """

    looked: bool
    plays: bool = False
    because: str = ""
    media_type: str = UNNAMED
    seconds: float | None = None
    frame_rate: float | None = None
    has_sound: bool = False
    copy_due: bool = False
    no_copy: str = ""
    summary: str = ""
    signed: str = "not known"
    signatures: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def read(found: dict[str, Any] | None) -> Described:
    """Return what was found in an original; ``None`` is one nobody has looked at yet."""
    if not found:
        return Described(looked=False)
    probe = _members(found.get("probe")) or found
    browser = _members(probe.get("browser"))
    tracks = [_members(track) for track in probe.get("tracks") or ()]
    main = next((track for track in tracks if track.get("main")), {})
    heard = found.get("sound") in {"heard", "silent"}
    # What came encrypted plays from its viewing copy: the original stays as it was received.
    plays = browser.get("plays") is True and not found.get("encrypted")
    no_copy = str(found.get("no_viewing_copy", ""))
    return Described(
        looked=True,
        plays=plays,
        copy_due=not plays and not no_copy and bool(probe.get("pictures_decoded") or heard),
        no_copy=no_copy,
        because=str(browser.get("because", "")),
        media_type=MEDIA_TYPES.get(str(probe.get("container")), UNNAMED),
        seconds=_number(found.get("seconds", probe.get("seconds"))),
        frame_rate=_number(main.get("per_second")),
        has_sound=heard,
        summary=str(found.get("summary", "")),
        signed=str(probe.get("signed", "not known")),
        signatures=tuple(str(name) for name in probe.get("signatures") or ()),
        faults=tuple(str(fault) for fault in found.get("faults") or probe.get("faults") or ()),
    )


def _members(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and value > 0 else None
