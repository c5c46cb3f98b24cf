"""What was deleted and may not be called destroyed yet: an older backup can still open it.

Nothing brings that to an end by itself: the keys are rolled, and the older ones
destroyed, by whoever makes the backups (docs/decisions/0041). So it is told until
they have, and as something wrong once it lasts longer than the force allows
(custody format, section 6: at most 24 hours from deletion to the third state).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils.timezone import localtime

from custodes.people.rules import Permission, Viewer
from custodes.retention.models import KeyRoll, Tombstone
from custodes.retention.rules.disposal import Stage


@dataclass(frozen=True, slots=True)
class Undestroyed:
    """How many recordings, the first deleted ``since``; ``rolled_at``: a roll waits for its end."""

    number: int
    since: datetime
    rolled_at: datetime | None
    is_late: bool

    @property
    def sentence(self) -> str:
        """Return that they are not destroyed, and what that means. It names nobody."""
        since = f"{localtime(self.since):%-d %B %Y}"
        if self.number == 1:
            return (
                f"1 recording deleted on {since} is not destroyed yet: a backup of the database "
                "from before that can still open it."
            )
        return (
            f"{self.number:,} recordings deleted since {since} are not destroyed yet: a backup of "
            "the database from before that can still open them."
        )

    @property
    def advice(self) -> str:
        """Return what whoever makes the backups has to do, by how far they are."""
        last = "custodes vault roll-keys --destroy-old"
        if self.rolled_at is None:
            return (
                "On the server: custodes vault roll-keys. Copy keys/epochs and back up the "
                f"database; an hour after the roll, {last}."
            )
        return (
            f"The keys were rolled on {localtime(self.rolled_at):%-d %B %Y at %H:%M}. Once "
            f"keys/epochs and the database were copied since, on the server: {last}."
        )


def undestroyed_for(viewer: Viewer, at: datetime) -> Undestroyed | None:
    """Return it for those who may see what is deleted, or counted; else None."""
    sees = (Permission.SEE_RETENTION, Permission.SEE_INVENTORY)
    return undestroyed(at) if any(viewer.may(each) for each in sees) else None


def undestroyed(at: datetime) -> Undestroyed | None:
    """Return what waits to be destroyed, for whoever runs the server; None when nothing does."""
    waiting = Tombstone.objects.filter(stage__lt=Stage.FINAL)
    found = waiting.aggregate(number=Count("pk"), since=Min("disposed_at"))
    if not found["number"]:
        return None
    allowed = timedelta(hours=settings.CUSTODES.destroyed_within_hours)
    return Undestroyed(
        found["number"], found["since"], _rolled_since(found["since"]),
        is_late=at - found["since"] > allowed,
    )  # fmt: skip


def _rolled_since(deleted: datetime) -> datetime | None:
    """Return when the keys were rolled since something was deleted, if the older ones are here."""
    rolls = KeyRoll.objects.filter(destroyed_at=None, began_at__gte=deleted)
    newest = rolls.order_by("-epoch").first()
    return newest.began_at if newest else None
