"""Let the footage of recordings go: keys, copies and everything that tells what was on it.

Retention alone decides that this happens and enters it in the record; here is only how.
What stays is that there was a recording, of which camera and when, for the record's own
clock. The sealed bytes are removed by the caller once this has committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from custodes.intake.models import Upload
from custodes.recordings.models import Bookmark, Copy, Note, Original, Recording
from custodes.recordings.rules import State


@dataclass(frozen=True, slots=True)
class Gone:
    """What was let go of one recording: the names of its keys, and of its sealed objects."""

    keys: tuple[str, ...]
    objects: tuple[str, ...]
    epoch: int


def forget_footage(recordings: Sequence[int]) -> dict[int, Gone]:
    """Destroy the keys of recordings and forget what was written about their content.

    In the caller's transaction, which holds the recordings locked. Set-wise: a
    thousand recordings are eight statements.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # overwrite the keys that are let go of
    gone = _what_goes(recordings)
    originals = Original.objects.filter(recording__in=recordings)
    uploads = list(originals.values_list("upload", flat=True))

    for rows in (
        Copy.objects.filter(original__in=originals.values("pk")),
        originals,
        Bookmark.objects.filter(recording__in=recordings),
        Note.objects.filter(recording__in=recordings),
    ):
        # Nothing hangs on these rows but one another, so none need be looked at first.
        rows.order_by()._raw_delete(rows.db)
    Upload.objects.filter(pk__in=uploads).update(
        wrapped=b"", who="", name="", told={}, sha256="", md5="", chunk_root=None, media_root=None,
        commitment="", promised_sha256="", promised_size=None,
    )  # fmt: skip
    Recording.objects.filter(pk__in=recordings).update(
        state=State.DISPOSED, told={}, place=None, latitude=None, longitude=None, fault=""
    )
    return gone


def _what_goes(recordings: Sequence[int]) -> dict[int, Gone]:
    keys: dict[int, list[str]] = {pk: [] for pk in recordings}
    objects: dict[int, list[str]] = {pk: [] for pk in recordings}
    epochs = dict.fromkeys(recordings, 0)
    originals = Original.objects.filter(recording__in=recordings).order_by("pk")
    for recording, handle, kid, epoch in originals.values_list(
        "recording", "handle", "kid", "epoch"
    ):
        keys[recording].append(kid)
        objects[recording].append(handle)
        epochs[recording] = max(epochs[recording], epoch)
    copies = Copy.objects.filter(original__recording__in=recordings).order_by("pk")
    for recording, handle in copies.values_list("original__recording", "handle"):
        objects[recording].append(handle)
    return {pk: Gone(tuple(keys[pk]), tuple(objects[pk]), epochs[pk]) for pk in recordings}
