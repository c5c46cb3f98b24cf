"""How people and roles are refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class NotAllowed(Refused):
    """Somebody asked to do what none of their roles permits."""

    advice = "Nothing was changed. Ask someone whose role allows it."


class AccountRefused(Refused):
    """An account cannot be made or changed as asked."""

    advice = "Nothing was changed. Correct what was asked and try again."
