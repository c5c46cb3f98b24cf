"""What goes when, day by day with the reasons, and what waits for somebody to look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Reach
from custodes.recordings.queries import within_reach
from custodes.retention.actions.review import keep_after_review, let_go_after_review
from custodes.retention.category_changes import number_of_changes
from custodes.retention.certificates import sweeps_for
from custodes.retention.coming import (
    Stretch,
    coming_to,
    day_ahead,
    days_ahead,
    months_ahead,
    over_on,
    reasons_of,
    waiting_for,
    waiting_one,
)
from custodes.retention.notices import number_to_send
from custodes.retention.queries import holds_in_force, let_go_by, look_again_by
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.holds import GRACE
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.then import Then
from custodes.retention.undated import undated_by_reason, unlined_for
from custodes.web.mending import tried
from custodes.web.viewer import viewer_with
from custodes.web.words import counted

if TYPE_CHECKING:
    from custodes.recordings.models import Recording

_DAYS, _MONTHS = 35, 12
_A_PAGE = 50
# As heat: none, then up to a quarter, a half, three quarters and all of the fullest day.
_HEATS = 4


class ReviewForm(forms.Form):
    """That somebody looked, why it is kept, and until when (RET-12)."""

    reason = forms.CharField(
        max_length=1000,
        label="Why is it still needed?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. A review without a reason does not count."},
    )
    keep_until = forms.DateField(
        label="When does somebody look again?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Say when somebody looks again."},
    )

    def limit(self, last: date | None) -> None:
        """Say in the form by when somebody looks again at the latest."""
        if last is not None:
            self.fields["keep_until"].help_text = f"No later than {in_words(last)}."


class LetGoForm(forms.Form):
    """One person's agreement, after looking, that a recording may go."""

    reason = forms.CharField(
        max_length=1000,
        label="Why is it not needed any more?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Nothing goes without a reason."},
    )


