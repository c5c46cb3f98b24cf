"""Claim ``deletion``: it went when its time was over, and its keys are gone.

1. No hold bound, and what one person may not do alone two approved.
2. A schedule that was published let it go by then: of the versions that the package
   shows, the one in force (by_schedule).
3. Its keys are not among those alive at a later roll, and the older keys are destroyed
   (keys_gone).

What speaks against a deletion is said first, whatever else is missing. That no copy of
a key was kept nobody can show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from custodes.kernel.clock import rfc3339
from custodes.ledger.entry import PublicEntry
from custodes.package.deletion import DeletionShown
from custodes.package.statement import SubjectShown
from custodes.verifier.by_schedule import fault_of_schedule
from custodes.verifier.claims import Claim, Making, Verdict
from custodes.verifier.evidence import Evidence
from custodes.verifier.gone import Gone, time_in
from custodes.verifier.keys_gone import fault_of_keys

_APPROVALS: Final = 2


def check_deletion(evidence: Evidence, subject: SubjectShown) -> Iterator[Claim]:
    """Say whether a deletion was right and is done; nothing is said of a record without one."""
    rows = list(evidence.of_subject(subject.handle))
    at = next((n for n, (_, e) in enumerate(rows) if e.kind == "recording.deleted"), None)
    if at is None:
        return
    gone = Gone(
        evidence,
        Making("deletion", subject.handle),
        place=rows[at][0].index,
        entry=rows[at][1],
        before=tuple(entry for _, entry in rows[:at]),
        shown=subject.deletion or DeletionShown(),
    )
    yield _against_the_record(gone) or _worst(gone) or _resting(gone)


def _against_the_record(gone: Gone) -> Claim | None:
    making, mode = gone.making, gone.entry.facts.get("mode")
    if _is_held(gone):
        said = "It was deleted while a hold said that it must be kept."
        return making.contradicted("deletion.held", said)
    if mode in ("manual", "order") and _approvals(gone.entry) < _APPROVALS:
        said = "It was deleted without the approval of two people."
        return making.contradicted("deletion.unapproved", said)
    if mode == "scheduled" and gone.stated_due and gone.stated_due > gone.entry.at:
        said = "It was deleted before the day on which its own entry says it was due."
        return making.contradicted("deletion.early", said)
    return None


def _worst(gone: Gone) -> Claim | None:
    """Return a contradiction before what is only missing, of the schedule before the keys."""
    found = [each for each in (fault_of_schedule(gone), fault_of_keys(gone)) if each is not None]
    return min(found, key=lambda each: each.verdict is not Verdict.CONTRADICTED, default=None)


def _resting(gone: Gone) -> Claim:
    making, facts = gone.making, gone.entry.facts
    if not gone.evidence.log_proven:
        return making.without_log()
    if gone.entry.subject not in gone.evidence.unbroken:
        said = "Nothing speaks against it, but it rests on the record, which is not proven."
        return making.not_proven("needs.record", said)
    said = (
        f"It was deleted on {rfc3339(gone.entry.at)}, when its time was over by {facts['rule']} of"
        f" the schedule: {versions_shown(len(gone.shown.schedules))}. Its keys were not among those"
        " alive later, and the keys that had wrapped them are destroyed."
    )
    shown = gone.shown.inventory
    details = [f"Key {each.key}: not alive any more." for each in shown.keys] if shown else []
    return making.proven("deletion.as_scheduled", said, details)


def versions_shown(count: int) -> str:
    """Return among which versions of the schedule the one in force was sought."""
    return f"the one in force of the {count} shown here" if count > 1 else "the only one shown here"


def _is_held(gone: Gone) -> bool:
    """Say whether a hold bound at the moment of deletion (docs/reference/formats/deletion.md)."""
    holds: dict[object, PublicEntry] = {}
    for entry in gone.before:
        if entry.kind == "hold.placed":
            holds[entry.facts.get("h")] = entry
        elif entry.kind == "hold.released":
            holds.pop(entry.facts.get("h"), None)
    return any("u" not in hold.facts or _ends_after(hold, gone.entry) for hold in holds.values())


def _ends_after(hold: PublicEntry, deleted: PublicEntry) -> bool:
    until = time_in(hold, "u")
    return until is not None and until > deleted.at


def _approvals(deleted: PublicEntry) -> int:
    found = deleted.facts.get("ap")
    return len({each for each in found if isinstance(each, str)}) if isinstance(found, list) else 0
