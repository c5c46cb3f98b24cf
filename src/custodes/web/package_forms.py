"""What people fill in when they make a package. Only the shape is checked here; actions decide."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.actions.build import Wanted
from custodes.disclosure.films import Asked
from custodes.disclosure.rules.content import Content
from custodes.web.share_forms import READ_BY_THEM


def asked_in(sent: QueryDict, audience: Audience) -> Asked:
    """Return what somebody chose for an audience, out of an address or a form."""
    known = {each.value for each in Content}
    extra = frozenset(Content(each) for each in sent.getlist("extra") if each in known)
    return Asked(audience, extra, frozenset(sent.getlist("without")))


class PackageForm(forms.Form):
    """Who gets a package, and why."""

    recipient = forms.CharField(
        max_length=200,
        label="Name of the recipient",
        error_messages={"required": "Say who it is for, by name."},
    )
    organisation = forms.CharField(
        max_length=200,
        label="Organisation",
        error_messages={"required": "Say for which organisation they act."},
    )
    because = forms.CharField(
        max_length=1000,
        label="Why they get it",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is given."},
    )
    passed_over = forms.CharField(
        max_length=1000,
        required=False,
        label="Why it goes although a camera is not accounted for",
        help_text=READ_BY_THEM,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def wanted(self, asked: Asked) -> Wanted:
        """Return what the action takes."""
        given = self.cleaned_data
        return Wanted(
            asked=asked,
            recipient=given["recipient"],
            organisation=given["organisation"],
            because=given["because"],
            passed_over=given["passed_over"],
        )