@require_safe
def keeping(request: HttpRequest) -> HttpResponse:
    """Show what happens in the next weeks and months, and the ways to all about keeping."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    days = days_ahead(viewer, now(), days=_DAYS)
    context = {
        "strip": _strip(days),
        "deleted": sum(each.deleted for each in days),
        "looked_at": sum(each.looked_at for each in days),
        "asked_again": sum(each.asked_again for each in days),
        "months": [
            {"name": _name(each), "counts": each}
            for each in months_ahead(viewer, now(), after=_DAYS, months=_MONTHS)
        ],
        "waiting": waiting_for(viewer).count(),
        "agrees": viewer.may(Permission.AGREE_CATEGORY),
        "changes": number_of_changes(viewer),
        "undated": sum(undated_by_reason(viewer).values()),
        "unlined": len(unlined_for(viewer)),
        "holds": holds_in_force(viewer, now()).count(),
        "newest": sweeps_for(viewer).first(),
        "places": viewer.may(Permission.PLACE_HOLD),
        "answers": viewer.reach(Permission.SEARCH) >= Reach.TEAM,
        "sends": viewer.may(Permission.SEND_NOTICES),
        "to_send": number_to_send(viewer),
    }
    return render(request, "custodes/keeping.html", context)


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """List what is over on one day, each with its reason and what happens then."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    on = _day_of(request.GET.get("on", ""))
    at = now()
    page = Paginator(over_on(viewer, on, at), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "on": on,
        "page": page,
        "page_query": f"on={on}&",
        "counts": day_ahead(viewer, on, at),
        "rows": _with_what_then(page, at),
        "sees": viewer.reach(Permission.SEARCH) is Reach.ALL,
    }
    return render(request, "custodes/keeping_day.html", context)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits for somebody to look, the oldest first."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    page = Paginator(waiting_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_reasons(page, now()),
        "reviews": viewer.may(Permission.REVIEW),
    }
    return render(request, "custodes/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, handle: str) -> HttpResponse:
    """Show why one recording waits, and take down that it is kept until a day, or may go."""
    viewer = viewer_with(request, Permission.REVIEW)
    recording = waiting_one(viewer, handle)
    at = now()
    goes = request.POST.get("answer") == "go"
    form = ReviewForm(None if goes else request.POST or None)
    form.limit(look_again_by(viewer, recording, at))
    going = LetGoForm(request.POST if goes else None, prefix="go")
    if goes and going.is_valid():
        enough = let_go_after_review(viewer, recording, going.cleaned_data["reason"], at=at)
        one = "Your agreement is kept. It stays until a second person has looked and agrees too."
        two = f"Two people let it go. It stays at least until {in_words(GRACE.after(at))}."
        messages.success(request, two if enough else one)
        return redirect("review") if enough else redirect("review-one", handle)
    if request.method == "POST" and not goes and form.is_valid():
        reason, until = form.cleaned_data["reason"], form.cleaned_data["keep_until"]
        if tried(form, partial(keep_after_review, viewer, recording, reason, until, at=at)):
            messages.success(request, f"It is kept, and looked at again on {in_words(until)}.")
            return redirect("review")
    agreed = list(let_go_by(viewer, recording))
    context = {
        "form": form,
        "going": going,
        "agreed": agreed,
        "has_agreed": any(each.person_id == viewer.person for each in agreed),
        "recording": recording,
        "plays": within_reach(viewer, Permission.PLAY, recording),
        "row": with_reasons([recording], at)[0],
    }
    return render(request, "custodes/review_one.html", context)


def _day_of(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        on = date.min
    if not 1900 < on.year < 9999:
        raise NotFound("There is no such day in the calendar.")
    return on


def _strip(days: list[Stretch]) -> list[dict[str, Any]]:
    """Return the days as they are drawn: the heat is of what is deleted, and of nothing else."""
    fullest = max((each.deleted for each in days), default=0)
    return [
        {
            "on": each.begins,
            "counts": each,
            "said": f"{each.begins:%A} {in_words(each.begins)}: {_said(each)}",
            "heat": -(-_HEATS * each.deleted // fullest) if fullest else 0,
        }
        for each in days
    ]


def _said(each: Stretch) -> str:
    """Say in words what happens, what is deleted first."""
    said = [f"{counted(each.deleted, 'recording')} deleted by the clock"]
    if each.looked_at:
        said.append(f"{each.looked_at:,} looked at by a person")
    if each.asked_again:
        said.append(f"{each.asked_again:,} asked again when a hold or a sample ends")
    return ", ".join(said)


def _name(each: Stretch) -> str:
    """Return what some days of the list are called: a month, what is left of one, or the rest."""
    if each.until is None:
        return f"From {in_words(each.begins)} on"
    month = f"{each.begins:%B %Y}"
    return month if each.begins.day == 1 else f"{month}, from day {each.begins.day}"


_THEN = {
    Then.DELETED: "It is deleted by the clock.",
    Then.LOOKED_AT: "A person looks at it. Nothing deletes it before.",
    Then.ASKED_AGAIN: "What keeps it ends, and it is asked again.",
}
_AFTER = {
    Verdict.DISPOSE: "The schedule then lets it go: the sweep of that night deletes it.",
    Verdict.REVIEW: "A person then looks at it.",
    Verdict.KEEP: "The schedule keeps it after that, too.",
}


def _with_what_then(page: Iterable[Recording], at: datetime) -> list[dict[str, Any]]:
    """Return recordings with their reasons, and what happens on the day each is due."""
    found = list(page)
    coming = coming_to(found, at)
    rows = with_reasons(found, at)
    for row, each in zip(rows, found, strict=True):
        if (then := coming.get(each.pk)) is not None:
            again = then.then is Then.ASKED_AGAIN
            row["then"] = f"{_THEN[then.then]} {_AFTER[then.after] if again else ''}".strip()
    return rows


def with_reasons(recordings: Iterable[Recording], at: datetime) -> list[dict[str, Any]]:
    """Return recordings with what they are and why they go or wait, in sentences."""
    found = list(recordings)
    decisions = reasons_of(found, at)
    return [
        {
            "handle": each.handle,
            "started": localtime(each.started_at),
            "who": str(each.wearer or "wearer not known"),
            "camera": str(each.camera),
            "category": str(each.category or "no category"),
            "reasons": decisions[each.pk].reasons if each.pk in decisions else (),
        }
        for each in found
    ]
