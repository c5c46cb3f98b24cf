"""The pages of the log: the purpose first, then what somebody did; reports to take away."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.people.rules import Role
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.rules import LockKind

pytestmark = pytest.mark.django_db

DAYS = {"since": "2026-11-01", "until": f"{now():%Y}-12-31"}
FOR_COURT = {"recipient": "Judge Amis, Southwark Crown Court", "because": "listed"}
WHY = {"person": "okafor", "purpose": "lawfulness", "because": "audit 7", **DAYS}


@pytest.fixture
def standards(station: Station) -> Client:
    signed_in(station.okafor).get(f"/recordings/{station.recording.handle}")
    return signed_in(force.person("Adeyemi", Role.STANDARDS))


def log_of(station: Station, more: str = "", **days: str) -> str:
    days = DAYS | days
    return (
        f"/oversight/log/{station.okafor.handle}{more}?since={days['since']}&until={days['until']}"
    )


def test_nothing_is_shown_before_the_purpose_is_given(standards: Client, station: Station) -> None:
    before = len(history_of(station.okafor.handle))

    refused = standards.get(log_of(station))
    paper = standards.post(log_of(station, "/report"), {"because": "x"})

    assert refused.status_code == paper.status_code == 403
    assert b"played the recording" not in refused.content
    assert len(history_of(station.okafor.handle)) == before


def test_with_purpose_and_reason_the_log_opens_for_these_days_only(
    standards: Client, station: Station
) -> None:
    answer = standards.post("/oversight/log", WHY, follow=True)

    assert answer.status_code == 200
    assert b"What Okafor did" in answer.content
    assert b"Okafor played the recording" in answer.content
    assert history_of(station.okafor.handle)[-1].kind == "log.viewed"
    assert standards.get(log_of(station, since="2026-10-01")).status_code == 403


@pytest.mark.parametrize("missing", WHY)
def test_a_form_without_all_of_it_opens_nothing_and_says_what_is_missing(
    standards: Client, station: Station, missing: str
) -> None:
    before = len(history_of(station.okafor.handle))

    answer = standards.post("/oversight/log", WHY | {missing: ""})

    assert answer.status_code == 400
    assert b"The log was not opened" in answer.content
    assert len(history_of(station.okafor.handle)) == before


def test_somebody_nobody_knows_is_said_to_be_unknown(standards: Client) -> None:
    answer = standards.post("/oversight/log", WHY | {"person": "nobody"})

    assert answer.status_code == 400
    assert "Nobody has the user name or collar number “nobody”." in answer.content.decode()


def test_the_persons_report_is_a_pdf_and_an_entry(standards: Client, station: Station) -> None:
    standards.post("/oversight/log", WHY)

    answer = standards.post(log_of(station, "/report"), FOR_COURT | {"because": "hearing"})

    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "what Okafor did from 1 November 2026 to 31 December" in " ".join(text.split())
    assert "Okafor played the recording" in text
    told = history_of(station.okafor.handle)[-1]
    assert (told.kind, told.fields["because"]) == ("record.taken", "hearing")


def test_what_the_report_leaves_out_is_on_the_record_with_it(
    standards: Client, station: Station
) -> None:
    locking = Locking(new_handle(), LockKind.RESTRICTED, "because")
    lock([station.recording], locking, by=force.CLERK, at=now())
    page = standards.post("/oversight/log", WHY, follow=True).content.decode()

    answer = standards.post(log_of(station, "/report"), FOR_COURT)

    assert "There is nothing else to show here." in page
    assert "Nothing was done under this account" not in page
    text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "What was done with recordings under a lock" in " ".join(text.split())
    assert "Okafor played the recording" not in text
    taken = history_of(station.okafor.handle)[-1]
    assert taken.fields["withheld"] == "what was done with recordings under a lock"


def test_what_a_person_did_goes_out_as_a_package_once_the_purpose_is_given(
    standards: Client, station: Station
) -> None:
    address = log_of(station, "/package")
    too_early = standards.post(address, FOR_COURT)
    standards.post("/oversight/log", WHY)

    answer = standards.post(address, FOR_COURT)

    sent = b"".join(answer.streaming_content)
    assert (too_early.status_code, sent[:2]) == (403, b"PK")
    assert len(sent) == int(answer["Content-Length"])
    told = history_of(station.okafor.handle)[-1]
    assert (told.kind, told.fields["form"]) == ("record.taken", "a package")


def test_the_report_of_a_recording_ends_with_its_own_taking(station: Station) -> None:
    address = f"/recordings/{station.recording.handle}/history/report"

    answer = signed_in(station.mirza).post(address, FOR_COURT | {"because": "for the file"})

    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(PdfReader(BytesIO(answer.content)).pages[-1].extract_text().split())
    assert "Mirza took the custody record of recording of Okafor" in text
    assert "Reason: for the file" in text


@pytest.mark.parametrize("missing", ["because", "recipient"])
@pytest.mark.parametrize("because", ["", "  "])
def test_no_report_goes_out_without_recipient_and_reason(
    station: Station, missing: str, because: str
) -> None:
    before = len(history_of(station.recording.handle))

    address = f"/recordings/{station.recording.handle}/history/report"
    answer = signed_in(station.mirza).post(address, FOR_COURT | {missing: because})

    assert answer.status_code == 403
    assert len(history_of(station.recording.handle)) == before


def test_whoever_may_not_read_a_history_gets_no_report_of_it(station: Station) -> None:
    address = f"/recordings/{station.recording.handle}/history/report"

    assert signed_in(station.harding).post(address, {"because": "x"}).status_code == 403
    assert signed_in(station.stranger).post(address, {"because": "x"}).status_code == 404


def test_a_report_carries_the_marking_in_its_name_and_on_its_page(
    station: Station, settings: object
) -> None:
    marked = settings.CUSTODES.model_copy(update={"marking": "OFFICIAL-SENSITIVE"})  # type: ignore[attr-defined]
    settings.CUSTODES = marked  # type: ignore[attr-defined]

    address = f"/recordings/{station.recording.handle}/history/report"
    answer = signed_in(station.mirza).post(address, FOR_COURT)

    assert "OFFICIAL-SENSITIVE custody-report" in answer["Content-Disposition"]
    assert "OFFICIAL-SENSITIVE" in PdfReader(BytesIO(answer.content)).pages[0].extract_text()
