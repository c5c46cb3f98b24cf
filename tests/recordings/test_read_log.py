"""Reading the log of what somebody did: for four purposes only, and always on the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import acts_of, history_of, index_at
from custodes.custody.rules import LogPurpose
from custodes.kernel.clock import now
from custodes.people.actions import set_roles
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.read_log import read_log
from custodes.recordings.actions.watch import open_page
from custodes.recordings.errors import NeedsAReason
from custodes.recordings.reports import Stretch, person_in_log, persons_report_for

pytestmark = pytest.mark.django_db

WEEK = Stretch(force.NOON - timedelta(days=3), force.NOON + timedelta(days=4))
# Written down a second time on purpose: which roles may read what somebody did.
READERS = {Role.STANDARDS, Role.AUDITOR, Role.RECORDS}


@pytest.fixture
def okafor() -> Person:
    okafor = force.person("Okafor", number="4711")
    recording = force.recording(force.camera("X1", okafor))
    viewer = okafor.as_viewer("web")
    open_page(viewer, recording, at=force.NOON + timedelta(hours=2))
    add_note(viewer, recording, "seen", at=force.NOON + timedelta(hours=3))
    other = force.person("Mirza", Role.EVIDENCE_UNIT)
    open_page(other.as_viewer("web"), recording, at=force.NOON + timedelta(hours=4))
    return okafor


def viewer(role: Role) -> Viewer:
    return force.person(f"The {role.value}", role).as_viewer("web")


def test_a_reading_is_an_entry_before_anything_is_shown(okafor: Person) -> None:
    reader = viewer(Role.STANDARDS)

    found = read_log(reader, okafor, WEEK, LogPurpose.SELF_MONITORING, "PSD/12", at=now())

    told = history_of(okafor.handle)[-1]
    assert (told.kind, found) == ("log.viewed", 2)
    assert told.fields["actor"] == "The standards"
    assert told.fields["because"] == "PSD/12"
    assert told.fields["found"] == "2"
    assert "disciplinary" in told.fields["purpose"]


@pytest.mark.parametrize(
    ("purpose", "because"), [("", "PSD/12"), ("curiosity", "PSD/12"), ("security", " ")]
)
def test_without_one_of_the_four_purposes_and_a_reason_nothing_is_opened(
    okafor: Person, purpose: str, because: str
) -> None:
    reader = viewer(Role.STANDARDS)
    before = Entry.objects.count()

    with pytest.raises(NeedsAReason):
        read_log(reader, okafor, WEEK, purpose, because, at=now())

    assert Entry.objects.count() == before


@pytest.mark.parametrize("role", Role)
def test_only_those_who_answer_for_conduct_read_the_log(okafor: Person, role: Role) -> None:
    reader = viewer(role)
    before = Entry.objects.count()

    if role in READERS:
        read_log(reader, okafor, WEEK, LogPurpose.LAWFULNESS, "audit", at=now())
        assert len(persons_report_for(reader, okafor, WEEK).report.lines) == 2
        return
    with pytest.raises(NotAllowed):
        read_log(reader, okafor, WEEK, LogPurpose.LAWFULNESS, "audit", at=now())
    with pytest.raises(NotAllowed):
        persons_report_for(reader, okafor, WEEK)
    with pytest.raises(NotAllowed):
        person_in_log(reader, "okafor")
    assert Entry.objects.count() == before


def test_the_report_holds_what_that_person_did_and_nothing_anybody_else_did(
    okafor: Person,
) -> None:
    found = persons_report_for(viewer(Role.AUDITOR), okafor, WEEK)

    assert [line.sentence for line in found.report.lines] == [
        "Okafor looked at the recording: its details and pictures.",
        "Okafor added a note.",
    ]
    assert found.report.about(found.report.lines[0]).startswith(
        "recording of Okafor, camera X1, 14 November 2026"
    )


def test_the_report_keeps_to_its_days_and_comes_in_parts(okafor: Person) -> None:
    auditor = viewer(Role.AUDITOR)
    two = Stretch(force.NOON + timedelta(hours=2), force.NOON + timedelta(hours=3))

    part = persons_report_for(auditor, okafor, WEEK, limit=1)
    rest = persons_report_for(auditor, okafor, WEEK, after=part.more_after or 0, limit=1)

    assert len(persons_report_for(auditor, okafor, two).report.lines) == 1
    assert [line.kind for line in part.report.lines] == ["recording.opened_page"]
    assert [line.kind for line in rest.report.lines] == ["recording.noted"]
    assert rest.more_after is None


def test_a_name_is_told_as_it_was_when_it_was_written(okafor: Person) -> None:
    Person.objects.filter(pk=okafor.pk).update(name="Okafor-Reid")

    found = persons_report_for(viewer(Role.AUDITOR), okafor, WEEK)

    assert found.report.lines[0].sentence.startswith("Okafor looked")


def test_somebody_is_found_by_number_name_or_handle_when_the_account_is_closed_too(
    okafor: Person,
) -> None:
    reader = viewer(Role.STANDARDS)
    Person.objects.filter(pk=okafor.pk).update(is_active=False)

    for known_as in ("4711", "OKAFOR", okafor.handle):
        assert person_in_log(reader, known_as) == okafor


def test_the_table_does_not_say_who_acted(okafor: Person) -> None:
    marks = {bytes(e.who) for e in Entry.objects.exclude(who=None)}

    assert len(marks) == 2
    assert not any(okafor.handle.encode() in mark for mark in marks)
    assert all(len(mark) == 16 for mark in marks)


def test_a_place_in_the_log_is_found_by_time(okafor: Person) -> None:
    times = list(Entry.objects.order_by("index").values_list("at", flat=True))

    for at in {*times, times[0] - timedelta(days=1), times[-1] + timedelta(days=1)}:
        assert index_at(at) == sum(1 for each in times if each < at)


def test_a_reader_who_lost_the_role_reads_no_more(okafor: Person) -> None:
    reader = force.person("Reader", Role.STANDARDS)
    set_roles(reader, [Role.OFFICER], by=force.CLERK, at=now())

    with pytest.raises(NotAllowed):
        persons_report_for(reader.as_viewer("web"), okafor, WEEK)
    assert len(acts_of(reader.handle, WEEK.since, now())) == 0
