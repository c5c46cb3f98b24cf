"""How Custodes says no: what was refused, that nothing changed, what to do next."""

from __future__ import annotations


class Refused(Exception):
    """Something was asked for that a rule forbids or that cannot be done.

    A refusal leaves everything as it was. ``str()`` is one sentence a person
    can read; ``advice`` is what they can do about it.
    """

    advice = "Nothing was changed."

    def __init__(self, reason: str, advice: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        if advice is not None:
            self.advice = advice

    def in_full(self) -> str:
        """Return the refusal and its advice as it is shown to a person."""
        return f"{self.reason} {self.advice}"


class NotFound(Refused):
    """There is no such thing, or this viewer may not know that there is."""

    advice = "Check the address. You may also not have permission to see it."


class Damaged(Refused):
    """Stored bytes are not what was stored: changed, cut short or missing."""

    advice = "Nothing was repaired or deleted. Tell the person who runs this system at once."
