"""How oversight refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class RegisterRefused(Refused):
    """Something cannot be entered in the register, or closed, like this."""

    advice = "Nothing was entered. Correct it and try again."
