"""A case as its pages draw it: recordings with their pictures, cameras on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localtime

from custodes.cases.coverage import Coverage, Covered, end_of
from custodes.cases.rules.material import Status
from custodes.people.rules import Viewer
from custodes.recordings.pictures import films_of
from custodes.recordings.search import Row
from custodes.web.rows import Drawn, all_drawn

if TYPE_CHECKING:
    from custodes.cases.models import Case
    from custodes.recordings.models import Recording

#: The picture of the cameras is so many units wide, whatever the screen.
WIDE = 1000
_WORDS = {
    Status.NOT_LOOKED_AT: ("needs", "Not looked at yet"),
    Status.UNUSED: ("quiet", "Unused: MG6C"),
    Status.SENSITIVE: ("quiet", "Unused, sensitive: MG6D"),
    Status.NOT_RELEVANT: ("quiet", "Not relevant"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One recording of a case: the row of any list, its status here, and what can be done."""

    row: Drawn
    covered: Covered
    kind: str
    word: str
    why: str
    begins: int
    lasts: int

    @property
    def handle(self) -> str:
        """Return the recording's handle."""
        return self.covered.recording.handle


@dataclass(frozen=True, slots=True)
class Picture:
    """The line of time below the cameras."""

    start: datetime
    middle: datetime
    end: datetime


def lines_of(viewer: Viewer, coverage: Coverage) -> list[Line]:
    """Return every recording of a case as it is drawn for this person."""
    recordings = [row.recording for row in coverage.rows]
    films = films_of(recordings)
    drawn = all_drawn(viewer, [Row(each, films[each.pk]) for each in recordings])
    return [
        _line(row, covered, coverage) for row, covered in zip(drawn, coverage.rows, strict=True)
    ]


def picture_of(coverage: Coverage) -> Picture | None:
    """Return the ends of the line of time, or None when nothing was filmed."""
    span = coverage.span
    if span is None:
        return None
    middle = span.start + span.length / 2
    return Picture(localtime(span.start), localtime(middle), localtime(span.end))


def choice_of(case: Case) -> tuple[str, str]:
    """Return a case as a list to choose from has it."""
    return case.handle, f"{case}: {case.about}"


def _line(row: Drawn, covered: Covered, coverage: Coverage) -> Line:
    kind, word = _standing(covered)
    begins, lasts = _place(covered.recording, coverage)
    return Line(row, covered, kind, word, _why(covered), begins, lasts)


def _standing(covered: Covered) -> tuple[str, str]:
    if covered.exhibits:
        return "held", f"Exhibit {', '.join(str(each) for each in covered.exhibits)}"
    if covered.material is None:
        return "needs", "Not in the case yet"
    return _WORDS[Status(covered.material.status)]


def _why(covered: Covered) -> str:
    material = covered.material
    if material is None:
        return covered.why
    if covered.exhibits:
        return "; ".join(each.item for each in covered.exhibits)
    if material.status == Status.NOT_LOOKED_AT:
        return material.because
    return material.description or material.reason


def _place(recording: Recording, coverage: Coverage) -> tuple[int, int]:
    """Return where on the line of time a recording begins and how long it is, at least a sliver."""
    span = coverage.span
    if span is None:
        return 0, WIDE
    whole = max(span.length, timedelta(seconds=1))
    begins = round((recording.started_at - span.start) / whole * WIDE)
    lasts = round((end_of(recording) - recording.started_at) / whole * WIDE)
    return min(begins, WIDE - 6), max(lasts, 6)


def url_of(case: Case) -> str:
    """Return the address of a case."""
    return reverse("case", args=[case.handle])
