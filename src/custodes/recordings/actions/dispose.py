"""Let the footage of recordings go: keys, copies and everything that tells what was on it.

Retention alone decides that this happens and enters it in the record; here is only how.
What stays is that there was a recording, of which camera and when, for the record's own
clock. The sealed bytes are removed by the caller once this has committed.
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


def forget_footage(recordings: Sequence[int]) -> dict[int, Gone]:
    """Destroy the keys of recordings and forget what was written about their content.

    In the caller's transaction, which holds the recordings locked. Set-wise: a
    thousand recordings are eight statements.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # overwrite the keys that are let go of
    gone: dict[int, Gone] = {pk: Gone() for pk in recordings}
    of_original: dict[int, Gone] = {}
    uploads = []
    originals = Original.objects.filter(recording__in=among(recordings)).order_by("pk")
    columns = ("pk", "recording", "upload", "handle", "kid", "epoch")
    for pk, recording, upload, handle, kid, epoch in originals.values_list(*columns):
        one = of_original[pk] = gone[recording]
        one.keys.append(kid)
        one.objects.append(handle)
        one.epoch = max(one.epoch, epoch)
        uploads.append(upload)
    copies = Copy.objects.filter(original__in=among(of_original)).order_by("pk")
    for original, handle in copies.values_list("original", "handle"):
        of_original[original].objects.append(handle)

    for rows in (
        copies,
        Original.objects.filter(pk__in=among(of_original)),
        Bookmark.objects.filter(recording__in=among(recordings)),
        Note.objects.filter(recording__in=among(recordings)),
    ):
        # Nothing hangs on these rows but one another, so none need be looked at first.
        rows.order_by()._raw_delete(rows.db)
    Upload.objects.filter(pk__in=among(uploads)).update(
        wrapped=b"", who="", name="", told={}, sha256="", md5="", chunk_root=None, media_root=None,
        commitment="", promised_sha256="", promised_size=None,
    )  # fmt: skip
    Recording.objects.filter(pk__in=among(recordings)).update(
        state=State.DISPOSED, told={}, place=None, latitude=None, longitude=None, fault=""
    )
    return gone
