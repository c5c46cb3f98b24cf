"""How oversight refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class RegisterRefused(Refused):
    """Something cannot be entered in the register, or closed, like this."""

    advice = "Nothing was entered. Correct it and try again."


class ScrutinyRefused(Refused):
    """A sample cannot be given out or judged like this."""

    advice = "Nothing was changed. Correct it and try again."
