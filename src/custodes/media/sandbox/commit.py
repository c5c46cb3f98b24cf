"""The task that hashes a recording packet by packet, in the sandbox."""

from __future__ import annotations

from typing import Any

from custodes.media.commitment import NoClipProofs, commit
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside


def task(reader: ReadAt, _params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Return the media commitment, or why this container allows none."""
    try:
        return dict(commit(reader, outside.progress).to_cj1())
    except NoClipProofs as refusal:
        return {"no_clip_proofs": str(refusal)}
