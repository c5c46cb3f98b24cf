"""Let the footage of recordings go: keys, copies and everything that tells what was on it.

Retention alone decides that this happens and enters it in the record; here is only how.
What stays is that there was a recording, of which camera and when, for the record's own
clock, and the details of the entries about it, until custody erases those. The sealed
bytes are removed by the caller once this has committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from custodes.intake.models import Upload
from custodes.recordings.many import among
from custodes.recordings.models import Bookmark, Copy, Note, Original, Recording
from custodes.recordings.rules import State


@dataclass(slots=True)
class Gone:
    """What was let go of one recording: the names of its keys, and of its sealed objects."""

    keys: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    epoch: int = 0


@dataclass(slots=True)
class Footage:
    """What there is of the footage of some recordings, and what was let go of each with it."""

    gone: dict[int, Gone]
    originals: list[int] = field(default_factory=list)
    uploads: list[int] = field(default_factory=list)


def find_footage(recordings: Sequence[int]) -> Footage:
    """Return the footage of recordings that the caller holds locked; nothing is changed yet."""
    footage = Footage({pk: Gone() for pk in recordings})
    of_original: dict[int, Gone] = {}
    originals = Original.objects.filter(recording__in=among(recordings)).order_by("pk")
    columns = ("pk", "recording", "upload", "handle", "kid", "epoch")
    for pk, recording, upload, handle, kid, epoch in originals.values_list(*columns):
        one = of_original[pk] = footage.gone[recording]
        one.keys.append(kid)
        one.objects.append(handle)
        one.epoch = max(one.epoch, epoch)
        footage.uploads.append(upload)
    footage.originals += of_original
    copies = Copy.objects.filter(original__in=among(of_original)).order_by("pk")
    for original, handle in copies.values_list("original", "handle"):
        of_original[original].objects.append(handle)
    return footage


def forget_footage(footage: Footage) -> None:
    """Destroy the keys of footage and forget what was written about its content.

    In the transaction in which it was found. Set-wise: a thousand recordings are six
    statements.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # overwrite the keys that are let go of
    for rows in (
        Copy.objects.filter(original__in=among(footage.originals)),
        Original.objects.filter(pk__in=among(footage.originals)),
        Bookmark.objects.filter(recording__in=among(footage.gone)),
        Note.objects.filter(recording__in=among(footage.gone)),
    ):
        # Nothing hangs on these rows but one another, so none need be looked at first.
        rows.order_by()._raw_delete(rows.db)
    Upload.objects.filter(pk__in=among(footage.uploads)).update(
        wrapped=b"", who="", name="", told={}, sha256="", md5="", chunk_root=None, media_root=None,
        commitment="", promised_sha256="", promised_size=None,
    )  # fmt: skip
    Recording.objects.filter(pk__in=among(footage.gone)).update(
        state=State.DISPOSED, told={}, place=None, latitude=None, longitude=None, fault=""
    )
