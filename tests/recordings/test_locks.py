"""A lock decides alone who may know of a recording, and every way of asking agrees with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.world import force

from custodes.intake.rules import LONGEST_RECORDING
from custodes.kernel.areas import Area
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import new_handle
from custodes.kernel.spans import Span
from custodes.people.models import Person
from custodes.people.rules import Permission, Role
from custodes.recordings.actions.grant import open_to
from custodes.recordings.actions.lock import (
    Locking,
    caught_by,
    lift,
    lock,
    name_no_more,
    name_to,
)
from custodes.recordings.errors import Withheld
from custodes.recordings.models import Lock, Recording
from custodes.recordings.queries import (
    original_for,
    recording_for,
    recordings_for,
    those_within_reach,
    within_reach,
)
from custodes.recordings.rules import Filmed, LockKind, Net, OpenFor, opens, purposes_that_open
from custodes.recordings.search import Search, search

pytestmark = pytest.mark.django_db
CAUSE, OTHER = "m" * 22, "n" * 22


def recording_of(wearer: Person, serial: str = "X1") -> Recording:
    recording = force.recording(force.camera(serial, wearer), serial)
    force.original(recording)
    return recording


def put_under(recording: Recording, kind: LockKind, cause: str = CAUSE) -> None:
    lock([recording], Locking(cause, kind, "because"), by=force.CLERK, at=now())


def knows(person: Person, recording: Recording) -> bool:
    """Ask in every way whether somebody may know of a recording; all must say the same."""
    viewer = Person.objects.get(pk=person.pk).as_viewer("test")
    fresh = Recording.objects.get(pk=recording.pk)
    answers = {
        recordings_for(viewer).filter(pk=recording.pk).exists(),
        within_reach(viewer, Permission.SEARCH, fresh),
        recording.pk in {row.recording.pk for row in search(viewer, Search()).rows},
    }
    assert search(viewer, Search()).count == recordings_for(viewer).count()
    for question in (
        lambda: recording_for(viewer, recording.handle),
        lambda: original_for(viewer, recording.handle, 1),
    ):
        try:
            question()
        except NotFound:
            answers.add(False)
        else:
            answers.add(True)
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize("kind", LockKind)
@pytest.mark.parametrize("role", Role)
def test_inside_a_lock_no_role_counts_but_that_of_the_watchdog(role: Role, kind: LockKind) -> None:
    wearer = force.person("The Wearer", role, team="A")
    recording = recording_of(wearer)
    before = recordings_for(wearer.as_viewer("test")).exists()

    put_under(recording, kind)

    opened = role is Role.WATCHDOG and kind is LockKind.POST_INCIDENT
    assert knows(wearer, recording) == opened
    lift(CAUSE, "over", by=force.CLERK, at=now())
    assert knows(wearer, recording) == (before or opened)


def test_a_lifted_lock_of_an_incident_lets_the_watchdog_do_what_the_lock_did_and_no_more() -> None:
    recording = recording_of(force.person("The Wearer"))
    other = recording_of(force.person("A Stranger"), "X2")
    watchdog = force.person("The Watchdog", Role.WATCHDOG)
    viewer = watchdog.as_viewer("test")
    put_under(recording, LockKind.POST_INCIDENT)
    during = {p for p in Permission if within_reach(viewer, p, again(recording))}
    by_role = {p for p in Permission if within_reach(viewer, p, other)}

    lift(CAUSE, "over", by=force.CLERK, at=now())

    after = {p for p in Permission if within_reach(viewer, p, again(recording))}
    assert after == during | by_role
    assert not during & by_role
    assert Permission.FETCH_ORIGINAL in during
    assert Permission.SEE_CUSTODY in during
    assert Permission.CATEGORISE not in during
    assert those_within_reach(viewer, Permission.PLAY, [again(recording), again(other)]) == {
        recording.pk
    }
    assert not knows(watchdog, other)


@pytest.mark.parametrize("kind", sorted(set(LockKind) - {LockKind.POST_INCIDENT}))
def test_another_lock_shuts_the_watchdog_out_after_the_incidents_is_lifted(kind: LockKind) -> None:
    recording = recording_of(force.person("The Wearer"))
    watchdog = force.person("The Watchdog", Role.WATCHDOG)
    put_under(recording, LockKind.POST_INCIDENT)
    lift(CAUSE, "over", by=force.CLERK, at=now())

    put_under(recording, kind, OTHER)

    assert not knows(watchdog, recording)
    lift(OTHER, "over", by=force.CLERK, at=now())
    assert knows(watchdog, recording)


@pytest.mark.parametrize("kind", sorted(set(LockKind) - {LockKind.POST_INCIDENT}))
def test_a_lifted_lock_of_another_kind_opens_nothing_to_the_watchdog(kind: LockKind) -> None:
    recording = recording_of(force.person("The Wearer"))
    put_under(recording, kind)

    lift(CAUSE, "over", by=force.CLERK, at=now())

    assert not knows(force.person("The Watchdog", Role.WATCHDOG), recording)


def test_nobody_named_in_a_lock_that_was_lifted_goes_on_seeing_by_it() -> None:
    recording = recording_of(force.person("The Wearer"))
    named = force.person("Named", Role.ADMINISTRATOR)
    put_under(recording, LockKind.POST_INCIDENT)
    name_to(CAUSE, named, OpenFor.INVESTIGATION, "why", by=force.CLERK, at=now())
    assert knows(named, recording)

    lift(CAUSE, "over", by=force.CLERK, at=now())

    assert not knows(named, recording)


def again(recording: Recording) -> Recording:
    """Return it as read anew, without what was found of its locks."""
    return Recording.objects.get(pk=recording.pk)


@pytest.mark.parametrize("purpose", OpenFor)
def test_whoever_is_named_may_what_it_is_for_and_nothing_else(purpose: OpenFor) -> None:
    recording = recording_of(force.person("The Wearer"))
    named = force.person("Named", Role.ADMINISTRATOR)
    put_under(recording, LockKind.POST_INCIDENT)

    name_to(CAUSE, named, purpose, "why", by=force.CLERK, at=now())

    assert knows(named, recording)
    viewer = named.as_viewer("test")
    given_by_it = {p for p in Permission if within_reach(viewer, p, recording)}
    assert given_by_it == {p for p in Permission if purpose in purposes_that_open(p)}
    assert Permission.CATEGORISE not in given_by_it


def test_somebody_named_for_one_recording_knows_of_no_other() -> None:
    wearer = force.person("The Wearer")
    one, other = recording_of(wearer), recording_of(wearer, "X2")
    put_under(one, LockKind.POST_INCIDENT)
    put_under(other, LockKind.POST_INCIDENT)

    name_to(CAUSE, wearer, OpenFor.OWN_FOOTAGE, "why", by=force.CLERK, at=now(), recording=one)

    assert knows(wearer, one)
    assert not knows(wearer, other)


def test_being_named_ends_when_it_says_and_when_it_is_ended() -> None:
    wearer = force.person("The Wearer")
    recording = recording_of(wearer)
    put_under(recording, LockKind.POST_INCIDENT)
    at = now()
    over = {"by": force.CLERK, "at": at - timedelta(hours=2), "until": at - timedelta(seconds=1)}
    name_to(CAUSE, wearer, OpenFor.OWN_FOOTAGE, "why", **over)  # type: ignore[arg-type]
    assert not knows(wearer, recording)

    named = name_to(CAUSE, wearer, OpenFor.OWN_FOOTAGE, "why", by=force.CLERK, at=at)
    assert knows(wearer, recording)
    name_no_more(named, "enough", by=force.CLERK, at=now())

    assert not knows(wearer, recording)


def test_of_two_locks_both_have_to_be_open() -> None:
    wearer = force.person("The Wearer")
    recording = recording_of(wearer)
    put_under(recording, LockKind.POST_INCIDENT)
    put_under(recording, LockKind.RESTRICTED, OTHER)

    name_to(CAUSE, wearer, OpenFor.OWN_FOOTAGE, "why", by=force.CLERK, at=now())
    assert not knows(wearer, recording)
    name_to(OTHER, wearer, OpenFor.LEGAL, "why", by=force.CLERK, at=now())

    assert knows(wearer, recording)
    assert not within_reach(wearer.as_viewer("t"), Permission.FETCH_ORIGINAL, recording)


def test_being_assigned_to_a_case_opens_no_lock() -> None:
    recording = recording_of(force.person("The Wearer"))
    detective = force.person("Detective", Role.INVESTIGATOR)
    open_to([detective.pk], [recording.pk], "c" * 22, "44/26", at=now())
    assert knows(detective, recording)

    put_under(recording, LockKind.POST_INCIDENT)

    assert not knows(detective, recording)
    fresh = Recording.objects.get(pk=recording.pk)
    viewer = detective.as_viewer("t")
    assert not those_within_reach(viewer, Permission.PLAY, [fresh])
    name_to(CAUSE, detective, OpenFor.INVESTIGATION, "why", by=force.CLERK, at=now())
    fresh = Recording.objects.get(pk=recording.pk)
    assert those_within_reach(viewer, Permission.PLAY, [fresh]) == {recording.pk}


def test_what_is_withheld_reads_like_what_was_never_there() -> None:
    wearer = force.person("The Wearer")
    recording = recording_of(wearer)
    put_under(recording, LockKind.POST_INCIDENT)
    viewer = wearer.as_viewer("test")

    with pytest.raises(Withheld) as withheld:
        recording_for(viewer, recording.handle)
    with pytest.raises(NotFound) as missing:
        recording_for(viewer, new_handle())

    assert withheld.value.in_full() == missing.value.in_full()


def test_locking_twice_for_one_matter_is_one_lock() -> None:
    recording = recording_of(force.person("The Wearer"))

    put_under(recording, LockKind.POST_INCIDENT)
    put_under(recording, LockKind.POST_INCIDENT)

    assert Lock.objects.count() == 1
    assert force.kinds(recording.handle).count("recording.locked") == 1


def test_a_matter_that_was_lifted_can_lock_again() -> None:
    wearer = force.person("The Wearer")
    recording = recording_of(wearer)
    put_under(recording, LockKind.POST_INCIDENT)
    lift(CAUSE, "over", by=force.CLERK, at=now())

    put_under(recording, LockKind.POST_INCIDENT)

    assert not knows(wearer, recording)


@pytest.mark.parametrize("kind", LockKind)
def test_the_rule_of_a_lock_and_the_purposes_it_is_asked_by_are_one(kind: LockKind) -> None:
    for permission in Permission:
        for number in range(3):
            for purposes in combinations(OpenFor, number):
                by_rule = opens(kind, {Role.PANEL}, purposes, permission)
                assert by_rule == bool(set(purposes) & purposes_that_open(permission))
                for_others = opens(kind, {Role.OFFICER}, purposes, permission)
                assert for_others == (by_rule and kind is not LockKind.SCRUTINY)


MOMENTS = st.integers(-60, 60).map(lambda hours: force.NOON + timedelta(hours=hours))


class TestTheNet(TestCase):
    """The table finds exactly what the rule catches."""

    @settings(max_examples=30, deadline=None)
    @given(
        filmed=st.lists(
            st.tuples(
                st.sampled_from(["c1", "c2"]),
                st.sampled_from(["p1", "p2", ""]),
                MOMENTS,
                st.none() | st.integers(0, 50),
                st.none() | st.sampled_from([0, 3600, -3600, 86_400 * 9_490, -86_400 * 3]),
            ),
            max_size=5,
        ),
        span=st.tuples(MOMENTS, MOMENTS).map(sorted),
        cameras=st.sets(st.sampled_from(["c1", "c2"])),
        places=st.sets(st.sampled_from(["p1", "p2"])),
    )
    def test_the_table_finds_what_the_rule_catches(
        self,
        filmed: list[tuple[str, str, datetime, int | None, int | None]],
        span: list[datetime],
        cameras: set[str],
        places: set[str],
    ) -> None:
        known = {serial: force.camera(f"{serial}{new_handle()}") for serial in ("c1", "c2")}
        handles = frozenset(known[each].handle for each in cameras)
        net = Net(Span(*span), cameras=handles, places=frozenset(places))
        expected = set()
        for number, (serial, place, started, hours, offset) in enumerate(filmed):
            made = force.recording(
                known[serial],
                f"k{number}",
                started=started,
                place=place,
                clock_offset_ms=None if offset is None else offset * 1000,
            )
            made.ended_at = started + timedelta(hours=hours) if hours is not None else None
            made.save()
            if net.catches(
                Filmed(
                    started,
                    made.ended_at,
                    made.camera.handle,
                    "",
                    place,
                    timedelta(seconds=offset or 0),
                )
            ):
                expected.add(made.pk)

        assert {each.pk for each in caught_by(net)} == expected


def test_a_recording_of_unknown_end_may_have_gone_on_for_as_long_as_any_can() -> None:
    span = Span(force.NOON, force.NOON + timedelta(hours=1))
    net = Net(span, cameras=frozenset({"c"}))

    assert net.catches(Filmed(force.NOON - LONGEST_RECORDING, None, "c"))
    assert not net.catches(Filmed(force.NOON - LONGEST_RECORDING - timedelta(seconds=1), None, "c"))
    assert not net.catches(Filmed(force.NOON, None, "another"))
    assert not net.catches(Filmed(span.end, None, "c"))
    assert not Net(span).catches(Filmed(force.NOON, None, ""))
    there = Net(span, areas=frozenset({Area(51.4613, -0.1156, 500)}))
    assert there.catches(Filmed(force.NOON, None, "", position=(51.4620, -0.1150)))
    assert not there.catches(Filmed(force.NOON, None, "", position=(51.4700, -0.1156)))
    assert not there.catches(Filmed(force.NOON, None, ""))
    assert not there.catches(Filmed(span.end, None, "", position=(51.4620, -0.1150)))
