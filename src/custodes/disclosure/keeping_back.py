"""What keeps shared footage back, whatever was agreed when it was shared.

Asked when something is chosen, and again for every stretch that is played: a lock, a
restriction or a deletion that came later is seen at once, and so is what was said of it
in the case since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q

from custodes.cases.models import Case, Material
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.models import Item, Package, Share
from custodes.disclosure.rules.serving import (
    Stands,
    Thing,
    why_not_any_more,
    why_not_handed_over,
)
from custodes.recordings.models import Lock, Recording
from custodes.recordings.rules import State

HELD_BACK = "The police are holding this back at the moment."
DELETED = "This was deleted, as the law says that it has to be."


def kept_back(recordings: Collection[Recording]) -> Mapping[int, str]:
    """Return why each recording that is kept back is, by its key; nothing for the others."""
    locks = Lock.objects.filter(recording__in=[each.pk for each in recordings], lifted_at=None)
    found = dict.fromkeys(locks.values_list("recording", flat=True), HELD_BACK)
    gone = {each.pk: DELETED for each in recordings if each.state == State.DISPOSED}
    return {**found, **gone}


def kept_from(share: Share, items: Collection[Item]) -> Mapping[int, str]:
    """Return why each item of a share is kept from its recipient now, by its key.

    For officers: it may say that something is sensitive. A recipient reads `said_to_them`.
    """
    kept = kept_back([each.recording for each in items])
    stands = _stand_now(share.case, [each.recording_id for each in items])
    audience = Audience(share.audience)
    found = {
        each.pk: kept.get(each.recording_id)
        or why_not_any_more(audience, stands[each.recording_id], Thing(each.kind), each.copy)
        for each in items
    }
    return {key: why for key, why in found.items() if why}


def said_to_them(why: str) -> str:
    """Return what a recipient reads where something is kept from them: never more than that."""
    return why if why in {"", DELETED} else HELD_BACK


def why_not_handed(package: Package) -> str:
    """Return why a package may not be handed over as it was made; empty when it may."""
    recordings = [each.recording for each in package.holds.select_related("recording")]
    kept = kept_back(recordings)
    stands = _stand_now(package.case, [each.pk for each in recordings])
    audience = Audience(package.audience)
    found = (
        kept.get(key) or why_not_handed_over(audience, now, exhibited=bool(now.exhibits))
        for key, now in stands.items()
    )
    return min(filter(None, found), default="")


def said_of(case: Case, recordings: Collection[int]) -> Mapping[int, Status]:
    """Return what a case says of each recording in it now, by its key, or another case does.

    What is sensitive in any case is so in all: an informant is heard whoever is charged.
    Asked whoever asks, who may know of this case and not of the other.
    """
    rows = Material.objects.filter(
        Q(case=case) | Q(status=Status.SENSITIVE), taken_out_at=None, recording__in=recordings
    )
    found: dict[int, Status] = {}
    sensitive: set[int] = set()
    for key, of, said in rows.values_list("recording", "case", "status"):
        if said == Status.SENSITIVE:
            sensitive.add(key)
        if of == case.pk:
            found[key] = Status(said)
    return {key: Status.SENSITIVE if key in sensitive else said for key, said in found.items()}


def _stand_now(case: Case, recordings: Collection[int]) -> Mapping[int, Stands]:
    """Return what each recording is to a case now, by its key."""
    status = said_of(case, recordings)
    exhibits: dict[int, set[str]] = defaultdict(set)
    standing = case.exhibits.filter(voided_at=None, recording__in=recordings)
    for key, clip in standing.values_list("recording", "clip"):
        exhibits[key].add(clip)
    return {key: Stands(status.get(key), frozenset(exhibits[key])) for key in recordings}
