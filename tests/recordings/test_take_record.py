"""Entries given away with some details open: a stranger checks them from the file alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.custody.rules import Audience
from custodes.kernel.clock import now
from custodes.kernel.digest import unb64u
from custodes.kernel.ids import new_handle
from custodes.ledger.entry import parse_entry
from custodes.ledger.opening import Opening
from custodes.ledger.tree import leaf_hash, verify_inclusion
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.actions.take_record import Handed, open_entries
from custodes.recordings.actions.watch import begin_viewing
from custodes.recordings.errors import NeedsAReason, NotYours
from custodes.recordings.models import Recording
from custodes.recordings.opening import choices_for
from custodes.recordings.rules import LockKind

pytestmark = pytest.mark.django_db

DEFENCE = Handed("Hale & Co, for the defence", "initial disclosure")
HIDDEN = ("Okafor", "Mirza", "seen at the door")


@pytest.fixture
def recording() -> Recording:
    okafor = force.person("Okafor")
    recording = force.recording(force.camera("X1", okafor))
    add_note(okafor.as_viewer("web"), recording, "seen at the door", at=now())
    return recording


@pytest.fixture
def mirza() -> Viewer:
    return force.person("Mirza", Role.EVIDENCE_UNIT).as_viewer("web")


def given(viewer: Viewer, recording: Recording, chosen: set[str]) -> dict[str, Any]:
    content = open_entries(viewer, recording, chosen, DEFENCE, at=now()).content
    value: dict[str, Any] = json.loads(content)
    return value


def opening_of(shown: dict[str, Any]) -> Opening:
    return Opening(
        tuple(unb64u(each) for each in shown["open"]),
        tuple(unb64u(each) for each in shown["closed"]),
    )


def usual(viewer: Viewer, recording: Recording, audience: Audience) -> set[str]:
    return {one.name for one in choices_for(viewer, recording, audience) if one.open}


def test_a_stranger_checks_every_entry_from_the_file_alone(
    recording: Recording, mirza: Viewer
) -> None:
    value = given(mirza, recording, usual(mirza, recording, Audience.OUTSIDE))

    previous = None
    for number, shown in enumerate(value["entries"]):
        data = unb64u(shown["entry"])
        path = [unb64u(step) for step in shown["path"]]
        root = unb64u(value["root"])
        assert verify_inclusion(leaf_hash(data), shown["index"], value["size"], path, root)
        entry = parse_entry(data)
        assert (entry.number, entry.previous) == (number, previous)
        assert opening_of(shown).commitment() == entry.body
        previous = leaf_hash(data)
    assert len(value["entries"]) == 2


def test_the_defence_sees_that_and_when_but_no_name(recording: Recording, mirza: Viewer) -> None:
    value = given(mirza, recording, usual(mirza, recording, Audience.OUTSIDE))

    text = json.dumps(value)
    seen = [opening_of(shown).fields() for shown in value["entries"]]
    plain = [unb64u(each).decode() for shown in value["entries"] for each in shown["open"]]
    assert not any(name in text or name in each for name in HIDDEN for each in plain)
    assert all("actor" not in fields for fields in seen)
    assert [parse_entry(unb64u(each["entry"])).kind for each in value["entries"]] == [
        "recording.opened",
        "recording.noted",
    ]


def test_a_name_withheld_first_is_opened_later_from_the_same_commitment(
    recording: Recording, mirza: Viewer
) -> None:
    first = given(mirza, recording, set())["entries"][1]
    later = given(mirza, recording, {"actor"})["entries"][1]

    assert first["entry"] == later["entry"]
    assert opening_of(first).fields() == {}
    assert opening_of(later).fields() == {"actor": "Okafor"}
    assert opening_of(first).commitment() == opening_of(later).commitment()


def test_what_was_opened_and_withheld_and_for_whom_is_on_the_record(
    recording: Recording, mirza: Viewer
) -> None:
    given(mirza, recording, {"door", "nothing of that name"})

    told = history_of(recording.handle)[-1]
    assert told.kind == "record.taken"
    assert told.fields["recipient"] == DEFENCE.recipient
    assert told.fields["opened"] == "door"
    assert "actor" in told.fields["withheld"].split(", ")


def test_a_court_gets_everything_open(recording: Recording, mirza: Viewer) -> None:
    value = given(mirza, recording, usual(mirza, recording, Audience.COURT))

    assert all(shown["closed"] == [] for shown in value["entries"])


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.RECORDS])
def test_reading_a_history_is_not_opening_it_to_others(recording: Recording, role: Role) -> None:
    viewer = recording.wearer.as_viewer("web") if recording.wearer else None
    if role is not Role.OFFICER:
        viewer = force.person("Reader", role).as_viewer("web")
    assert viewer is not None
    before = Entry.objects.count()

    with pytest.raises(NotYours):
        open_entries(viewer, recording, {"actor"}, DEFENCE, at=now())
    with pytest.raises(NotYours):
        choices_for(viewer, recording, Audience.OUTSIDE)

    assert Entry.objects.count() == before


@pytest.mark.parametrize("handed", [Handed(" ", "why"), Handed("Hale & Co", "")])
def test_nothing_goes_out_without_a_recipient_and_a_reason(
    recording: Recording, mirza: Viewer, handed: Handed
) -> None:
    before = Entry.objects.count()

    with pytest.raises(NeedsAReason):
        open_entries(mirza, recording, set(), handed, at=now())

    assert Entry.objects.count() == before


def test_the_watchdogs_looks_stay_closed_whatever_is_opened(
    recording: Recording, mirza: Viewer
) -> None:
    locking = Locking(new_handle(), LockKind.POST_INCIDENT, "a death")
    lock([recording], locking, by=force.CLERK, at=now())
    watchdog = force.person("I Byrne", Role.WATCHDOG).as_viewer("web")
    begin_viewing(watchdog, recording, "the inquiry", reason_needed=True, at=now())
    lift(locking.cause, "over", by=force.CLERK, at=now())
    recording = Recording.objects.get()
    look = next(e.index for e in history_of(recording.handle) if e.kind == "recording.viewed")
    every = {name for told in history_of(recording.handle) for name in told.fields}
    entries = len(history_of(recording.handle))

    offered = choices_for(mirza, recording, Audience.COURT)
    shown = {each["index"]: each for each in given(mirza, recording, every)["entries"]}

    number = {choice.name: choice.entries for choice in offered}
    assert number["actor"] == entries - 1
    assert shown[look]["open"] == []
    others = [each for index, each in shown.items() if index != look]
    assert all(each["closed"] == [] for each in others)
