"""What people fill in. Only the shape is checked here; what may be done, actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from custodes.custody.rules import LOG_PURPOSES
from custodes.fleet.rules import MOUNT_NAMES, Mount, read_source_type
from custodes.people.rules import ROLE_NAMES, Role
from custodes.retention.rules.holds import HoldKind

PURPOSES = (
    "To review what happened",
    "To prepare a case or an exhibit",
    "To supervise or dip-sample",
    "To look into a complaint or conduct",
    "To answer a request for information",
    "Something else",
)
_COMPLAINT, _OTHER = PURPOSES[3], PURPOSES[-1]


class PurposeForm(forms.Form):
    """Why somebody needs to watch footage that is not their own."""

    purpose = forms.ChoiceField(
        choices=[(text, text) for text in PURPOSES],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why you need to watch it."},
    )
    words = forms.CharField(max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for words where the choice alone says nothing."""
        given = super().clean() or {}
        if given.get("purpose") == _OTHER and not given.get("words", "").strip():
            self.add_error("words", "Say what it is.")
        return given

    def hold(self) -> HoldKind | None:
        """Return the hold that watching for this purpose places, if it places one (RET-20)."""
        return HoldKind.COMPLAINT if self.cleaned_data["purpose"] == _COMPLAINT else None

    def because(self) -> str:
        """Return the reason as one sentence for the record."""
        purpose, words = str(self.cleaned_data["purpose"]), str(self.cleaned_data["words"]).strip()
        if purpose == _OTHER:
            return words
        return f"{purpose}: {words}" if words else purpose


class ExplainForm(forms.Form):
    """Why footage is missing."""

    because = forms.CharField(
        min_length=10,
        max_length=500,
        label="Why the footage is missing",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it is missing."},
    )


class IssueForm(forms.Form):
    """Hand a camera to a person."""

    person = forms.CharField(
        max_length=100,
        label="Collar number or user name",
        error_messages={"required": "Say who it is handed to."},
    )
    mount = forms.ChoiceField(
        choices=[(mount.value, MOUNT_NAMES[mount].capitalize()) for mount in Mount],
        label="Worn on",
    )


class SourceTypeForm(forms.Form):
    """Say what kind of camera one is."""

    source_type = forms.CharField(
        max_length=40,
        required=False,
        label="Source type",
        help_text="A short code, such as egt. Empty for an ordinary body-worn camera.",
    )

    def clean_source_type(self) -> str:
        """Return the code as it is kept."""
        try:
            return read_source_type(self.cleaned_data["source_type"])
        except ValueError as error:
            raise ValidationError(str(error)) from None


class PersonForm(forms.Form):
    """An account for somebody."""

    name = forms.CharField(max_length=100, label="Name, as entries will show it")
    username = forms.CharField(max_length=60, label="User name")
    collar_number = forms.CharField(max_length=40, required=False, label="Collar number")
    team = forms.CharField(max_length=100, required=False, label="Team")
    password = forms.CharField(
        max_length=200,
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters.",
    )
    roles = forms.MultipleChoiceField(
        choices=[(role.value, ROLE_NAMES[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )


class RolesForm(forms.Form):
    """Which roles somebody holds from now on."""

    roles = forms.MultipleChoiceField(
        choices=[(role.value, ROLE_NAMES[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class LogForm(forms.Form):
    """Whose log is to be read, from when to when, for which lawful purpose, and why."""

    person = forms.CharField(
        max_length=100,
        label="User name or collar number",
        error_messages={"required": "Say whose log."},
    )
    since = forms.DateField(
        label="From",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say from which day."},
    )
    until = forms.DateField(
        label="To, that day included",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say to which day."},
    )
    purpose = forms.ChoiceField(
        choices=[(purpose.value, words.capitalize()) for purpose, words in LOG_PURPOSES.items()],
        widget=forms.RadioSelect,
        label="What is it for?",
        error_messages={"required": "Choose one of the four purposes."},
    )
    because = forms.CharField(
        max_length=500,
        label="Reason and reference",
        error_messages={"required": "Say why. Your reason is kept with the entry."},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch of time that ends before it begins."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first.")
        return given
