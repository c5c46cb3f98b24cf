"""Custody reports: of a recording, and of what one person did with everybody's.

The report of a person reads the log by who acted. It is for those who may read it,
and only after the purpose is on the record (``actions/read_log``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from custodes.custody.queries import acts_of, history_of, told_at
from custodes.custody.report import Line, Report, Subject, lines, report_of
from custodes.kernel.errors import NotFound
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.queries import person_known_as
from custodes.people.rules import Permission, Viewer
from custodes.recordings.errors import NotYours
from custodes.recordings.kept_apart import (
    looks_of_watchdog,
    said_of_looks,
    telling_of_withheld,
)
from custodes.recordings.models import Recording
from custodes.recordings.queries import recordings_for, within_reach


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to before when somebody's log is read."""

    since: datetime
    until: datetime

    def __str__(self) -> str:
        last = localtime(self.until - timedelta(milliseconds=1))
        return f"from {_day(self.since)} to {_day(last)}"


@dataclass(frozen=True, slots=True)
class PersonsReport:
    """What one person did, a part of it: ``more_after`` is where the next part begins.

    ``leaves_out``: some of it was done with recordings that are, or for the watchdog's looks
    were, under a lock that keeps them from the reader.
    """

    person: Person
    report: Report
    more_after: int | None
    known: frozenset[str]
    leaves_out: bool = False


def report_for(viewer: Viewer, recording: Recording) -> Report:
    """Return the custody report of a recording, if this person may read it."""
    make_sure_history_is_theirs(viewer, recording)
    acts = history_of(recording.handle)
    looks = looks_of_watchdog(viewer, acts)
    wearer = str(recording.wearer or recording.announced or "not known")
    facts = (
        ("Wearer", wearer),
        ("Camera", str(recording.camera)),
        ("Origin", recording.origin),
        ("Filmed, by the camera's clock", _moment(recording.started_at)),
        ("Recording", recording.handle),
        *said_of_looks(looks),
    )
    subject = Subject(recording.handle, name_of(recording))
    told = (each for each in acts if each.index not in looks)
    return report_of(f"Custody report: {name_of(recording)}", facts, [subject], told)


def is_told(viewer: Viewer, recording: Recording, index: int) -> bool:
    """Say whether the report of a recording that this person reads tells of an entry."""
    make_sure_history_is_theirs(viewer, recording)
    told = told_at(index)
    if told is None or told.subject != recording.handle:
        return False
    return not looks_of_watchdog(viewer, [told])


def make_sure_history_is_theirs(viewer: Viewer, recording: Recording) -> None:
    """Raise NotYours when no role of this person shows who has handled a recording."""
    if not within_reach(viewer, Permission.SEE_CUSTODY, recording):
        raise NotYours("You may see this recording, but not who has handled it.")


def person_in_log(viewer: Viewer, known_as: str) -> Person:
    """Return somebody by user name, collar number or handle, with a closed account too."""
    _may_read_log(viewer)
    known_as = known_as.strip()
    by_handle = Person.objects.filter(handle=known_as).first()
    if by_handle is not None:
        return by_handle
    by_number = list(Person.objects.filter(collar_number__iexact=known_as)[:2]) if known_as else []
    if len(by_number) == 1:
        return by_number[0]
    try:
        return person_known_as(known_as)
    except NotFound:
        raise NotFound(f"Nobody has the user name or collar number “{known_as}”.") from None


def persons_report_for(
    viewer: Viewer, person: Person, stretch: Stretch, *, after: int = -1, limit: int = 500
) -> PersonsReport:
    """Return what a person did. The caller has made sure that the purpose is on the record."""
    _may_read_log(viewer)
    told = acts_of(person.handle, stretch.since, stretch.until, after=after, limit=limit + 1)
    withheld = telling_of_withheld(viewer, told[:limit])
    looks = looks_of_watchdog(viewer, told[:limit]) - withheld
    part = lines(each for each in told[:limit] if each.index not in withheld | looks)
    subjects = _named(line.subject for line in part)
    subjects[person.handle] = Subject(person.handle, "")
    report = Report(
        title=f"Custody report: what {person} did {stretch}",
        handle="",
        facts=(
            ("Person", f"{person} ({person.username})"),
            ("Period", str(stretch)),
            *((("Left out", "What was done with recordings under a lock"),) if withheld else ()),
            *said_of_looks(looks),
        ),
        lines=tuple(part),
        subjects=subjects,
    )
    more = told[limit - 1].index if len(told) > limit else None
    return PersonsReport(person, report, more, _known(viewer, part), bool(withheld | looks))


def name_of(recording: Recording) -> str:
    """Return what a person calls a recording: whose, of which camera, from when."""
    wearer = str(recording.wearer or recording.announced or "wearer not known")
    return f"recording of {wearer}, camera {recording.camera}, {_moment(recording.started_at)}"


def _named(handles: Iterable[str]) -> dict[str, Subject]:
    found = Recording.objects.filter(handle__in=set(handles))
    return {
        recording.handle: Subject(recording.handle, name_of(recording))
        for recording in found.select_related("wearer", "announced", "camera")
    }


def _known(viewer: Viewer, part: Iterable[Line]) -> frozenset[str]:
    """Return which recordings among the lines this viewer may open the page of."""
    handles = {line.subject for line in part}
    known = recordings_for(viewer).filter(handle__in=handles)
    return frozenset(known.values_list("handle", flat=True))


def _may_read_log(viewer: Viewer) -> None:
    if not viewer.may(Permission.READ_LOG):
        raise NotAllowed("None of your roles reads the log of what somebody did.")


def _moment(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y, %H:%M %Z}"


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y}"
