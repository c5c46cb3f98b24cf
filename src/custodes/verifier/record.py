"""Claims about each subject: ``record`` and ``tail``."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import unb64u
from custodes.ledger.census import CensusInvalid, Counted, NotCounted
from custodes.ledger.entry import PublicEntry
from custodes.ledger.tree import leaf_hash
from custodes.package.statement import CensusShown, EntryShown, SubjectShown
from custodes.verifier.claims import Claim, Making
from custodes.verifier.evidence import Evidence

_Rows = list[tuple[EntryShown, PublicEntry]]


def check_record(evidence: Evidence, subject: SubjectShown) -> Claim:
    """Say whether the record begins at its first entry and has no hole."""
    making = Making("record", subject.handle)
    rows = list(evidence.of_subject(subject.handle))
    if not rows or [entry.number for _, entry in rows] != list(range(len(rows))):
        said = f"Entries of the record of {subject.handle} are left out or out of order."
        return making.contradicted("record.hole", said)
    previous = None
    for shown, entry in rows:
        if entry.previous != previous:
            said = f"Entry {shown.index} does not follow the one before in this record."
            return making.contradicted("record.broken", said)
        previous = evidence.leaf(shown)
    if not evidence.log_proven:
        return making.without_log()
    said = (
        f"The record of {subject.handle} has {len(rows)} entries here, from its first on, and none"
        " between them is left out."
    )
    evidence.unbroken.add(subject.handle)
    return making.proven("record.unbroken", said)


@dataclass(frozen=True, slots=True)
class _Census:
    """A census entry: how many entries it counted, how many subjects, and the root."""

    entry: PublicEntry
    counted: int
    subjects: int
    root: bytes


def check_tail(evidence: Evidence, subject: SubjectShown) -> Claim:
    """Say whether the record is whole up to the last count of the log."""
    making = Making("tail", subject.handle)
    shown = subject.census
    if shown is None:
        said = f"No count of the log shows how many entries the record of {subject.handle} has."
        return making.not_proven("tail.no_census", said)
    try:
        census = _census_of(evidence, shown)
        rows = list(evidence.of_subject(subject.handle))
        if shown.here is None:
            neighbours = NotCounted(_path(shown.before), _path(shown.after))
            return _absent(making, subject.handle, census, neighbours, rows)
        fault = _present(making, subject.handle, census, Counted.from_value(shown.here), rows)
    except (CensusInvalid, ValueError) as error:
        said = f"The count of the log that the package shows cannot be read: {error}."
        return making.not_proven("tail.census_malformed", said)
    if fault is not None:
        return fault
    if not evidence.log_proven:
        return making.without_log()
    later = sum(each.index >= census.counted for each, _ in rows)
    said = (
        f"When the log was counted, {rfc3339(census.entry.at)}, the record of {subject.handle} had"
        f" {len(rows) - later} entries, and all are here."
    )
    after = [f"{later} later entries are here too; whether there are more is not shown."]
    return making.proven("tail.counted", said, after if later else [])


def _census_of(evidence: Evidence, shown: CensusShown) -> _Census:
    entry = evidence.entries.get(shown.entry)
    if entry is None or entry.kind != "census":
        raise CensusInvalid("the entry named is not a census")
    counted, subjects, root = (entry.facts.get(name) for name in ("z", "c", "r"))
    if not isinstance(counted, int) or not isinstance(subjects, int) or not isinstance(root, str):
        raise CensusInvalid("the census has not the members of one")
    return _Census(entry, counted, subjects, unb64u(root))


def _path(value: object) -> Counted | None:
    return None if value is None else Counted.from_value(value)


def _absent(
    making: Making, handle: str, census: _Census, neighbours: NotCounted, rows: _Rows
) -> Claim:
    for each in (neighbours.before, neighbours.after):
        if each is not None and not each.is_under(census.root, census.subjects):
            said = "The package shows another count of the log than the one in the log."
            return making.contradicted("tail.census_differs", said)
    if not neighbours.shows_absence_of(handle, census.root, census.subjects):
        said = "The package does not show that the record was not counted, though it says so."
        return making.contradicted("tail.census_not_adjacent", said)
    if any(shown.index < census.counted for shown, _ in rows):
        said = f"The count of the log leaves out {handle}, which had entries by then."
        return making.contradicted("tail.omitted", said)
    said = f"The log was last counted before {handle} had its first entry."
    return making.not_proven("tail.not_yet", said)


def _present(
    making: Making, handle: str, census: _Census, here: Counted, rows: _Rows
) -> Claim | None:
    if here.leaf.subject != handle or not here.is_under(census.root, census.subjects):
        said = "The package shows another count of the log than the one in the log."
        return making.contradicted("tail.census_differs", said)
    last = next((row for row in rows if row[1].number == here.leaf.number), None)
    if last is None:
        counted = here.leaf.number + 1
        said = f"The count of the log has {counted} entries of {handle}; some are not here."
        return making.contradicted("tail.missing", said)
    if any(e.number > here.leaf.number and s.index < census.counted for s, e in rows):
        said = f"An entry of {handle} was not counted, though it was there."
        return making.contradicted("tail.uncounted", said)
    if _leaf(last) != here.leaf.last or last[0].index >= census.counted:
        said = f"The count of the log has another last entry of {handle} than is shown here."
        return making.contradicted("tail.disagrees", said)
    return None


def _leaf(row: tuple[EntryShown, PublicEntry]) -> bytes:
    return leaf_hash(row[0].data)
