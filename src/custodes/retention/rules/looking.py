"""By when somebody looks again at a recording that a review keeps (RET-04, decision 0040).

Nothing is kept without a day on which it is looked at: DPA 2018 s.39(2) asks for time
limits for periodic review, and a day in 2090 is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from custodes.retention.rules.decision import Facts
from custodes.retention.rules.holds import FIRST_LOOK
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.schedule import Line, Schedule


@dataclass(frozen=True, slots=True)
class NextLook:
    """The last day on which somebody may look next, and the words for what asks for it."""

    by: date
    why: str

    def faults_of(self, day: date, today: date) -> tuple[str, ...]:
        """Return what is wrong with looking next on a day; nothing when it is right."""
        if day <= today:
            return ("The date of the next review must lie ahead.",)
        if day > self.by:
            return (f"{self.why}: choose a day no later than {in_words(self.by)}.",)
        return ()


def next_look(facts: Facts | None, schedule: Schedule | None, *, today: date) -> NextLook:
    """Say by when somebody looks again: by the line it goes by that is looked at most rarely.

    A recording that no line is known of is looked at as a hold is.
    """
    lines = _lines(facts, schedule) if facts is not None and schedule is not None else []
    if not lines:
        return NextLook(
            FIRST_LOOK.after_date(today), f"What is kept is looked at every {FIRST_LOOK}"
        )
    line = max(lines, key=lambda line: line.look_every.after_date(today))
    return NextLook(
        line.look_every.after_date(today), f"{line.name} is looked at every {line.look_every}"
    )


def _lines(facts: Facts, schedule: Schedule) -> list[Line]:
    of_cases = (line for case in facts.cases for line in schedule.lines_for_case(case))
    found = (schedule.line_for(facts.category, facts.source), *of_cases)
    return [line for line in found if line is not None]
