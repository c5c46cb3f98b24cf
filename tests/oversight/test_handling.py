"""RET-20. Who looks into a complaint sees what it is about, no more; to watch is to keep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.world import force

from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.oversight.actions import handling
from custodes.oversight.actions.handling import (
    give_complaint,
    open_what_came_late,
    take_complaint,
)
from custodes.oversight.actions.register import close, enter
from custodes.oversight.errors import CannotBeGiven
from custodes.oversight.models import Handler, Registered
from custodes.oversight.queries import footage_of, handlers_of, may_give
from custodes.oversight.rules import Assigned, Entered, Kind, Outcome, faults_of_assignment
from custodes.people.actions import set_roles
from custodes.people.models import Person
from custodes.people.rules import Permission, Role, Viewer
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.grant import open_to
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.errors import NotYours
from custodes.recordings.models import Grant, Recording
from custodes.recordings.queries import recordings_for, within_reach
from custodes.recordings.rules import LockKind
from custodes.retention.actions.hold import catch
from custodes.retention.actions.watch import watch_and_keep
from custodes.retention.facts import facts_of, schedule_at
from custodes.retention.models import Hold
from custodes.retention.rules.decision import Verdict, decide
from custodes.retention.rules.holds import Scope

pytestmark = pytest.mark.django_db
DAY_31 = force.NOON + timedelta(days=32)


@pytest.fixture
def okafor() -> Person:
    return force.person("Okafor", number="4711")


@pytest.fixture
def recording(okafor: Person) -> Recording:
    made = force.recording(force.camera("X1", okafor))
    complete(made, by=force.CLERK, at=force.NOON + timedelta(hours=1))
    return made


@pytest.fixture
def vane() -> Person:
    return force.person("Vane", Role.STANDARDS)


@pytest.fixture
def chief() -> Viewer:
    return force.person("DCI Ekblad", Role.STANDARDS).as_viewer("web")


@pytest.fixture
def complaint(chief: Viewer, okafor: Person, recording: Recording) -> Registered:
    assert recording
    said = Entered(Kind.COMPLAINT, "C/1", force.NOON.date(), "the arrest in Dean Street")
    return enter(chief, said, Scope(wearers=frozenset({okafor.handle})), at=now())


def seen_by(person: Person) -> set[str]:
    viewer = Person.objects.get(pk=person.pk).as_viewer("web")
    return set(recordings_for(viewer).values_list("source_key", flat=True))


def test_whoever_is_given_a_complaint_sees_what_is_held_for_it_and_nothing_else(
    chief: Viewer, vane: Person, complaint: Registered, recording: Recording
) -> None:
    force.recording(force.camera("X2", force.person("Stranger")), "other")
    assert seen_by(vane) == set()

    give_complaint(chief, complaint.handle, vane, at=now())

    assert seen_by(vane) == {"r1"}
    viewer = vane.as_viewer("web")
    assert within_reach(viewer, Permission.PLAY, recording)
    assert within_reach(viewer, Permission.SEE_CUSTODY, recording)
    assert not within_reach(viewer, Permission.FETCH_ORIGINAL, recording)
    assert [one.person for one in handlers_of(chief, complaint)] == [vane]
    assert list(footage_of(viewer, complaint)) == [recording]
    assert not footage_of(chief, complaint).exists(), "entering it opened nothing to whoever did"
    told = history_of(complaint.handle)[-1]
    assert (told.kind, told.fields["name"]) == ("register.given", "Vane")


def test_a_handler_who_plays_an_uncategorised_clip_holds_it_and_day_31_leaves_it_intact(
    vane: Person, recording: Recording
) -> None:
    with transaction.atomic():
        open_to([vane.pk], [recording.pk], new_handle(), "a matter", at=now())
    assert not recording.holds.exists()
    assert verdict(recording) is Verdict.DISPOSE

    kept = watch_and_keep(
        vane.as_viewer("web"), recording, "To look into a complaint or conduct: C/2",
        reason_needed=True, at=now(),
    )  # fmt: skip

    assert kept == "complaint"
    assert force.kinds(recording.handle)[-2:] == ["recording.viewed", "hold.placed"]
    hold = recording.holds.get().hold
    assert (hold.kind, hold.until, hold.placed_by) == ("complaint", None, "Vane")
    assert verdict(recording) is Verdict.KEEP


def verdict(recording: Recording) -> Verdict:
    schedule = schedule_at(DAY_31)
    assert schedule is not None
    return decide(facts_of([recording.pk])[recording.pk], schedule, DAY_31).verdict


def test_what_a_handler_does_not_reach_is_neither_played_nor_held(
    chief: Viewer, vane: Person, complaint: Registered
) -> None:
    give_complaint(chief, complaint.handle, vane, at=now())
    other = force.recording(force.camera("X2", force.person("Stranger")), "other")
    holds = Hold.objects.count()

    with pytest.raises(Exception, match="There is no such recording"):
        watch_and_keep(vane.as_viewer("web"), other, "complaint C/1", reason_needed=True, at=now())

    assert Hold.objects.count() == holds
    assert force.kinds(other.handle) == ["recording.opened"]


def test_what_is_docked_later_is_open_to_the_handlers_once_it_is_held(
    chief: Viewer, vane: Person, complaint: Registered, okafor: Person
) -> None:
    give_complaint(chief, complaint.handle, vane, at=now())
    late = force.recording(force.camera("X3", okafor), "late")
    assert seen_by(vane) == {"r1"}

    for _ in range(2):
        catch([late.pk], by=force.CLERK, at=now())
        open_what_came_late(late.handle, at=now())

    assert seen_by(vane) == {"r1", "late"}
    assert Grant.objects.filter(person=vane).count() == 2


def test_a_lock_keeps_it_from_the_handlers_like_from_everybody(
    chief: Viewer, vane: Person, complaint: Registered, recording: Recording
) -> None:
    give_complaint(chief, complaint.handle, vane, at=now())
    cause = new_handle()

    lock([recording], Locking(cause, LockKind.POST_INCIDENT, "why"), by=force.CLERK, at=now())

    assert seen_by(vane) == set()
    lift(cause, "over", by=force.CLERK, at=now())
    assert seen_by(vane) == {"r1"}


def test_taking_it_away_closing_it_and_losing_the_role_each_end_the_sight(
    chief: Viewer, vane: Person, complaint: Registered
) -> None:
    give_complaint(chief, complaint.handle, vane, at=now())
    with pytest.raises(CannotBeGiven, match="Say in at most"):
        take_complaint(chief, complaint.handle, vane, " ", at=now())
    assert seen_by(vane) == {"r1"}

    take_complaint(chief, complaint.handle, vane, "on leave", at=now())

    assert seen_by(vane) == set()
    assert history_of(complaint.handle)[-1].kind == "register.taken"
    with pytest.raises(CannotBeGiven, match="does not look into it"):
        take_complaint(chief, complaint.handle, vane, "again", at=now())

    give_complaint(chief, complaint.handle, vane, at=now())
    assert seen_by(vane) == {"r1"}
    set_roles(vane, [Role.POST_INCIDENT], by=force.CLERK, at=now())
    assert seen_by(vane) == set()
    set_roles(vane, [Role.STANDARDS], by=force.CLERK, at=now())
    assert seen_by(vane) == {"r1"}

    close(chief, complaint.handle, Outcome.FINALISED, "not upheld", at=now())

    assert seen_by(vane) == set()
    assert not Handler.objects.filter(until=None).exists()
    assert force.kinds(complaint.handle)[-2:] == ["register.taken", "register.closed"]
    with pytest.raises(CannotBeGiven, match="It is closed"):
        give_complaint(chief, complaint.handle, vane, at=now())


def test_nobody_opens_footage_to_themselves_by_entering_a_complaint(
    chief: Viewer, complaint: Registered
) -> None:
    myself = Person.objects.get(handle=chief.handle)

    with pytest.raises(CannotBeGiven, match="Nobody gives a complaint to themselves"):
        give_complaint(chief, complaint.handle, myself, at=now())

    assert seen_by(myself) == set()
    assert force.kinds(complaint.handle) == ["register.entered"]


def test_nobody_looks_into_what_they_filmed(
    chief: Viewer, complaint: Registered, okafor: Person
) -> None:
    set_roles(okafor, [Role.OFFICER, Role.STANDARDS], by=force.CLERK, at=now())

    with pytest.raises(CannotBeGiven, match="what they filmed themselves"):
        give_complaint(chief, complaint.handle, Person.objects.get(pk=okafor.pk), at=now())


def test_if_the_entry_cannot_be_made_nothing_is_opened(
    chief: Viewer, vane: Person, complaint: Registered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "record", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        give_complaint(chief, complaint.handle, vane, at=now())

    assert not Handler.objects.exists()
    assert not Grant.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_only_standards_and_records_say_who_looks_into_it(
    role: Role, complaint: Registered, vane: Person
) -> None:
    viewer = force.person("Somebody", role).as_viewer("web")
    may = role in {Role.STANDARDS, Role.RECORDS}

    assert may_give(viewer, complaint) == may
    if may:
        give_complaint(viewer, complaint.handle, vane, at=now())
    else:
        with pytest.raises((CannotBeGiven, Exception)):
            give_complaint(viewer, complaint.handle, vane, at=now())
    assert Handler.objects.exists() == may


def asked(**said: object) -> Assigned:
    standards = frozenset({Role.STANDARDS})
    return Assigned(
        **({"person": "p", "roles": standards, "by": "b", "by_roles": standards} | said)
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "kind", "closed", "fault"),
    [
        (asked(), Kind.COMPLAINT, False, ""),
        (asked(by_roles=frozenset({Role.RECORDS})), Kind.COMPLAINT, False, ""),
        (asked(filmed=frozenset({"q"})), Kind.COMPLAINT, False, ""),
        (
            asked(),
            Kind.USE_OF_FORCE,
            False,
            "Only a complaint is given to somebody to look into.",
        ),
        (
            asked(by_roles=frozenset({Role.AUDITOR})),
            Kind.COMPLAINT,
            False,
            "None of your roles says who looks into a complaint.",
        ),
        (asked(), Kind.COMPLAINT, True, "It is closed."),
        (
            asked(by="p"),
            Kind.COMPLAINT,
            False,
            "Nobody gives a complaint to themselves: ask a colleague to.",
        ),
        (
            asked(roles=frozenset({Role.INVESTIGATOR})),
            Kind.COMPLAINT,
            False,
            "Only professional standards look into complaints.",
        ),
        (
            asked(filmed=frozenset({"p"})),
            Kind.COMPLAINT,
            False,
            "It is about what they filmed themselves.",
        ),
    ],
)
def test_each_rule_of_giving_a_complaint(
    wanted: Assigned, kind: Kind, closed: bool, fault: str
) -> None:
    assert " ".join(faults_of_assignment(kind, wanted, is_closed=closed)) == fault


def test_a_handler_who_may_know_of_it_but_whose_role_plays_nothing_plays_nothing(
    chief: Viewer, vane: Person, complaint: Registered, recording: Recording
) -> None:
    give_complaint(chief, complaint.handle, vane, at=now())
    set_roles(vane, [Role.RECORDS], by=force.CLERK, at=now())

    with pytest.raises(NotYours):
        watch_and_keep(
            Person.objects.get(pk=vane.pk).as_viewer("web"), recording, "complaint C/1",
            reason_needed=True, at=now(),
        )  # fmt: skip
