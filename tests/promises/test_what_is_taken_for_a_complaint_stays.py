"""What is watched, cut or handed out for a complaint is held in the same transaction (RET-20).

In Surrey a complaint handler watched footage, and it was deleted after thirty days because
nobody had marked it. Here every door through which footage or its history goes out is in the
table below: it is tried with a complaint for a reason, once when no hold can be placed, and
nothing goes out, and once more, and the recording is held. A door that is not in the table is
found by reading the sources.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from tests.api.conftest import DAY, Program, exhibited, program_of
from tests.disclosure import conftest as disclosure
from tests.world import force
from tests.world.wsgi import within_the_test

from custodes.cli import clip, fetch, ledger_package, package, report, share, still
from custodes.cli.shared import operating_viewer
from custodes.disclosure.models import Package, Share
from custodes.kernel.clock import now
from custodes.people.rules import Role
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Copy, Recording
from custodes.recordings.rules import State
from custodes.retention.actions import watch
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.sweep import rehearse, run
from custodes.retention.models import HeldRecording, Hold

pytestmark = pytest.mark.django_db

Matter = disclosure.Matter
made_matter, matter = disclosure.made_matter, disclosure.matter
SOURCES = Path(__file__).resolve().parents[2] / "src" / "custodes"
WHY = "complaint CO/7"
TO = {"recipient": "Dana Reed", "organisation": "The town", "because": WHY}
OVER = "The town's cameras are being asked for."


@pytest.fixture(autouse=True)
def _whole_application_within_the_test() -> Iterator[None]:
    with within_the_test():
        yield


@dataclass(frozen=True)
class At:
    """Somebody before a door, with a case and a folder to write into."""

    matter: Matter
    folder: Path

    @cached_property
    def unit(self) -> Client:
        """Return a browser of the evidence unit."""
        return disclosure.signed_in(self.matter.mirza)

    @cached_property
    def officer(self) -> Client:
        """Return a browser of the officer of the case."""
        return disclosure.signed_in(self.matter.okafor)

    @cached_property
    def program(self) -> Program:
        """Return a program of the officer of the case."""
        return program_of(self.matter.okafor)

    @cached_property
    def exhibited(self) -> Copy:
        """Return a clip that is an exhibit, so that a package may hold it."""
        return exhibited(self.matter)

    @property
    def of(self) -> str:
        """Return the address of the recording."""
        return f"/recordings/{self.matter.recording.handle}"

    @property
    def clip(self) -> str:
        """Return the address of its clip."""
        return f"{self.of}/clips/{self.matter.clip.handle}"

    @property
    def cut(self) -> str:
        """Return the address of a clip that was cut by the sandbox, so that it proves itself."""
        return f"{self.of}/clips/{self.exhibited.handle}"

    def page(self, rest: str, **sent: Any) -> None:
        """Send a form of the recording's page."""
        self.unit.post(f"{self.of}{rest}", {"because": WHY, **sent})

    def command(self, of: click.Command, *asked: str, name: str = "out") -> None:
        """Give a command of the server's, with a file to write that is not there yet."""
        taken = sum(1 for _ in self.folder.iterdir())
        out = str(self.folder / f"{taken}-{name}")
        where = [out] if of is fetch.command else ["--out", out]
        self.given(of, *asked, *where, "--because", WHY)

    def given(self, of: click.Command, *asked: str) -> None:
        """Give a command; raises what it raises."""
        done = CliRunner().invoke(of, asked)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output

    def package_page(self) -> None:
        """Make a package from the page of the case."""
        address = reverse("case-packages", args=[self.matter.case.handle]) + "?for=cps"
        self.officer.post(address, TO | {"passed_over": OVER})

    def share_page(self) -> None:
        """Share the clip from the page of the case."""
        address = reverse("share-new", args=[self.matter.case.handle]) + "?for=cps"
        things = {"things": [f"clip:{self.exhibited.handle}"]}
        self.officer.post(address, TO | things | {"until": DAY, "despite": OVER})


