"""What is lost and may be accepted for good: by two people, each with a reason."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from custodes.kernel.clock import now
from custodes.kernel.ids import handles_in
from custodes.people.rules import Permission
from custodes.retention.actions.accept_loss import agree_to_loss, withdraw_loss
from custodes.retention.inventory.accepted import acceptances_for, open_losses_for, waiting_for
from custodes.web.mending import tried
from custodes.web.viewer import viewer_with

_NEWEST = 20


class LossForm(forms.Form):
    """Why a loss is accepted, and of which objects."""

    because = forms.CharField(
        max_length=1000,
        label="What was looked into, and what came of it?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Say what was looked into. Your words are kept with the entry."
        },
    )
    objects = forms.CharField(
        required=False,
        max_length=100_000,
        label="Only these objects",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line. Empty: all that is listed and was not accepted.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def loss(request: HttpRequest) -> HttpResponse:
    """Show what is lost and not accepted; take the agreement of the first or the second person."""
    viewer = viewer_with(request, Permission.ACCEPT_LOSS)
    waiting = waiting_for(viewer)
    form = LossForm(request.POST or None)
    is_first = waiting is not None and waiting.proposed_by_id == viewer.person
    if waiting is not None:
        del form.fields["objects"]
    if is_first:
        form.fields["because"].label = "Why is it taken back?"
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if "withdraw" in request.POST:
            said, act = "It was taken back.", partial(withdraw_loss, viewer, given["because"])
        else:
            objects = frozenset(handles_in(given.get("objects", "")))
            said = "The loss is accepted." if waiting else "Your agreement is kept."
            act = partial(agree_to_loss, viewer, given["because"], objects)
        if tried(form, partial(act, at=now())):
            messages.success(request, said)
            return redirect("inventory-loss")
    made = acceptances_for(viewer)[:_NEWEST]
    context = {
        "form": form,
        "waiting": waiting,
        "number": waiting.losses.count() if waiting else 0,
        "is_first": is_first,
        "open": open_losses_for(viewer).count(),
        "made": [{"made": each, "number": each.losses.count()} for each in made],
    }
    return render(request, "custodes/inventory_loss.html", context)
