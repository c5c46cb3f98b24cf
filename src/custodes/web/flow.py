"""The steps from a clip to the prosecutor, as the pages on the way show them."""

from __future__ import annotations

from dataclasses import dataclass

_STEPS = ("Clip", "Exhibit", "Check", "Share")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``url`` is empty where there is no way back to it, or it lies ahead."""

    label: str
    url: str
    current: bool


def steps(current: str, **urls: str) -> list[Step]:
    """Return every step, with the ways to those for which an address is given."""
    return [Step(label, urls.get(label, ""), label == current) for label in _STEPS]
