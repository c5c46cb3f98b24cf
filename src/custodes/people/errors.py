"""How people and roles are refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class NotAllowed(Refused):
    """Somebody asked to do what none of their roles permits."""

    advice = "Nothing was changed. Ask someone whose role allows it."


class NotSignedIn(Refused):
    """Somebody did not show that they are who they say they are."""

    advice = "Nothing was changed. Use the one the app shows now."


class AccountRefused(Refused):
    """An account cannot be made or changed as asked."""

    advice = "Nothing was changed. Correct what was asked and try again."
