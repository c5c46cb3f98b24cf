"""Cases: list, open, show; their exhibits, recordings, coverage, gate and history."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from custodes.api.callers import Writer, viewer_of, viewer_with
from custodes.api.noting import make_sure_a_case_is_looked_at
from custodes.api.shown_cases import (
    Cases,
    CaseShown,
    CoverageShown,
    EntryShown,
    Exhibits,
    ExhibitShown,
    GateItemShown,
    GateLineShown,
    GateShown,
    History,
    Materials,
    MaterialShown,
)
from custodes.api.words import Cursor, Handle, Limit, Sent, Text, part_of
from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.material import add_recordings
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.coverage import coverage_for
from custodes.cases.queries import (
    case_for,
    cases_for,
    exhibits_of,
    material_of,
    older_than,
)
from custodes.cases.report import history_of_case
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.proceeding import OUTCOMES
from custodes.disclosure.checks import exhibits_to_give, gate, items_of
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission
from custodes.recordings.queries import recording_for

router = Router(tags=["Cases"])
_ONE = "/cases/{case}"


class CaseWanted(Sent):
    """A case to open: its URN as the force writes it, and what it is about."""

    urn: Text
    about: Text


class ExhibitWanted(Sent):
    """An exhibit to number: of a recording, or of a clip or still of it.

    Without ``reference`` it gets the next number of the initials.
    """

    recording: Handle
    item: Text
    initials: Text
    clip: Handle | None = None
    reference: Text = ""
    whole_because: Text = ""


class MaterialWanted(Sent):
    """Recordings to add to a case, and why."""

    recordings: list[Handle]
    because: Text = ""


class Added(Schema):
    """How many recordings were not in the case before."""

    added: int


@router.get("/cases", response=Cases)
def list_cases(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, ended: bool = False
) -> Cases:
    """List the cases that the token's person may know of; with ``ended`` those over, too."""
    viewer = viewer_with(request, Permission.SEE_CASES)
    seen = cases_for(viewer) if ended else cases_for(viewer).exclude(state__in=OUTCOMES)
    found = list(older_than(viewer, seen, cursor)[: limit + 1])
    part = found[:limit]
    more = part[-1].handle if len(found) > limit else ""
    return Cases(cases=[CaseShown.of(each) for each in part], next=more)


@router.post("/cases", response={201: CaseShown}, auth=Writer())
def open_one_case(request: HttpRequest, body: CaseWanted) -> Status[CaseShown]:
    """Open a case of the token's person."""
    wanted = NewCase(body.urn, body.about)
    return Status(201, CaseShown.of(open_case(viewer_of(request), wanted, at=now())))


@router.get(_ONE, response=CaseShown)
def show_case(request: HttpRequest, case: Handle) -> CaseShown:
    """Show one case."""
    found = case_for(viewer_of(request), case)
    make_sure_a_case_is_looked_at(request, found)
    return CaseShown.of(found)


@router.get(f"{_ONE}/exhibits", response=Exhibits)
def list_exhibits(
    request: HttpRequest, case: Handle, cursor: Cursor = "", limit: Limit = 50
) -> Exhibits:
    """List the exhibits of a case, voided ones included."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    rows = list(exhibits_of(viewer, found))
    part, more = part_of(rows, lambda each: each.handle, cursor, limit)
    return Exhibits(exhibits=[ExhibitShown.of(each) for each in part], next=more)


@router.post(f"{_ONE}/exhibits", response={201: ExhibitShown}, auth=Writer())
def make_exhibit(request: HttpRequest, case: Handle, body: ExhibitWanted) -> Status[ExhibitShown]:
    """Number an exhibit of a case; its recording is added to the case and held."""
    viewer = viewer_of(request)
    wanted = NewExhibit(
        item=body.item,
        initials=body.initials,
        reference=body.reference,
        clip=body.clip or "",
        whole_because=body.whole_because,
    )
    found, recording = case_for(viewer, case), recording_for(viewer, body.recording)
    made = number_exhibit(viewer, found, recording, wanted, at=now())
    return Status(201, ExhibitShown.of(made))


@router.get(f"{_ONE}/material", response=Materials)
def list_material(
    request: HttpRequest, case: Handle, cursor: Cursor = "", limit: Limit = 50
) -> Materials:
    """List the recordings of a case and what becomes of each."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    rows = list(material_of(viewer, found))
    part, more = part_of(rows, lambda each: each.recording.handle, cursor, limit)
    return Materials(material=[MaterialShown.of(each) for each in part], next=more)


@router.post(f"{_ONE}/material", response=Added, auth=Writer())
def add_material(request: HttpRequest, case: Handle, body: MaterialWanted) -> Added:
    """Add recordings to a case, all of them or none; they are held from then on."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    recordings = [recording_for(viewer, each) for each in dict.fromkeys(body.recordings)]
    return Added(added=add_recordings(viewer, found, recordings, body.because, at=now()))


@router.get(f"{_ONE}/coverage", response=CoverageShown)
def show_coverage(request: HttpRequest, case: Handle) -> CoverageShown:
    """Show what every camera filmed of a case, and what keeps it from release."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    return CoverageShown.of(coverage_for(viewer, found))


@router.get(f"{_ONE}/gate", response=GateShown)
def ask_gate(
    request: HttpRequest,
    case: Handle,
    audience: Audience,
    item: Annotated[list[str], Query(description="Keys of the things asked about.")] = [],  # noqa: B006 - ninja copies it
) -> GateShown:
    """Ask whether a case is ready for somebody: all its exhibits, or those of the keys named."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    offered = {each.key: each for each in exhibits_to_give(viewer, found)}
    if not set(item) <= set(offered):
        raise NotFound("Something that was asked about is no exhibit of this case.")
    chosen = [offered[key] for key in item] if item else list(offered.values())
    lines = [GateLineShown.of(each) for each in gate(viewer, found, chosen, audience)]
    return GateShown(
        audience=audience,
        ready=not any(line.open for line in lines),
        items=[GateItemShown.of(each) for each in items_of(viewer, found, chosen)],
        lines=lines,
    )


@router.get(f"{_ONE}/history", response=History)
def read_history_of_case(
    request: HttpRequest, case: Handle, cursor: Cursor = "", limit: Limit = 50
) -> History:
    """Read what happened to a case, entry by entry."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    rows = history_of_case(viewer, found).lines
    part, more = part_of(rows, lambda each: str(each.index), cursor, limit)
    return History(entries=[EntryShown.of(each) for each in part], next=more)
