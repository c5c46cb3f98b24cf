"""The closed list of kinds: what an entry of this version of the log may be called.

A monitor stands apart from the installation, so the list is here and not with the
events; a test sees to it that the two are the same.
"""

from __future__ import annotations

from typing import Final

_SYSTEM = "log.genesis census integrity.scrubbed access.denied"
_INVENTORY = (
    "inventory.taken inventory.loss inventory.found inventory.loss_proposed"
    " inventory.loss_accepted inventory.loss_withdrawn"
)
_OVERSIGHT = (
    "log.viewed record.taken metadata.erasure_planned metadata.erased register.entered"
    " register.closed register.given register.taken"
    " scrutiny.drawn scrutiny.allotted scrutiny.judged"
)
_PEOPLE = "person.added admin.changed person.signed_in person.token_made person.token_revoked"
_FLEET = "dock.enrolled dock.described device.enrol device.changed device.issued wearer.announced"
_ARRIVAL = "arrival.refused recording.rejected upload.discarded"
_RECORDING = (
    "recording.opened recording.ingested recording.offered_again recording.told"
    " recording.completed recording.described copy.made clip.made still.made clip.fetched"
    " clips.packaged"
    " recording.viewed recording.opened_page"
    " recordings.searched recording.fetched recording.packaged recording.classified"
    " recording.category_agreed"
    " recording.placed recording.noted recording.bookmarked recording.checked"
)

_THINGS = "recording.origin_said thing.seized thing.needed thing.returned"
_GAPS = "dock.session gap.opened gap.explained gap.arrived"
_RETENTION = (
    "policy.publish hold.opened hold.placed hold.renewed hold.release_agreed"
    " hold.agreements_voided hold.closed hold.released"
    " recording.reviewed sweep.rehearsed sweep.agreed recording.deleted sweep.done key.epoch"
    " matter.opened matter.changed recording.linked recording.unlinked"
    " recording.letting_go schedule.proposed schedule.rehearsed schedule.approved"
    " schedule.withdrawn notice.queued notice.sent backup.aged_out"
    " recording.docked_late recording.late_explained sweep.asked"
)
_CASES = (
    "case.opened case.assigned case.unassigned case.party case.linked case.unlinked case.assessed"
    " case.siblings_sought exhibit.numbered exhibit.explained exhibit.voided case.moved"
    " case.looked_over case.viewed case.paper_taken"
)
_DISCLOSURE = (
    "share.created share.released share.revoked share.expired share.code_made share.opened"
    " share.refused share.streamed share.seen share.downloaded share.acknowledged share.wished"
    " share.answered share.left share.mailed share.sent_again"
)
_PACKAGES = "package.built package.released package.fetched"
_LOG = "key.rotate software.release heartbeat checkpoint.timestamped log.recovered"

_LOCKS = "recording.locked recording.unlocked lock.opened lock.closed access.withheld"
_INCIDENTS = (
    "incident.declared incident.widened incident.stage incident.access_decided"
    " incident.access_ended incident.referred incident.monitoring incident.ended"
    " incident.ended_without"
)
_RESTRICTIONS = "restriction.placed restriction.letter restriction.announced restriction.lifted"

_ALL = (
    *(_SYSTEM, _LOG, _GAPS, _THINGS, _OVERSIGHT, _PEOPLE, _FLEET),
    *(
        _ARRIVAL,
        _RECORDING,
        _LOCKS,
        _RETENTION,
        _INVENTORY,
        _RESTRICTIONS,
        _INCIDENTS,
        _CASES,
        _DISCLOSURE,
        _PACKAGES,
    ),
)
KINDS: Final = frozenset(" ".join(_ALL).split())
