"""``custodes share``, from what there is to share to calling it back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from tests.disclosure.conftest import Matter, in_days

from custodes.cli.share import command
from custodes.disclosure.models import Share

pytestmark = pytest.mark.django_db

CASE = "01MP/44/26"


def run(*arguments: str, fails: bool = False) -> Any:
    done = CliRunner().invoke(command, [*arguments, "--json"])
    assert (done.exit_code != 0) is fails, done.output
    return json.loads(done.stdout)


def test_something_is_shared_by_command_seen_and_called_back(matter: Matter) -> None:
    thing = f"clip:{matter.clip.handle}"
    offered = {one["thing"]: one["why_not"] for one in run("offer", CASE)}
    assert offered[thing] == ""
    to = ("--recipient", "Pat Quill", "--organisation", "CPS", "--because", "charge")

    made = run("new", CASE, thing, *to)

    assert made["standing"] == "open"
    assert "/shared/" in made["link"]
    assert len(run("code", made["share"])["code"]) == 8
    [line] = run("list", CASE)
    assert (line["recipient"], line["outstanding"]) == ("Pat Quill, CPS", ["not opened yet"])
    back = run("revoke", made["share"], "--because", "wrong clip")
    assert back["standing"] == "called back"
    assert run("list", "--open") == []
    assert [one["standing"] for one in run("list")] == ["called back"]


def test_what_is_wrong_is_refused_by_command_and_shares_nothing(matter: Matter) -> None:
    to = ("--recipient", "Pat Quill", "--organisation", "CPS", "--because", "charge")

    refused = run("new", CASE, "clip:nothing", *to, fails=True)

    assert "not of this case" in refused["refused"]
    late = ("--until", "2099-01-01")
    assert "90 days" in run("new", CASE, matter.keys_of_all()[0], *to, *late, fails=True)["refused"]
    assert not Share.objects.exists()


def test_a_link_for_which_no_day_is_named_is_open_as_long_as_is_allowed(
    matter: Matter, settings: Any
) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"share_days": 7})
    to = ("--recipient", "Pat Quill", "--organisation", "CPS", "--because", "charge")

    run("new", CASE, f"clip:{matter.clip.handle}", *to)

    assert in_days(5) < Share.objects.get().until <= in_days(7)
