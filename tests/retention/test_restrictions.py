"""RET-14. What somebody asks to have erased is restricted when it is needed, and stays intact."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate, localtime
from tests.world import force

from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.models import Lock, Recording
from custodes.recordings.queries import recordings_for
from custodes.recordings.reading import open_original
from custodes.retention.actions import restrict as restricting
from custodes.retention.actions.hold import Wanted, raise_hold
from custodes.retention.actions.restrict import (
    Request,
    announce_lifting,
    let_use,
    lift_restriction,
    restrict,
)
from custodes.retention.actions.sweep import rehearse, run
from custodes.retention.errors import RestrictionRefused
from custodes.retention.models import Notice, RestrictedRecording, Restriction
from custodes.retention.restrictions import letter_for, restrictions_for
from custodes.retention.rules.erasure import Basis, Ground
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.django_db
TOLD_BEFORE = "Whoever asked has to be told before the restriction is lifted, not after."
TODAY = date(2026, 11, 26)
GOES = force.NOON + timedelta(days=31)


@pytest.fixture(autouse=True)
def _a_store_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})


@pytest.fixture
def rights() -> Viewer:
    return force.person("R Singh", Role.INFORMATION_RIGHTS).as_viewer("test")


@pytest.fixture
def wearer() -> Person:
    return force.person("Ada Okafor", number="4711")


@pytest.fixture
def recording(wearer: Person) -> Recording:
    made = force.recording(force.camera("X1", wearer), "r1", started=now() - timedelta(days=40))
    force.original(made, b"the footage")
    complete(made, by=force.CLERK, at=made.received_at)
    return made


def asked(recording: Recording, ground: Ground = Ground.ERASE, **said: Any) -> Request:
    given = {
        "subject": "John Doe", "ground": ground, "reference": "IR/7", "asked_on": now().date(),
        "because": "It shows me at home.", "recordings": frozenset({recording.handle}),
    }  # fmt: skip
    return Request(**{**given, **said})


def held(recording: Recording) -> None:
    scope = Scope(recordings=frozenset({recording.handle}))
    wanted = Wanted(HoldKind.COMPLAINT, "PSD/1", localdate() + timedelta(days=90), scope)
    raise_hold(wanted, by=force.CLERK, at=now())


def test_a_request_to_erase_what_is_held_restricts_it_and_leaves_it_intact(
    rights: Viewer, recording: Recording, wearer: Person
) -> None:
    held(recording)

    made = restrict(rights, asked(recording), at=now())

    assert made.items.get().basis == Basis.EVIDENCE
    for person in (wearer, force.person("Mirza", Role.EVIDENCE_UNIT)):
        assert not recordings_for(person.as_viewer("t")).exists()
    with open_original(recording.originals.get()) as reader:
        assert reader.read_at(0, reader.size) == b"the footage"
    assert "recording.locked" in force.kinds(recording.handle)
    assert force.kinds(made.handle) == ["restriction.placed"]
    [line] = letter_for(rights, made).answers
    assert (
        "we have not erased it, because it must be kept as evidence: it is held for a complaint."
        in line
    )
    assert recording.camera.serial not in line
    assert "Okafor" not in line


def test_only_those_named_use_it_with_a_purpose_and_until_a_time(
    rights: Viewer, recording: Recording
) -> None:
    held(recording)
    made = restrict(rights, asked(recording), at=now())
    lawyer = force.person("Lawyer")
    at = now()

    for because, until in (("", at + timedelta(days=1)), ("claim 7", None), ("claim 7", at)):
        with pytest.raises(RestrictionRefused):
            let_use(rights, made, lawyer, because, until, at=at)
    assert not recordings_for(lawyer.as_viewer("t")).exists()
    let_use(rights, made, lawyer, "claim 7", at + timedelta(days=1), at=at)

    assert list(recordings_for(lawyer.as_viewer("t"))) == [recording]


def test_what_is_restricted_as_evidence_is_not_deleted_when_its_hold_goes(
    rights: Viewer, recording: Recording
) -> None:
    restrict(rights, asked(recording, Ground.INACCURATE), at=now())

    run(rehearse(by=force.CLERK, at=now()), by=force.CLERK, at=now())

    assert Recording.objects.get(pk=recording.pk).state == "complete"


@pytest.mark.parametrize("lost", [[RestrictedRecording], [Lock], [RestrictedRecording, Lock]])
def test_a_row_of_a_restriction_that_is_lost_lets_nothing_go(
    rights: Viewer, recording: Recording, lost: list[Any]
) -> None:
    restrict(rights, asked(recording, Ground.INACCURATE), at=now())
    for rows in lost:
        rows.objects.all().delete()

    run(rehearse(by=force.CLERK, at=now()), by=force.CLERK, at=now())

    assert Recording.objects.get(pk=recording.pk).state == "complete"


def test_what_only_the_schedule_keeps_is_unseen_until_the_schedule_lets_it_go(
    rights: Viewer, recording: Recording, wearer: Person
) -> None:
    made = restrict(rights, asked(recording), at=now())
    assert made.items.get().basis == Basis.SCHEDULE
    assert not recordings_for(wearer.as_viewer("t")).exists()
    [line] = letter_for(rights, made).answers
    assert f"as things stand it is erased on {_day(made.placed_at)}, or in the days after" in line
    assert "It stays longer only if it comes to be needed meanwhile." in line
    assert "evidence" not in line

    run(rehearse(by=force.CLERK, at=now()), by=force.CLERK, at=now())

    assert Recording.objects.get(pk=recording.pk).state == "disposed"


def test_the_letter_calls_nothing_evidence_that_another_reason_keeps(
    rights: Viewer, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(recordings=frozenset({recording.handle}))
    look_on = localdate() + timedelta(days=90)
    access = Wanted(HoldKind.SUBJECT_ACCESS, "of J. Ahmed", look_on, scope)
    hold = raise_hold(access, by=force.CLERK, at=now())
    asked_for = restrict(rights, asked(recording, reference="IR/8"), at=now())
    hold.released_at = now()
    hold.save()
    lift_for(rights, asked_for)
    monkeypatch.setattr(restricting, "readable_schedule_at", lambda _at: None)
    unreadable = restrict(rights, asked(recording, reference="IR/9"), at=now())

    for made, because in (
        (asked_for, "it is held for a subject access request"),
        (unreadable, "no schedule that can be read is in force"),
    ):
        assert made.items.get().basis == Basis.KEPT
        [line] = letter_for(rights, made).answers
        assert f"we have not erased it, because of this: {because}" in line
        assert "evidence" not in line
        assert "erased on" not in line
        assert "Ahmed" not in line


def lift_for(rights: Viewer, made: Restriction) -> None:
    announce_lifting(rights, made, now().date(), "by letter", at=now())
    lift_restriction(rights, made, "settled", at=now())


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y}"


def test_it_is_lifted_only_after_whoever_asked_was_told(
    rights: Viewer, recording: Recording, wearer: Person
) -> None:
    made = restrict(rights, asked(recording), at=now())
    with pytest.raises(RestrictionRefused, match="told before"):
        lift_restriction(rights, made, "withdrawn", at=now())
    assert not recordings_for(wearer.as_viewer("t")).exists()

    announce_lifting(rights, made, now().date(), "by letter", at=now())
    assert lift_restriction(rights, made, "withdrawn", at=now()) == 1

    assert recordings_for(wearer.as_viewer("t")).exists()
    kinds = ["restriction.placed", "restriction.announced", "restriction.lifted"]
    assert force.kinds(made.handle) == kinds
    with pytest.raises(RestrictionRefused, match="already"):
        lift_restriction(rights, made, "again", at=now())


@pytest.mark.parametrize("role", Role)
def test_only_those_who_answer_requests_restrict(recording: Recording, role: Role) -> None:
    somebody = force.person("Somebody", role).as_viewer("test")

    if role in {Role.INFORMATION_RIGHTS, Role.RECORDS}:
        restrict(somebody, asked(recording), at=now())
        assert restrictions_for(somebody).count() == 1
    else:
        with pytest.raises(RestrictionRefused):
            restrict(somebody, asked(recording), at=now())
        assert not restrictions_for(somebody).exists()
    assert Restriction.objects.exists() == (role in {Role.INFORMATION_RIGHTS, Role.RECORDS})


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": " "},
        {"reference": ""},
        {"because": ""},
        {"asked_on": date(2090, 1, 1)},
        {"recordings": frozenset()},
        {"recordings": frozenset({"x" * 22})},
    ],
)
def test_a_request_that_does_not_say_enough_restricts_nothing(
    rights: Viewer, recording: Recording, wrong: dict[str, Any]
) -> None:
    with pytest.raises(RestrictionRefused):
        restrict(rights, asked(recording, **wrong), at=now())

    assert not Restriction.objects.exists()
    assert not recording.locks.exists()


def owed(recording: Recording) -> list[tuple[str, str]]:
    found = Notice.objects.filter(recipient__recording=recording).order_by("pk")
    return list(found.values_list("change", "about"))


def test_who_was_given_it_is_told_that_it_is_restricted_and_when_it_is_not_any_more(
    rights: Viewer, recording: Recording
) -> None:
    note_recipient(recording, Given("A Solicitor", "a clip"), at=now())

    made = restrict(rights, asked(recording, Ground.INACCURATE), at=now())
    assert owed(recording) == [("restricted", "")]
    announce_lifting(rights, made, localdate(), "by letter", at=now())
    lift_restriction(rights, made, "looked into", "The clock was an hour late.", at=now())

    assert owed(recording)[1:] == [
        ("corrected", "The clock was an hour late."),
        ("restriction-lifted", ""),
    ]
    assert force.kinds(recording.handle).count("notice.queued") == 3


def test_two_requests_about_one_recording_are_one_restriction_to_who_was_given_it(
    rights: Viewer, recording: Recording
) -> None:
    note_recipient(recording, Given("A Solicitor", "a clip"), at=now())
    first = restrict(rights, asked(recording), at=now())
    second = restrict(rights, asked(recording, reference="IR/8"), at=now())
    for each in (first, second):
        announce_lifting(rights, each, localdate(), "by letter", at=now())

    lift_restriction(rights, first, "withdrawn", at=now())
    assert owed(recording) == [("restricted", "")]
    lift_restriction(rights, second, "withdrawn", at=now())

    assert owed(recording) == [("restricted", ""), ("restriction-lifted", "")]


def test_today_is_the_date_on_the_wall(rights: Viewer, recording: Recording) -> None:
    """In summer the day begins at 23:00 UTC of the day before."""
    just_after_midnight = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    today = date(2027, 7, 1)

    made = restrict(rights, asked(recording, asked_on=today), at=just_after_midnight)
    announce_lifting(rights, made, today, "by telephone", at=just_after_midnight)

    assert lift_restriction(rights, made, "withdrawn", at=just_after_midnight) == 1
