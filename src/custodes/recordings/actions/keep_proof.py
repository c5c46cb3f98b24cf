"""Keep the proof of a clip from the day it was cut: packages are made without reading the original.

What it shows follows from bytes whose digests were entered before; it is no act of its own.
"""

from __future__ import annotations

from custodes.kernel.errors import Refused
from custodes.recordings.carrying import proofs_of
from custodes.recordings.models import Copy
from custodes.recordings.rules import Purpose


def keep_proof(handle: str) -> None:
    """Prove a clip and keep that; does nothing where there is no such clip, or it is done.

    What is damaged is left for whoever makes a package, who is told.
    """
    clips = Copy.objects.filter(handle=handle, purpose=Purpose.CLIP, proof__isnull=True)
    copy = clips.select_related("original", "original__recording").first()
    if copy is None:
        return
    try:
        [told] = proofs_of(copy.original, [copy])
    except Refused:
        return
    Copy.objects.filter(pk=copy.pk).update(proof=told)
