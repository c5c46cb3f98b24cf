"""A small force that has filmed something, and ways to ask for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from django.test import Client
from tests.world import force

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


@pytest.fixture
def station(db: None, film: bytes) -> Station:
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
def prepared(station: Station) -> Station:
    """Return the station once the sandbox has looked at its film."""
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
