"""How disclosure refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class ShareRefused(Refused):
    """Something of a case cannot be given to somebody like this."""

    advice = "Nothing was shared. Correct it and try again."
