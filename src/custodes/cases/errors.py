"""How work on a case is refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class CaseRefused(Refused):
    """What was asked of a case cannot be done like this."""

    advice = "Nothing was changed. Correct it and try again."
