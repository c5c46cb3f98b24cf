"""A custody report on paper: every page numbered, marked, and with nothing left out."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.world.force import NOON

from custodes.custody.printed import Sheet, report_pdf
from custodes.custody.report import Line, Report, Subject

SHEET = Sheet("Northshire Police", "OFFICIAL-SENSITIVE", "Made by Mirza on 14 November 2026")


def line(index: int, sentence: str = "Okafor added a note.", subject: str = "r" * 22) -> Line:
    return Line(
        index=index,
        subject=subject,
        at=NOON + timedelta(minutes=index),
        kind="recording.noted",
        sentence=sentence,
        because="",
        leaf=f"{index:064x}",
        entry="{}",
    )


def report(*lines: Line) -> Report:
    subjects = {"r" * 22: Subject("r" * 22, "recording of Okafor")}
    return Report("Custody report: recording of Okafor", "", (("Camera", "X1"),), lines, subjects)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_long_history_flows_over_pages_that_are_all_headed_and_numbered() -> None:
    printed = pages(report_pdf(report(*(line(n) for n in range(60))), SHEET))

    assert len(printed) > 3
    for number, page in enumerate(printed, 1):
        assert f"Page {number} of {len(printed)}" in page
        assert page.count("OFFICIAL-SENSITIVE") == 2
        assert "Northshire Police" in page
        assert "Made by Mirza" in page
    whole = "\n".join(printed)
    assert all(f"entry {n}" in whole and f"{n:064x}" in whole for n in range(60))


def test_an_entry_is_never_parted_by_the_end_of_a_page() -> None:
    for page in pages(report_pdf(report(*(line(n) for n in range(60))), SHEET)):
        assert page.count("Okafor added a note.") == page.count("leaf 0000")


def test_what_people_wrote_is_printed_and_not_obeyed() -> None:
    printed = pages(report_pdf(report(line(0, "<b>Bold</b> & <font size=90>big")), SHEET))

    assert "<b>Bold</b> & <font size=90>big" in printed[0]


@pytest.mark.parametrize("name", ["Łukasz Müller", "Ó Briain"])
def test_names_of_other_languages_come_out_as_written(name: str) -> None:
    assert f"{name} looked" in pages(report_pdf(report(line(0, f"{name} looked.")), SHEET))[0]


def test_a_reason_as_long_as_the_record_holds_is_printed_whole() -> None:
    long = "why " * 1000

    assert "".join(pages(report_pdf(report(line(0, long)), SHEET))).count("why") == 1000
