"""The schedule as a table and as a page, to hand to people outside (RET-05).

Written once, when a version is published: the log's entry commits to the digest of
each, so whoever holds a file and the entry's proof can check it with any SHA-256.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import escape

from custodes.kernel.clock import rfc3339
from custodes.retention.rules.holds import HOLD_NAMES
from custodes.retention.rules.proceedings import OUTCOME_NAMES
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger

FROM = {
    Trigger.RECORDING_END: "the end of the recording",
    Trigger.CASE_LINKED: "when it was linked to a case, else the end of the recording",
    Trigger.OUTCOME: "the outcome of the case",
    Trigger.LAST_EVENT: "the beginning of the clear period",
    Trigger.MATTER_OPENED: "the opening of the matter",
    Trigger.HOLD_RELEASED: "the release of the hold",
}
THEN = {
    End.DISPOSE: "deleted by itself",
    End.REVIEW: "a person looks",
    End.RETURN: "goes by its own line",
}
COLUMNS = (
    "Code", "Kind of recording", "Kept for", "Counted from", "Then", "Looked at every",
    "Who asks for it", "Proposal", "What goes by it",
)  # fmt: skip

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:75rem;color:#111}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #888;padding:.4rem;text-align:left;vertical-align:top}"
)


def as_csv(schedule: Schedule) -> str:
    """Return the lines as a table, one row a line, with CRLF as RFC 4180 asks."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for line in schedule.lines:
        rows.writerow([*written(line), ", ".join(goes_by(schedule, line.code))])
    return out.getvalue()


def as_page(schedule: Schedule) -> str:
    """Return the schedule as one page of HTML that needs nothing else."""
    title = f"Retention schedule, version {schedule.version}"
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in COLUMNS)
    rows = "\n".join(_row(schedule, line) for line in schedule.lines)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n"
        f"<p>In effect from {rfc3339(schedule.effective_at)}. How long each kind of recording is "
        "kept, counted from when, and what happens then. A hold always wins over it. A line "
        "marked as a proposal has a period that no source asks for.</p>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>\n</body></html>\n"
    )


def written(line: Line) -> tuple[str, ...]:
    """Return a line as people read it, a word for each column but the last."""
    return (
        line.code,
        line.name,
        str(line.keep),
        FROM[line.trigger],
        THEN[line.end],
        str(line.look_every),
        line.authority,
        "proposal" if line.proposal else "",
    )


def goes_by(schedule: Schedule, code: str) -> list[str]:
    """Return what goes by a line: categories, sources, outcomes, offence groups, holds."""
    return [who for who, by in _all_that_goes(schedule) if by == code]


def _all_that_goes(schedule: Schedule) -> Iterator[tuple[str, str]]:
    yield "recordings without a category", schedule.uncategorised
    yield from ((f"category {category}", code) for category, code in schedule.by_category)
    yield from ((f"source type {source}", code) for source, code in schedule.by_source)
    yield from ((f"outcome {OUTCOME_NAMES[outcome]}", by) for outcome, by in schedule.by_outcome)
    if schedule.in_custody:
        yield "a conviction with prison or hospital", schedule.in_custody
    yield from ((f"MoPI group {group}", code) for group, code in schedule.by_group)
    yield from ((f"after a hold for {HOLD_NAMES[kind]}", code) for kind, code in schedule.by_hold)


def _row(schedule: Schedule, line: Line) -> str:
    code, *rest = [*written(line), ", ".join(goes_by(schedule, line.code))]
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{escape(code)}</th>{cells}</tr>'
