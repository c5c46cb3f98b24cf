"""What happened to a case, and with the recordings in it, in sentences, for those who may see."""

from __future__ import annotations

from collections.abc import Sequence

from custodes.cases.models import Case
from custodes.cases.queries import case_for, material_of
from custodes.custody.report import Report, Subject, report_of
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import those_within_reach
from custodes.recordings.reports import name_of


def history_of_case(viewer: Viewer, case: Case) -> Report:
    """Return the history of a case this viewer may know of."""
    case = case_for(viewer, case.handle)
    facts = (("Case", str(case)), ("What it is about", case.about))
    return report_of(f"History of case {case}", facts, [Subject(case.handle, f"case {case}")])


def report_of_case(viewer: Viewer, case: Case) -> Report:
    """Return the custody report of a case: its own history, and that of every recording in it.

    Only of recordings whose history this viewer may read; how many are left out is said.
    """
    case = case_for(viewer, case.handle)
    recordings, left_out = recordings_told_of(viewer, case)
    facts = (
        ("Case", str(case)),
        ("What it is about", case.about),
        ("Recordings told of", str(len(recordings))),
        ("Recordings left out, whose history you may not read", str(left_out)),
    )
    subjects = [Subject(case.handle, f"case {case}")]
    subjects += [Subject(each.handle, name_of(each)) for each in recordings]
    return report_of(f"Custody report: case {case}", facts, subjects)


def recordings_told_of(viewer: Viewer, case: Case) -> tuple[Sequence[Recording], int]:
    """Return the recordings of a case whose history this viewer may read, and how many not."""
    material = material_of(viewer, case).select_related(
        "recording__camera", "recording__wearer", "recording__announced"
    )
    recordings = [each.recording for each in material]
    told = those_within_reach(viewer, Permission.SEE_CUSTODY, recordings)
    seen = [each for each in recordings if each.pk in told]
    return seen, len(recordings) - len(seen)
