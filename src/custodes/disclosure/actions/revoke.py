"""Call back what was shared, and note what is over. From then on its link opens nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.cases.actions.working import locked_case
from custodes.custody.events import ShareExpired, ShareRevoked
from custodes.custody.rules import Actor
from custodes.disclosure.actions.letters import put_on_the_way
from custodes.disclosure.errors import ShareRefused
from custodes.disclosure.models import Share
from custodes.disclosure.queries import share_for
from custodes.disclosure.rules.letters import About
from custodes.disclosure.rules.standing import Standing
from custodes.disclosure.telling import tell
from custodes.people.rules import Permission, Viewer

# So many are ended in one go; the next minute has the rest.
_AT_ONCE = 200


@transaction.atomic
def revoke(viewer: Viewer, given: Share, because: str, *, at: datetime) -> Share:
    """Call back what was shared, for a reason; raises ShareRefused or NotAllowed."""
    given = share_for(viewer, given.handle)
    locked_case(viewer, Permission.SHARE, given.case)
    because = because.strip()
    if not because or len(because) > 1000:
        raise ShareRefused("Say in at most 1,000 characters why.", "Nothing was called back.")
    given = Share.objects.select_for_update().get(pk=given.pk)
    if given.revoked_at is not None:
        raise ShareRefused("This was called back already.", "Nothing was changed.")
    was_open = given.as_rule().standing(at) is not Standing.WAITS
    given.revoked_at, given.revoked_by, given.revoked_because = at, viewer.name, because
    given.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])
    said = ShareRevoked(str(given.case), given.handle, str(given))
    tell(given, said, because, by=viewer.actor, at=at)
    if was_open:
        put_on_the_way(given, About.CALLED_BACK, at=at)
    return given


def end_what_is_over(*, by: Actor, at: datetime) -> int:
    """Note of every share whose time is over that it is; return of how many. None opens since."""
    over = Share.objects.filter(ended_at=None, revoked_at=None, until__lte=at)
    keys = list(over.order_by("until").values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_end(pk, by=by, at=at) for pk in keys)


@transaction.atomic
def _end(pk: int, *, by: Actor, at: datetime) -> bool:
    given = Share.objects.select_for_update().get(pk=pk)
    if given.ended_at is not None or given.revoked_at is not None:
        return False
    given.ended_at = at
    given.save(update_fields=["ended_at"])
    tell(given, ShareExpired(str(given.case), given.handle, str(given)), by=by, at=at)
    return True
