"""The custody report of a case: every recording's history with it, read, printed and proven."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.cases.actions.material import Assessment, add_recordings, assess
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case
from custodes.cases.rules.material import Status
from custodes.custody import strongroom
from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.ledger.policy import Policy
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
FOR_COURT = {"audience": "court", "recipient": "Judge Amis", "because": "listed"}


@pytest.fixture
def case(station: Station) -> Case:
    okafor = station.okafor.as_viewer("test")
    case = open_case(okafor, NewCase("01MP/44/26", "Robbery at the station"), at=now())
    add_recordings(okafor, case, [station.recording], "", at=now())
    return case


def test_the_report_tells_of_the_case_and_of_its_recordings_with_a_proof_each(
    station: Station, case: Case
) -> None:
    officer = signed_in(station.okafor)

    page = officer.get(reverse("case-report", args=[case.handle])).content.decode()

    assert "opened case" in page
    assert "recording of Okafor" in page
    number = history_of(station.recording.handle)[0].index
    address = reverse("case-proof", args=[case.handle, number])
    assert officer.get(address).status_code in {200, 404}  # 404 while no checkpoint has it
    assert officer.get(reverse("case-proof", args=[case.handle, 10**6])).status_code == 404
    officer.get(reverse("case-report", args=[case.handle]))
    assert force.kinds(case.handle).count("case.viewed") == 1  # once an hour


def test_the_printed_report_ends_with_its_own_taking(station: Station, case: Case) -> None:
    officer = signed_in(station.okafor)

    answer = officer.post(reverse("case-report-pdf", args=[case.handle]), FOR_COURT)

    text = " ".join(PdfReader(BytesIO(answer.content)).pages[-1].extract_text().split())
    assert "took the custody record of case 01MP" in text
    assert history_of(case.handle)[-1].fields["recipient"] == "the court, Judge Amis"


@pytest.mark.parametrize("audience", ["", "everybody"])
def test_nothing_goes_out_before_somebody_said_for_whom_it_is(
    station: Station, case: Case, audience: str
) -> None:
    unit, before = signed_in(station.mirza), len(history_of(case.handle))

    for name in ("case-report-pdf", "case-report-package"):
        address = reverse(name, args=[case.handle])
        answer = unit.post(address, FOR_COURT | {"audience": audience})
        assert answer.status_code == 403
        assert "nobody said for whom it is" in answer.content.decode()

    assert len(history_of(case.handle)) == before


def test_sensitive_material_is_on_the_page_and_in_no_paper_for_the_defence(
    station: Station, case: Case
) -> None:
    words = "A man in a red jacket tells PC Okafor where the knife is."
    sensitive = Assessment(Status.SENSITIVE, words, "It names an informant.")
    assess(station.mirza.as_viewer("test"), case, station.recording, sensitive, at=now())
    unit = signed_in(station.mirza)

    page = unit.get(reverse("case-report", args=[case.handle])).content.decode()
    address = reverse("case-report-pdf", args=[case.handle])
    defence, prosecutor = (
        unit.post(address, FOR_COURT | {"audience": each}).content for each in ("defence", "cps")
    )

    assert "red jacket" in page
    assert "red jacket" in printed_in(prosecutor)
    assert "red jacket" not in printed_in(defence)
    assert "sensitive unused material, whether there is any or not" in printed_in(defence)


def printed_in(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_package_proves_that_no_record_in_it_has_a_hole(
    station: Station, case: Case, tmp_path: Path
) -> None:
    unit = signed_in(station.mirza)

    answer = unit.post(reverse("case-report-package", args=[case.handle]), FOR_COURT)

    (tmp_path / "case.zip").write_bytes(b"".join(answer.streaming_content))
    logs = [f"log {each.verifier}" for each in strongroom.signers()]
    trust = Trust(Policy.parse("\n".join([*logs, "quorum none", ""])))
    claims = verify(tmp_path / "case.zip", trust).claims
    records = {claim.about: claim.reason for claim in claims if claim.name == "record"}
    assert records == dict.fromkeys([case.handle, station.recording.handle], "record.unbroken")
    assert {c.reason for c in claims if c.name == "opened"} == {"opened.as_written"}


def test_it_is_nobodys_business_who_does_not_work_on_the_case(station: Station, case: Case) -> None:
    stranger, officer = signed_in(station.stranger), signed_in(station.okafor)
    before = len(history_of(case.handle))

    for name in ("case-report-pdf", "case-report-package"):
        assert stranger.post(reverse(name, args=[case.handle]), FOR_COURT).status_code == 404
    assert stranger.get(reverse("case-report", args=[case.handle])).status_code == 404
    package = officer.post(reverse("case-report-package", args=[case.handle]), FOR_COURT)

    assert package.status_code == 403
    assert len(history_of(case.handle)) == before
