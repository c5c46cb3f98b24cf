"""The schedule: proposed on one page, decided on by a second person, taken away with its proof."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.conftest import Station, signed_in
from tests.world import force
from tests.world.keeping import ENGINE

from custodes.custody.checkpoints import publish as publish_checkpoint
from custodes.custody.genesis import begin_log
from custodes.fleet.actions import change_source_type
from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind
from custodes.retention.actions.proposal import work_out
from custodes.retention.actions.schedule import publish_first
from custodes.retention.effect import changes_of
from custodes.retention.models import ScheduleProposal, ScheduleVersion
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import HoldKind
from custodes.retention.rules.schedule import End, Schedule, Trigger
from custodes.retention.writing import read_schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(db: None) -> Person:
    return force.person("Records", Role.RECORDS)


@pytest.fixture
def auditor(db: None) -> Person:
    return force.person("Auditor", Role.AUDITOR)


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def filled_in(browser: Client, **changed: str | list[str]) -> dict[str, str | list[str]]:
    """Return what the form holds as it is shown, with some of it changed."""
    form = browser.get("/keeping/schedule/propose").context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "new-categories"}
    values = {name: "" if value is None else str(value) for name, value in shown.items()}
    return {**values, **{name.replace("_", "-"): value for name, value in changed.items()}}


def test_what_goes_sooner_is_named_but_nothing_that_a_lock_keeps_from_the_reader(
    station: Station, records: Person, auditor: Person
) -> None:
    asked = filled_in(signed_in(records), keep_N0="10 days", because="panels meet monthly")
    signed_in(records).post("/keeping/schedule/propose", asked)
    recording = station.recording
    complete(recording, by=force.CLERK, at=now())
    Recording.objects.filter(pk=recording.pk).update(started_at=now(), ended_at=now())
    proposal = ScheduleProposal.objects.get()
    work_out(proposal.handle, by=ENGINE, at=now())
    reader = signed_in(auditor)
    url = f"/keeping/schedule/proposals/{proposal.handle}"
    assert recording.handle in reader.get(url).content.decode()

    locking = Locking("incident", LockKind.POST_INCIDENT, "DSI 3")
    lock([recording], locking, by=ENGINE, at=now())

    page = reader.get(url).content.decode()
    assert recording.handle not in page
    assert "1 recording would go sooner" in words(page.encode())


def test_a_change_is_proposed_read_and_approved_by_a_second_person(
    records: Person, auditor: Person
) -> None:
    first, second = signed_in(records), signed_in(auditor)
    asked = filled_in(first, keep_N0="60 days", because="panels meet quarterly")

    proposed = first.post("/keeping/schedule/propose", asked, follow=True)
    proposal = ScheduleProposal.objects.get()
    url = f"/keeping/schedule/proposals/{proposal.handle}"
    early = second.post(url, {"answer": "approve", "because": "agreed"})
    work_out(proposal.handle, by=ENGINE, at=now())
    today = second.get("/")
    seen = second.get(url)
    own = first.get(url)
    approved = second.post(url, {"answer": "approve", "because": "agreed"}, follow=True)

    assert "It is proposed. The schedule in force has not changed." in words(proposed.content)
    assert "It is being worked out." in words(proposed.content)
    assert early.status_code == 400
    assert "1 proposed schedule waits for a second person." in words(today.content)
    assert "N0 Routine footage: kept 60 days, not 31 days." in words(seen.content)
    assert "No recording held today would go sooner or later than now." in words(seen.content)
    assert "You proposed it, so another person approves it." in words(own.content)
    assert b'value="approve"' not in own.content
    assert "It is published as version 2." in words(approved.content)
    assert ScheduleVersion.objects.count() == 2


def test_a_proposal_that_is_not_fit_is_refused_in_sentences(records: Person) -> None:
    browser = signed_in(records)
    not_fit = filled_in(browser, keep_E0="no time", look_E0="no time", because="why")
    not_read = filled_in(browser, keep_N0="a while", because="why")
    half = filled_in(browser, new_code="P1", because="why")

    refused = browser.post("/keeping/schedule/propose", not_fit)
    misread = browser.post("/keeping/schedule/propose", not_read)
    unfinished = browser.post("/keeping/schedule/propose", half)

    said = "E0 Evidence, investigation open has no time after which it is looked at again."
    assert said in words(refused.content)
    assert "“a while” is no length of time." in words(misread.content)
    assert b'href="#id_keep-N0"' in misread.content
    assert "A new line needs this too." in words(unfinished.content)
    assert not ScheduleProposal.objects.exists()


def test_a_line_of_its_own_is_proposed_for_one_source_type(records: Person) -> None:
    browser = signed_in(records)
    asked = filled_in(
        browser, new_code="P1", new_name="Mounted branch", new_source="mounted",
        new_keep="20 days", new_look="20 days", new_authority="the board", because="pilot",
        effective_on="2090-05-01",
    )  # fmt: skip
    asked["effective_on"] = asked.pop("effective-on")

    browser.post("/keeping/schedule/propose", asked)

    proposed = read_schedule(ScheduleProposal.objects.get().document)
    line = proposed.line("P1")
    assert line is not None
    assert (str(line.keep), line.name, line.proposal) == ("20 days", "Mounted branch", True)
    assert dict(proposed.by_source) == {"egt": "P0", "mounted": "P1"}
    assert f"{proposed.effective_at:%Y-%m-%d %H}" == "2090-04-30 23"


NEW_LINE = {
    "new_code": "P1", "new_name": "Taser", "new_keep": "365 days", "new_look": "1 year",
    "new_authority": "the board", "because": "asked for by the board",
}  # fmt: skip


def proposed_with(browser: Client, **changed: str | list[str]) -> Schedule:
    """Propose it and return what was proposed; fails where it was refused."""
    browser.post("/keeping/schedule/propose", filled_in(browser, **changed))
    return read_schedule(ScheduleProposal.objects.get().document)


def test_a_line_is_proposed_for_categories_alone(records: Person) -> None:
    proposed = proposed_with(
        signed_in(records), **NEW_LINE, new_categories=["use-of-force", "firearms"]
    )

    by_category = dict(DEFAULT.by_category)
    assert dict(proposed.by_category) == by_category | {"use-of-force": "P1", "firearms": "P1"}
    assert dict(proposed.by_source) == {"egt": "P0"}
    line = proposed.line("P1")
    assert line is not None
    assert (line.trigger, line.end) == (Trigger.RECORDING_END, End.DISPOSE)


def test_nothing_but_the_new_line_is_different_where_no_line_is_chosen_anew(
    records: Person,
) -> None:
    proposed = proposed_with(signed_in(records), **NEW_LINE, new_source="taser")

    counted = "365 days from the end of the recording, then deleted by itself"
    assert changes_of(DEFAULT, proposed) == (
        f"P1 Taser: new, kept {counted} (the board).",
        "Source type taser: P1, not nothing.",
    )


def test_which_line_applies_is_changed_for_cases_holds_and_what_has_no_category(
    records: Person,
) -> None:
    change_source_type(force.camera("M1"), "mounted", by=force.CLERK, at=force.NOON)
    browser = signed_in(records)
    proposed = proposed_with(
        browser, uncategorised="N2", because="asked for",
        **{"outcome-convicted": "E2", "in-custody": "", "group-4": "M1", "hold-court-order": "R1",
           "source-egt": "", "source-mounted": "P0", "hold-foi": ""},
    )  # fmt: skip

    assert changes_of(DEFAULT, proposed) == (
        "Recordings without a category: N2, not N0.",
        "Source type egt: nothing, not P0.",
        "Source type mounted: P0, not nothing.",
        "Outcome convicted: E2, not E3.",
        "Convicted, prison or hospital: nothing, not E4.",
        "MoPI offence group 4: M1, not M4.",
        "After a hold for court order: R1, not nothing.",
        "After a hold for freedom of information request: nothing, not R2.",
    )
    page = words(browser.get(f"/keeping/schedule/proposals/{_handle()}").content)
    assert "Outcome convicted: E2, not E3." in page


def _handle() -> str:
    return str(ScheduleProposal.objects.get().handle)


def test_what_has_ended_goes_by_a_line_that_is_added_with_it(records: Person) -> None:
    proposed = proposed_with(
        signed_in(records), **{**NEW_LINE, "new_from": "hold-released", "new_end": "return"},
        **{"hold-civil": "new"},
    )  # fmt: skip

    assert dict(proposed.by_hold)[HoldKind.CIVIL] == "P1"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (NEW_LINE, "Say what goes by it, here or under the lines below."),
        ({"because": "x", "uncategorised": "new"}, "No new line was filled in for it."),
        ({"because": "x", "new_source": "mounted"}, "A new line needs this too."),
        ({**NEW_LINE, "new_source": "two words"}, "is no source type"),
        (
            {**NEW_LINE, "new_categories": ["arrest"], "category-arrest": "N0"},
            "It was ticked for the new line, and given another here.",
        ),
        ({**NEW_LINE, "new_categories": ["no-such"]}, "no-such is not one of the available"),
        ({**NEW_LINE, "group-1": "new"}, "Offence group 1 goes only after a review"),
        ({**NEW_LINE, "hold-civil": "new"}, "A hold for civil claim cannot go by P1"),
        ({**NEW_LINE, "new_code": "N0", "group-3": "new"}, "Two lines have the code N0."),
    ],
)
def test_what_does_not_fit_together_is_refused_and_stands_open(
    records: Person, changed: dict[str, str | list[str]], said: str
) -> None:
    browser = signed_in(records)

    refused = browser.post("/keeping/schedule/propose", filled_in(browser, **changed))

    assert said in words(refused.content)
    assert not ScheduleProposal.objects.exists()


def test_who_may_not_change_the_schedule_reads_and_does_not_propose(
    station: Station, records: Person
) -> None:
    browser = signed_in(records)
    browser.post(
        "/keeping/schedule/propose", filled_in(browser, keep_N0="60 days", because="panels")
    )
    url = f"/keeping/schedule/proposals/{ScheduleProposal.objects.get().handle}"
    unit, officer = signed_in(station.mirza), signed_in(station.okafor)

    assert unit.get(url).status_code == 200
    assert b"Withdraw it" not in unit.get(url).content
    assert unit.get("/keeping/schedule/propose").status_code == 403
    assert officer.get(url).status_code == 403
    assert officer.get("/keeping/schedule/proposals").status_code == 403


def test_a_proposal_is_withdrawn_from_its_page(records: Person) -> None:
    browser = signed_in(records)
    browser.post(
        "/keeping/schedule/propose", filled_in(browser, keep_N0="60 days", because="panels")
    )
    url = f"/keeping/schedule/proposals/{ScheduleProposal.objects.get().handle}"

    gone = browser.post(url, {"answer": "withdraw", "because": "changed my mind"}, follow=True)

    assert "It is withdrawn. The schedule in force has not changed." in words(gone.content)
    assert "Withdrawn" in words(browser.get("/keeping/schedule/proposals").content)


def test_the_schedule_is_taken_away_with_its_proof(station: Station) -> None:
    begin_log(by=ENGINE, at=now())
    publish_first(by=ENGINE, at=now())
    browser = signed_in(station.okafor)
    early = browser.get("/keeping/schedule/1/signed")
    publish_checkpoint(now())

    packed = browser.get("/keeping/schedule/1/signed")
    page = browser.get("/keeping/schedule/1/html")

    assert early.status_code == 404
    assert packed["Content-Type"] == "application/zip"
    assert packed.content[:2] == b"PK"
    assert "attachment" in page["Content-Disposition"]
    assert b"<h1>Retention schedule, version 1</h1>" in page.content
    assert browser.get("/keeping/schedule/2/html").status_code == 404
