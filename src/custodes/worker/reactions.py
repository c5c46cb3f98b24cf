"""The whole pipeline on one screen: once this is in the record, do these, in order.

A reaction is done at least once for its entry, and doing it again must change
nothing. Reactions to entries about one subject are done one after the other; one
that fails stops that subject's line, and no other, until it succeeds.

Every kind of entry stands here, those that nothing follows too, so that a new
kind cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from custodes.worker.errand import Asked
from custodes.worker.keeping import (
    hold_with_incident,
    notice,
    rehearse_now,
    rehearse_proposal,
)
from custodes.worker.looking import (
    look_at_original,
    look_at_the_rest,
    make_viewing_copy,
    prove_clip,
)

Reaction = Callable[[Asked], None]

_NOTHING: tuple[Reaction, ...] = ()

REACTIONS: Mapping[str, tuple[Reaction, ...]] = MappingProxyType(
    {
        # A file was sealed: say what is in it, then make a copy if no browser plays it.
        "recording.ingested": (look_at_original, make_viewing_copy),
        # A recording was announced, or is told of anew: standing holds reach for it.
        "recording.opened": (notice,),
        "recording.told": (notice,),
        "recording.placed": (notice,),
        # What it is of was said: how long it is kept is another.
        "recording.classified": (notice,),
        "recording.category_agreed": _NOTHING,
        # Nothing more comes: look at what waited for a key that did not come.
        "recording.completed": (look_at_the_rest, notice),
        # A standing lock caught what came late: the hold of its incident catches it too.
        "recording.locked": (hold_with_incident,),
        # Nothing follows from these.
        "recording.unlocked": _NOTHING,
        "lock.opened": _NOTHING,
        "lock.closed": _NOTHING,
        "access.withheld": _NOTHING,
        "restriction.placed": _NOTHING,
        "restriction.letter": _NOTHING,
        "restriction.announced": _NOTHING,
        "restriction.lifted": _NOTHING,
        "incident.declared": _NOTHING,
        "incident.widened": _NOTHING,
        "incident.stage": _NOTHING,
        "incident.access_decided": _NOTHING,
        "incident.access_ended": _NOTHING,
        "incident.referred": _NOTHING,
        "incident.monitoring": _NOTHING,
        "incident.ended": _NOTHING,
        "incident.ended_without": _NOTHING,
        "log.genesis": _NOTHING,
        "log.recovered": _NOTHING,
        "heartbeat": _NOTHING,
        "key.rotate": _NOTHING,
        "software.release": _NOTHING,
        "checkpoint.timestamped": _NOTHING,
        "integrity.scrubbed": _NOTHING,
        "census": _NOTHING,
        "person.added": _NOTHING,
        "admin.changed": _NOTHING,
        "person.signed_in": _NOTHING,
        "person.token_made": _NOTHING,
        "person.token_revoked": _NOTHING,
        "dock.enrolled": _NOTHING,
        "dock.described": _NOTHING,
        "device.enrol": _NOTHING,
        "device.changed": _NOTHING,
        "device.issued": _NOTHING,
        "wearer.announced": _NOTHING,
        "dock.session": _NOTHING,
        "gap.opened": _NOTHING,
        "gap.explained": _NOTHING,
        "gap.arrived": _NOTHING,
        "recording.origin_said": _NOTHING,
        "thing.seized": _NOTHING,
        "thing.needed": _NOTHING,
        "thing.returned": _NOTHING,
        "arrival.refused": _NOTHING,
        "recording.rejected": _NOTHING,
        "upload.discarded": _NOTHING,
        "recording.offered_again": _NOTHING,
        # Where it was filmed may have been found in the film: a hold may reach for an area.
        "recording.described": (notice,),
        "copy.made": _NOTHING,
        # A clip was cut: prove it while the original is at hand.
        "clip.made": (prove_clip,),
        "still.made": _NOTHING,
        "clip.fetched": _NOTHING,
        "clips.packaged": _NOTHING,
        "recordings.searched": _NOTHING,
        "recording.viewed": _NOTHING,
        "recording.opened_page": _NOTHING,
        "recording.fetched": _NOTHING,
        "recording.packaged": _NOTHING,
        "recording.noted": _NOTHING,
        "recording.bookmarked": _NOTHING,
        "recording.checked": _NOTHING,
        "access.denied": _NOTHING,
        "policy.publish": _NOTHING,
        "scrutiny.drawn": _NOTHING,
        "scrutiny.allotted": _NOTHING,
        "scrutiny.judged": _NOTHING,
        "register.entered": _NOTHING,
        "register.closed": _NOTHING,
        "register.given": _NOTHING,
        "register.taken": _NOTHING,
        # Another schedule was proposed: work out what it would change.
        "schedule.proposed": (rehearse_proposal,),
        "schedule.rehearsed": _NOTHING,
        "schedule.approved": _NOTHING,
        "schedule.withdrawn": _NOTHING,
        "hold.opened": _NOTHING,
        "hold.placed": _NOTHING,
        "hold.renewed": _NOTHING,
        "hold.release_agreed": _NOTHING,
        "hold.agreements_voided": _NOTHING,
        "hold.closed": _NOTHING,
        "hold.released": _NOTHING,
        "matter.opened": _NOTHING,
        "matter.changed": _NOTHING,
        "recording.linked": _NOTHING,
        "recording.unlinked": _NOTHING,
        "recording.reviewed": _NOTHING,
        "recording.letting_go": _NOTHING,
        # Somebody asked what would be deleted now: work it out, and delete nothing.
        "sweep.asked": (rehearse_now,),
        "sweep.rehearsed": _NOTHING,
        "sweep.agreed": _NOTHING,
        "recording.deleted": _NOTHING,
        "sweep.done": _NOTHING,
        "key.epoch": _NOTHING,
        "backup.aged_out": _NOTHING,
        "recording.docked_late": _NOTHING,
        "recording.late_explained": _NOTHING,
        "notice.queued": _NOTHING,
        "notice.sent": _NOTHING,
        "case.opened": _NOTHING,
        "case.assigned": _NOTHING,
        "case.unassigned": _NOTHING,
        "case.party": _NOTHING,
        "case.linked": _NOTHING,
        "case.unlinked": _NOTHING,
        "case.assessed": _NOTHING,
        "case.siblings_sought": _NOTHING,
        "exhibit.numbered": _NOTHING,
        "exhibit.explained": _NOTHING,
        "exhibit.voided": _NOTHING,
        "case.moved": _NOTHING,
        "case.looked_over": _NOTHING,
        "case.viewed": _NOTHING,
        "case.paper_taken": _NOTHING,
        "package.built": _NOTHING,
        "package.released": _NOTHING,
        "package.fetched": _NOTHING,
        "share.created": _NOTHING,
        "share.released": _NOTHING,
        "share.revoked": _NOTHING,
        "share.expired": _NOTHING,
        "share.code_made": _NOTHING,
        "share.opened": _NOTHING,
        "share.refused": _NOTHING,
        "share.streamed": _NOTHING,
        "share.seen": _NOTHING,
        "share.downloaded": _NOTHING,
        "share.acknowledged": _NOTHING,
        "share.wished": _NOTHING,
        "share.answered": _NOTHING,
        "share.left": _NOTHING,
        "share.mailed": _NOTHING,
        "share.sent_again": _NOTHING,
        "inventory.taken": _NOTHING,
        "inventory.loss": _NOTHING,
        "inventory.loss_proposed": _NOTHING,
        "inventory.loss_accepted": _NOTHING,
        "inventory.loss_withdrawn": _NOTHING,
        "inventory.found": _NOTHING,
        "log.viewed": _NOTHING,
        "record.taken": _NOTHING,
        "metadata.erasure_planned": _NOTHING,
        "metadata.erased": _NOTHING,
    }
)


def named(kind: str, name: str) -> Reaction | None:
    """Return the reaction of this name to this kind of entry, if it still has one."""
    return next((each for each in REACTIONS.get(kind, ()) if each.__name__ == name), None)
