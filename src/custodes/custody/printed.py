"""Custody reports on paper: A4, numbered pages, marked, with every entry's number and hash.

Set in DejaVu where the system has it, which knows most alphabets; else in the Vera
that comes with the PDF library, which knows Western ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from django.utils.timezone import localtime
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate
from reportlab.platypus import Paragraph as Words

from custodes.custody.report import Line, Report

_SYSTEM_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_MARGIN, _HEAD, _FOOT = 20 * mm, 26 * mm, 22 * mm
_QUIET = HexColor("#505a5f")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on every page: the force, the marking, who made it and when."""

    force: str
    marking: str
    made: str
    demo: bool = False


def report_pdf(report: Report, sheet: Sheet) -> bytes:
    """Return a custody report as a PDF of as many pages as it needs."""
    return make_pdf(report.title, sheet, list(_story(report)))


def make_pdf(title: str, sheet: Sheet, story: list[Flowable]) -> bytes:
    """Return a PDF of these flowing parts, each page headed, marked and numbered."""
    body = BytesIO()
    width, height = A4
    frame = Frame(
        _MARGIN, _FOOT, width - 2 * _MARGIN, height - _HEAD - _FOOT, 0, 0, 0, 0, id="body"
    )
    document = BaseDocTemplate(
        body, pagesize=A4, title=title, author=sheet.force, subject=sheet.made, lang="en-GB"
    )
    document.addPageTemplates(
        PageTemplate("page", [frame], onPage=lambda canvas, _: _around(canvas, title, sheet))
    )
    document.build(story, canvasmaker=_Counting)
    return body.getvalue()


class _Counting(Canvas):  # type: ignore[misc]  # reportlab ships no types
    """A canvas that knows on every page how many there are."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep the page until the number of pages is known."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages, each with its number and how many there are."""
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self.setFont(font(), 8)
            self.setFillColor(_QUIET)
            self.drawRightString(A4[0] - _MARGIN, 10 * mm, f"Page {number} of {len(pages)}")
            super().showPage()
        super().save()


def _around(canvas: Canvas, title: str, sheet: Sheet) -> None:
    width, height = A4
    canvas.saveState()
    if sheet.marking:
        canvas.setFont(bold(), 10)
        canvas.drawCentredString(width / 2, height - 10 * mm, sheet.marking)
        canvas.drawCentredString(width / 2, 5 * mm, sheet.marking)
    canvas.setFont(font(), 8)
    canvas.setFillColor(_QUIET)
    canvas.drawString(_MARGIN, height - 17 * mm, _short(title, width - 2 * _MARGIN - 60 * mm))
    canvas.drawRightString(width - _MARGIN, height - 17 * mm, sheet.force)
    canvas.drawString(_MARGIN, 14 * mm, sheet.made)
    if sheet.demo:
        canvas.drawString(_MARGIN, 10 * mm, "This is a made-up force. Nothing here is real.")
    canvas.setStrokeColor(_QUIET)
    canvas.line(_MARGIN, height - 19 * mm, width - _MARGIN, height - 19 * mm)
    canvas.restoreState()


def _short(text: str, width: float) -> str:
    while pdfmetrics.stringWidth(text, font(), 8) > width:
        text = text[:-2].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return text


def _story(report: Report) -> Iterator[Flowable]:
    yield words(report.title, "title")
    for label, value in report.facts:
        yield words(f"{label}: {value}", "fact")
    count = len(report.lines)
    yield words(
        f"{count:,} {'entry' if count == 1 else 'entries'} of the custody log, oldest first, "
        "with names as they were at the time. Times are the server's.",
        "lead",
    )
    for line in report.lines:
        yield KeepTogether(list(_line(report, line)))


def _line(report: Report, line: Line) -> Iterator[Flowable]:
    about = report.about(line)
    when = f"{localtime(line.at):%-d %B %Y, %H:%M:%S %Z}"
    yield words(f"{when} · entry {line.index:,}" + (f" · {about}" if about else ""), "when")
    yield words(line.sentence, "sentence")
    if line.standing is not None:
        yield words(line.standing.sentence, "proof")
    yield words(f"leaf {line.leaf}", "hash")


def words(text: str, style: str) -> Words:
    """Return a paragraph of plain text; what looks like markup in it is written as it is."""
    return Words(escape(text), _styles()[style])


@cache
def font() -> str:
    """Return the name of the font of running text."""
    return _fonts()[0]


@cache
def bold() -> str:
    """Return the name of the bold font."""
    return _fonts()[1]


@cache
def _fonts() -> tuple[str, str]:
    plain, heavy = _SYSTEM_FONTS / "DejaVuSans.ttf", _SYSTEM_FONTS / "DejaVuSans-Bold.ttf"
    there = plain.exists() and heavy.exists()
    for name, path, own in (
        ("Custodes", plain, "Vera.ttf"),
        ("Custodes-Bold", heavy, "VeraBd.ttf"),
    ):
        pdfmetrics.registerFont(TTFont(name, str(path) if there else own))
    return "Custodes", "Custodes-Bold"


@cache
def _styles() -> dict[str, ParagraphStyle]:
    plain = {"fontName": font(), "fontSize": 9.5, "leading": 14, "splitLongWords": True}
    quiet = {**plain, "fontSize": 8, "leading": 11, "textColor": _QUIET}
    return {
        "title": ParagraphStyle(
            "title", **{**plain, "fontName": bold(), "fontSize": 16, "leading": 21}, spaceAfter=8
        ),
        "fact": ParagraphStyle("fact", **plain),
        "lead": ParagraphStyle("lead", **plain, spaceBefore=8, spaceAfter=6),
        "when": ParagraphStyle("when", **quiet, spaceBefore=8),
        "sentence": ParagraphStyle("sentence", **plain),
        "proof": ParagraphStyle("proof", **quiet),
        "hash": ParagraphStyle("hash", **{**quiet, "fontSize": 6.5, "leading": 9}),
    }
