"""The people who act at headquarters: evidence unit, standards, records; and the officers.

None of them has a password: in a simulation nobody signs in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from custodes.cli.shared import operator
from custodes.custody.rules import Actor
from custodes.people.rules import Role, Viewer
from custodes.simulation.year import Worn, name_of_base

if TYPE_CHECKING:
    from custodes.fleet.models import Camera, Dock
    from custodes.people.models import Person

DOOR = "simulation"
#: Who does by night what nobody does by hand.
ENGINE = Actor(handle="", name="Custodes", door=DOOR)
_HEADQUARTERS = (
    ("evidence", "S. Mirza", Role.EVIDENCE_UNIT),
    ("standards", "J. Brandt", Role.STANDARDS),
    ("records-1", "P. Osei", Role.RECORDS),
    ("records-2", "D. Larsen", Role.RECORDS),
)
_MODEL = "Body camera 2"


@dataclass(frozen=True, slots=True)
class Staff:
    """Those who act by name, as the actions want them, and the docks by base."""

    evidence: Viewer
    standards: Viewer
    records: tuple[Viewer, Viewer]
    docks: tuple[Dock, ...]
    #: Whoever is in charge of the cases of a base, by base.
    investigators: tuple[Person, ...]


def is_there() -> bool:
    """Say whether people were taken on."""
    from custodes.people.queries import is_anybody_here

    return is_anybody_here()


def take_on(bases: int, *, at: datetime) -> None:
    """Make the accounts at headquarters; for each base a dock, and one of an investigator."""
    from custodes.fleet.actions import add_dock
    from custodes.fleet.rules import DockKind
    from custodes.people.actions import add_person

    for username, name, role in _HEADQUARTERS:
        add_person(username, name, [role], password=None, by=operator(), at=at)
    for base in range(bases):
        add_dock(name_of_base(base), DockKind.AGENT, by=operator(), at=at)
        add_person(
            _investigator(base),
            f"DC {base + 1:02}",
            [Role.INVESTIGATOR],
            password=None,
            by=operator(),
            at=at,
            team=name_of_base(base),
        )


def staff_of(bases: int) -> Staff:
    """Return everybody who acts, in a home where they were taken on."""
    from custodes.fleet.queries import docks_in_use
    from custodes.people.queries import person_known_as

    people = [person_known_as(username).as_viewer(DOOR) for username, _, _ in _HEADQUARTERS]
    docks = {dock.name: dock for dock in docks_in_use()}
    evidence, standards, first, second = people
    at_bases = tuple(docks[name_of_base(base)] for base in range(bases))
    investigators = tuple(person_known_as(_investigator(base)) for base in range(bases))
    return Staff(evidence, standards, (first, second), at_bases, investigators)


def hand_out(cameras: Iterable[Worn], *, at: datetime) -> None:
    """Enrol cameras and issue each to an officer of its base, who is new."""
    from custodes.fleet.actions import issue_camera
    from custodes.fleet.rules import Mount
    from custodes.people.actions import add_person

    for worn in cameras:
        camera = _enrol(worn, at=at)
        officer = add_person(
            f"pc-{worn.collar}",
            f"PC {worn.collar}",
            [Role.OFFICER],
            password=None,
            by=operator(),
            at=at,
            collar_number=worn.collar,
            team=worn.place,
        )
        mount = Mount.HEAD if worn.on_the_head else Mount.CHEST
        issue_camera(camera, officer, mount, by=operator(), at=at)


def put_in_stock(cameras: Iterable[Worn], *, at: datetime) -> None:
    """Enrol cameras that nobody wears yet."""
    for worn in cameras:
        _enrol(worn, at=at)


def _enrol(worn: Worn, *, at: datetime) -> Camera:
    from custodes.fleet.actions import enrol_camera

    return enrol_camera(worn.serial, by=operator(), at=at, model=_MODEL)[0]


def _investigator(base: int) -> str:
    return f"dc-{base + 1:02}"
