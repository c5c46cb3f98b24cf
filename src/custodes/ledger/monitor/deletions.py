"""Was only deleted what might be, and when? From the public entries alone.

Custody format, section 6. A policy in the log says how long each rule keeps and
from when it counts; a deletion names policy and rule. Due is computed here, not
believed. A hold that was placed and not released makes any deletion wrong.
docs/reference/formats/deletion.md has the members.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from custodes.kernel.clock import rfc3339
from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.seen import Seen, Wrong, moment_of, text

_MODES = frozenset({"scheduled", "manual", "order"})
_APPROVALS = 2
# Who sees what is gone? Each of these would need the footage.
_NEEDS_FOOTAGE = frozenset(
    {
        "recording.ingested",
        "recording.viewed",
        "recording.fetched",
        "recording.packaged",
        "recording.described",
        "copy.made",
        "clip.made",
        "still.made",
    }
)
# What a rule may count from: the first of these entries, or the newest.
_FIRST = {"opened": "recording.opened", "ingested": "recording.ingested"}
_NEWEST = {"completed": "recording.completed", "classified": "recording.classified"}

# Or from the moment filming ended, as the newest of these says in a member of its own.
_ENDED, _SAYS_ENDED, _END = "ended", "recording.completed", "e"

_TIME = len("2026-11-03T09:15:02.123Z")
_CLOCKS = [*_FIRST.values(), *_NEWEST.values(), _ENDED]
_PLACES = {kind: at * _TIME for at, kind in enumerate(_CLOCKS)}
_NO_CLOCKS = " " * (_TIME * len(_PLACES))


class Deletions:
    """Follows policies, holds and recordings through the log."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        # By recording: the times of its clocks, each 24 characters or blank, in one string.
        self._clocks: dict[str, str] = {}
        self._holds: dict[str, dict[str, str]] = {}
        self._gone: dict[str, int] = {}
        self._policies: dict[str, dict[str, Any]] = {}

    def clock(self, seen: Seen) -> None:
        """Something happened to a recording from which a rule may count, or which needs it."""
        clocks = self._clocks.get(seen.subject, _NO_CLOCKS)
        if seen.kind in _NEWEST.values() or clocks[_PLACES[seen.kind]] == " ":
            clocks = _set(clocks, seen.kind, seen.at)
        if seen.kind == _SAYS_ENDED and (ended := text(seen.facts, _END)):
            clocks = _set(clocks, _ENDED, rfc3339(moment_of(ended)))
        self._clocks[seen.subject] = clocks
        self.used(seen)

    def used(self, seen: Seen) -> None:
        """Something was done that needs the footage to be there."""
        if seen.subject in self._gone and seen.kind in _NEEDS_FOOTAGE:
            gone = self._gone[seen.subject]
            self._findings.fault(
                "after-deletion",
                seen.index,
                f"{seen.kind} of {seen.subject}, which entry {gone} says is deleted.",
            )

    def policy(self, seen: Seen) -> None:
        """A policy was published, or a new version of it."""
        rules = seen.facts.get("rules")
        if not isinstance(rules, dict):
            raise Wrong("`rules` is not a table")
        self._policies[seen.subject] = rules

    def hold_placed(self, seen: Seen) -> None:
        """A recording must be kept, until the hold is released or its time is over."""
        holds = self._holds.setdefault(seen.subject, {})
        holds[text(seen.facts, "h")] = text(seen.facts, "u")

    def hold_released(self, seen: Seen) -> None:
        """A hold does not bind any more."""
        hold = text(seen.facts, "h")
        if self._holds.get(seen.subject, {}).pop(hold, None) is None:
            self._findings.fault(
                "hold-unknown", seen.index, f"it releases the hold {hold}, which was not placed."
            )

    def deleted(self, seen: Seen) -> None:
        """A recording was deleted: might it be?

        1. It was taken in, and was not deleted before.
        2. No hold binds.
        3. By schedule: not before it was due, as the policy in force makes it.
        4. By hand or by order: two people approved; early ones are named.
        """
        if seen.subject in self._gone or seen.subject not in self._clocks:
            why = "was deleted before" if seen.subject in self._gone else "was never taken in"
            self._findings.fault("deleted-unknown", seen.index, f"{seen.subject} {why}.")
        holds = self._holds.pop(seen.subject, {})
        if binding := [hold for hold, until in holds.items() if not until or seen.at < until]:
            self._findings.fault(
                "deleted-held",
                seen.index,
                f"{seen.subject} was deleted while held: {', '.join(sorted(binding))}.",
            )
        mode = text(seen.facts, "mode")
        if mode not in _MODES:
            raise Wrong(f"`mode` is {mode!r}")
        self._gone.setdefault(seen.subject, seen.index)
        self._time_of(seen, by_schedule=mode == "scheduled")

    def _time_of(self, seen: Seen, *, by_schedule: bool) -> None:
        approvals = seen.facts.get("ap", [])
        approved = isinstance(approvals, list) and len(set(map(str, approvals))) >= _APPROVALS
        if not by_schedule and not approved:
            self._findings.fault(
                "deleted-approval",
                seen.index,
                f"{seen.subject} was deleted by hand or by order without two approvals.",
            )
        due, why = self._due(seen)
        if due is None:
            if by_schedule:
                self._findings.fault("deleted-rule", seen.index, f"{seen.subject}: {why}.")
            return
        stated = text(seen.facts, "due")
        if stated and stated < rfc3339(due):
            self._findings.fault(
                "deleted-due",
                seen.index,
                f"it says that {seen.subject} was due on {stated}; the policy says {rfc3339(due)}.",
            )
        if seen.moment < due:
            early = f"{seen.subject} was deleted {due - seen.moment} before it was due."
            say = self._findings.fault if by_schedule else self._findings.notice
            say("deleted-early", seen.index, early)

    def _due(self, seen: Seen) -> tuple[datetime | None, str]:
        """Return when it was due under the policy in force, or None and why nobody can say."""
        policy, rule = text(seen.facts, "pol"), text(seen.facts, "rule")
        if policy not in self._policies:
            return None, f"it was deleted under the policy {policy!r}, which was not published"
        found = self._policies[policy].get(rule)
        if not isinstance(found, dict):
            return None, f"the policy {policy} has no rule {rule!r}"
        days, start = found.get("days"), found.get("from")
        starts = {**_FIRST, **_NEWEST, _ENDED: _ENDED}
        kind = starts.get(start if isinstance(start, str) else "")
        if not isinstance(days, int) or isinstance(days, bool) or days > 365 * 200 or kind is None:
            return None, f"the rule {rule!r} cannot be read"
        place = _PLACES[kind]
        began = self._clocks.get(seen.subject, _NO_CLOCKS)[place : place + _TIME].strip()
        if not began:
            return None, f"the rule {rule!r} counts from {start}, which never happened"
        return moment_of(began) + timedelta(days=days), ""


def _set(clocks: str, kind: str, at: str) -> str:
    place = _PLACES[kind]
    return clocks[:place] + at + clocks[place + _TIME :]


#: Entries whose times a rule may count from.
CLOCKS = frozenset({*_FIRST.values(), *_NEWEST.values()})
#: Entries that need the footage, and are no clock.
USES = _NEEDS_FOOTAGE - CLOCKS
