"""The page of the record, its policy and day sheets, and the proofs of a history."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody.checkpoints import close_day_if_due, publish
from custodes.custody.models import Entry, Head
from custodes.custody.outside import own_policy
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.ledger.policy import Policy
from custodes.ledger.proof import LogProof, verify_proof
from custodes.people.rules import Role
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.actions.watch import begin_viewing
from custodes.recordings.rules import LockKind
from custodes.web.pages import report

pytestmark = pytest.mark.django_db


def history_of(station: Station, more: str = "") -> str:
    return f"/recordings/{station.recording.handle}/history{more}"


def test_the_record_says_how_long_it_is_and_what_is_late(station: Station) -> None:
    publish(now() - timedelta(minutes=3))
    auditor = signed_in(station.lindqvist)

    page = auditor.get("/oversight/record").content.decode()

    assert f"<dd>{Entry.objects.count()}</dd>" in page
    assert "3 minutes old" in page
    assert "No witness cosigns the log" in page
    assert "not yet by anybody" in page


def test_an_empty_record_says_that_nothing_is_signed_yet(station: Station) -> None:
    assert b"none yet" in signed_in(station.lindqvist).get("/oversight/record").content


@pytest.mark.parametrize("page", ["record", "record/policy", "record/days/2026-11-14"])
def test_the_record_is_for_those_who_watch_over_it(station: Station, page: str) -> None:
    assert signed_in(station.okafor).get(f"/oversight/{page}").status_code == 403
    assert signed_in(station.harding).get(f"/oversight/{page}").status_code == 403


@pytest.mark.parametrize(
    "role", [Role.STANDARDS, Role.AUDITOR, Role.RECORDS, Role.WATCHDOG, Role.ADMINISTRATOR]
)
def test_these_roles_see_the_record(station: Station, role: Role) -> None:
    watcher = signed_in(force.person("Watcher", role))

    assert watcher.get("/oversight/record").status_code == 200
    assert b"/oversight/record" in watcher.get("/").content


def test_the_policy_is_handed_out_as_others_read_it(station: Station) -> None:
    answer = signed_in(station.lindqvist).get("/oversight/record/policy")

    assert Policy.parse(answer.content) == own_policy()
    assert ".tlog-policy" in answer["Content-Disposition"]


def test_a_closed_day_has_a_sheet_with_a_code(station: Station) -> None:
    closed = close_day_if_due(now())
    assert closed is not None
    assert closed.closes is not None
    auditor = signed_in(station.lindqvist)
    address = f"/oversight/record/days/{closed.closes.isoformat()}"

    assert address in auditor.get("/oversight/record").content.decode()
    page = auditor.get(address).content.decode()

    assert bytes(closed.root).hex() in page
    assert "<svg" in page
    assert "Keep this sheet." in page


@pytest.mark.parametrize("day", ["2026-11-31", "never", "2001-01-01"])
def test_a_day_without_a_sheet_is_not_found(station: Station, day: str) -> None:
    assert signed_in(station.lindqvist).get(f"/oversight/record/days/{day}").status_code == 404


def test_each_line_of_a_history_hands_out_a_proof_that_holds(station: Station) -> None:
    okafor = signed_in(station.okafor)
    okafor.get(history_of(station))
    publish(now())

    page = okafor.get(history_of(station)).content.decode()
    links = re.findall(r'href="(/recordings/\S+/proof)"', page)
    policy = Policy.parse(str(own_policy()))
    for link in links:
        proof = LogProof.parse(okafor.get(link).content.decode())
        leaf = bytes(Entry.objects.get(index=proof.index).leaf)
        assert verify_proof(proof, leaf, policy).checkpoint.size > proof.index

    assert len(links) == Entry.objects.filter(subject=station.recording.handle).count()
    assert "Not yet witnessed." in page


def test_no_proof_of_another_history_is_handed_out(station: Station) -> None:
    publish(now())
    other = Entry.objects.exclude(subject=station.recording.handle).first()
    mine = Entry.objects.filter(subject=station.recording.handle).first()
    assert other is not None
    assert mine is not None

    okafor, stranger = signed_in(station.okafor), signed_in(station.stranger)

    any_entry = f"/oversight/record/entries/{other.index}/proof"
    assert okafor.get(any_entry).status_code == 403
    assert signed_in(station.lindqvist).get(any_entry).status_code == 200
    assert okafor.get(history_of(station, f"/{other.index}/proof")).status_code == 404
    assert stranger.get(history_of(station, f"/{mine.index}/proof")).status_code == 404


def test_the_proof_of_one_line_makes_no_report_and_is_of_no_line_that_is_left_out(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = Locking(new_handle(), LockKind.POST_INCIDENT, "a death")
    lock([station.recording], shut, by=force.CLERK, at=now())
    byrne = force.person("I Byrne", Role.WATCHDOG).as_viewer("web")
    begin_viewing(byrne, station.recording, "the inquiry", reason_needed=True, at=now())
    lift(shut.cause, "over", by=force.CLERK, at=now())
    publish(now())
    mine = Entry.objects.filter(subject=station.recording.handle)
    look, others = mine.get(kind="recording.viewed"), mine.exclude(kind="recording.viewed")
    monkeypatch.setattr(report, "report_for", None)
    okafor = signed_in(station.okafor)

    asked = {each.index: okafor.get(history_of(station, f"/{each.index}/proof")) for each in mine}

    assert asked[look.index].status_code == 404
    assert {asked[each.index].status_code for each in others} == {200}


def test_today_tells_of_a_late_record_those_who_may_act(station: Station) -> None:
    Head.objects.update(at=now() - timedelta(minutes=5))

    told = signed_in(station.byrne).get("/").content
    untold = signed_in(station.harding).get("/").content

    assert b"The newest entries are in no checkpoint" in told
    assert b"Look at the record" in told
    assert b"in no checkpoint" not in untold


def test_a_stranger_finds_the_published_policy_where_the_checking_is_explained(
    station: Station,
) -> None:
    assert station
    page = Client().get("/check").content.decode()

    policy = Client().get("/custody/policy")

    assert "http://testserver/custody/policy" in page
    assert str(Policy.parse(policy.content.decode())) == policy.content.decode()
    assert policy["Access-Control-Allow-Origin"] == "*"
