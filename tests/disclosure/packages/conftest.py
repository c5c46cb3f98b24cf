"""A case with a clip and a still as exhibits, and another camera's recording, to be packaged."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.recordings.test_prove import witness
from tests.world import force
from tests.world.keeping import ENGINE
from tests.world.standing import Standing, commits, standing

from custodes.cases.actions.assign import assign
from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.material import Assessment, add_recordings, assess
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import Part
from custodes.custody.genesis import begin_log
from custodes.disclosure.actions.build import Wanted, build
from custodes.disclosure.actions.hand_over import fetch_package, release_package
from custodes.disclosure.films import Asked
from custodes.disclosure.models import Package
from custodes.disclosure.rules.content import Content
from custodes.intake.rules import Kind
from custodes.kernel.clock import now
from custodes.media.generate import footage
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.clip import Stretch, make_clip, make_still
from custodes.recordings.models import Copy, Original, Recording

WHY = "It shows the arrest."
UNUSED = Assessment(Status.UNUSED, "Two officers speak to a woman by the gate of the park.", "")


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: Any, tmp_path: Path) -> None:
    changed = {"home": tmp_path / "home", "contact": "disclosure@police.example"}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=changed)


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "a.mp4"
    return footage(path, seconds=6, size=(320, 180)).read_bytes()


@dataclass(frozen=True)
class Trial:
    """PC Okafor's case: exhibit AO/1 is a clip, AO/2 a still, and another camera was there."""

    case: Case
    recording: Recording
    original: Original
    other: Recording
    clip: Copy
    still: Copy
    unit: Viewer
    officer: Viewer
    okafor: Person
    vale: Person
    osei: Person

    def wanted(self, audience: Audience, *extra: Content, **other: Any) -> Wanted:
        """Return that somebody gets everything that is ready."""
        usual: dict[str, Any] = {
            "asked": Asked(audience, frozenset(extra)),
            "recipient": "Dana Reed",
            "organisation": "CPS London North",
            "because": "the charging decision",
            "passed_over": "the town's cameras are still being asked for",
        }
        return Wanted(**(usual | other))

    def built(self, audience: Audience, *extra: Content, by: Viewer | None = None) -> Package:
        """Build a package, and let it be released where that takes a second person."""
        package = build(by or self.unit, self.case, self.wanted(audience, *extra), at=now())
        if package.waits:
            package = release_package(self.osei.as_viewer("test"), package, at=now())
        return package

    def fetched(self, package: Package) -> bytes:
        """Return the ZIP file somebody takes away."""
        ready = fetch_package(self.unit, package, "as a ZIP file", at=now())
        return b"".join(ready.pieces())

    def unpacked(self, package: Package, folder: Path) -> Path:
        """Return the package as a folder."""
        with zipfile.ZipFile(BytesIO(self.fetched(package))) as archive:
            archive.extractall(folder)
        return folder / package.name


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest,
    filmed: bytes,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Standing[Trial] | None]:
    if commits(request):
        yield None
        return
    home = tmp_path_factory.mktemp("trial")
    with standing(django_db_blocker, home, lambda: a_trial(filmed)) as world:
        yield world


@pytest.fixture
def trial(made: Standing[Trial] | None, filmed: bytes, settings: Any) -> Trial:
    """Return the case as it was made, with files of its own; made anew for who commits."""
    return made.found_in(settings.CUSTODES.home, settings) if made else a_trial(filmed)


def a_trial(filmed: bytes) -> Trial:
    """Make the case, through the real actions."""
    begin_log(by=ENGINE, at=now())
    witness(now())
    okafor = force.person("Ada Okafor", team="Response A", number="4711")
    officer = okafor.as_viewer("test")
    recording = force.recording(force.camera("X4711", okafor))
    original = force.original(recording, filmed, "VID Okafor.mp4", Kind.VIDEO)
    complete(recording, by=force.CLERK, at=recording.received_at)
    other = force.recording(force.camera("X0815"), key="other")
    force.original(other, filmed + b"\0", "other.mp4", Kind.VIDEO)
    unit = Viewer(0, "", "the server", frozenset({Role.EVIDENCE_UNIT}), None, "cli")
    case = open_case(unit, NewCase("01MP/44/26", "Robbery at the station", okafor), at=now())
    clip = make_clip(officer, original, Stretch(1.2, 4.4), WHY, at=now())
    still = make_still(officer, original, 2.5, WHY, at=now())
    for copy, item in ((clip, "The arrest"), (still, "The knife")):
        number_exhibit(unit, case, recording, NewExhibit(item, "AO", clip=copy.handle), at=now())
    add_recordings(unit, case, [other], "it was there", at=now())
    assess(unit, case, other, UNUSED, at=now())
    vale, osei = force.person("Vale", Role.DISCLOSURE), force.person("Osei", Role.DISCLOSURE)
    for person in (vale, osei):
        assign(unit, case, person, Part.DISCLOSURE, at=now())
    return Trial(case, recording, original, other, clip, still, unit, officer, okafor, vale, osei)
