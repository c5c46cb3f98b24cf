"""Find what arrived earlier. For docks, which may only hear of what they sent themselves."""

from __future__ import annotations

from collections.abc import Iterable

from custodes.fleet.models import Dock
from custodes.intake.models import Upload
from custodes.intake.rules import State


def kept_upload(dock: Dock, source_key: str, name: str) -> Upload | None:
    """Return the newest upload of this name that the dock sent and that is kept, if any."""
    kept = Upload.objects.filter(dock=dock, source_key=source_key, name=name)
    return kept.filter(state__in=[State.ACCEPTED, State.QUARANTINED]).order_by("-pk").first()


def uploads_under_way(dock: Dock, source_keys: Iterable[str]) -> dict[str, Upload]:
    """Return what a dock began and has not ended of some recordings, by its name for each."""
    begun = Upload.objects.select_related("camera", "dock").filter(
        dock=dock, source_key__in=list(source_keys), state=State.RECEIVING
    )
    return {upload.source_key: upload for upload in begun.order_by("pk")}
