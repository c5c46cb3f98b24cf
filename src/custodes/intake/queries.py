"""Find what arrived earlier. For docks, which may only hear of what they sent themselves."""

from __future__ import annotations

from custodes.fleet.models import Dock
from custodes.intake.models import Upload
from custodes.intake.rules import State


def kept_upload(dock: Dock, source_key: str, name: str) -> Upload | None:
    """Return the newest upload of this name that the dock sent and that is kept, if any."""
    kept = Upload.objects.filter(dock=dock, source_key=source_key, name=name)
    return kept.filter(state__in=[State.ACCEPTED, State.QUARANTINED]).order_by("-pk").first()
