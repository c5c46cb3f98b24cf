"""How disclosure refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class ShareRefused(Refused):
    """Something of a case cannot be given to somebody like this."""

    advice = "Nothing was shared. Correct it and try again."


class NoLonger(Refused):
    """What was shared, or part of it, cannot be had any more, or not at the moment."""

    advice = "Ask the officer who sent it to you."


class NotIn(Refused):
    """Somebody has the link, and has not shown that they are who it is for."""

    advice = "Open the link again and enter your code."


class PackageRefused(Refused):
    """No package of a case can be made, or had, like this."""

    advice = "No package was made. Correct it and try again."
