"""Lines of a custody report as the pages write them: the sentence, and its entry in a fold."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from custodes.custody.report import Report


def entries_of(report: Report, *, known: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Return the lines for the template of a history.

    ``known`` holds the recordings whose page the viewer may open.
    """
    return [
        {
            "sentence": line.sentence,
            "at": line.at,
            "number": line.index,
            "json": line.entry,
            "leaf": line.leaf,
            "about": report.about(line),
            "about_url": reverse("recording", args=[line.subject]) if line.subject in known else "",
            "erased": line.erased_at is not None,
        }
        for line in report.lines
    ]