_CUT = {"from": "0:01.000", "to": "0:02.000", "how": "exact", "what": "clip"}
_COMPLAINT = {"purpose": "To look into a complaint or conduct", "words": "CO/7"}
_CASE = "01MP/44/26"
_PACKAGE = {**TO, "audience": "cps", "passed_over": OVER}
_HANDED = ("--recipient", "Dana Reed", "--organisation", "The town", "--because", WHY)

Knock = Callable[[At], object]

# Every door that is asked what for, as the file and function that lets it out.
DOORS: dict[str, Knock] = {
    "web/pages/recording.say_why": lambda a: a.page("/why", **_COMPLAINT),
    "web/pages/clips.make": lambda a: a.page("/clips", **_CUT),
    "web/pages/clips.make, a still": lambda a: a.page("/clips", **_CUT | {"what": "still"}),
    "web/pages/clips.download": lambda a: a.unit.post(a.clip, {"because": WHY}),
    "web/pages/clips.packaged": lambda a: a.unit.post(f"{a.cut}/package", TO),
    "web/pages/media.download": lambda a: a.page(f"/files/{a.matter.original.number}/download"),
    "web/pages/report.taken": lambda a: a.page("/history/report", **TO),
    "web/pages/report.opened": lambda a: a.page("/history/open", **TO),
    "web/pages/report.packaged": lambda a: a.page("/history/package", **TO),
    "web/pages/case_package.new": lambda a: a.package_page(),
    "web/pages/shares.new": lambda a: a.share_page(),
    "api/recordings.cut_clip": lambda a: a.program.asks(
        "post", f"{a.of}/clips",
        {"file": a.matter.original.number, "because": WHY, "begin": 1, "end": 2},
    ),
    "api/recordings.take_still": lambda a: a.program.asks(
        "post", f"{a.of}/stills", {"file": a.matter.original.number, "because": WHY, "at": 1},
    ),
    "api/recordings.fetch_file": lambda a: a.program.asks(
        "get", f"{a.clip}/file", headers={"Custodes-Because": WHY}
    ),
    "api/packages.make_package": lambda a: a.program.asks(
        "post", f"/cases/{a.matter.case.handle}/packages", _PACKAGE
    ),
    "api/shares.make_share": lambda a: a.program.asks(
        "post", f"/cases/{a.matter.case.handle}/shares",
        {**TO, "audience": "cps", "until": DAY, "despite": OVER,
         "things": [f"clip:{a.exhibited.handle}"]},
    ),
    "cli/clip.command": lambda a: a.command(
        clip.command, a.matter.recording.handle, "--from", "1", "--to", "2"
    ),
    "cli/clip.write_out": lambda a: clip.write_out(a.matter.clip, a.folder / "clip.mp4", WHY),
    "cli/still.command": lambda a: a.command(still.command, a.matter.recording.handle, "--at", "1"),
    "cli/fetch.command": lambda a: a.command(fetch.command, a.matter.recording.handle),
    "cli/ledger_package.package": lambda a: a.command(
        ledger_package.package, a.matter.recording.handle
    ),
    "cli/ledger_package.package, a clip": lambda a: a.command(
        ledger_package.package, a.matter.recording.handle, "--without-originals",
        "--clip", a.exhibited.handle,
    ),
    "cli/report.recording": lambda a: a.command(report.recording, a.matter.recording.handle),
    "cli/package.command": lambda a: a.command(
        package.command, _CASE, "--audience", "prosecutor", "--for", "Dana Reed",
        "--organisation", "The town", "--passed-over", OVER,
    ),
    "cli/share.new": lambda a: a.given(
        share.command, "new", _CASE, f"clip:{a.exhibited.handle}", *_HANDED
    ),
}  # fmt: skip

