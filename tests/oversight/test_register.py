"""What comes in holds its footage in the same transaction, and ends as the law has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.errors import NotFound
from custodes.kernel.spans import Span
from custodes.oversight.actions import register
from custodes.oversight.actions.register import close, enter
from custodes.oversight.errors import CannotBeClosed, RegisterRefused
from custodes.oversight.letters import letter_for
from custodes.oversight.models import Registered
from custodes.oversight.queries import due_for, number_held, number_it_would_hold, register_for
from custodes.oversight.rules import Entered, Ground, Kind, Outcome, Regime
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind
from custodes.retention.actions.hold import catch
from custodes.retention.errors import HoldRefused
from custodes.retention.facts import facts_of, schedule_at
from custodes.retention.models import Hold
from custodes.retention.rules.decision import Verdict, decide
from custodes.retention.rules.holds import Scope
from custodes.retention.rules.rehearsed import Touch
from custodes.retention.touched import touched_by

pytestmark = pytest.mark.django_db

NOW = force.NOON + timedelta(days=29)
DAY_31 = force.NOON + timedelta(days=32)


@pytest.fixture
def okafor() -> Person:
    return force.person("Okafor", number="4711")


@pytest.fixture
def recording(okafor: Person) -> Recording:
    recording = force.recording(force.camera("X1", okafor))
    complete(recording, by=force.CLERK, at=force.NOON + timedelta(hours=1))
    return recording


@pytest.fixture
def rights() -> Viewer:
    return force.person("Rees", Role.INFORMATION_RIGHTS).as_viewer("web")


def of(okafor: Person) -> Scope:
    return Scope(wearers=frozenset({okafor.handle}))


def request(kind: Kind = Kind.SUBJECT_ACCESS) -> Entered:
    regime = Regime.LAW_ENFORCEMENT if kind is Kind.SUBJECT_ACCESS else None
    return Entered(kind, "R/1", NOW.date(), "the arrest in Dean Street", "A. Person", regime)


def verdict(recording: Recording, at: object = DAY_31) -> Verdict:
    schedule = schedule_at(DAY_31)
    assert schedule is not None
    return decide(facts_of([recording.pk])[recording.pk], schedule, at).verdict  # type: ignore[arg-type]


def test_a_request_on_day_29_keeps_what_would_go_on_day_31(
    okafor: Person, recording: Recording, rights: Viewer
) -> None:
    assert verdict(recording) is Verdict.DISPOSE

    entered = enter(rights, request(), of(okafor), at=NOW)

    assert verdict(recording) is Verdict.KEEP
    told = history_of(entered.handle)[-1]
    assert (told.kind, told.fields["number"]) == ("register.entered", "1")
    assert told.facts == {"h": entered.hold.handle}


def test_what_is_docked_later_is_held_at_birth(okafor: Person, rights: Viewer) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)
    late = force.recording(force.camera("X2", okafor))

    catch([late.pk], by=force.CLERK, at=NOW)

    assert entered.hold.held.get().recording == late


def test_without_the_entry_there_is_no_hold_either(
    okafor: Person, recording: Recording, rights: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recording
    before = Entry.objects.count()
    monkeypatch.setattr(register, "record", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        enter(rights, request(), of(okafor), at=NOW)

    assert not Hold.objects.exists()
    assert Entry.objects.count() == before


def test_an_answered_request_holds_for_six_months_more_and_then_no_longer(
    okafor: Person, recording: Recording, rights: Viewer
) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)

    close(rights, entered.handle, Outcome.GIVEN, "a redacted copy", at=NOW)

    after = NOW + timedelta(days=181)
    assert verdict(recording, after) is Verdict.KEEP
    assert verdict(recording, after + timedelta(days=20)) is not Verdict.KEEP
    entered.refresh_from_db()
    assert entered.hold.until is not None
    assert history_of(entered.handle)[-1].kind == "register.closed"


def test_a_closed_complaint_releases_nothing(okafor: Person, recording: Recording) -> None:
    adeyemi = force.person("Adeyemi", Role.STANDARDS).as_viewer("web")
    entered = enter(adeyemi, request(Kind.COMPLAINT), of(okafor), at=NOW)

    close(adeyemi, entered.handle, Outcome.FINALISED, "not upheld", at=NOW)

    assert Hold.objects.get().released_at is None
    assert verdict(recording, NOW + timedelta(days=3650)) is Verdict.KEEP


def test_what_is_not_right_is_refused_and_nothing_is_held(
    okafor: Person, recording: Recording, rights: Viewer
) -> None:
    assert recording
    with pytest.raises(RegisterRefused, match="None of your roles"):
        enter(rights, request(Kind.COMPLAINT), of(okafor), at=NOW)
    with pytest.raises(HoldRefused, match="must say what it is for"):
        enter(rights, request(), Scope(), at=NOW)
    enter(rights, request(), of(okafor), at=NOW)
    with pytest.raises(RegisterRefused, match="already"):
        enter(rights, request(), of(okafor), at=NOW)

    assert (Registered.objects.count(), Hold.objects.count()) == (1, 1)


def test_access_is_refused_on_a_ground_only_and_once(okafor: Person, rights: Viewer) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)

    with pytest.raises(RegisterRefused, match="five grounds"):
        close(rights, entered.handle, Outcome.REFUSED, "no", at=NOW)
    close(rights, entered.handle, Outcome.REFUSED, "no", [Ground.CRIME], at=NOW)
    with pytest.raises(RegisterRefused, match="closed already"):
        close(rights, entered.handle, Outcome.GIVEN, "yes", at=NOW)

    assert "crime" in history_of(entered.handle)[-1].fields["grounds"]


def on_the_day(*wearers: Person, **also: frozenset[str]) -> Scope:
    day = Span(force.NOON - timedelta(hours=12), force.NOON + timedelta(hours=12))
    return Scope(span=day, wearers=frozenset(each.handle for each in wearers), **also)


def test_a_form_reaches_for_an_encounter_and_not_for_what_somebody_may_not_see(
    okafor: Person, recording: Recording
) -> None:
    novak, sergeant = force.person("Novak"), force.person("Singh", Role.SUPERVISOR, team="B")
    theirs = force.recording(force.camera("X2", novak), "n", started=recording.started_at)
    place = frozenset({"Dean Street"})
    viewer = okafor.as_viewer("web")

    def refused(scope: Scope, match: str, viewer: Viewer = viewer) -> None:
        with pytest.raises(RegisterRefused, match=match):
            enter(viewer, request(Kind.USE_OF_FORCE), scope, at=NOW)

    refused(of(okafor), "two days at most")
    year = Span(force.NOON - timedelta(days=365), force.NOON)
    refused(Scope(span=year, wearers=frozenset({okafor.handle})), "two days at most")
    refused(on_the_day(), "who wore the camera, or where")
    refused(on_the_day(novak), "You may name yourself")
    refused(on_the_day(novak), "You may name yourself", sergeant.as_viewer("web"))
    refused(Scope(recordings=frozenset({theirs.handle})), "may not see all")
    assert not Hold.objects.exists()

    made = enter(viewer, request(Kind.USE_OF_FORCE), on_the_day(places=place), at=NOW)

    assert made.hold.held.count() == 2  # nobody said where either was filmed
    assert number_held(viewer, made) == 1
    assert number_it_would_hold(viewer, on_the_day(places=place)) == 1
    unit = force.person("Harding", Role.EVIDENCE_UNIT).as_viewer("web")
    assert number_held(unit, made) == 2
    lock([theirs], Locking("c" * 22, LockKind.POST_INCIDENT, "why"), by=force.CLERK, at=NOW)
    assert number_held(unit, made) == number_it_would_hold(unit, of(okafor)) == 1


def test_an_officer_knows_of_the_forms_they_entered_and_of_nothing_else(
    okafor: Person, rights: Viewer
) -> None:
    viewer = okafor.as_viewer("web")
    form = enter(viewer, request(Kind.USE_OF_FORCE), on_the_day(okafor), at=NOW)
    sar = enter(rights, request(), of(okafor), at=NOW)
    other = force.person("Novak").as_viewer("web")

    assert list(register_for(viewer)) == [form]
    assert list(register_for(other)) == []
    assert list(register_for(rights)) == [sar]
    with pytest.raises(NotFound):
        close(viewer, sar.handle, Outcome.GIVEN, "mine", at=NOW)


def test_a_request_under_the_uk_gdpr_has_neither_the_grounds_nor_the_letter_of_the_act(
    okafor: Person, rights: Viewer
) -> None:
    wanted = replace(request(), regime=Regime.GENERAL)
    entered = enter(rights, wanted, of(okafor), at=NOW)

    with pytest.raises(NotFound):
        letter_for(rights, entered.handle, at=NOW)
    with pytest.raises(CannotBeClosed, match="only where") as refused:
        close(rights, entered.handle, Outcome.REFUSED, "unfounded", [Ground.CRIME], at=NOW)
    assert refused.value.advice.startswith("It stays open.")
    close(rights, entered.handle, Outcome.REFUSED, "manifestly unfounded", at=NOW)


def test_what_is_due_soon_is_called_for_until_it_is_closed(okafor: Person, rights: Viewer) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)
    assert entered.due_on is not None
    soon = entered.due_on - timedelta(days=7)

    assert not list(due_for(rights, soon - timedelta(days=1)))
    assert list(due_for(rights, soon)) == [entered]
    assert not list(due_for(okafor.as_viewer("web"), soon))

    close(rights, entered.handle, Outcome.NOTHING_HELD, "nothing", at=NOW)
    assert not list(due_for(rights, soon))


def test_the_letter_has_all_seven_items(
    okafor: Person, recording: Recording, rights: Viewer
) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)

    letter = letter_for(rights, entered.handle, at=NOW)

    assert "law enforcement" in letter.purposes
    assert letter.categories
    assert letter.recipients == ()
    assert "31 days" in letter.periods[0]
    assert "rectified" in letter.rights
    assert "Information Commissioner" in letter.complaint
    assert letter.origin[0].startswith(f"Filmed on {recording.started_at:%-d %B %Y}")


def test_the_letter_names_who_outside_was_given_it_and_nothing_that_is_locked(
    okafor: Person, recording: Recording, rights: Viewer
) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)
    note_recipient(recording, Given("Hale & Co", "a package"), at=NOW)
    note_recipient(recording, Given("Okafor", "the original", person=okafor.pk), at=NOW)
    assert letter_for(rights, entered.handle, at=NOW).recipients == ("Hale & Co",)

    lock(
        [recording],
        Locking("c" * 22, LockKind.POST_INCIDENT, "looked into"),
        by=force.CLERK,
        at=NOW,
    )

    letter = letter_for(rights, entered.handle, at=NOW)
    assert (letter.recipients, letter.origin, letter.categories) == ((), (), ())


def test_a_rehearsal_points_out_an_open_request_whose_hold_was_released(
    okafor: Person, recording: Recording, rights: Viewer
) -> None:
    entered = enter(rights, request(), of(okafor), at=NOW)

    [group] = [
        each for each in touched_by(Recording.objects.all()) if each["what"] == Touch.REGISTER
    ]
    close(rights, entered.handle, Outcome.GIVEN, "sent", at=NOW)

    assert (group["recordings"], group["most"][0]["handle"]) == (1, entered.handle)
    assert group["most"][0]["called"] == str(entered)
    assert "A. Person" not in str(group)
    after = touched_by(Recording.objects.all())
    assert Touch.REGISTER not in {each["what"] for each in after}
