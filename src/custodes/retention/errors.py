"""How keeping and disposing is refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class HoldRefused(Refused):
    """A hold cannot be placed or released like this."""

    advice = "Nothing was changed. Correct it and try again."


class LossRefused(Refused):
    """A loss cannot be accepted like this."""

    advice = "Nothing was accepted. Correct it and try again."


class ScheduleRefused(Refused):
    """A schedule cannot be used as it is."""

    advice = "The schedule in force was not changed. Correct it and try again."


class SweepStopped(Refused):
    """Nothing is deleted while something about this installation is in doubt."""

    advice = "Nothing was deleted, and nothing will be until somebody has looked into it."


class SweepUnderWay(SweepStopped):
    """Two sweeps at once would count each other's work."""

    advice = "Nothing was changed. Wait until it has ended."


class RollRefused(Refused):
    """Old keys cannot be destroyed now."""

    advice = "No key was destroyed. Try again an hour after the roll."


class ProceedingsRefused(Refused):
    """What happened in a case cannot be entered like this."""

    advice = "Nothing was entered. Correct it and try again."


class ReviewRefused(Refused):
    """A recording cannot be reviewed like this."""

    advice = "It is kept, and waits. Correct it and try again."


class CategoryRefused(Refused):
    """A change of category cannot be agreed to like this."""

    advice = "What the category was before counts on, and nothing was changed."


class NoticeRefused(Refused):
    """A notice cannot be marked as sent like this."""

    advice = "It still waits to be sent. Correct it and try again."


class LatenessRefused(Refused):
    """Why something was docked late cannot be entered like this."""

    advice = "Nothing was entered. Correct it and try again."


class RestrictionRefused(Refused):
    """A request cannot be answered, or a restriction lifted, like this."""

    advice = "Nothing was changed, and nothing was deleted. Correct it and try again."
