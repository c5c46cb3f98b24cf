"""Promise 4. Nobody sees what they may not, or learns that it exists."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from tests.world import force
from tests.world.wsgi import ask

from custodes.cases import queries as cases_queries
from custodes.cases import report as cases_report
from custodes.custody import queries as custody_queries
from custodes.disclosure import queries as disclosure_queries
from custodes.fleet import queries as fleet_queries
from custodes.fleet.queries import cameras_for, docks_for
from custodes.incidents import queries as incidents_queries
from custodes.incidents import viewings as incidents_viewings
from custodes.intake import queries as intake_queries
from custodes.intake.rules import Kind
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import new_handle
from custodes.media.generate import footage
from custodes.oversight import letters as oversight_letters
from custodes.oversight import queries as oversight_queries
from custodes.oversight import scrutiny as oversight_scrutiny
from custodes.people import queries as people_queries
from custodes.people.actions import set_roles
from custodes.people.models import Person
from custodes.people.queries import wearers_for
from custodes.people.rules import Permission, Role, Viewer
from custodes.recordings import locks as recordings_locks
from custodes.recordings import queries as recordings_queries
from custodes.recordings.actions.annotate import add_note, classify, mark_moment
from custodes.recordings.actions.clip import Stretch, make_clip, make_still
from custodes.recordings.actions.grant import open_to
from custodes.recordings.actions.watch import begin_viewing, fetch
from custodes.recordings.errors import NotYours
from custodes.recordings.models import Original, Recording
from custodes.recordings.queries import (
    copy_for,
    original_for,
    recording_for,
    recordings_for,
    within_reach,
)
from custodes.recordings.reports import report_for
from custodes.retention import queries as retention_queries
from custodes.retention import restrictions as retention_restrictions
from custodes.retention.actions.recategorise import agree_to_category
from custodes.web import admitted
from custodes.worker import queries as worker_queries
from custodes.worker.models import Errand
from custodes.worker.queries import stuck_for

pytestmark = pytest.mark.django_db

# Written down here a second time on purpose: whose recordings each role may know of.
# own: filmed by the viewer; team: by somebody of the same team; other: by anybody else;
# assigned: by anybody else, and in a case the viewer is assigned to.
EVERYTHING = {"own", "team", "other", "nobody", "assigned"}
MAY_KNOW: dict[Role, set[str]] = {
    Role.OFFICER: {"own", "assigned"},
    Role.SUPERVISOR: {"own", "team", "assigned"},
    Role.INVESTIGATOR: {"assigned"},
    Role.DISCLOSURE: {"assigned"},
    Role.REDACTOR: {"assigned"},
    Role.STANDARDS: {"assigned"},
    Role.PANEL: {"assigned"},
    Role.EVIDENCE_UNIT: EVERYTHING,
    Role.RECORDS: EVERYTHING,
    Role.AUDITOR: EVERYTHING,
}
MAY_PLAY: dict[Role, set[str]] = {
    Role.OFFICER: {"own", "assigned"},
    Role.SUPERVISOR: {"own", "team", "assigned"},
    Role.INVESTIGATOR: {"assigned"},
    Role.DISCLOSURE: {"assigned"},
    Role.REDACTOR: {"assigned"},
    Role.STANDARDS: {"assigned"},
    Role.PANEL: {"assigned"},
    Role.EVIDENCE_UNIT: EVERYTHING,
}
MAY_READ_HISTORY: dict[Role, set[str]] = {
    Role.OFFICER: {"own", "assigned"},
    Role.INVESTIGATOR: {"assigned"},
    Role.DISCLOSURE: {"assigned"},
    Role.STANDARDS: {"assigned"},
    Role.EVIDENCE_UNIT: EVERYTHING,
    Role.RECORDS: EVERYTHING,
    Role.AUDITOR: EVERYTHING,
}
MAY_SEE_DOCKS = {Role.OFFICER, Role.SUPERVISOR, Role.EVIDENCE_UNIT, Role.ADMINISTRATOR}
RECORDINGS = ("own", "team", "other", "nobody", "assigned")


@dataclass(frozen=True)
class Force:
    """One viewer, and an original of each kind of recording there is to them."""

    viewer: Viewer
    originals: dict[str, Original]


def a_force(role: Role, team: str = "Response A") -> Force:
    person = force.person("The Viewer", role, team=team)
    wearers: dict[str, Person | None] = {
        "own": person,
        "team": force.person("A Colleague", team="Response A"),
        "other": force.person("A Stranger", team="Response B"),
        "nobody": None,
    }
    wearers["assigned"] = wearers["other"]
    originals = {
        key: force.original(
            force.recording(force.camera(f"X-{key}", wearer), key), key.encode() * 100
        )
        for key, wearer in wearers.items()
    }
    given = [originals["assigned"].recording.pk]
    with transaction.atomic():
        open_to([person.pk], given, new_handle(), "a case", at=now())
    return Force(person.as_viewer("test"), originals)


@pytest.mark.parametrize("role", Role)
def test_each_role_knows_of_exactly_the_recordings_it_may(role: Role) -> None:
    world = a_force(role)
    known = set(recordings_for(world.viewer).values_list("source_key", flat=True))

    assert known == MAY_KNOW.get(role, set())


@pytest.mark.parametrize("role", Role)
def test_what_is_hidden_answers_exactly_like_what_was_never_there(role: Role) -> None:
    world = a_force(role)
    for key, original in world.originals.items():
        if key in MAY_KNOW.get(role, set()):
            assert recording_for(world.viewer, original.recording.handle) == original.recording
            continue
        hidden, missing = original.recording.handle, new_handle()
        for question in (
            lambda handle: recording_for(world.viewer, handle),
            lambda handle: original_for(world.viewer, handle, 1),
            lambda handle: copy_for(world.viewer, handle, 1, "thumbnail"),
        ):
            assert refusal(question, hidden) == refusal(question, missing)


@pytest.mark.parametrize("role", Role)
def test_nobody_acts_on_what_they_may_not_know_of(role: Role) -> None:
    world = a_force(role)
    viewer = world.viewer
    for key in set(RECORDINGS) - MAY_KNOW.get(role, set()):
        original = world.originals[key]
        recording = original.recording
        for act in (
            lambda r=recording: begin_viewing(viewer, r, "why", reason_needed=True, at=now()),
            lambda o=original: fetch(viewer, o, "original", "why", at=now()),
            lambda o=original: make_clip(viewer, o, Stretch(0, 1), "why", at=now()),
            lambda o=original: make_still(viewer, o, 0, "why", at=now()),
            lambda r=recording: add_note(viewer, r, "text", at=now()),
            lambda r=recording: classify(viewer, r, "anything", at=now()),
            lambda r=recording: agree_to_category(viewer, r, "anything", "why", at=now()),
            lambda r=recording: mark_moment(viewer, r, r.started_at, "", at=now()),
        ):
            with pytest.raises(NotFound):
                act()


@pytest.mark.parametrize("role", Role)
def test_each_role_plays_and_reads_the_history_of_exactly_what_it_may(role: Role) -> None:
    world = a_force(role)
    for key, original in world.originals.items():
        recording = original.recording
        plays = within_reach(world.viewer, Permission.PLAY, recording)
        assert plays == (key in MAY_PLAY.get(role, set())), key
        if key in MAY_READ_HISTORY.get(role, set()):
            assert len(report_for(world.viewer, recording).lines) == 2
        else:
            with pytest.raises(NotYours):
                report_for(world.viewer, recording)


@pytest.mark.parametrize("role", Role)
def test_stopped_work_is_told_only_of_recordings_the_viewer_may_know_of(role: Role) -> None:
    world = a_force(role)
    for number, original in enumerate(world.originals.values()):
        Errand.objects.create(
            entry=number, reaction="look_at_original", subject=original.recording.handle,
            failures=4, said="The disk was full.", made_at=now(), not_before=now(),
        )  # fmt: skip
    by_handle = {o.recording.handle: key for key, o in world.originals.items()}

    told = {by_handle[stuck.recording] for stuck in stuck_for(world.viewer)}

    assert told == MAY_KNOW.get(role, set())


@pytest.mark.parametrize("role", Role)
def test_docks_cameras_and_wearers_are_shown_to_exactly_the_roles_that_may(role: Role) -> None:
    world = a_force(role)

    assert cameras_for(world.viewer).exists() == (role in MAY_SEE_DOCKS)
    assert not docks_for(world.viewer).exists()
    names = set(wearers_for(world.viewer).values_list("name", flat=True))
    expected = {"own": "The Viewer", "team": "A Colleague", "other": "A Stranger"}
    assert names == {expected[key] for key in MAY_KNOW.get(role, set()) if key in expected}


def test_a_supervisor_without_a_team_sees_their_own_and_nobodys_team() -> None:
    world = a_force(Role.SUPERVISOR, team="")

    known = set(recordings_for(world.viewer).values_list("source_key", flat=True))

    assert known == {"own", "assigned"}


TAKEN_AWAY: dict[str, Callable[[Person, Client], object]] = {
    "a role": lambda person, _: set_roles(person, [Role.AUDITOR], by=force.CLERK, at=now()),
    "the account": lambda person, _: Person.objects.filter(pk=person.pk).update(is_active=False),
    "the session": lambda _, browser: browser.session.flush(),
    "the footage": lambda *_: Recording.objects.update(wearer=None),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", TAKEN_AWAY)
def test_film_that_is_playing_stops_at_once_when_the_right_to_it_is_taken_away(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitted, "_SECONDS", 60.0)  # that it is over by itself proves nothing
    film = footage(tmp_path / "film.mp4", seconds=1, size=(160, 90)).read_bytes()
    person = force.person("The Viewer")
    recording = force.recording(force.camera("X1", person))
    force.original(recording, film, "film.mp4", Kind.VIDEO)
    browser = Client()
    browser.force_login(person)
    url = f"/recordings/{recording.handle}/files/1/media"
    stretches = [ask(browser, url, range=f"bytes={n * 10}-{n * 10 + 9}") for n in range(3)]
    assert b"".join(stretch.body for stretch in stretches) == film[:30]

    TAKEN_AWAY[what](person, browser)
    refused = ask(browser, url, range="bytes=30-39")

    assert refused.status in {302, 403, 404}
    assert film[30:40] not in refused.body


# Queries that no person asks; each is for the system itself or asked after another said yes.
WITHOUT_A_VIEWER = {
    "cases.telling_of_sensitive": "asks for whom it is, not who asks, and only takes away",
    "custody.history_of": "asked by the stage that owns the subject, after it said yes",
    "custody.histories_of": "the same, of several subjects: a case and the recordings in it",
    "custody.number_in_histories": "the same, to be counted before",
    "custody.told_at": "asked by the report of a case, which shows nothing before it said yes",
    "custody.entries_after": "the worker's reading; entries unopened",
    "custody.newest": "the doctor's, and what erasure was asked for, after a permission was shown",
    "custody.acts_of": "asked by the report of a person, after it demanded read-log",
    "custody.told_between": "everything of some days, for those who read logs: actions/prove_acts",
    "custody.number_of_acts": "the same, to be told before",
    "custody.index_at": "a place in the log and nothing of its entries",
    "custody.erased_at": "a time, of an entry whose place the page of what is left knows already",
    "custody.silence_after": "a stretch of time in which there are none",
    "custody.leaves_of": "hashes, for the action that wrote the entries",
    "custody.tell": "opens one entry for the three above",
    "people.is_anybody_here": "the first start's",
    "people.person_called": "for the operator's commands",
    "people.person_with_password": "a command, before there is a viewer",
    "people.token_shown": "signing in, of a program: there is no viewer yet",
    "people.person_known_as": "signing in: there is no viewer yet",
    "fleet.docks_in_use": "for the operator's doctor",
    "fleet.announced_wearer": "what a dock asks of what it told itself",
    "fleet.camera_with_serial": "what a dock asks of what it told itself",
    "fleet.cameras_with_serials": "the same, of several at once",
    "intake.uploads_under_way": "what a dock asks of what it sent itself",
    "intake.kept_upload": "what a dock asks of what it sent itself",
    "recordings.delivered_recording": "what a dock asks of what it sent itself",
    "recordings.delivered_file": "what a dock asks of what it sent itself",
    "recordings.has_delivered": "a dock and a recording in hand; says yes or no",
    "recordings.recording_sent_by": "what a dock asks of what it sent itself",
    "recordings.categories_on_offer": "the list of categories, the same for all",
    "recordings.categories_to_find": "the same",
    "worker.problems": "for the operator; no names and no recordings",
}


def test_no_query_is_asked_without_a_viewer() -> None:
    rooms = (
        cases_queries, cases_report, custody_queries, disclosure_queries, fleet_queries,
        incidents_queries, incidents_viewings, intake_queries, oversight_letters,
        oversight_queries, oversight_scrutiny, people_queries, recordings_locks,
        recordings_queries, retention_queries, retention_restrictions, worker_queries,
    )  # fmt: skip
    viewerless = set()
    for room in rooms:
        for name, function in inspect.getmembers(room, inspect.isfunction):
            if function.__module__ != room.__name__ or name.startswith("_"):
                continue
            first = next(iter(inspect.signature(function).parameters), "")
            if first != "viewer":
                viewerless.add(f"{room.__name__.split('.')[1]}.{name}")

    assert viewerless <= set(WITHOUT_A_VIEWER), viewerless - set(WITHOUT_A_VIEWER)


def refusal(ask: Callable[[str], object], handle: str) -> tuple[type[Exception], str, str]:
    with pytest.raises(NotFound) as caught:
        ask(handle)
    return type(caught.value), str(caught.value), caught.value.advice
