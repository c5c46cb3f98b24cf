"""Schedules and scopes as JSON, in the one way each is written, and read back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import astuple
from functools import lru_cache
from typing import Any

from custodes.kernel.areas import Area
from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.kernel.spans import Span
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.periods import Period
from custodes.retention.rules.proceedings import Outcome
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger

_LENGTH = re.compile(r"(\d{1,4}) (year|month|day)s?")

# A schedule is read for every page about a recording; a force has a few versions in ten years.
_VERSIONS = 64
# An entry's field takes 65,535 bytes; a recording is named by 22 letters.
_NAMED_AT_MOST = 1_000
_SETS = ("wearers", "cameras", "places", "recordings")


def write_schedule(schedule: Schedule) -> str:
    """Write a schedule as JSON: members sorted, two spaces of indent, one spelling."""
    value = {
        "version": schedule.version,
        "effective_at": rfc3339(schedule.effective_at),
        "lines": [_line_to(line) for line in schedule.lines],
        "by_category": dict(schedule.by_category),
        "by_source": dict(schedule.by_source),
        "by_outcome": {outcome.value: code for outcome, code in schedule.by_outcome},
        "by_group": {str(group): code for group, code in schedule.by_group},
        "by_hold": {kind.value: code for kind, code in schedule.by_hold},
        "in_custody": schedule.in_custody,
        "uncategorised": schedule.uncategorised,
    }
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)


@lru_cache(maxsize=_VERSIONS)
def read_schedule(document: str) -> Schedule:
    """Read what :func:`write_schedule` wrote; raises ValueError for anything else.

    The same text is read once: a schedule can no more change than the text can.
    """
    try:
        value = json.loads(document)
        return Schedule(
            version=int(value["version"]),
            effective_at=parse_rfc3339(value["effective_at"]),
            lines=tuple(_line_from(line) for line in value["lines"]),
            by_category=tuple(value["by_category"].items()),
            by_source=tuple(value["by_source"].items()),
            by_outcome=tuple((Outcome(o), c) for o, c in value["by_outcome"].items()),
            by_group=tuple((int(g), c) for g, c in value["by_group"].items()),
            by_hold=tuple((HoldKind(k), c) for k, c in value.get("by_hold", {}).items()),
            in_custody=value.get("in_custody", ""),
            uncategorised=value["uncategorised"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a schedule: {error}") from None


def read_period(text: str) -> Period:
    """Read a length of time as people write one: "31 days", "1 year and 6 months", "no time".

    Raises ValueError for anything else. ``str`` of a period reads back as that period.
    """
    words = " ".join(text.lower().split())
    if words in {"no time", "0 days"}:
        return Period()
    lengths: dict[str, int] = {}
    for part in words.split(" and "):
        found = _LENGTH.fullmatch(part)
        if found is None or found[2] in lengths:
            raise ValueError(f"not a length of time: {text!r}")
        lengths[found[2]] = int(found[1])
    return Period(lengths.get("year", 0), lengths.get("month", 0), lengths.get("day", 0))


def scope_to(scope: Scope) -> dict[str, Any]:
    """Write a scope as JSON can hold it; what it does not name is left out."""
    value: dict[str, Any] = {name: sorted(getattr(scope, name)) for name in _SETS}
    value["areas"] = [list(astuple(area)) for area in sorted(scope.areas)]
    value["either"] = scope.either
    if scope.span is not None:
        value["from"], value["to"] = rfc3339(scope.span.start), rfc3339(scope.span.end)
    return {name: member for name, member in value.items() if member}


def scope_for_the_log(scope: Scope) -> str:
    """Return what a hold reaches for as its first entry says it.

    Thousands of recordings are counted and not named: an entry cannot hold so many names,
    and each of them has one of its own that names the hold.
    """
    value = scope_to(scope)
    if (named := len(scope.recordings)) > _NAMED_AT_MOST:
        value["recordings"] = named
    return str(value)


def scope_from(value: Mapping[str, Any]) -> Scope:
    """Read what :func:`scope_to` wrote."""
    span = (
        Span(parse_rfc3339(value["from"]), parse_rfc3339(value["to"])) if "from" in value else None
    )
    wearers, cameras, places, recordings = (frozenset(value.get(name, ())) for name in _SETS)
    areas = frozenset(Area(*each) for each in value.get("areas", ()))
    either = bool(value.get("either"))
    return Scope(span, wearers, cameras, places, recordings, either=either, areas=areas)


def for_the_log(schedule: Schedule) -> dict[str, dict[str, Any]]:
    """Return the lines that let recordings go, as the log publishes them.

    ``days`` from the moment ``from`` happened: an outsider computes from it when a
    recording was due. Lines that end in a review are not here: a person's decision
    is what an outsider looks for then.
    """
    return {
        line.code: {"days": line.keep.days, "from": "ended"}
        for line in schedule.lines
        if line.end is End.DISPOSE and line.trigger is Trigger.RECORDING_END and _in_days(line.keep)
    }


def _in_days(period: Period) -> bool:
    return period == Period(days=period.days)


def _line_to(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "trigger": line.trigger.value,
        "keep": _period_to(line.keep),
        "end": line.end.value,
        "look_every": _period_to(line.look_every),
        "authority": line.authority,
        "proposal": line.proposal,
    }


def _line_from(value: Mapping[str, Any]) -> Line:
    return Line(
        code=value["code"],
        name=value["name"],
        trigger=Trigger(value["trigger"]),
        keep=Period(**value["keep"]),
        end=End(value["end"]),
        look_every=Period(**value["look_every"]),
        authority=value["authority"],
        proposal=bool(value["proposal"]),
    )


def _period_to(period: Period) -> dict[str, int]:
    return {"years": period.years, "months": period.months, "days": period.days}
