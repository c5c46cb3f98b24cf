"""How oversight refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class RegisterRefused(Refused):
    """Something cannot be entered in the register like this."""

    advice = "Nothing was entered. Correct it and try again."


class CannotBeClosed(RegisterRefused):
    """Something in the register cannot be closed like this."""

    advice = "It stays open. Correct it and try again."


class CannotBeGiven(RegisterRefused):
    """A complaint cannot be given to somebody to look into like this."""

    advice = "Nobody gained or lost sight of anything. Correct it and try again."


class ScrutinyRefused(Refused):
    """A sample cannot be given out or judged like this."""

    advice = "Nothing was changed. Correct it and try again."
