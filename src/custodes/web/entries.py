"""Lines of a custody report as the pages write them: the sentence, and its entry in a fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from custodes.custody.report import Line, Report


def entries_of(
    report: Report, proof_url: Callable[[int], str], *, known: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """Return the lines for the template of a history.

    ``proof_url`` returns where the proof of an entry is handed out; ``known`` holds the
    recordings whose page the viewer may open.
    """
    return [
        {
            "sentence": line.sentence,
            "at": line.at,
            "number": line.index,
            "json": line.entry,
            "leaf": line.leaf,
            "standing": line.standing.sentence if line.standing else "",
            "proof_url": proof_url(line.index) if _has_proof(line) else "",
            "about": report.about(line),
            "about_url": reverse("recording", args=[line.subject]) if line.subject in known else "",
            "erased": line.erased_at is not None,
        }
        for line in report.lines
    ]


def proofs_of(handle: str) -> Callable[[int], str]:
    """Return where the proofs of one recording's entries are handed out."""
    return lambda number: reverse("proof", args=[handle, number])


def any_proof(number: int) -> str:
    """Return where the proof of any entry is handed out to those who watch over the record."""
    return reverse("entry-proof", args=[number])


def _has_proof(line: Line) -> bool:
    return line.standing is not None and line.standing.checkpoint is not None
