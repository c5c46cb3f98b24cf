"""A death in contact with the police, and everybody who was there, made through the real acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.world import force

from custodes.fleet.models import Camera
from custodes.incidents.actions.declare import Declaration, declare
from custodes.incidents.models import Incident, KeyWitness
from custodes.incidents.rules import Harm, Link, window_around
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.models import Recording

HAPPENED = force.NOON
LATER = HAPPENED + timedelta(minutes=50)


@dataclass(frozen=True)
class Scene:
    """Who was there, who filmed, and who has to do with it afterwards."""

    okafor: Person
    abara: Person
    sergeant: Person
    manager: Person
    standards: Person
    watchdog: Person
    camera: Camera
    other_camera: Camera
    recording: Recording
    sibling: Recording
    elsewhere: Recording

    def declare(self, **said: Any) -> Incident:
        """Declare it as the sergeant, soon after it happened."""
        given = {"officers": [self.okafor, self.abara], "at": LATER} | said
        at: datetime = given.pop("at")
        happened: datetime = given.pop("happened", HAPPENED)
        declaration = Declaration(
            Harm.DEATH, Link.CONTACT, happened, "Brixton Road", window_around(happened), **given
        )
        return declare(self.sergeant.as_viewer("test"), declaration, at=at)

    def witness(self, incident: Incident, person: Person) -> KeyWitness:
        """Return somebody as a key witness."""
        return KeyWitness.objects.get(incident=incident, person=person)


@pytest.fixture
def scene(db: None) -> Scene:
    okafor = force.person("Ada Okafor", team="A", number="4711")
    abara = force.person("Ben Abara", team="A", number="4712")
    stranger = force.person("A Stranger", team="B", number="9")
    camera, other = force.camera("X4711", okafor), force.camera("X4712", abara)
    return Scene(
        okafor=okafor,
        abara=abara,
        sergeant=force.person("Sgt Harding", Role.OFFICER, Role.SUPERVISOR, team="A"),
        manager=force.person("Insp Mirza", Role.POST_INCIDENT),
        standards=force.person("DI Lindqvist", Role.STANDARDS),
        watchdog=force.person("I Byrne", Role.WATCHDOG),
        camera=camera,
        other_camera=other,
        recording=force.recording(camera, "r1", started=HAPPENED),
        sibling=force.recording(other, "r2", started=HAPPENED - timedelta(minutes=1)),
        elsewhere=force.recording(force.camera("X9", stranger), "r3", started=HAPPENED),
    )
