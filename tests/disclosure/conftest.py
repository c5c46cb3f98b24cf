"""A case with a clip to share, and those who may and may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.test import Client
from tests.world import force
from tests.world.standing import Standing, commits, standing

from custodes.cases.actions.assign import assign
from custodes.cases.actions.exhibit import NewExhibit, Why, explain_exhibit, number_exhibit
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.models import Case
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.proceeding import Part
from custodes.disclosure.actions.share import Wanted, share
from custodes.disclosure.models import Share
from custodes.disclosure.offers import on_offer
from custodes.disclosure.rules.serving import Thing
from custodes.intake.rules import Kind
from custodes.kernel.clock import now
from custodes.media.generate import footage
from custodes.media.sandbox import Limits, run
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.describe import CopyDraft
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.rules import Purpose


@dataclass(frozen=True)
class ReadBytes:
    """Bytes as the sandbox reads them."""

    body: bytes

    @property
    def size(self) -> int:
        return len(self.body)

    def read_at(self, offset: int, length: int) -> bytes:
        return self.body[offset : offset + length]


@dataclass(frozen=True)
class Matter:
    """PC Okafor's case: their recording is exhibit AO/1, and there is a clip of it."""

    okafor: Person
    stranger: Person
    vale: Person
    osei: Person
    mirza: Person
    case: Case
    recording: Recording
    original: Original
    clip: Copy

    @property
    def officer(self) -> Viewer:
        return self.okafor.as_viewer("test")

    def keys(self, kind: Thing) -> list[str]:
        """Return what of a kind there is to share."""
        return [each.key for each in on_offer(self.officer, self.case) if each.kind is kind]

    def keys_of_all(self) -> list[str]:
        """Return everything there is to share."""
        return [each.key for each in on_offer(self.officer, self.case)]

    def wanted(self, **other: Any) -> Wanted:
        """Return that the prosecutor is to get the clip."""
        usual: dict[str, Any] = {
            "things": self.keys(Thing.CLIP),
            "audience": Audience.PROSECUTOR,
            "recipient": "Pat Quill",
            "organisation": "CPS London North",
            "until": in_days(20),
            "because": "a charging decision",
            "email": "pat.quill@cps.example",
        }
        return Wanted(**(usual | other))

    def shared(self, **other: Any) -> Share:
        """Share the clip with the prosecutor."""
        return share(self.officer, self.case, self.wanted(**other), at=now())


def in_days(days: int) -> datetime:
    """Return the moment so many days from now."""
    return now() + timedelta(days=days)


@lru_cache
def film(seconds: int = 4) -> bytes:
    """Return some seconds of film."""
    with TemporaryDirectory() as folder:
        return footage(Path(folder) / "film.mp4", seconds=seconds, size=(320, 180)).read_bytes()


@lru_cache
def profile_of(body: bytes) -> dict[str, Any]:
    """Return what the sandbox says of a film."""
    found: dict[str, Any] = run("profile", ReadBytes(body), {}, limits=Limits(60, 60, 1 << 30))
    return found


def signed_in(person: Person) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture(scope="module")
def made_matter(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Standing[Matter] | None]:
    if commits(request):
        yield None
        return
    home = tmp_path_factory.mktemp("matter")
    with standing(django_db_blocker, home, a_matter) as world:
        yield world


@pytest.fixture
def matter(made_matter: Standing[Matter] | None, db: None, settings: Any, tmp_path: Path) -> Matter:
    """Return the case as it was made, with files of its own; made anew for who commits."""
    if made_matter is None:
        return a_matter()
    return made_matter.found_in(tmp_path / "its-home", settings)


def a_matter() -> Matter:
    """Make the case, through the real actions."""
    okafor = force.person("Okafor", team="A", number="4711")
    recording = force.recording(force.camera("X4711", okafor))
    body = film()
    original = force.original(recording, body, "film.mp4", Kind.VIDEO)
    found = {"probe": {**profile_of(body), "browser": {"plays": True}}, "seconds": 4.0}
    Original.objects.filter(pk=original.pk).update(described=found, seconds=4.0)
    original.refresh_from_db()
    viewer = okafor.as_viewer("test")
    case = open_case(viewer, NewCase("01MP/44/26", "Robbery at the station"), at=now())
    of = NewExhibit("Video of the arrest", "AO")
    exhibit = number_exhibit(viewer, case, recording, of, at=now())
    explain_exhibit(viewer, exhibit, Why.WHOLE, "It is all one act.", at=now())
    vale, osei = force.person("Vale", Role.DISCLOSURE), force.person("Osei", Role.DISCLOSURE)
    for person in (vale, osei):
        assign(viewer_of_unit(), case, person, Part.DISCLOSURE, at=now())
    clip = cut(original, film(2), viewer)
    look_for_siblings(viewer_of_unit(), case, at=now())
    return Matter(
        okafor=okafor,
        stranger=force.person("Stranger", Role.INVESTIGATOR),
        vale=vale,
        osei=osei,
        mirza=force.person("Mirza", Role.EVIDENCE_UNIT),
        case=case,
        recording=recording,
        original=original,
        clip=clip,
    )


def cut(original: Original, body: bytes, viewer: Viewer) -> Copy:
    """Keep a clip as the sandbox would hand it over; it plays, whatever was cut."""
    draft = CopyDraft(original, Purpose.CLIP, "video/mp4")
    draft.write(body)
    size, sha256 = draft.seal()
    profile = {**profile_of(body), "tables_first": True}
    about = {"begins": 1.0, "ends": 3.0, "how": "whole", "new": 0, "profile": profile}
    return Copy.objects.create(
        handle=draft.handle, original=original, purpose=Purpose.CLIP, size=size, sha256=sha256,
        media_type="video/mp4", about={**about, "by": viewer.name}, made_at=now(),
    )  # fmt: skip


def viewer_of_unit() -> Viewer:
    """Return whoever runs the server."""
    return Viewer(0, "", "the server", frozenset({Role.EVIDENCE_UNIT}), None, "cli")
