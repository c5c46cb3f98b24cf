"""``custodes case``: open a case, fill it, give it to people, see what keeps it from release."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.proceeding import OUTCOMES, Part, State
from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say
from custodes.kernel.clock import now, rfc3339

if TYPE_CHECKING:
    from custodes.cases.models import Case
    from custodes.people.rules import Viewer

_OUTCOMES = [state.value for state in State if state in OUTCOMES]
_AUDIENCES = [audience.name.lower() for audience in Audience]
_PARTS = [part.value for part in Part]


@make("new")
@click.argument("urn")
@click.option("--about", required=True, help="What it is about, and the offence.")
@click.option("--officer", required=True, help="The officer in the case: user name or number.")
def new(*, urn: str, about: str, officer: str, as_json: bool) -> None:
    """Open the case URN, as 01MP/44/26 or 01MP0004426."""
    from custodes.cases.actions.open import NewCase, open_case
    from custodes.people.queries import person_known_as

    wanted = NewCase(urn, about, person_known_as(officer))
    case = open_case(operating_viewer(), wanted, at=now())
    said = f"Case {case} is open. The officer in the case is {wanted.officer}."
    say(said, {"case": case.handle, "urn": case.urn}, as_json=as_json)


@make("list")
@click.option("--all", "everything", is_flag=True, help="Those that have ended, too.")
def list_cases(*, everything: bool, as_json: bool) -> None:
    """List the cases, newest first."""
    from custodes.cases.queries import cases_for
    from custodes.cases.rules.proceeding import OUTCOMES

    cases = cases_for(operating_viewer())
    found = [_row(each) for each in (cases if everything else cases.exclude(state__in=OUTCOMES))]
    lines = [f"{each['urn']}  {each['state']:<18}  {each['about']}" for each in found]
    say("\n".join(lines) or "There are no cases.", found, as_json=as_json)


@make("show")
@click.argument("case")
def show(*, case: str, as_json: bool) -> None:
    """Show CASE: its people, exhibits and recordings, and what keeps it from release."""
    viewer, found = _found(case)
    from custodes.cases.actions.open import look_at_case
    from custodes.cases.coverage import coverage_for
    from custodes.cases.queries import exhibits_of, people_of

    look_at_case(viewer, found, at=now())
    coverage = coverage_for(viewer, found)
    value = _row(found) | {
        "people": [
            {"name": str(each.person), "part": each.part} for each in people_of(viewer, found)
        ],
        "parties": [{"role": each.role, "name": each.name} for each in found.parties.all()],
        "exhibits": [
            {
                "reference": str(each),
                "item": each.item,
                "producer": each.producer_name,
                "recording": each.recording.handle,
                "voided": each.voided_at is not None,
            }
            for each in exhibits_of(viewer, found)
        ],
        "recordings": [
            {
                "recording": row.recording.handle,
                "started_at": rfc3339(row.recording.started_at),
                "in_the_case": row.material is not None,
                "status": _status(row),
            }
            for row in coverage.rows
        ],
        "open": list(coverage.open),
    }
    say(_in_words(value), value, as_json=as_json)


@make("add")
@click.argument("case")
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDINGS")
@click.option("--because", default="", help="Why they belong to it.")
def add(*, case: str, recordings: tuple[str, ...], because: str, as_json: bool) -> None:
    """Add RECORDINGS to CASE. They are held from then on, and open to who works on it."""
    viewer, found = _found(case)
    from custodes.cases.actions.material import add_recordings
    from custodes.recordings.queries import recording_for

    given = [recording_for(viewer, handle) for handle in recordings]
    count = add_recordings(viewer, found, given, because, at=now())
    say(f"Recordings added to case {found}: {count:,}.", {"added": count}, as_json=as_json)


@make("exhibit")
@click.argument("case")
@click.argument("recording")
@click.option("--item", required=True, help="What the exhibit is.")
@click.option("--initials", default="", help="The producer's initials; the next number is given.")
@click.option("--reference", default="", help="A reference that was written down already: ABC/1.")
@click.option("--producer", default="", help="Who produces it, if not the wearer: a user name.")
@click.option(
    "--clip", default="", help="A clip or still of it, by its handle. Without: all of it."
)
@click.option("--whole-because", default="", help="Why all of it is needed, if it is no clip.")
def exhibit(
    *,
    case: str,
    recording: str,
    item: str,
    initials: str,
    reference: str,
    producer: str,
    clip: str,
    whole_because: str,
    as_json: bool,
) -> None:
    """Make RECORDING, or a clip of it, an exhibit of CASE; it is held from then on."""
    viewer, found = _found(case)
    from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
    from custodes.people.queries import person_known_as
    from custodes.recordings.queries import recording_for

    who = person_known_as(producer) if producer else None
    wanted = NewExhibit(item, initials, who, reference, clip=clip, whole_because=whole_because)
    made = number_exhibit(viewer, found, recording_for(viewer, recording), wanted, at=now())
    value = {"exhibit": made.handle, "reference": str(made)}
    say(f"It is exhibit {made} of case {found}.", value, as_json=as_json)


@make("assign")
@click.argument("case")
@click.argument("person")
@click.option(
    "--as", "part", type=click.Choice(_PARTS), default="works-on-it", help="What they do in it."
)
@click.option("--off", is_flag=True, help="Take them off the case instead.")
@click.option("--because", default="", help="Why they are taken off.")
def assign(*, case: str, person: str, part: str, off: bool, because: str, as_json: bool) -> None:
    """Put PERSON, a user name, on CASE: they reach its recordings. Or take them off."""
    viewer, found = _found(case)
    from custodes.cases.actions import assign as actions
    from custodes.cases.rules.proceeding import PART_NAMES, Part
    from custodes.people.queries import person_known_as

    who = person_known_as(person)
    if off:
        actions.unassign(viewer, found, who, because, at=now())
        said = f"{who} is off case {found}, and reaches nothing because of it."
    else:
        actions.assign(viewer, found, who, Part(part), at=now())
        said = f"{who} is on case {found}: {PART_NAMES[Part(part)]}."
    value = {"case": found.urn, "person": who.handle, "on": not off}
    say(said, value, as_json=as_json)


@make("charge")
@click.argument("case")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day of the charge."
)
@click.option("--because", required=True, help="For what, and who decided it.")
def charge(*, case: str, on: datetime, because: str, as_json: bool) -> None:
    """Enter that somebody was charged in CASE; all that is in it is held."""
    from custodes.cases.rules.proceeding import Move, State

    _move(case, Move(State.CHARGED, on.date(), because), as_json=as_json)


@make("outcome")
@click.argument("case")
@click.argument("outcome", type=click.Choice(_OUTCOMES))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day it was decided."
)
@click.option("--because", required=True, help="Who decided it.")
@click.option("--custodial/--not-custodial", default=None, help="Prison or hospital, or neither.")
@click.option("--released", type=click.DateTime(["%Y-%m-%d"]), help="When they came out.")
@click.option("--group", type=click.IntRange(1, 4), help="The MoPI offence group.")
def outcome(
    *,
    case: str,
    outcome: str,
    on: datetime,
    because: str,
    custodial: bool | None,
    released: datetime | None,
    group: int | None,
    as_json: bool,
) -> None:
    """Enter how CASE ended. The same OUTCOME again corrects what is known of it."""
    from custodes.cases.rules.proceeding import Move, State

    out = released.date() if released else None
    move = Move(State(outcome), on.date(), because, custodial, out, group=group)
    _move(case, move, as_json=as_json)


@make("gate")
@click.argument("case")
@click.option(
    "--audience",
    type=click.Choice(_AUDIENCES),
    default="prosecutor",
    show_default=True,
    help="For whom.",
)
@click.option("--exhibit", "references", multiple=True, help="Only these, such as ABC/1.")
def gate(*, case: str, audience: str, references: tuple[str, ...], as_json: bool) -> None:
    """Say whether the exhibits of CASE are ready for somebody. Exit code 1: not yet."""
    viewer, found = _found(case)
    from custodes.cases.actions.open import look_at_case
    from custodes.cases.rules.audiences import Audience
    from custodes.disclosure import checks

    look_at_case(viewer, found, at=now())
    chosen = checks.exhibits_to_give(viewer, found, references)
    lines = checks.gate(viewer, found, chosen, Audience[audience.upper()])
    shown = [_line(line) for line in lines]
    ready = not any(line.is_open for line in lines)
    value = {"case": found.urn, "audience": audience, "ready": ready, "lines": shown}
    say("\n".join(_checked(each) for each in shown), value, as_json=as_json)
    if not ready:
        raise SystemExit(1)


def _line(line: Any) -> dict[str, Any]:  # noqa: ANN401 - a Line; its room is imported later
    return {
        "check": line.check,
        "asks": line.asks,
        "open": line.is_open,
        "words": line.words,
        "overridable": line.overridable,
        "faults": [{"sentence": f.sentence, "advised": f.advised} for f in line.faults],
    }


def _checked(line: dict[str, Any]) -> str:
    mark = "to do" if line["open"] else "advice" if line["faults"] else "ready"
    words = f" ({line['words']})" if line["words"] else ""
    faults = "".join(f"\n         {fault['sentence']}" for fault in line["faults"])
    return f"{mark:<7}  {line['asks']}{words}{faults}"


def _move(called: str, move: Any, *, as_json: bool) -> None:  # noqa: ANN401 - Django is up later
    viewer, found = _found(called)
    from custodes.cases.actions.proceed import move_case
    from custodes.cases.rules.proceeding import STATE_NAMES, State

    found = move_case(viewer, found, move, at=now())
    said = f"Case {found} is now: {STATE_NAMES[State(found.state)]}."
    say(said, {"case": found.urn, "state": found.state}, as_json=as_json)


def _found(called: str) -> tuple[Viewer, Case]:
    from custodes.cases.queries import case_called

    viewer = operating_viewer()
    return viewer, case_called(viewer, called)


def _row(case: Case) -> dict[str, Any]:
    return {
        "case": case.handle,
        "urn": case.urn,
        "about": case.about,
        "state": case.state,
        "unit": str(case.team or ""),
        "opened_at": rfc3339(case.opened_at),
    }


def _status(row: Any) -> str:  # noqa: ANN401 - a Covered; its room is imported once Django is up
    if row.exhibits:
        return "exhibit"
    return str(row.material.status) if row.material else "not-looked-at"


def _in_words(value: dict[str, Any]) -> str:
    lines = [f"{value['urn']}: {value['about']}. State: {value['state']}."]
    lines += [f"  {each['name']}: {each['part']}" for each in value["people"]]
    lines += [f"  {each['role']}: {each['name']}" for each in value["parties"]]
    for each in value["exhibits"]:
        void = " (voided)" if each["voided"] else ""
        lines.append(f"  {each['reference']}{void}  {each['item']}, {each['producer']}")
    for each in value["recordings"]:
        inside = "" if each["in_the_case"] else ", not in the case"
        lines.append(f"  {each['recording']}  {each['started_at']}  {each['status']}{inside}")
    lines += value["open"] or ["Every recording has a status."]
    return "\n".join(lines)


command = click.Group(
    "case",
    commands=[new, list_cases, show, add, exhibit, gate, assign, charge, outcome],
    help="Cases, their recordings and exhibits.",
)
