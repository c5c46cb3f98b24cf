"""What people fill in when a seized thing goes back, or must be kept. Actions decide."""

from __future__ import annotations

from django import forms


def _day(label: str, wanted: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": wanted},
    )


class ReturnForm(forms.Form):
    """When a thing went back, and to whom."""

    on = _day("On which day was it returned?", "Say on which day it was returned.")
    to = forms.CharField(
        max_length=200,
        label="To whom?",
        help_text="Their name, and how they showed who they are.",
        error_messages={"required": "Say to whom it was returned."},
    )


class KeepForm(forms.Form):
    """Why the thing itself is needed, and when somebody looks again."""

    prefix = "keep"
    because = forms.CharField(
        min_length=10,
        max_length=500,
        label="Why is the thing itself needed, and a copy not enough?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Say why. Your reason is kept with your name.",
            "min_length": "Say it in at least 10 characters.",
        },
    )
    look_on = _day("When does somebody look again?", "Say when somebody looks again.")
