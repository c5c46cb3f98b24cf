"""A circle around a position, as people give one in a form. Empty: none."""

from __future__ import annotations

from typing import Any

from django import forms

from custodes.kernel.areas import FARTHEST, area_around

_METRES = 500


class AreaForm(forms.Form):
    """Leaves ``areas`` in what was given: none, or the one circle."""

    near = forms.CharField(
        max_length=60,
        required=False,
        label="Around this position (latitude, longitude)",
        help_text="In degrees, as in 51.4613, -0.1156. What began there is caught whoever wore "
        "the camera; what has no position is not.",
    )
    metres = forms.IntegerField(
        min_value=1,
        max_value=FARTHEST,
        required=False,
        initial=_METRES,
        label="Within how many metres of that position",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a position that is none."""
        given = super().clean() or {}
        near, metres = str(given.pop("near", "")), given.pop("metres", None)
        given["areas"] = frozenset()
        if not near.strip() or "metres" in self.errors:
            return given
        if metres is None:
            self.add_error("metres", "Say within how many metres of the position.")
            return given
        try:
            given["areas"] = frozenset({area_around(near, metres)})
        except ValueError as fault:
            self.add_error("near", str(fault))
        return given
