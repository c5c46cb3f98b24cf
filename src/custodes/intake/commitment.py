"""Have the sandbox make the packet trees of an arriving file."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from custodes.media.sandbox import Limits, ReadAt, run


def commit_in_sandbox(reader: ReadAt) -> dict[str, Any]:
    """Return the media commitment of a file, or ``{"no_clip_proofs": reason}``.

    Raises SandboxFailed when the file made the sandbox give up.
    """
    limits = Limits(memory_bytes=settings.CUSTODES.sandbox_memory_mb << 20)
    return run("commit", reader, {}, limits=limits)
