"""Whoever is assigned to a case reaches its recordings, and nothing else exists for them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.cases.conftest import LATER, Station
from tests.world import force

from custodes.cases.actions.assign import assign, unassign
from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.material import add_recordings, take_out
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.coverage import coverage_for
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case
from custodes.cases.queries import (
    case_called,
    case_for,
    cases_for,
    exhibits_of,
    material_of,
    my_cases,
    people_of,
)
from custodes.cases.rules.proceeding import Part
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import new_handle
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Permission, Role, Viewer
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.grant import open_to
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.actions.watch import begin_viewing
from custodes.recordings.models import Grant, Recording
from custodes.recordings.queries import (
    recording_for,
    recordings_for,
    those_within_reach,
    within_reach,
)
from custodes.recordings.rules import LockKind
from custodes.recordings.search import Search, search

pytestmark = pytest.mark.django_db


def known(viewer: Viewer) -> set[str]:
    """Return what a viewer knows of, by every way there is to ask; all must say the same."""
    by_filter = set(recordings_for(viewer).values_list("source_key", flat=True))
    page = search(viewer, Search())
    assert {row.recording.source_key for row in page.rows} == by_filter
    assert page.count == len(by_filter)
    every = list(Recording.objects.all())
    within = {each.source_key for each in every if within_reach(viewer, Permission.SEARCH, each)}
    at_once = those_within_reach(viewer, Permission.SEARCH, every)
    assert within == {each.source_key for each in every if each.pk in at_once} == by_filter
    return by_filter


def test_an_investigator_knows_of_nothing_until_assigned_and_nothing_once_taken_off(
    station: Station,
) -> None:
    clerk, investigator, case = station.clerk, station.investigator, station.case
    add_recordings(station.officer, case, [station.okafors], "", at=LATER)
    assert known(investigator) == set()
    assert not cases_for(investigator).exists()

    assign(clerk, case, station.sharma, Part.WORKS, at=LATER)
    assert known(investigator) == {"o1"}
    begin_viewing(investigator, station.okafors, "the case", reason_needed=True, at=LATER)
    add_note(investigator, station.okafors, "Seen.", at=LATER)

    unassign(clerk, case, station.sharma, "moved to another team", at=now())
    assert known(investigator) == set()
    for question in (
        lambda: recording_for(investigator, station.okafors.handle),
        lambda: case_for(investigator, case.handle),
        lambda: begin_viewing(investigator, station.okafors, "x", reason_needed=True, at=LATER),
    ):
        with pytest.raises(NotFound):
            question()
    assert Grant.objects.filter(person=station.sharma).count() == 1  # who could see what, stays


def test_what_is_added_later_is_open_to_who_works_on_it_and_closed_when_taken_out(
    station: Station,
) -> None:
    assign(station.clerk, station.case, station.sharma, Part.WORKS, at=LATER)
    add_recordings(station.clerk, station.case, [station.okafors, station.lewiss], "", at=LATER)
    assert known(station.investigator) == {"o1", "l1"}
    # The officer in the case reaches their colleague's recording because of the case.
    assert known(station.officer) == {"o1", "l1"}

    take_out(station.clerk, station.case, station.lewiss, "another street", at=now())

    assert known(station.investigator) == {"o1"}
    assert known(station.officer) == {"o1"}
    assert known(station.lewis.as_viewer("test")) == {"l1"}


def test_two_cases_open_the_same_recording_and_leaving_one_keeps_the_other(
    station: Station,
) -> None:
    other = open_case(station.clerk, NewCase("01MP/45/26", "Assault", station.okafor), at=LATER)
    for case in (station.case, other):
        add_recordings(station.clerk, case, [station.okafors], "", at=LATER)
        assign(station.clerk, case, station.sharma, Part.WORKS, at=LATER)

    unassign(station.clerk, other, station.sharma, "done", at=now())

    assert known(station.investigator) == {"o1"}


def test_a_grant_adds_to_a_role_and_never_stands_in_for_one(station: Station) -> None:
    auditor = force.person("Auditor", Role.AUDITOR)
    administrator = force.person("Byrne", Role.ADMINISTRATOR)
    with transaction.atomic():
        people = [auditor.pk, administrator.pk]
        open_to(people, [station.okafors.pk], "m" * 22, "something", at=LATER)

    assert known(administrator.as_viewer("test")) == set()
    assert not within_reach(auditor.as_viewer("test"), Permission.PLAY, station.okafors)
    assert not station.investigator.may(Permission.READ_LOG)


def test_a_grant_that_has_not_begun_or_is_over_opens_nothing(station: Station) -> None:
    at = now()
    hour = timedelta(hours=1)
    for since, until in ((at + hour, None), (at - 2 * hour, at - hour)):
        Grant.objects.create(
            person=station.sharma, recording=station.okafors, matter="m" * 22, because="x",
            since=since, until=until,
        )  # fmt: skip

    assert known(station.investigator) == set()


def test_a_lock_keeps_out_who_is_assigned_and_the_case_does_not_tell(station: Station) -> None:
    case = station.case
    add_recordings(station.officer, case, [station.okafors], "", at=LATER)
    number_exhibit(station.officer, case, station.okafors, NewExhibit("V", "AO"), at=LATER)
    assign(station.clerk, case, station.sharma, Part.WORKS, at=LATER)
    cause = new_handle()

    lock(
        [station.okafors],
        Locking(cause, LockKind.POST_INCIDENT, "a death"),
        by=force.CLERK,
        at=now(),
    )

    assert known(station.investigator) == set()
    assert known(station.officer) == set()
    for viewer in (station.investigator, station.officer, station.clerk):
        assert not material_of(viewer, case).exists()
        assert not exhibits_of(viewer, case).exists()
        assert not coverage_for(viewer, case).is_whole

    lift(cause, "over", by=force.CLERK, at=now())
    assert known(station.investigator) == {"o1"}


def test_a_case_is_seen_by_those_on_it_its_units_supervisor_and_the_evidence_unit(
    station: Station,
) -> None:
    harding = force.person("Harding", Role.SUPERVISOR, team="Response A")
    stranger = force.person("Stranger", Role.SUPERVISOR, team="Response B")

    sees = {
        each.name
        for each in (
            *[station.okafor, station.lewis, station.sharma, station.mirza],
            harding,
            stranger,
        )
        if cases_for(each.as_viewer("test")).exists()
    }

    assert sees == {"PC 4711 Ada Okafor", "S Mirza", "Harding"}
    assert list(my_cases(station.officer)) == [station.case]
    assert not my_cases(station.clerk).exists()


def test_a_hidden_case_answers_like_one_that_was_never_there(station: Station) -> None:
    lewis = station.lewis.as_viewer("test")

    said = set()
    for called in ("01MP/44/26", "01MP/99/26", station.case.handle, "x" * 22):
        with pytest.raises(NotFound) as caught:
            case_called(lewis, called)
        said.add(caught.value.in_full())

    assert len(said) == 1


def test_what_is_hidden_from_somebody_is_not_in_their_view_of_a_case_either(
    station: Station,
) -> None:
    harding = force.person("Harding", Role.SUPERVISOR, team="Response A").as_viewer("test")
    novaks = force.recording(force.camera("X3198", station.novak), "n1")
    add_recordings(station.clerk, station.case, [station.okafors, novaks], "", at=LATER)
    number_exhibit(station.clerk, station.case, novaks, NewExhibit("BWV", "NO"), at=LATER)

    assert [m.recording for m in material_of(harding, station.case)] == [station.okafors]
    assert not exhibits_of(harding, station.case).exists()
    assert people_of(harding, station.case).count() == 1


def test_only_those_who_may_say_who_works_on_a_case(station: Station) -> None:
    with pytest.raises(NotAllowed):
        assign(station.officer, station.case, station.lewis, Part.WORKS, at=LATER)
    with pytest.raises(NotFound):
        assign(station.investigator, station.case, station.sharma, Part.WORKS, at=LATER)
    wanted = NewCase("01MP/46/26", "Theft", station.lewis)
    with pytest.raises(NotAllowed):
        open_case(station.officer, wanted, at=LATER)

    assert station.case.assignments.count() == 1


def test_somebody_whose_roles_never_work_on_cases_is_not_assigned(station: Station) -> None:
    panel = force.person("Panel", Role.PANEL)

    with pytest.raises(CaseRefused, match="No role of Panel"):
        assign(station.clerk, station.case, panel, Part.WORKS, at=LATER)


def test_a_case_always_has_one_officer_in_charge(station: Station) -> None:
    clerk, case = station.clerk, station.case
    with pytest.raises(CaseRefused, match="always has an officer"):
        unassign(clerk, case, station.okafor, "away", at=LATER)

    assign(clerk, case, station.sharma, Part.OFFICER, at=LATER)

    now_on = {(each.person.name, each.part) for each in people_of(clerk, case)}
    assert now_on == {
        ("DC Sharma", Part.OFFICER),
        ("PC 4711 Ada Okafor", Part.WORKS),
    }


class AnInvestigatorSeesOnlyWhatIsAssigned(TestCase):
    """Whatever is assigned, added, taken out and taken off, in any order."""

    @settings(max_examples=12)
    @given(
        steps=st.lists(
            st.tuples(
                st.sampled_from(["add", "take", "on", "off"]), st.integers(0, 1), st.integers(0, 2)
            ),
            max_size=9,
        )
    )
    def test_after_any_steps_exactly_the_assigned_is_known(
        self, steps: list[tuple[str, int, int]]
    ) -> None:
        clerk = force.person("S Mirza", Role.EVIDENCE_UNIT).as_viewer("test")
        officer, sharma = force.person("Okafor"), force.person("Sharma", Role.INVESTIGATOR)
        cases = [
            open_case(clerk, NewCase(f"01MP/{n}/26", "Theft", officer), at=LATER) for n in (1, 2)
        ]
        filmed = [
            force.recording(force.camera(f"X{n}", officer if n else None), f"r{n}")
            for n in range(3)
        ]
        inside: dict[int, set[str]] = {0: set(), 1: set()}
        on: set[int] = set()
        for what, case, which in steps:
            step(clerk, what, cases[case], filmed[which], sharma)
            match what:
                case "add":
                    inside[case].add(f"r{which}")
                case "take":
                    inside[case].discard(f"r{which}")
                case "on":
                    on.add(case)
                case _:
                    on.discard(case)

        expected = {key for number in on for key in inside[number]}
        assert known(sharma.as_viewer("test")) == expected
        assert known(officer.as_viewer("test")) == {"r1", "r2"} | inside[0] | inside[1]


def step(clerk: Viewer, what: str, case: Case, recording: Recording, person: Person) -> None:
    """Do one of the four things; what cannot be done changes nothing."""
    acts = {
        "add": lambda: add_recordings(clerk, case, [recording], "", at=now()),
        "take": lambda: take_out(clerk, case, recording, "wrong", at=now()),
        "on": lambda: assign(clerk, case, person, Part.WORKS, at=now()),
        "off": lambda: unassign(clerk, case, person, "done", at=now()),
    }
    try:
        acts[what]()
    except CaseRefused:
        assert what in {"take", "off"}
