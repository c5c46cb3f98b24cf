"""Requests to erase footage, answered by restricting it: the list, one, and its letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.kernel.ids import handles_in
from custodes.people.queries import person_called
from custodes.people.rules import Permission, Viewer
from custodes.retention.actions.restrict import (
    Request,
    announce_lifting,
    let_use,
    lift_restriction,
    restrict,
    take_letter,
)
from custodes.retention.restrictions import (
    letter_for,
    named_in,
    restriction_for,
    restrictions_for,
)
from custodes.retention.rules.erasure import Ground
from custodes.web.viewer import viewer_with
from custodes.web.words import counted

if TYPE_CHECKING:
    from custodes.people.models import Person

_A_PAGE = 50
_ASKS = [(Ground.ERASE.value, "To erase it"), (Ground.INACCURATE.value, "That it is inaccurate")]


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


class AskedForm(forms.Form):
    """What somebody asked about footage of them."""

    subject = forms.CharField(max_length=200, label="Who asked?")
    ground = forms.ChoiceField(choices=_ASKS, label="What did they ask or say?")
    asked_on = _day("When did it come in?")
    reference = forms.CharField(max_length=100, label="Reference of the request")
    because = forms.CharField(
        max_length=1000, label="In their words", widget=forms.Textarea(attrs={"rows": 3})
    )
    recordings = forms.CharField(
        max_length=10_000,
        label="Which recordings?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Their names or addresses, one a line.",
    )

    def clean_recordings(self) -> frozenset[str]:
        """Return the names of recordings in what was typed or pasted."""
        found = frozenset(handles_in(str(self.cleaned_data["recordings"])))
        if not found:
            raise ValidationError("No name of a recording is in this.")
        return found


class UseForm(forms.Form):
    """Who may use what is restricted, for what, until when."""

    person = forms.CharField(max_length=100, label="Who? (collar number or user name)")
    because = forms.CharField(max_length=500, label="What for?")
    until = forms.DateTimeField(
        label="Until when?",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_person(self) -> Person:
        """Return the person."""
        person = person_called(str(self.cleaned_data["person"]))
        if person is None:
            raise ValidationError("Nobody, or more than one person, goes by this.")
        return person


class ToldForm(forms.Form):
    """That whoever asked was told that the restriction will be lifted."""

    on = _day("When were they told?")
    how = forms.CharField(max_length=200, label="How?")


class LiftForm(forms.Form):
    """Why the restriction may be lifted, and what was found to be wrong."""

    because = forms.CharField(
        max_length=500, label="Why?", widget=forms.Textarea(attrs={"rows": 3})
    )
    wrong = forms.CharField(
        required=False,
        max_length=500,
        label="Was something that was given out wrong? What?",
        help_text="Everybody who was given one of the recordings is owed a letter that says so. "
        "Do not write what is filmed.",
    )


_ACTS: dict[str, tuple[type[forms.Form], Callable[..., object], str]] = {
    "use": (UseForm, let_use, "They may use it until then."),
    "told": (ToldForm, announce_lifting, "It is noted that they were told."),
    "lift": (LiftForm, lift_restriction, "The restriction is lifted."),
}


@require_safe
def restrictions(request: HttpRequest) -> HttpResponse:
    """List the requests, the newest first."""
    viewer = viewer_with(request, Permission.RESTRICT)
    page = Paginator(restrictions_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "custodes/restrictions.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Take down what somebody asked, and restrict what it is about."""
    viewer = viewer_with(request, Permission.RESTRICT)
    form = AskedForm(request.POST or None, initial={"asked_on": localdate()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = restrict(
                viewer, Request(**{**given, "ground": Ground(given["ground"])}), at=now()
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            number = counted(made.items.count(), "recording")
            messages.success(request, f"{number} restricted. Nothing was deleted.")
            return redirect("restriction", made.handle)
    status = 400 if form.errors else 200
    return render(request, "custodes/restriction_place.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def restriction(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one request with what became of it, and take what comes next."""
    viewer = viewer_with(request, Permission.RESTRICT)
    found = restriction_for(viewer, handle)
    filled: dict[str, forms.Form] = {}
    if request.method == "POST" and (act := request.POST.get("act", "")) in _ACTS:
        form = _ACTS[act][0](request.POST)
        if form.is_valid() and _done(request, viewer, handle, act, form):
            return redirect("restriction", handle)
        filled = {act: form}
    context = {
        "restriction": found,
        "letter": letter_for(viewer, found),
        "named": named_in(viewer, found),
        "forms": {act: filled.get(act) or kind() for act, (kind, *_) in _ACTS.items()},
        "wrong": next(iter(filled.values()), None),
    }
    return render(request, "custodes/restriction.html", context, status=400 if filled else 200)


@require_POST
def letter(request: HttpRequest, handle: str) -> HttpResponse:
    """Make the letter to whoever asked, to print; that it was made is on record."""
    viewer = viewer_with(request, Permission.RESTRICT)
    found = restriction_for(viewer, handle)
    at = now()
    take_letter(viewer, found, at=at)
    context = {"restriction": found, "letter": letter_for(viewer, found), "made": at}
    return render(request, "custodes/restriction_letter.html", context)


def _done(request: HttpRequest, viewer: Viewer, handle: str, act: str, form: forms.Form) -> bool:
    _, do, said = _ACTS[act]
    try:
        do(viewer, restriction_for(viewer, handle), **form.cleaned_data, at=now())
    except Refused as refused:
        form.add_error(None, refused.reason)
        return False
    messages.success(request, said)
    return True
