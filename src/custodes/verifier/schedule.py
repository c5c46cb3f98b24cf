"""The document of a schedule as a package shows it: read strictly, so that nobody reads another.

docs/reference/formats/deletion.md, "The document of a schedule".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from custodes.kernel.clock import parse_exactly
from custodes.kernel.periods import Period

_LARGEST: Final = 2**53 - 1
_DEEPEST: Final = 8
#: No law keeps footage longer than two centuries, and a calendar ends at year 9999.
_MOST: Final = {"years": 200, "months": 2400, "days": 73_000}
DISPOSE: Final = "dispose"
RECORDING_END: Final = "recording-end"


class ScheduleMalformed(ValueError):
    """The bytes are not a schedule in its one spelling."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a schedule: what starts its clock, how long that runs, and what then."""

    trigger: str
    keep: Period
    end: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a check reads of a schedule."""

    version: int
    effective_at: datetime
    lines: Mapping[str, Line]


def read_schedule(data: bytes) -> Schedule:
    """Read a document; raises ScheduleMalformed."""
    try:
        value = json.loads(
            data.decode(), parse_int=_whole, parse_float=_whole, parse_constant=_whole
        )
        _refuse_deep(value)
        written = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
        if written.encode() != data:
            raise ScheduleMalformed("it is not in its one spelling")
        lines = {each["code"]: _line(each) for each in value["lines"]}
        if len(lines) != len(value["lines"]) or not all(isinstance(code, str) for code in lines):
            raise ScheduleMalformed("two of its lines have one code")
        if type(value["version"]) is not int:
            raise ScheduleMalformed("its version is no number")
        return Schedule(value["version"], parse_exactly(value["effective_at"]), lines)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ScheduleMalformed(str(error)) from None


def _line(value: Any) -> Line:  # noqa: ANN401 - what stands in a document
    keep = value["keep"]
    if not isinstance(keep, dict) or set(keep) != set(_MOST):
        raise ScheduleMalformed("how long a line keeps cannot be read")
    if not all(type(keep[unit]) is int and keep[unit] <= most for unit, most in _MOST.items()):
        raise ScheduleMalformed("how long a line keeps cannot be read")
    if not isinstance(value["trigger"], str) or not isinstance(value["end"], str):
        raise ScheduleMalformed("a line cannot be read")
    return Line(value["trigger"], Period(**keep), value["end"])


def _whole(text: str) -> int:
    if not text.isdigit() or int(text[:17]) > _LARGEST or len(text) > 16:
        raise ScheduleMalformed("it has a number that is not whole, or out of range")
    return int(text)


def _refuse_deep(value: object, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise ScheduleMalformed("it is too deep")
    if isinstance(value, dict):
        if any(name > "\uffff" for name in value):
            raise ScheduleMalformed("a member's name is outside the Basic Multilingual Plane")
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        _refuse_deep(inner, depth + 1)
