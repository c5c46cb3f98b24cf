"""How a recording of the corpus was deleted, and what its package shows of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.verifier.small_log import NOON, SmallLog, handle

from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u, sha256
from custodes.kernel.periods import Period
from custodes.ledger.inventory import ListedKey, blocks_of, path_in
from custodes.package.deletion import DeletionShown, InventoryShown, KeyShown, ScheduleShown
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger
from custodes.retention.writing import for_the_log, write_schedule

KEY = handle("key")
OTHER_KEYS = tuple(sorted(handle(f"another key {nth}") for nth in range(9)))
ENDED = datetime(2026, 10, 14, 11, 0, tzinfo=UTC)
DUE = ENDED + timedelta(days=31)
MINUTE = timedelta(minutes=1)
PUBLISHED_AT, DELETED_AT = NOON + 2.5 * MINUTE, NOON + 10.7 * MINUTE


def line(code: str, keep: Period, end: End = End.DISPOSE) -> Line:
    return Line(code, f"line {code}", Trigger.RECORDING_END, keep, end, keep, "a test")


SCHEDULE = Schedule(
    version=1,
    effective_at=datetime(2026, 1, 1, tzinfo=UTC),
    lines=(
        line("N0", Period(days=31)),
        line("Q0", Period(months=9)),
        line("E0", Period(years=1), End.REVIEW),
    ),
    by_category=(("non-evidential", "N0"), ("arrest", "E0")),
)


@dataclass(frozen=True)
class Version:
    """A version of the schedule: when it is published, and what is shown as its document."""

    schedule: Schedule = SCHEDULE
    at: datetime = PUBLISHED_AT
    published: str = ""
    shown: str = ""
    rules: dict[str, Any] | None = None

    @property
    def subject(self) -> str:
        return handle(f"version {self.schedule.version}")

    @property
    def path(self) -> str:
        return f"schedules/{self.schedule.version}.json"

    @property
    def document(self) -> bytes:
        return (self.published or write_schedule(self.schedule)).encode()

    def facts(self) -> dict[str, Any]:
        rules = for_the_log(self.schedule) if self.rules is None else self.rules
        return {"rules": rules, "ver": self.schedule.version, "doc": b64u(sha256(self.document))}


@dataclass(frozen=True)
class Deleting:
    """A deletion; by the schedule, when it was due, and for good unless something is set."""

    versions: tuple[Version, ...] = (Version(),)
    facts: dict[str, Any] = field(default_factory=dict)
    ended: datetime | None = ENDED
    without_due: bool = False
    keys: Sequence[str] = OTHER_KEYS
    roll_first: bool = False
    ended_epochs: int = 1
    roll_epoch: int = 2
    ends_with: Sequence[str] | None = None

    def publish(self, log: SmallLog, *, before: bool) -> None:
        """Enter the versions that are published before the deletion, or after it."""
        for each in self.versions:
            if (each.at < DELETED_AT) == before:
                log.append(each.subject, "policy.publish", each.at, each.facts())

    def happen(self, log: SmallLog, recording: str) -> None:
        """Enter the end of filming, the deletion, and the roll of the keys."""
        said = {"e": rfc3339(self.ended)} if self.ended else {}
        log.append(recording, "recording.completed", DELETED_AT - MINUTE / 20, {"f": 1, **said})
        if self.roll_first:
            self._roll(log, 0)
        facts = {
            "pol": Version().subject,
            "rule": "N0",
            "due": rfc3339(DUE),
            "mode": "scheduled",
            "kids": [KEY],
            "ep": 1,
        } | self.facts
        if self.without_due:
            del facts["due"]
        log.append(recording, "recording.deleted", DELETED_AT, facts)
        self.publish(log, before=False)
        if not self.roll_first:
            self._roll(log, 0)
        self._roll(log, self.ended_epochs, self.ends_with)

    def _roll(self, log: SmallLog, ended: int, keys: Sequence[str] | None = None) -> None:
        names = sorted(keys or self.keys)
        facts = {
            "ep": self.roll_epoch,
            "c": len(names),
            "r": b64u(blocks_of(names)[0]),
            "gone": ended,
            "again": 0,
        }
        at = max(DELETED_AT - MINUTE / 20, log.entries[-1].public.at)
        log.append(handle("the roll"), "key.epoch", at, facts)

    def further(self, log: SmallLog) -> list[int]:
        """Return the entries of other subjects that the package shows."""
        kinds = ("policy.publish", "key.epoch")
        return [n for n, each in enumerate(log.entries) if each.public.kind in kinds]

    def shown(self, log: SmallLog) -> DeletionShown:
        """Return what an honest package shows of it."""
        places = {each.public.subject: n for n, each in enumerate(log.entries)}
        schedules = [ScheduleShown(places[v.subject], v.path) for v in self.versions]
        rolls = [n for n, each in enumerate(log.entries) if each.public.kind == "key.epoch"]
        shown = InventoryShown(rolls[0], rolls[1], (self.key_shown(KEY),))
        return DeletionShown(tuple(sorted(schedules, key=lambda each: each.entry)), shown)

    def key_shown(self, key: str) -> KeyShown:
        names = sorted(self.keys)
        if key in names:
            return KeyShown(key, here=self.path_of(names.index(key)).to_value())
        after = sum(name < key for name in names)
        return KeyShown(
            key,
            before=self.path_of(after - 1).to_value() if after else None,
            after=self.path_of(after).to_value() if after < len(names) else None,
        )

    def path_of(self, nth: int) -> ListedKey:
        names = sorted(self.keys)
        return path_in(names, nth, 0, [blocks_of(names)[0]])

    def tags(self) -> dict[str, bytes]:
        return {each.path: each.shown.encode() or each.document for each in self.versions}


def later_version(days: int, effective_at: datetime, **more: Any) -> Version:
    """Return a second version of the schedule, which keeps for another time."""
    lines = (line("N0", Period(days=days)),)
    return Version(replace(SCHEDULE, version=2, lines=lines, effective_at=effective_at), **more)
