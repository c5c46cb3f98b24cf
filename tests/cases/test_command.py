"""``custodes case``, from opening a case to its outcome, by whoever runs the server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from tests.cases.conftest import LATER, Station
from tests.world import force

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.models import Case
from custodes.cli.case import command
from custodes.custody.models import Entry
from custodes.intake.rules import Kind
from custodes.retention.models import Matter

pytestmark = pytest.mark.django_db
OTHER = NewExhibit("Another camera", "AL")


def run(*arguments: str, fails: bool = False) -> Any:
    done = CliRunner().invoke(command, [*arguments, "--json"])
    assert (done.exit_code != 0) is fails, done.output
    return json.loads(done.stdout)


def test_a_case_goes_from_opening_to_outcome_by_command(station: Station) -> None:
    opened = run(
        "new", "01MP/45/26", "--about", "Theft of a phone", "--officer", station.okafor.username
    )
    case = opened["urn"]
    assert run("add", case, station.okafors.handle, "--because", "the arrest") == {"added": 1}
    made = run("exhibit", case, station.okafors.handle, "--item", "Video", "--initials", "AO")
    assert made["reference"] == "AO/1"
    assert run("assign", case, station.sharma.username)["on"] is True

    shown = run("show", "01mp/45/26")
    assert [each["reference"] for each in shown["exhibits"]] == ["AO/1"]
    assert {each["part"] for each in shown["people"]} == {"officer-in-the-case", "works-on-it"}
    assert {each["status"] for each in shown["recordings"]} == {"exhibit", "not-looked-at"}
    assert [each["in_the_case"] for each in shown["recordings"]].count(False) == 1
    assert shown["open"] != []

    off = run("assign", case, station.sharma.username, "--off", "--because", "moved")
    assert off["on"] is False
    run("charge", case, "--on", "2026-11-15", "--because", "CPS: theft")
    ended = run("outcome", case, "convicted", "--on", "2026-11-20", "--because", "Crown Court",
                "--not-custodial", "--group", "3")  # fmt: skip
    assert ended["state"] == "convicted"
    matter = Matter.objects.get(handle=Case.objects.get(urn=case).handle)
    assert (matter.custodial, matter.group) == (False, 3)
    assert [each["urn"] for each in run("list")] == ["01MP0004426"]
    assert len(run("list", "--all")) == 2


def test_a_refusal_says_what_to_do_and_changes_nothing(station: Station) -> None:
    refused = run("new", "44/26", "--about", "x", "--officer", station.okafor.username, fails=True)

    assert "is not the reference of a case" in refused["refused"]
    assert refused["advice"] == "Nothing was changed. Correct it and try again."
    assert Case.objects.count() == 1
    assert "no such case" in run("show", "01MP/99/26", fails=True)["refused"]


def test_a_case_is_shown_in_words_to_a_person(station: Station) -> None:
    done = CliRunner().invoke(command, ["show", "01MP/44/26"])

    assert "01MP0004426: Robbery. State: investigation." in done.output
    assert "PC 4711 Ada Okafor: officer-in-the-case" in done.output
    assert "has to look for other cameras" in done.output


def test_the_gate_ends_with_1_until_all_is_done_and_says_it_in_the_prosecutor_s_words(
    station: Station,
) -> None:
    case, recording = station.case.urn, station.okafors.handle
    empty = run("gate", case, fails=True)
    assert empty["ready"] is False
    assert empty["lines"][0]["words"] == "Multi-media BWV not provided"

    run("exhibit", case, recording, "--item", "Video", "--initials", "AO")
    told = CliRunner().invoke(command, ["gate", case, "--audience", "court", "--exhibit", "AO/1"])
    assert told.exit_code == 1
    assert "to do    There is body-worn video to give" in told.output

    # The watchdog is given all there is; only that a camera may be missing keeps it.
    look_for_siblings(station.clerk, station.case, at=LATER)
    force.original(station.okafors, name="a.mp4", kind=Kind.VIDEO)
    for each in station.case.material.filter(sibling=True):
        number_exhibit(station.clerk, station.case, each.recording, OTHER, at=LATER)
    look_for_siblings(station.clerk, station.case, at=LATER)
    assert run("gate", case, "--audience", "watchdog", "--exhibit", "AO/1")["ready"] is True
    assert Entry.objects.filter(kind="case.viewed").exists()
