"""What somebody fills in who wants a token for a program. Only the shape is checked here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.timezone import localdate

from custodes.kernel.clock import now
from custodes.people.actions import NewToken

_READS, _ALL = "reads", "all"
_USUAL_DAYS = 28


class TokenForm(forms.Form):
    """What the token is for, until when it is good, and whether it only reads."""

    name = forms.CharField(
        max_length=100,
        label="What it is for",
        help_text="Such as: nightly list of exhibits. You know it by this name in the list.",
        error_messages={"required": "Say what it is for."},
    )
    last_day = forms.DateField(
        label="Last day on which it is good",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say until when.", "invalid": "Write a date."},
    )
    reach = forms.ChoiceField(
        choices=[(_READS, "Read, and change nothing"), (_ALL, "Do whatever I may")],
        initial=_READS,
        label="What a program may do with it",
        error_messages={"required": "Choose what it may do."},
    )

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - Django's signature
        days = min(_USUAL_DAYS, settings.CUSTODES.api_token_days)
        first = {"last_day": localdate(now()) + timedelta(days=days)}
        super().__init__(*given, **{"initial": first} | named)

    def wanted(self) -> NewToken:
        """Return it as the action takes it."""
        given = self.cleaned_data
        return NewToken(given["name"], given["last_day"], reads_only=given["reach"] == _READS)
