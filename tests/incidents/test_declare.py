"""PIP-01. Once declared, all footage is held and locked, and what comes late is born so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError
from tests.incidents.conftest import HAPPENED, LATER, Scene
from tests.world import force

from custodes.custody.models import Entry
from custodes.incidents.actions import declare as declaring
from custodes.incidents.actions.declare import widen
from custodes.incidents.actions.late import hold_what_came_late
from custodes.incidents.errors import DeclarationRefused
from custodes.incidents.models import Incident
from custodes.kernel.areas import Area
from custodes.people.rules import Role
from custodes.recordings.actions.arrive import tell_more
from custodes.recordings.actions.describe import describe
from custodes.recordings.models import Lock, Recording, StandingLock
from custodes.recordings.queries import recordings_for
from custodes.recordings.rules import CameraTimes
from custodes.retention.models import Hold
from custodes.retention.rules.holds import HoldKind

pytestmark = pytest.mark.django_db


def locked(recording: Recording) -> bool:
    return Lock.objects.filter(recording=recording, lifted_at=None).exists()


def test_a_declaration_holds_and_locks_all_footage_of_those_named(scene: Scene) -> None:
    incident = scene.declare()

    assert locked(scene.recording)
    assert locked(scene.sibling)
    assert not locked(scene.elsewhere)
    held = incident.hold.held.values_list("recording", flat=True)
    assert set(held) == {scene.recording.pk, scene.sibling.pk}
    assert incident.hold.kind == HoldKind.DSI
    assert incident.hold.standing
    assert incident.hold.until is None
    assert force.kinds(scene.recording.handle)[-2:] == ["recording.locked", "hold.placed"]
    assert force.kinds(incident.handle) == ["incident.declared"]


def test_an_incident_is_called_by_its_day_on_the_wall(scene: Scene) -> None:
    just_past_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July

    incident = scene.declare(happened=just_past_midnight)

    assert str(incident) == "Brixton Road, 1 July 2026"


def test_its_hold_is_looked_at_a_year_after_the_day_on_the_wall(scene: Scene) -> None:
    just_past_midnight = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July

    incident = scene.declare(at=just_past_midnight)

    assert incident.hold.review_on == date(2028, 7, 1)


def test_the_cameras_in_the_officers_hands_are_involved_without_being_named(scene: Scene) -> None:
    incident = scene.declare()

    serials = set(incident.cameras.values_list("camera__serial", flat=True))
    assert serials == {"X4711", "X4712"}


def test_what_is_docked_late_is_locked_before_anybody_can_see_it(scene: Scene) -> None:
    scene.declare()

    late = force.recording(scene.camera, "late", started=HAPPENED + timedelta(minutes=5))

    assert force.kinds(late.handle) == ["recording.opened", "recording.locked"]
    assert not recordings_for(scene.okafor.as_viewer("test")).filter(pk=late.pk).exists()
    hold_what_came_late(late.handle, by=force.CLERK, at=LATER)
    hold_what_came_late(late.handle, by=force.CLERK, at=LATER)
    assert force.kinds(late.handle).count("hold.placed") == 1


def test_footage_of_the_place_by_somebody_nobody_named_is_born_locked(scene: Scene) -> None:
    scene.declare()

    late = force.recording(scene.elsewhere.camera, "late", place="Brixton Road")

    assert locked(late)


SCENE = Area(51.4613, -0.1156, 500)
THERE, ELSEWHERE = (51.4620, -0.1150), (51.4700, -0.1156)


def test_what_anybody_filmed_within_the_circle_is_held_and_locked_docked_or_not(
    scene: Scene,
) -> None:
    stranger = scene.elsewhere.camera
    there = force.recording(stranger, "there", position=THERE)
    outside = force.recording(stranger, "outside", position=ELSEWHERE)
    before = force.recording(
        stranger, "before", position=THERE, started=HAPPENED - timedelta(days=1)
    )

    incident = scene.declare(officers=[], areas=[SCENE])

    assert [locked(each) for each in (there, outside, before)] == [True, False, False]
    assert incident.hold.held.get().recording_id == there.pk
    assert incident.hold.reach().areas == StandingLock.objects.get().reach().areas == {SCENE}
    late = force.recording(stranger, "late", position=THERE)
    assert force.kinds(late.handle) == ["recording.opened", "recording.locked"]
    assert not locked(force.recording(stranger, "late outside", position=ELSEWHERE))
    hold_what_came_late(late.handle, by=force.CLERK, at=LATER)
    assert late.holds.get().hold_id == incident.hold_id


def test_a_position_that_is_found_in_the_film_is_as_good_as_one_the_dock_gave(
    scene: Scene,
) -> None:
    scene.declare(areas=[SCENE])
    original = force.original(force.recording(scene.elsewhere.camera, "late"))
    assert not locked(original.recording)

    track = {"points": [[0.0, THERE[1], THERE[0]]]}
    describe(original, {"track": track}, by=force.CLERK, at=LATER)

    assert locked(original.recording)


def test_a_circle_that_is_added_later_catches_what_was_docked_and_what_comes(
    scene: Scene,
) -> None:
    incident = scene.declare()
    there = force.recording(scene.elsewhere.camera, "there", position=THERE)
    assert not locked(there)

    number = widen(scene.manager.as_viewer("test"), incident, areas=[SCENE], at=LATER)

    assert (number, locked(there), there.holds.exists()) == (1, True, True)
    assert locked(force.recording(scene.elsewhere.camera, "late", position=THERE))


def test_a_net_that_was_kept_before_there_were_areas_reaches_as_it_did(scene: Scene) -> None:
    scene.declare()
    standing = StandingLock.objects.get()
    reach = standing.reach()
    del standing.net["areas"]
    standing.save()

    assert StandingLock.objects.get().reach() == reach


def test_footage_from_outside_the_time_is_born_open(scene: Scene) -> None:
    scene.declare()

    late = force.recording(scene.camera, "late", started=HAPPENED + timedelta(days=1))

    assert not locked(late)


def test_a_recording_that_turns_out_to_reach_into_the_time_is_locked_then(scene: Scene) -> None:
    early = force.recording(scene.camera, "early", started=HAPPENED - timedelta(hours=3))
    scene.declare()
    assert not locked(early)

    longer = CameraTimes(early.started_at, HAPPENED)
    tell_more(early, longer, {"more": "told"}, by=force.CLERK, at=LATER)

    assert locked(early)


def test_a_camera_whose_clock_was_wrong_is_caught_by_the_time_it_really_was(scene: Scene) -> None:
    off = timedelta(days=26 * 365)  # it began again in 2000
    milliseconds = off // timedelta(milliseconds=1)
    wrong = force.recording(
        scene.camera, "wrong", started=HAPPENED - off, clock_offset_ms=milliseconds
    )

    scene.declare()

    assert locked(wrong)


def test_if_the_declaration_fails_nothing_is_held_or_locked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(declaring, "raise_hold", broken)
    entries = Entry.objects.count()

    with pytest.raises(DatabaseError):
        scene.declare()

    assert not Lock.objects.exists()
    assert not StandingLock.objects.exists()
    assert not Hold.objects.exists()
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("role", Role)
def test_only_those_who_may_declare(scene: Scene, role: Role) -> None:
    somebody = force.person("Somebody", role)
    may = role in {Role.SUPERVISOR, Role.STANDARDS, Role.POST_INCIDENT}
    scene = Scene(**{**vars_of(scene), "sergeant": somebody})

    if may:
        scene.declare()
    else:
        with pytest.raises(DeclarationRefused):
            scene.declare()

    assert Incident.objects.exists() == may


def vars_of(scene: Scene) -> dict[str, object]:
    return {name: getattr(scene, name) for name in Scene.__dataclass_fields__}


def test_nobody_declares_what_names_nobody(scene: Scene) -> None:
    with pytest.raises(DeclarationRefused, match="at least one officer or camera"):
        scene.declare(officers=[])


def test_a_camera_found_later_is_added_with_what_it_filmed(scene: Scene) -> None:
    incident = scene.declare(officers=[scene.okafor])
    assert not locked(scene.sibling)

    more = widen(scene.standards.as_viewer("test"), incident, officers=[scene.abara], at=LATER)

    assert more == 1
    assert locked(scene.sibling)
    assert incident.hold.held.count() == 2
    assert force.kinds(incident.handle) == ["incident.declared", "incident.widened"]
    later = force.recording(scene.other_camera, "more", started=HAPPENED)
    assert locked(later)
