"""What happened to a case, in sentences, for those who may see it."""

from __future__ import annotations

from custodes.cases.models import Case
from custodes.cases.queries import case_for
from custodes.custody.report import Report, Subject, report_of
from custodes.people.rules import Viewer


def history_of_case(viewer: Viewer, case: Case) -> Report:
    """Return the history of a case this viewer may know of."""
    case = case_for(viewer, case.handle)
    facts = (("Case", str(case)), ("What it is about", case.about))
    return report_of(f"History of case {case}", facts, [Subject(case.handle, f"case {case}")])
