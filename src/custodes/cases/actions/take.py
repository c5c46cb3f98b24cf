"""Let a paper of a case out of the system: for whom is on the record before it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from custodes.cases.actions.working import locked_case
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case, Exhibit
from custodes.cases.papers import exhibit_rows, facts_for_statement, unused_rows
from custodes.cases.queries import exhibit_for
from custodes.cases.rules.audiences import AUDIENCE_NAMES, PAPER_NAMES, Audience, Paper, may_go
from custodes.cases.rules.papers import exhibits_csv, exhibits_json, unused_csv
from custodes.cases.rules.statement import as_text
from custodes.custody.actions import record
from custodes.custody.events import PaperTaken
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.take_record import Handed


@dataclass(frozen=True, slots=True)
class Written:
    """A paper ready to be given away. ``name`` is a file's, without any marking."""

    content: str
    media_type: str
    name: str


@transaction.atomic
def take_paper(
    viewer: Viewer,
    case: Case,
    paper: Paper,
    audience: Audience,
    handed: Handed,
    *,
    as_json: bool = False,
    at: datetime,
) -> Written:
    """Return a list or schedule of a case; raises CaseRefused when it may not go to them."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    _make_sure_it_may_go(paper, audience)
    _taken(viewer, case, paper, "JSON" if as_json else "CSV", audience, handed, at=at)
    match paper:
        case Paper.EXHIBITS if as_json:
            content = exhibits_json(case.urn, exhibit_rows(viewer, case))
            return Written(content, "application/json", f"exhibits-{case.urn}.json")
        case Paper.EXHIBITS:
            content = exhibits_csv(exhibit_rows(viewer, case))
        case Paper.UNUSED | Paper.SENSITIVE:
            sensitive = paper is Paper.SENSITIVE
            rows = unused_rows(viewer, case, sensitive=sensitive)
            content = unused_csv(rows, sensitive=sensitive)
        case _:
            raise CaseRefused("This paper is not a list.")
    return Written(content, "text/csv; charset=utf-8", f"{paper}-{case.urn}.csv")


@transaction.atomic
def take_statement(
    viewer: Viewer, exhibit: Exhibit, audience: Audience, handed: Handed, *, at: datetime
) -> Written:
    """Return the draft of the statement that produces an exhibit, as text marked DRAFT."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, exhibit.case)
    exhibit = exhibit_for(viewer, case, exhibit.handle)
    _make_sure_it_may_go(Paper.STATEMENT, audience)
    form = f"text about exhibit {exhibit}"
    _taken(viewer, case, Paper.STATEMENT, form, audience, handed, at=at)
    name = f"DRAFT-mg11-{case.urn}-{str(exhibit).replace('/', '-')}.txt"
    return Written(as_text(facts_for_statement(exhibit)), "text/plain; charset=utf-8", name)


def _make_sure_it_may_go(paper: Paper, audience: Audience) -> None:
    if not may_go(paper, audience):
        what, who = PAPER_NAMES[paper], AUDIENCE_NAMES[audience]
        said = f"{what[0].upper()}{what[1:]} never goes to {who}."
        raise CaseRefused(said, "Nothing was handed out.")


def _taken(
    viewer: Viewer,
    case: Case,
    paper: Paper,
    form: str,
    audience: Audience,
    handed: Handed,
    *,
    at: datetime,
) -> None:
    handed = handed.checked()
    taken = PaperTaken(
        urn=str(case),
        paper=PAPER_NAMES[paper],
        form=form,
        audience=AUDIENCE_NAMES[audience],
        recipient=handed.recipient,
    )
    record(taken, subject=case.handle, by=viewer.actor, at=at, because=handed.because)
