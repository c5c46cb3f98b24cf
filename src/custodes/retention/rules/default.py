"""The schedule an installation starts with: a proposal a force edits, not the law.

Periods that no source asks for are marked as a proposal, and the pages say so.
The records manager changes them, and a second person approves.
"""

from __future__ import annotations

from datetime import UTC, datetime

from custodes.retention.rules.holds import HoldKind
from custodes.retention.rules.periods import Period
from custodes.retention.rules.proceedings import Outcome
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger

_DAYS_31 = Period(days=31)
_YEAR = Period(years=1)
_TEN_YEARS = Period(years=10)
_RECORDING, _LINKED = Trigger.RECORDING_END, Trigger.CASE_LINKED
_RELEASED = Trigger.HOLD_RELEASED
_HALF_A_YEAR = Period(months=6)
_OUTCOME, _LAST, _MATTER = Trigger.OUTCOME, Trigger.LAST_EVENT, Trigger.MATTER_OPENED

_MET = "Metropolitan Police, recordings not needed are deleted within 31 days"
_CODE = "CPIA 1996 code of practice"
_MOPI = "MoPI offence groups, police information and records management code 2023"
_PRA = "Police Reform Act 2002, schedule 3"

LINES = (
    Line("N0", "Routine footage", _RECORDING, _DAYS_31, End.DISPOSE, _DAYS_31, _MET),
    Line(
        "N1", "Test or accident", _RECORDING, _DAYS_31, End.DISPOSE, _DAYS_31, _MET, proposal=True
    ),
    Line("N2", "Stop and search, no outcome", _RECORDING, _DAYS_31, End.DISPOSE, _DAYS_31, _MET),
    Line(
        "N3",
        "Use of force, no complaint",
        _RECORDING,
        _DAYS_31,
        End.DISPOSE,
        _DAYS_31,
        _MET,
        proposal=True,
    ),
    Line(
        "N4",
        "Mental health unit",
        _RECORDING,
        _DAYS_31,
        End.DISPOSE,
        _DAYS_31,
        "Mental Health Units (Use of Force) Act 2018, section 12",
    ),
    Line(
        "P0",
        "Evidence gathering team",
        _RECORDING,
        Period(days=28),
        End.DISPOSE,
        Period(days=28),
        "Metropolitan Police, evidence gathering teams delete after 28 days",
    ),
    Line(
        "E0",
        "Evidence, investigation open",
        _LINKED,
        _YEAR,
        End.REVIEW,
        _YEAR,
        _CODE,
        proposal=True,
    ),
    Line("E1", "Charged", _LINKED, _YEAR, End.REVIEW, _YEAR, _CODE, proposal=True),
    Line(
        "E2",
        "Acquitted or no further action",
        _OUTCOME,
        Period(years=6),
        End.REVIEW,
        Period(years=6),
        "Home Office minister 2006: normally at least six years",
        proposal=True,
    ),
    Line("E3", "Convicted", _OUTCOME, Period(months=6), End.REVIEW, _YEAR, _CODE),
    Line(
        "E4",
        "Sent to prison or hospital",
        _OUTCOME,
        Period(months=6),
        End.REVIEW,
        _YEAR,
        f"{_CODE}: and until release",
    ),
    Line("M1", "MoPI group 1", _LAST, _TEN_YEARS, End.REVIEW, _TEN_YEARS, _MOPI, proposal=True),
    Line("M2", "MoPI group 2", _LAST, _TEN_YEARS, End.REVIEW, _TEN_YEARS, _MOPI, proposal=True),
    Line(
        "M3",
        "MoPI group 3",
        _LAST,
        Period(years=6),
        End.REVIEW,
        Period(years=5),
        _MOPI,
        proposal=True,
    ),
    Line(
        "M4",
        "Undetected serious crime",
        _LAST,
        _TEN_YEARS,
        End.REVIEW,
        _TEN_YEARS,
        _MOPI,
        proposal=True,
    ),
    Line(
        "C1", "Complaint or conduct matter", _MATTER, _YEAR, End.REVIEW, _YEAR, _PRA, proposal=True
    ),
    Line("D1", "Death or serious injury", _MATTER, _YEAR, End.REVIEW, _YEAR, _PRA, proposal=True),
    Line(
        "L1",
        "Inquest, civil claim or inquiry",
        _MATTER,
        _YEAR,
        End.REVIEW,
        _YEAR,
        "National evidence retention guidance 2021, its headings",
        proposal=True,
    ),
    Line(
        "R1",
        "Subject access request answered",
        _RELEASED,
        _HALF_A_YEAR,
        End.RETURN,
        _HALF_A_YEAR,
        "Data Protection Act 2018; the time for a complaint after it is a proposal",
        proposal=True,
    ),
    Line(
        "R2",
        "Freedom of information request answered",
        _RELEASED,
        _HALF_A_YEAR,
        End.RETURN,
        _HALF_A_YEAR,
        "Freedom of Information Act 2000; the time for a review after it is a proposal",
        proposal=True,
    ),
)

DEFAULT = Schedule(
    version=1,
    effective_at=datetime(2000, 1, 1, tzinfo=UTC),
    lines=LINES,
    by_category=(
        ("non-evidential", "N0"),
        ("test", "N1"),
        ("stop-search", "N2"),
        ("use-of-force", "N3"),
        ("mental-health", "N4"),
        ("arrest", "E0"),
        ("domestic-abuse", "E0"),
        ("traffic", "E0"),
        ("public-order", "E0"),
        ("firearms", "E0"),
        ("other-evidence", "E0"),
        ("complaint", "C1"),
    ),
    by_source=(("egt", "P0"),),
    by_outcome=(
        (Outcome.ACQUITTED, "E2"),
        (Outcome.DISCONTINUED, "E2"),
        (Outcome.NO_ACTION, "E2"),
        (Outcome.CONVICTED, "E3"),
    ),
    by_group=((1, "M1"), (2, "M2"), (3, "M3"), (4, "M4")),
    in_custody="E4",
    by_hold=(
        (HoldKind.SUBJECT_ACCESS, "R1"),
        (HoldKind.INFORMATION_REQUEST, "R2"),
        (HoldKind.COMPLAINT, "C1"),
        (HoldKind.DSI, "D1"),
        (HoldKind.CORONER, "L1"),
        (HoldKind.CIVIL, "L1"),
        (HoldKind.INQUIRY, "L1"),
    ),
)
