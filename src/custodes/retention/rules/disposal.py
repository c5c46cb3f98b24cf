"""How far the destruction of a recording has come, and when the engine must not begin.

Only FINAL may be called *destroyed*: before it, somebody with last night's backup and
the epoch's key could still open what was sealed (custody format, section 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from custodes.retention.rules.periods import in_words


class Stage(IntEnum):
    """How far the destruction of a recording has come."""

    ACCESS_GONE = 1
    UNLINKED = 2
    FINAL = 3
    BACKUPS_GONE = 4


STAGE_NAMES = {
    Stage.ACCESS_GONE: "its key is gone from the database; nobody can open it here",
    Stage.UNLINKED: "its sealed bytes were removed from the store",
    Stage.FINAL: "destroyed: the epoch key that could open a backup of its key is destroyed",
    Stage.BACKUPS_GONE: "the last backup that held its sealed bytes has expired",
}

#: The record is never silent for so long while the server runs: it was off, or its clock jumped.
QUIET_LIMIT = timedelta(days=2)
#: And it may stand before it by this much: others write while the sweep looks around.
BEHIND_LIMIT = timedelta(minutes=5)
#: How much more may be due than last time before two people have to agree.
JUMP = 1.5
#: Below this many recordings a jump is chance.
FEW = 100


@dataclass(frozen=True, slots=True)
class Condition:
    """What is known of the installation before a sweep. None: not known.

    ``silence`` is when nothing was entered for longer than QUIET_LIMIT, since the last sweep
    that began or until now. A clock that jumped ahead leaves it behind for ever: what is
    entered afterwards, by the wrong clock, does not fill it.
    """

    at: datetime
    last_entry_at: datetime | None
    silence: tuple[datetime, datetime] | None
    schedule_faults: tuple[str, ...]
    behind: str
    objects_missing: int
    objects_unknown: int
    rows_lost: int
    holds_lost: int
    due: int
    due_last_time: int | None


def why_not(condition: Condition) -> tuple[str, ...]:
    """Return why nothing may be deleted now, whoever agrees; empty when nothing is in doubt."""
    return tuple(_in_doubt(condition))


def why_two_people(condition: Condition) -> tuple[str, ...]:
    """Return why two people have to agree before this sweep; empty when none is needed."""
    found = []
    if condition.silence is not None:
        since, until = condition.silence
        found.append(
            f"Nothing was entered in the record for {(until - since).days} days, from "
            f"{in_words(since)} to {in_words(until)}: was the server off, or is its clock wrong?"
        )
    if condition.holds_lost:
        found.append(
            f"The record tells of holds that this database has lost ({condition.holds_lost:,}); "
            "nothing that arrives is held by them."
        )
    if condition.due > FEW:
        if condition.due_last_time is None:
            found.append("It is the first time that anything is deleted.")
        elif condition.due > JUMP * max(condition.due_last_time, FEW):
            found.append(
                f"{condition.due:,} recordings are due; last time {condition.due_last_time:,} were."
            )
    return tuple(found)


def enough_agree(people: Iterable[str]) -> bool:
    """Say whether two different people agreed."""
    return len(set(people)) >= 2


def _in_doubt(condition: Condition) -> Iterator[str]:
    yield from condition.schedule_faults
    if condition.last_entry_at is None:
        yield "The custody record is empty: this database knows nothing of what was filmed."
    elif condition.last_entry_at - condition.at > BEHIND_LIMIT:
        yield "The server's clock stands before the last entry of the record."
    if condition.behind:
        yield condition.behind
    if condition.objects_missing:
        yield f"{condition.objects_missing:,} sealed files are not in the store and should be."
    if condition.rows_lost:
        yield (
            f"{condition.rows_lost:,} files that the record says were taken in have no row in "
            "this database."
        )
    if condition.objects_unknown > FEW:
        yield (
            f"The store holds {condition.objects_unknown:,} sealed files that this database does "
            "not know: it may be older than the store."
        )
