"""Who may know of an incident, what its cameras saw, and which of them are still out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.incidents.conftest import LATER, Scene
from tests.world import force

from custodes.incidents.queries import (
    incident_for,
    incidents_for,
    not_referred,
    number_unrecovered,
    sights_of,
)
from custodes.kernel.errors import NotFound
from custodes.people.actions import set_roles
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.gaps import Reading, note_reading

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_incidents_are_shown_to_exactly_the_roles_that_may(scene: Scene, role: Role) -> None:
    incident = scene.declare()
    somebody = force.person("Somebody", role)

    known = incidents_for(somebody.as_viewer("test"))

    may = role in {Role.STANDARDS, Role.POST_INCIDENT, Role.WATCHDOG}
    assert list(known) == ([incident] if may else [])


def test_a_supervisor_sees_what_they_declared_themselves(scene: Scene) -> None:
    incident = scene.declare()

    assert incident_for(scene.sergeant.as_viewer("test"), incident.handle) == incident


def test_a_key_witness_sees_no_incident_of_theirs_whatever_their_roles(scene: Scene) -> None:
    incident = scene.declare()
    set_roles(scene.okafor, [Role.STANDARDS, Role.POST_INCIDENT], by=force.CLERK, at=LATER)
    viewer = Person.objects.get(pk=scene.okafor.pk).as_viewer("test")

    with pytest.raises(NotFound):
        incident_for(viewer, incident.handle)
    assert sights_of(viewer, incident, LATER) == []
    assert not not_referred(viewer)


def test_each_camera_is_listed_with_what_it_saw_and_whether_it_is_docked(scene: Scene) -> None:
    incident = scene.declare()
    note_reading(scene.camera, Reading(()), by=force.CLERK, at=LATER)

    sights = sights_of(scene.manager.as_viewer("test"), incident, LATER)

    assert [(s.serial, s.holder, s.unrecovered) for s in sights] == [
        ("X4711", "Ada Okafor", False),
        ("X4712", "Ben Abara", True),
    ]
    assert [s.recordings for s in sights] == [(scene.recording,), (scene.sibling,)]


def test_a_camera_that_is_out_for_twelve_hours_escalates_to_the_manager(scene: Scene) -> None:
    incident = scene.declare()
    note_reading(scene.camera, Reading(()), by=force.CLERK, at=LATER)
    manager = scene.manager.as_viewer("test")
    twelve = LATER + timedelta(hours=12)

    assert number_unrecovered(manager, twelve - timedelta(seconds=1)) == []
    assert number_unrecovered(manager, twelve) == [(incident, 1)]
    assert number_unrecovered(scene.standards.as_viewer("test"), twelve) == []


def test_a_camera_docked_before_it_happened_is_still_out(scene: Scene) -> None:
    note_reading(scene.camera, Reading(()), by=force.CLERK, at=LATER)
    later = LATER + timedelta(hours=1)
    incident = scene.declare(happened=later, at=later)

    [sight, _] = sights_of(scene.manager.as_viewer("test"), incident, LATER)

    assert sight.unrecovered
    assert sight.docked_at is None
