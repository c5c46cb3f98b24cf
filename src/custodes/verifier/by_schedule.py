"""Of a deletion: did a schedule that was published let it go by then?

Due is computed, not believed: from when filming ended, by the record's public entries,
and from the line of the schedule. What a package cannot show is that the recording
belonged under that line, since its category is not public; and that no further version of
the schedule was published: only those that it shows are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from custodes.kernel.digest import b64u
from custodes.kernel.periods import Period
from custodes.package.deletion import ScheduleShown
from custodes.verifier.claims import Claim
from custodes.verifier.gone import Gone
from custodes.verifier.schedule import (
    DISPOSE,
    RECORDING_END,
    Line,
    Schedule,
    ScheduleMalformed,
    read_schedule,
)

_MOST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Version:
    """A version of the schedule: at which place it was published, as what, and what it says."""

    place: int
    subject: str
    schedule: Schedule


def fault_of_schedule(gone: Gone) -> Claim | None:
    """Return what contradicts the schedule it went by, or is missing of it; None: nothing."""
    making, facts = gone.making, gone.entry.facts
    if facts.get("mode") != "scheduled":
        said = "It was not deleted by the schedule; whether rightly, a package cannot show."
        return making.not_proven("deletion.not_scheduled", said)
    versions = _versions(gone)
    if isinstance(versions, Claim):
        return versions
    named = next((each for each in versions if each.subject == facts.get("pol")), None)
    if named is None:
        said = (
            "It was deleted, and the record says so. The schedule that it names is not in the"
            " package: whether that let it go is not shown."
        )
        return making.not_proven("deletion.policy_not_given", said)
    if not _was_in_force(gone, named, versions):
        said = (
            f"Version {named.schedule.version} of the schedule was not in force when it went: of"
            " those shown here another was, or none."
        )
        return making.contradicted("deletion.not_in_force", said)
    rule = facts.get("rule")
    line = named.schedule.lines.get(rule) if isinstance(rule, str) else None
    if line is None:
        said = "The schedule has no such line as the one it was deleted under."
        return making.contradicted("deletion.rule_unknown", said)
    return _fault_of_line(gone, line)


def _versions(gone: Gone) -> list[_Version] | Claim:
    """Return the versions shown as they were published, or what is wrong with the first."""
    found: list[_Version] = []
    for shown in gone.shown.schedules:
        try:
            version = _version(gone, shown)
        except ScheduleMalformed as error:
            said = f"The schedule {shown.document} cannot be read: {error}."
            return gone.making.not_proven("deletion.schedule_malformed", said)
        if version is None:
            said = f"The schedule {shown.document} is another than the one that was published."
            return gone.making.contradicted("deletion.schedule_differs", said)
        found.append(version)
    return found


def _version(gone: Gone, shown: ScheduleShown) -> _Version | None:
    """Return a version as it was published; None when it is shown as something else."""
    entry = gone.evidence.entries.get(shown.entry)
    if entry is None or entry.kind != "policy.publish":
        raise ScheduleMalformed("the entry that it names published none")
    stored = gone.evidence.opened.files[shown.document]
    digest = bytes.fromhex(gone.evidence.digests[shown.document])
    if stored.size > _MOST:
        raise ScheduleMalformed("it is larger than it may be")
    if b64u(digest) != entry.facts.get("doc"):
        return None
    schedule = read_schedule(stored.read_at(0, stored.size))
    rules = entry.facts.get("rules")
    public = rules if isinstance(rules, dict) else {}
    agree = all(_agree(schedule.lines.get(code), rule) for code, rule in public.items())
    if schedule.version != entry.facts.get("ver") or not agree:
        return None
    return _Version(shown.entry, entry.subject, schedule)


def _agree(line: Line | None, rule: object) -> bool:
    """Say whether a line of the document is what the log says of it."""
    if line is None or not isinstance(rule, dict) or type(rule.get("days")) is not int:
        return False
    lets_go = (line.end, line.trigger, rule.get("from")) == (DISPOSE, RECORDING_END, "ended")
    return lets_go and line.keep == Period(days=rule["days"])


def _was_in_force(gone: Gone, named: _Version, versions: Sequence[_Version]) -> bool:
    """Say whether of the versions shown this was the one that counted at that moment."""
    begun = [
        each
        for each in versions
        if each.place < gone.place and each.schedule.effective_at <= gone.entry.at
    ]
    newest = max(begun, key=lambda v: (v.schedule.effective_at, v.schedule.version), default=None)
    return newest is not None and newest.subject == named.subject


def _fault_of_line(gone: Gone, line: Line) -> Claim | None:
    making, rule = gone.making, gone.entry.facts["rule"]
    if line.end != DISPOSE:
        said = f"Under {rule} a person decides; what they decided is not shown."
        return making.not_proven("deletion.person_decides", said)
    try:
        due = line.keep.after(gone.ended) if gone.ended else None
    except (ValueError, OverflowError):
        due = None
    if line.trigger != RECORDING_END or due is None:
        said = f"From when {rule} counts, no public entry of this record says."
        return making.not_proven("deletion.clock_not_public", said)
    if gone.stated_due and gone.stated_due < due:
        said = "Its entry says that it was due earlier than the schedule makes it."
        return making.contradicted("deletion.due_differs", said)
    if gone.entry.at < due:
        said = "It was deleted before the schedule let it go."
        return making.contradicted("deletion.early", said)
    return None