# Where footage goes, or is read, without anybody being asked what for: and why that is right.
ASKS_NOTHING = {
    "api/packages.fetch_package_file": "everything in a package is held when it is made",
    "web/pages/case_package.download": "the same",
    "web/pages/case_package.encrypted": "the same",
    "web/pages/recording.recording": "their own footage, or where nobody is asked why",
    "web/pages/media._film": "make_sure_it_is_watched has asked",
    "web/pages/media.thumbnail": "the small picture in a list",
    "web/pages/media.filmstrip": "looking at the page of a recording, which is entered",
    "web/pages/media.numbers": "the same",
    "web/viewings.make_sure_it_is_watched": "their own footage, or where nobody is asked why",
    "web/viewings.watch": "watch_and_keep, for the pages above",
    "cli/demo_case._clip_of": "the demonstration, for the arrest itself",
    "cli/demo_case._share": "the demonstration, for the decision on charge",
    "disclosure/guests.opened": "what was shared is held when it is shared",
    "disclosure/packages._open": "everything in a package is held when it is made",
    "recordings/reading.open_for": "cli/fetch.command asks",
    "recordings/reading.read_numbers": "numbers, for what is drawn of a recording",
    "recordings/carrying.proofs_of": "a package is being made; whoever makes it asked",
    "recordings/carrying.__iter__": "the same",
    "recordings/packaging.__iter__": "the same",
    "recordings/actions/prove._enter": "the same: it looks whether the files can be read",
    "recordings/actions/clip._in_sandbox": "a clip is being cut; whoever cuts it asked",
    "recordings/actions/look._in_sandbox": "the sandbox looks at what arrived",
    "recordings/actions/in_the_clear.readable": "what is encrypted is opened for the two above",
    "recordings/actions/in_the_clear._whole": "the same, of its key",
    "retention/actions/watch.watch_and_keep": "this is what holds it",
    "retention/actions/watch.fetch_and_keep": "the same",
    "retention/actions/watch.fetch_clip_and_keep": "the same",
    "retention/actions/watch.take_report_and_keep": "the same",
    "retention/actions/watch.open_entries_and_keep": "the same",
}

# Whoever calls one of these reads footage or lets it, or its history, go out.
LETS_OUT = frozenset({
    "begin_viewing", "build", "fetch", "fetch_and_keep", "fetch_clip", "fetch_clip_and_keep",
    "fetch_package", "hand_out_clips", "hand_out_package", "make_clip", "make_still",
    "open_copy", "open_entries", "open_entries_and_keep", "open_for", "open_original",
    "prove_recording", "readable", "share", "take_report", "take_report_and_keep", "watch",
    "watch_and_keep", "write_clips",
})  # fmt: skip


# These hold by themselves, and the people of a simulation act by them.
HOLD_BY_THEMSELVES = {"build", "share", *(name for name in LETS_OUT if name.endswith("_and_keep"))}
SIMULATED = SOURCES / "cli" / "simulating"


def doors() -> Iterator[str]:
    """Yield each function of the house that lets footage out, as its file and its name."""
    calls = re.compile(rf"\b({'|'.join(LETS_OUT)})\(")  # most files are not worth the reading
    for path in sorted(SOURCES.rglob("*.py")):
        if not calls.search(text := path.read_text()):
            continue
        for node in ast.walk(ast.parse(text)):
            lets_out = LETS_OUT - (HOLD_BY_THEMSELVES if SIMULATED in path.parents else set())
            if isinstance(node, ast.FunctionDef) and not lets_out.isdisjoint(_called(node)):
                yield f"{path.relative_to(SOURCES).with_suffix('')}.{node.name}"


def _called(node: ast.AST) -> set[str]:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {called.id for called in calls if isinstance(called, ast.Name)}


def test_every_door_that_gives_footage_out_is_in_the_table() -> None:
    asked = {name.split(",")[0] for name in DOORS}

    assert set(doors()) == asked | set(ASKS_NOTHING)
    assert asked.isdisjoint(ASKS_NOTHING)


