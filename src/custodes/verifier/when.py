"""Claim ``time``: when the entries were written, by clocks that are not the force's.

A witness never goes back to a shorter log, so its cosignature bounds from both sides. A
timestamp shows only that a note was there by then: an old note can be stamped any day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from custodes.kernel.clock import rfc3339
from custodes.ledger.policy import NO_QUORUM, Policy
from custodes.package.statement import CheckpointShown
from custodes.verifier import stamps
from custodes.verifier.claims import Claim, Making
from custodes.verifier.evidence import Evidence
from custodes.verifier.stamps import OverSomethingElse

#: Honest clocks differ by seconds; this much is allowed before a time is a contradiction.
SLACK: Final = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a checkpoint shows: the log had its size not before, and by these moments."""

    size: int
    not_before: datetime | None
    by: datetime | None


def check_time(evidence: Evidence) -> Claim:
    """Say between which moments each entry was written, and whether its own time fits."""
    making = Making("time", evidence.statement.log)
    times = [entry.at for entry in evidence.entries.values()]
    if sorted(times) != times:
        said = "The times of the entries run backwards."
        return making.contradicted("time.runs_backwards", said)
    if evidence.trust.policy is None:
        return making.without_policy()
    if not evidence.log_proven:
        return making.without_log()
    try:
        bounds = [_bounds(evidence, each) for each in evidence.statement.checkpoints]
    except OverSomethingElse as error:
        return making.contradicted("time.token_differs", str(error))
    windows = [(index, *_window(index, bounds)) for index in evidence.entries]
    return _judged(evidence, making, windows)


def _judged(
    evidence: Evidence,
    making: Making,
    windows: list[tuple[int, datetime | None, datetime | None]],
) -> Claim:
    details = [
        f"Entry {index}: says {rfc3339(evidence.entries[index].at)}; {_words(after, by)}."
        for index, after, by in windows
    ]
    if any(by is None for _, _, by in windows):
        said = "No clock but the force's own shows when every entry was written."
        return making.not_proven("time.no_outside_clock", said, details)
    for index, _, by in windows:
        if by and evidence.entries[index].at > by + SLACK:
            said = f"Entry {index} says it was written after others had already seen it."
            return making.contradicted("time.too_late", said, details)
    for index, after, _ in windows:
        if after and evidence.entries[index].at < after - SLACK:
            said = f"Entry {index} says it was written at a time when the log did not have it."
            return making.contradicted("time.too_early", said, details)
    if any(after is None for _, after, _ in windows):
        said = (
            "Each entry was in the log by the moment given below, and its own time fits; how much"
            " earlier some were written is not shown."
        )
        return making.proven("time.upper_only", said, details)
    said = "Each entry was written between the two moments given below, and its own time fits."
    return making.proven("time.window", said, details)


def _bounds(evidence: Evidence, shown: CheckpointShown) -> Bounds:
    policy, held = evidence.trust.policy, evidence.held[shown.size]
    by: list[datetime] = []
    not_before = None
    if policy is not None and policy.quorum != NO_QUORUM:
        by += _first_quorum(policy, held.witnesses)
        not_before = _last_quorum(policy, held.witnesses)
    by += stamps.times_of(evidence, shown)
    return Bounds(shown.size, not_before, min(by, default=None))


def _first_quorum(policy: Policy, seen: Mapping[str, datetime]) -> Iterator[datetime]:
    """Give the earliest moment by which the quorum had cosigned."""
    for at in sorted(set(seen.values())):
        if policy.is_met_by([name for name, when in seen.items() if when <= at]):
            yield at
            return


def _last_quorum(policy: Policy, seen: Mapping[str, datetime]) -> datetime | None:
    """Return the latest moment from which on the quorum cosigned."""
    for at in sorted(set(seen.values()), reverse=True):
        if policy.is_met_by([name for name, when in seen.items() if when >= at]):
            return at
    return None


def _window(index: int, bounds: list[Bounds]) -> tuple[datetime | None, datetime | None]:
    after = [each.not_before for each in bounds if each.size <= index and each.not_before]
    by = [each.by for each in bounds if each.size > index and each.by]
    return max(after, default=None), min(by, default=None)


def _words(after: datetime | None, by: datetime | None) -> str:
    earlier = f"not yet there at {rfc3339(after)}" if after else "no earlier bound"
    return f"{earlier}, there by {rfc3339(by)}" if by else f"{earlier}, no later bound"
