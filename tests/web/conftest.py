"""A small force that has filmed something, and ways to ask for its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.world import force
from tests.world.standing import Standing, standing

from custodes.intake.rules import Kind
from custodes.kernel.ids import new_handle
from custodes.media.generate import footage
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.look import Terms, look_at
from custodes.recordings.models import Original, Recording


@dataclass(frozen=True)
class Station:
    """Who is here, and the one recording PC Okafor filmed."""

    okafor: Person
    harding: Person
    mirza: Person
    lindqvist: Person
    byrne: Person
    stranger: Person
    recording: Recording
    original: Original
    film: bytes


@pytest.fixture(scope="module")
def looked_at(
    request: pytest.FixtureRequest,
    film: bytes,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Standing[Station] | None]:
    """Return a station whose film was looked at, once for all tests of a file that says so.

    In such a file nobody may ask for a station whose film was not.
    """
    if not getattr(request.module, "FILM_IS_LOOKED_AT", False):
        yield None
        return
    home = tmp_path_factory.mktemp("station")
    with standing(django_db_blocker, home, lambda: looked(a_station(film))) as world:
        yield world


@pytest.fixture
def station(
    looked_at: Standing[Station] | None, db: None, film: bytes, settings: Any, tmp_path: Path
) -> Station:
    if looked_at is None:
        return a_station(film)
    return looked_at.found_in(tmp_path / "its-home", settings)


def a_station(film: bytes) -> Station:
    """Make the force, through the real actions."""
    okafor = force.person("Okafor", team="A", number="4711")
    recording = force.recording(force.camera("X4711", okafor))
    original = force.original(recording, film, "film.mp4", Kind.VIDEO)
    return Station(
        okafor=okafor,
        harding=force.person("Harding", Role.SUPERVISOR, team="A"),
        mirza=force.person("Mirza", Role.EVIDENCE_UNIT),
        lindqvist=force.person("Lindqvist", Role.AUDITOR),
        byrne=force.person("Byrne", Role.ADMINISTRATOR),
        stranger=force.person("Stranger", team="B"),
        recording=recording,
        original=original,
        film=film,
    )


@pytest.fixture
def prepared(looked_at: Standing[Station] | None, station: Station) -> Station:
    """Return the station once the sandbox has looked at its film."""
    return station if looked_at else looked(station)


def looked(station: Station) -> Station:
    """Let the sandbox look at the film."""
    terms = Terms(by=force.CLERK, keep_going=lambda: None, handle_for=_handle_for)
    look_at(station.original.handle, terms)
    return station


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("film") / "film.mp4"
    return footage(path, seconds=4, size=(320, 180)).read_bytes()


def _handle_for(_original: str, _purpose: str) -> str:
    return new_handle()


def signed_in(person: Person) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


@lru_cache
def why() -> dict[str, str]:
    """Return a filled-in answer to why somebody watches."""
    return {"purpose": "To review what happened", "words": "01MP/44/26"}