@pytest.mark.parametrize("door", DOORS)
def test_what_goes_out_for_a_complaint_is_held_or_does_not_go_out(
    matter: Matter, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "written").mkdir()
    at = At(matter, tmp_path / "written")
    if "packag" in door or "share" in door:
        _ = at.exhibited  # it is made before anything is counted
    before = what_is_there(matter)

    with monkeypatch.context() as patched, suppress(ZeroDivisionError):
        patched.setattr(watch, "raise_hold", lambda *_, **__: 1 / 0)
        DOORS[door](at)
    assert what_is_there(matter) == before, "nothing goes out without the hold"
    assert not list(at.folder.iterdir())

    DOORS[door](at)

    assert what_is_there(matter) != before
    [held] = HeldRecording.objects.filter(recording=matter.recording, hold__kind="complaint")
    assert "CO/7" in held.hold.reason
    assert "hold.placed" in force.kinds(matter.recording.handle)[-3:]


def what_is_there(matter: Matter) -> tuple[list[str], int, int, int]:
    """Return what happened to a recording, and how much was made of it."""
    made = (model.objects.count() for model in (Copy, Package, Share))
    return (force.kinds(matter.recording.handle), *made)  # type: ignore[return-value]


def test_a_reason_that_is_none_of_a_complaint_holds_nothing(matter: Matter, tmp_path: Path) -> None:
    at = At(matter, tmp_path)
    at.unit.post(at.clip, {"because": "exhibit AO/1"})

    assert force.kinds(matter.recording.handle)[-1] == "clip.fetched"
    assert not Hold.objects.filter(kind="complaint").exists()


def test_what_goes_to_the_police_watchdog_is_held_whatever_the_reason(
    matter: Matter, tmp_path: Path
) -> None:
    asked = {"recipient": "Lee Fox, IOPC", "because": "as asked"}

    at = At(matter, tmp_path)
    at.unit.post(f"{at.cut}/package", asked)

    [hold] = Hold.objects.filter(kind="complaint")
    assert hold.reason == "as asked (given to Lee Fox, IOPC)"


def test_the_history_of_a_deleted_recording_goes_out_for_a_complaint_too(
    matter: Matter, tmp_path: Path
) -> None:
    Recording.objects.filter(pk=matter.recording.pk).update(state=State.DISPOSED)

    at = At(matter, tmp_path)
    taken = at.unit.post(f"{at.of}/history/report", TO)

    assert taken["Content-Type"] == "application/pdf"
    assert not Hold.objects.filter(kind="complaint").exists()


def test_a_clip_that_a_sergeant_cuts_for_a_complaint_keeps_the_recording_past_its_day(
    matter: Matter,
) -> None:
    sergeant = program_of(force.person("Harding", Role.SUPERVISOR, team="A"))
    cut, other = (filmed(matter.okafor, key) for key in ("a1", "b2"))
    asked = {"file": 1, "begin": 1, "end": 2, "because": WHY}

    sergeant.post(f"/recordings/{cut.handle}/clips", asked)
    sergeant.post(f"/recordings/{other.handle}/clips", {**asked, "because": "the arrest"})
    day_31 = now() + timedelta(days=7)
    swept = run(rehearse(by=operating_viewer().actor, at=day_31), by=force.CLERK, at=day_31)

    assert swept.disposed == 1
    cut.refresh_from_db()
    other.refresh_from_db()
    assert (cut.state, other.state) == (State.COMPLETE, State.DISPOSED)
    assert Copy.objects.filter(original__recording=cut, purpose="clip").count() == 1


def filmed(wearer: Any, key: str) -> Recording:
    """Return what somebody filmed twenty-five days ago; its day is in six."""
    started = now() - timedelta(days=25)
    recording = force.recording(force.camera(f"K{key}", wearer), key, started=started)
    force.original(recording, disclosure.film(), "film.mp4")
    complete(recording, by=force.CLERK, at=recording.received_at)
    look_ahead([recording.pk], at=now())
    return recording
