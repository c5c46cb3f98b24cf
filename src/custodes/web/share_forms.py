"""What people fill in when they share something. Only the shape is checked here; actions decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.actions.share import Wanted
from custodes.disclosure.days import last_moment_of, usual_last_day
from custodes.kernel.clock import now

#: What is said where somebody passes over a camera.
READ_BY_THEM = (
    "Whoever gets this reads it, the defence too: name nothing sensitive, no source and no"
    " other inquiry."
)


class ShareForm(forms.Form):
    """What is shared, with whom, why and until when."""

    things = forms.MultipleChoiceField(
        label="What they get",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one clip, picture or exhibit."},
    )
    recipient = forms.CharField(
        max_length=200,
        label="Name of the recipient",
        help_text="One person. The link is theirs alone.",
        error_messages={"required": "Say who it is for, by name."},
    )
    organisation = forms.CharField(
        max_length=200,
        label="Organisation",
        error_messages={"required": "Say for which organisation they act."},
    )
    email = forms.EmailField(
        required=False,
        label="Their e-mail address",
        error_messages={"invalid": "This is not an e-mail address."},
    )
    until = forms.DateField(
        label="Last day on which the link opens",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say until when.", "invalid": "Write a date."},
    )
    because = forms.CharField(
        max_length=1000,
        label="Why it is shared",
        help_text="Such as: charging decision asked for.",
        error_messages={"required": "Say why it is shared."},
    )

    despite = forms.CharField(
        max_length=1000,
        required=False,
        label="If a camera is not accounted for: why it goes all the same",
        help_text=f"Leave it empty if every camera is. {READ_BY_THEM}",
    )

    def __init__(self, things: Sequence[tuple[str, str]], *given: Any, **named: Any) -> None:  # noqa: ANN401
        first = {"until": usual_last_day(now())}
        super().__init__(*given, **{"initial": first} | named)
        self.fields["things"].choices = things  # type: ignore[attr-defined]

    def wanted(self, audience: Audience) -> Wanted:
        """Return it as the action takes it."""
        given = self.cleaned_data
        return Wanted(
            things=given["things"],
            audience=audience,
            recipient=given["recipient"],
            organisation=given["organisation"],
            until=last_moment_of(given["until"]),
            because=given["because"],
            email=given["email"],
            despite=given["despite"],
        )


class CallBackForm(forms.Form):
    """Why something that was shared is called back."""

    because = forms.CharField(
        max_length=1000,
        label="Why",
        error_messages={"required": "Say why it is called back."},
    )


class AnswerForm(forms.Form):
    """What is answered to a recipient who asked for more."""

    text = forms.CharField(
        max_length=2000,
        label="Your answer",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write an answer."},
    )
