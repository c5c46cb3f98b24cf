"""Open cases whose recordings nobody has looked at for as long as the schedule lets them lie.

What is kept for an open case has no end of its own, so somebody looks at it once a year
(DPA 2018 s.39(2); lines E0 and E1 of the schedule). Nothing is deleted because of it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import localdate

from custodes.cases.models import Case, Material
from custodes.cases.queries import case_for, my_cases
from custodes.cases.rules.proceeding import OUTCOME_OF, OUTCOMES, State
from custodes.people.rules import Viewer
from custodes.retention.facts import readable_schedule_at
from custodes.retention.rules.periods import Period
from custodes.retention.rules.proceedings import Proceedings
from custodes.retention.rules.schedule import Schedule

# Where no schedule can be read: what the one that an installation starts with says.
_A_YEAR = Period(years=1)


def to_look_over(viewer: Viewer, at: datetime) -> list[Case]:
    """Return the open cases of this viewer, with recordings in them, whose look is due."""
    filled = Material.objects.filter(taken_out_at=None).values("case")
    open_ones = my_cases(viewer).exclude(state__in=OUTCOMES).filter(pk__in=filled)
    schedule = readable_schedule_at(at) if open_ones else None
    return [case for case in open_ones if _due_on(case, schedule) <= localdate(at)]


def look_due_on(viewer: Viewer, case: Case, at: datetime) -> date | None:
    """Return when somebody has to look at a case this viewer may know of; None once it ended."""
    case = case_for(viewer, case.handle)
    return None if case.state in OUTCOMES else _due_on(case, readable_schedule_at(at))


def _due_on(case: Case, schedule: Schedule | None) -> date:
    last = case.looked_on or localdate(case.opened_at)
    as_known = Proceedings(str(case), OUTCOME_OF[State(case.state)])
    lines = schedule.lines_for_case(as_known) if schedule is not None else ()
    every = (line.look_every for line in lines if line)
    return min(every, key=_length, default=_A_YEAR).after_date(last)


def _length(period: Period) -> date:
    return period.after_date(date(2000, 1, 1))
