"""Which line of the schedule applies to what: what can be chosen, and what was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from custodes.retention.rules.holds import HOLD_NAMES, HoldKind
from custodes.retention.rules.proceedings import OUTCOME_NAMES, Outcome
from custodes.retention.rules.schedule import End, Schedule

#: What is chosen for a line that has no code yet, because the same form adds it.
NEW = "new"
RECORDINGS, CASES, HOLDS = "Recordings", "Cases", "After a hold was released"

_ENDED = (Outcome.ACQUITTED, Outcome.DISCONTINUED, Outcome.NO_ACTION, Outcome.CONVICTED)
_GROUPS = (1, 2, 3, 4)
_UNDECIDED = "no line: kept until somebody decides"
_NOT_OF_ITS_OWN = "no line of its own"
_THE_NEW = (NEW, "the new line")


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that goes by a line: the field it has, how it is called, its line now.

    ``none`` says what it means that no line is chosen; empty where there must be one.
    """

    part: str
    field: str
    label: str
    code: str
    none: str = ""

    def choices(self, schedule: Schedule) -> list[tuple[str, str]]:
        """Return the lines it may go by, and the one it goes by now whatever rules say of it.

        After a hold nothing more lets go by itself; only after one does a line hand back.
        """
        not_here = End.DISPOSE if self.part == HOLDS else End.RETURN
        lines = [x for x in schedule.lines if x.end is not not_here or x.code == self.code]
        none = [("", self.none)] if self.none else []
        return [*none, *((x.code, f"{x.code} {x.name}") for x in lines), _THE_NEW]


def uses_of(
    schedule: Schedule, categories: Mapping[str, str], source_types: Iterable[str]
) -> tuple[Use, ...]:
    """Return all that goes, or may go, by a line of this schedule.

    ``categories`` are the names of those to find, by their codes; ``source_types`` those that
    cameras have.
    """
    return (
        Use(RECORDINGS, "uncategorised", "No category", schedule.uncategorised),
        *_of_categories(schedule, categories),
        *_of_source_types(schedule, source_types),
        *_of_cases(schedule),
        *_of_holds(schedule),
    )


def chosen_in(given: Mapping[str, Any], uses: Iterable[Use], new: str) -> dict[str, Any]:
    """Return what was chosen, as the members of a schedule; ``new`` is the code of a new line."""
    codes = {use.field: new if given[use.field] == NEW else given[use.field] for use in uses}

    def by(what: str) -> Iterator[tuple[str, str]]:
        for field, code in codes.items():
            if field.startswith(what) and code:
                yield field.removeprefix(what), code

    return {
        "uncategorised": codes["uncategorised"],
        "by_category": tuple(by("category-")),
        "by_source": tuple(by("source-")),
        "by_outcome": tuple((Outcome(name), code) for name, code in by("outcome-")),
        "by_group": tuple((int(name), code) for name, code in by("group-")),
        "in_custody": codes["in-custody"],
        "by_hold": tuple((HoldKind(name), code) for name, code in by("hold-")),
    }


def _of_categories(schedule: Schedule, categories: Mapping[str, str]) -> Iterator[Use]:
    lined = dict(schedule.by_category)
    for code, line in lined.items():
        yield Use(RECORDINGS, f"category-{code}", f"Category {categories.get(code, code)}", line)
    for code in (code for code in categories if code not in lined):
        label = f"Category {categories[code]}, which has no line yet"
        yield Use(RECORDINGS, f"category-{code}", label, "", _UNDECIDED)


def _of_source_types(schedule: Schedule, source_types: Iterable[str]) -> Iterator[Use]:
    lined = dict(schedule.by_source)
    for name in sorted({*lined, *source_types}):
        label = f"No category, source type {name}"
        code = lined.get(name, "")
        yield Use(RECORDINGS, f"source-{name}", label, code, "as any without a category")


def _of_cases(schedule: Schedule) -> Iterator[Use]:
    by_outcome, by_group = dict(schedule.by_outcome), dict(schedule.by_group)
    for outcome in dict.fromkeys((*_ENDED, *by_outcome)):
        label, code = OUTCOME_NAMES[outcome].capitalize(), by_outcome.get(outcome, "")
        yield Use(CASES, f"outcome-{outcome.value}", label, code, _NOT_OF_ITS_OWN)
    label = "Convicted, and sent to prison or hospital"
    yield Use(CASES, "in-custody", label, schedule.in_custody, "as other convictions")
    for group in dict.fromkeys((*_GROUPS, *by_group)):
        label, code = f"MoPI offence group {group}", by_group.get(group, "")
        yield Use(CASES, f"group-{group}", label, code, _NOT_OF_ITS_OWN)


def _of_holds(schedule: Schedule) -> Iterator[Use]:
    by_hold = dict(schedule.by_hold)
    for kind, name in HOLD_NAMES.items():
        label = "Any other reason" if kind is HoldKind.OTHER else name[:1].upper() + name[1:]
        yield Use(
            HOLDS,
            f"hold-{kind.value}",
            label,
            by_hold.get(kind, ""),
            "its own line, 14 days later at the earliest",
        )
