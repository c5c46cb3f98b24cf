"""A report as a PDF that carries the force, the marking, by whom and when it was made."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.timezone import localtime

import custodes
from custodes.custody import strongroom
from custodes.custody.printed import Sheet, report_pdf
from custodes.custody.report import Report
from custodes.people.rules import Viewer


def printed(report: Report, viewer: Viewer, at: datetime) -> bytes:
    """Return the report as a PDF, made by this person at this time."""
    sheet = Sheet(
        force=settings.CUSTODES.force_name,
        marking=settings.CUSTODES.marking,
        made=f"Made by {viewer.name} on {localtime(at):%-d %B %Y, %H:%M:%S %Z}, "
        f"Custodes {custodes.__version__}, log {strongroom.origin()}",
        demo=settings.CUSTODES.demo,
    )
    return report_pdf(report, sheet)
