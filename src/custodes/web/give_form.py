"""What people fill in to give a clip to the prosecutor. Only the shape is checked here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from custodes.cases.actions.open import NewCase

_NEW = "new"


class GiveForm(forms.Form):
    """Which case a clip is for, and what it is."""

    case = forms.ChoiceField(
        label="Which case is it for?", error_messages={"required": "Choose a case."}
    )
    urn = forms.CharField(
        max_length=30,
        required=False,
        label="Of a new case: its URN",
        help_text="Such as 01MP/44/26. You are the officer in the case.",
    )
    about = forms.CharField(
        max_length=300, required=False, label="Of a new case: what it is about, and the offence"
    )
    item = forms.CharField(
        max_length=300,
        label="What the clip shows, as it is to stand in the list of exhibits",
        error_messages={"required": "Say what it is."},
    )
    initials = forms.CharField(
        max_length=10,
        label="Initials of the producer",
        help_text="The next number of theirs in the case is given.",
        error_messages={"required": "Give the producer\u2019s initials."},
    )

    def __init__(self, *given: Any, cases: Iterable[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **named)
        choices = [*cases, (_NEW, "A new case")]
        self.fields["case"].choices = choices  # type: ignore[attr-defined]

    def new_case(self) -> NewCase | None:
        """Return the case that is to be opened, if one is."""
        given = self.cleaned_data
        return NewCase(given["urn"], given["about"]) if given["case"] == _NEW else None
