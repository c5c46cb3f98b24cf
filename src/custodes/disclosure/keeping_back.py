"""What keeps shared footage back, whatever was agreed when it was shared.

Asked when something is chosen, and again for every stretch that is played: a lock, a
restriction or a deletion that came later is seen at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from custodes.recordings.models import Lock, Recording
from custodes.recordings.rules import State

LOCKED = "The police are holding this back at the moment."
DELETED = "This was deleted, as the law says that it has to be."


def kept_back(recordings: Collection[Recording]) -> Mapping[int, str]:
    """Return why each recording that is kept back is, by its key; nothing for the others."""
    locks = Lock.objects.filter(recording__in=[each.pk for each in recordings], lifted_at=None)
    found = dict.fromkeys(locks.values_list("recording", flat=True), LOCKED)
    gone = {each.pk: DELETED for each in recordings if each.state == State.DISPOSED}
    return {**found, **gone}
