"""What a proposed schedule would change: what goes sooner or later, and what to look at of it.

The rules decide each recording twice, under the schedule in force and under the
proposed one, as of the day the proposal takes effect. Only what can come out
differently is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.timezone import localtime

from custodes.kernel.clock import rfc3339
from custodes.recordings.many import among
from custodes.recordings.models import Category, Recording
from custodes.recordings.rules import State
from custodes.retention.exports import FROM, THEN
from custodes.retention.facts import facts_of
from custodes.retention.models import MatterRecording
from custodes.retention.rehearsal import last_sweep, worth_a_look
from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.holds import HOLD_NAMES
from custodes.retention.rules.proceedings import OUTCOME_NAMES
from custodes.retention.rules.schedule import Schedule

_BATCH = 2000
# From one moment to ask to the next: a hold, a clock, a case, a line, a reviewer's date, a grace.
_STEPS = 8
# What a person decides comes after any date, what nothing ends comes last.
_BY_RANK = (Verdict.DISPOSE, Verdict.REVIEW, Verdict.KEEP)


def effect_of(
    now: Schedule, proposed: Schedule, *, today: datetime, takes_effect: datetime
) -> dict[str, Any]:
    """Return what would be different, counted and compared with the last sweep.

    What goes before it takes effect is not. ``at_once`` would go with the first sweep after
    it; what to look at is named of those that would be deleted sooner.
    """
    tally = _Tally(takes_effect)
    for batch in _touched(now, proposed):
        for of, facts in batch:
            before = _fate(facts, now, today)
            is_gone = before.verdict is Verdict.DISPOSE and before.at < takes_effect
            after = before if is_gone else _fate(facts, proposed, takes_effect)
            tally.add(of, before.not_before(takes_effect), after.not_before(takes_effect))
    sooner = Recording.objects.filter(pk__in=among(tally.deleted_sooner))
    return {
        "counted_at": rfc3339(today),
        **tally.told(),
        "last": last_sweep(),
        **worth_a_look(sooner, sooner.order_by()),
    }


def changes_of(before: Schedule, after: Schedule) -> tuple[str, ...]:
    """Say in sentences what is different between two schedules."""
    return tuple(_changes(before, after))


def _changes(before: Schedule, after: Schedule) -> Iterator[str]:
    for line in after.lines:
        was = before.line(line.code)
        called = f"{line.code} {line.name}"
        if was is None:
            counted = f"{line.keep} from {FROM[line.trigger]}, then {THEN[line.end]}"
            yield f"{called}: new, kept {counted} ({line.authority})."
            continue
        if was.keep != line.keep:
            yield f"{called}: kept {line.keep}, not {was.keep}."
        if was.trigger is not line.trigger:
            yield f"{called}: counted from {FROM[line.trigger]}, not from {FROM[was.trigger]}."
        if was.look_every != line.look_every:
            yield f"{called}: looked at every {line.look_every}, not {was.look_every}."
        if was.end is not line.end:
            yield f"{called}: then {THEN[line.end]}, not {THEN[was.end]}."
        if (was.name, was.authority) != (line.name, line.authority):
            yield f"{called}: asked for by {line.authority}; it was {was.name}, {was.authority}."
    for line in before.lines:
        if after.line(line.code) is None:
            yield f"{line.code} {line.name}: no line any more."
    for old, new in zip(_uses(before), _uses(after), strict=True):
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield f"{name}: {new.get(name, 'nothing')}, not {old.get(name, 'nothing')}."


def _uses(schedule: Schedule) -> tuple[dict[str, str], ...]:
    """Return which line applies to what, sort by sort, as a sentence calls it."""
    return (
        {"Recordings without a category": schedule.uncategorised},
        {f"Category {name}": code for name, code in schedule.by_category},
        {f"Source type {name}": code for name, code in schedule.by_source},
        {f"Outcome {OUTCOME_NAMES[outcome]}": code for outcome, code in schedule.by_outcome},
        {"Convicted, prison or hospital": schedule.in_custody} if schedule.in_custody else {},
        {f"MoPI offence group {group}": code for group, code in schedule.by_group},
        {f"After a hold for {HOLD_NAMES[kind]}": code for kind, code in schedule.by_hold},
    )


class _Of(NamedTuple):
    """Which recording it is, and by what it is counted."""

    key: int
    category: str
    unit: str


def _touched(now: Schedule, proposed: Schedule) -> Iterator[Iterator[tuple[_Of, Facts]]]:
    """Yield, some at a time, the recordings whose lines differ, with what they count under."""
    codes = Category.objects.values_list("code", flat=True)
    categories = [c for c in codes if now.line_for(c, "") != proposed.line_for(c, "")]
    sources = Recording.objects.order_by().values_list("source_type", flat=True).distinct()
    changed = [s for s in sources if now.line_for("", s) != proposed.line_for("", s)]
    differs = Q(category__in=categories) | Q(category=None, source_type__in=changed)
    if categories:
        differs |= ~Q(category_before="")
    for source in changed:
        # Chosen once, and kept as without a category: nobody else has agreed to it yet.
        waits = [c for c in codes if _waits(c, source, now) or _waits(c, source, proposed)]
        differs |= Q(category__in=waits, category_agreed_at=None, source_type=source)
    differs |= Q(pk__in=MatterRecording.objects.filter(unlinked_at=None).values("recording"))
    if now.by_hold != proposed.by_hold or now.lines != proposed.lines:
        differs |= Q(holds__isnull=False)
    last = 0
    while True:
        found = Recording.objects.filter(differs, pk__gt=last).exclude(state=State.DISPOSED)
        named = found.order_by("pk").distinct().values_list("pk", "category__name", "team__unit")
        rows = {pk: _Of(pk, category or "", unit or "") for pk, category, unit in named[:_BATCH]}
        if not rows:
            return
        last = max(rows)
        facts = facts_of(list(rows))
        yield ((rows[pk], each) for pk, each in facts.items())


def _waits(category: str, source: str, schedule: Schedule) -> bool:
    """Say whether a category chosen first lets go sooner than none would."""
    then = schedule.effective_at
    chosen = Facts(then, then, category=category, source=source, trigger_at=then)
    return decide(chosen, schedule, then).waits


@dataclass(frozen=True, slots=True, order=True)
class _Fate:
    """What becomes of a recording in the end, and from when: the sooner gone, the smaller."""

    rank: int
    at: datetime

    @property
    def verdict(self) -> Verdict:
        return _BY_RANK[self.rank]

    def not_before(self, at: datetime) -> _Fate:
        """Return the same, as one sees it who looks from this moment on."""
        return _Fate(self.rank, max(self.at, at))


def _fate(facts: Facts, schedule: Schedule, at: datetime) -> _Fate:
    when = at
    for _ in range(_STEPS):
        decision = decide(facts, schedule, when)
        if decision.verdict is not Verdict.KEEP:
            return _Fate(_BY_RANK.index(decision.verdict), when)
        if decision.due is None:
            break
        when = decision.due
    return _Fate(_BY_RANK.index(Verdict.KEEP), at)


class _Tally:
    """Counts what goes under each of two schedules."""

    def __init__(self, takes_effect: datetime) -> None:
        self.takes_effect = takes_effect
        self.number = self.sooner = self.later = 0
        self.reviewed, self.at_once = [0, 0], [0, 0]
        self.by: dict[str, dict[str, Counter[int]]] = {
            "by_category": {}, "by_month": {}, "by_unit": {},
        }  # fmt: skip
        self.deleted_sooner: list[int] = []

    def add(self, of: _Of, before: _Fate, after: _Fate) -> None:
        self.number += 1
        for which, fate in enumerate((before, after)):
            goes = fate.verdict is Verdict.DISPOSE
            self.at_once[which] += goes and fate.at <= self.takes_effect
        if before == after:
            return
        for which, fate in enumerate((before, after)):
            self.reviewed[which] += fate.verdict is Verdict.REVIEW
            if fate.verdict is Verdict.DISPOSE:
                month = f"{localtime(fate.at):%Y-%m}"
                for by, name in zip(self.by, (of.category, month, of.unit), strict=True):
                    self.by[by].setdefault(name, Counter())[which] += 1
        self.sooner += after < before
        self.later += after > before
        if after < before and after.verdict is Verdict.DISPOSE:
            self.deleted_sooner.append(of.key)

    def told(self) -> dict[str, Any]:
        return {
            "at": rfc3339(self.takes_effect),
            "looked_at": self.number,
            "sooner": self.sooner,
            "later": self.later,
            "reviewed": self.reviewed,
            "at_once": self.at_once,
            **{by: _rows(counts) for by, counts in self.by.items()},
        }


def _rows(counts: dict[str, Counter[int]]) -> list[list[Any]]:
    return [[name, count[0], count[1]] for name, count in sorted(counts.items())]
