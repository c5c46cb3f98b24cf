"""A force with a case: who works on it, who does not, and what was filmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.world import force

from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Recording

NOON = force.NOON
LATER = NOON + timedelta(hours=3)


@dataclass(frozen=True)
class Station:
    """Who is here; PC Okafor and PC Lewis filmed one recording each, of the same time."""

    okafor: Person
    lewis: Person
    novak: Person
    sharma: Person
    mirza: Person
    okafors: Recording
    lewiss: Recording
    case: Case

    @property
    def officer(self) -> Viewer:
        return self.okafor.as_viewer("test")

    @property
    def clerk(self) -> Viewer:
        return self.mirza.as_viewer("test")

    @property
    def investigator(self) -> Viewer:
        return self.sharma.as_viewer("test")


@pytest.fixture
def station(db: None) -> Station:
    okafor = force.person("PC 4711 Ada Okafor", team="Response A", number="4711")
    lewis = force.person("PC 2210 Lewis", team="Response A", number="2210")
    return Station(
        okafor=okafor,
        lewis=lewis,
        novak=force.person("PC 3198 Novak", team="Response B"),
        sharma=force.person("DC Sharma", Role.INVESTIGATOR, team="CID"),
        mirza=force.person("S Mirza", Role.EVIDENCE_UNIT),
        okafors=filmed_by(okafor, "X4711", "o1"),
        lewiss=filmed_by(lewis, "X2210", "l1"),
        case=open_case(okafor.as_viewer("test"), NewCase("01MP/44/26", "Robbery"), at=LATER),
    )


def filmed_by(wearer: Person, camera: str, key: str) -> Recording:
    """Return a recording of somebody's that has come whole."""
    recording = force.recording(force.camera(camera, wearer), key)
    complete(recording, by=force.CLERK, at=recording.received_at)
    return recording
