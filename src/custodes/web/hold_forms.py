"""What people fill in to place a hold and to let one go. Actions decide what may be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.timezone import get_current_timezone, localdate

from custodes.fleet.queries import camera_with_serial
from custodes.kernel.errors import Refused
from custodes.kernel.ids import handles_in
from custodes.kernel.spans import Span
from custodes.people.queries import person_called
from custodes.retention.actions.hold import Wanted
from custodes.retention.rules.holds import (
    HOLD_NAMES,
    HoldKind,
    Scope,
    fault_of_days,
    latest_look,
    span_of_days,
)
from custodes.web.area_forms import AreaForm
from custodes.web.words import day

# A sample for the panel is drawn by the house, never by hand.
_NAMES = {**HOLD_NAMES, HoldKind.OTHER: "another reason"}
_BY_HAND = [(k.value, n.capitalize()) for k, n in _NAMES.items() if k is not HoldKind.SCRUTINY]


def _last_day() -> str:
    return f"No later than {day(latest_look(localdate()))}."


# Worked out when a form is shown, not when the server starts.
_NO_LATER = lazy(_last_day, str)()


def _day(
    label: str, *, required: bool = False, wanted: str = "", hint: str = ""
) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": wanted},
    )


class ReachForm(forms.Form):
    """What a hold reaches for: recordings by name, or all that matches what is given."""

    recordings = forms.CharField(
        max_length=100_000,
        required=False,
        label="These recordings",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Their names or addresses, one a line.",
    )
    camera = forms.CharField(
        max_length=100, required=False, label="Everything of this camera (serial number)"
    )
    wearer = forms.CharField(
        max_length=100,
        required=False,
        label="Everything of this person (collar number or user name)",
    )
    place = forms.CharField(max_length=120, required=False, label="Everything filmed at this place")
    since = _day("Filmed from")
    until = _day("Filmed to, that day included")

    def clean_recordings(self) -> frozenset[str]:
        """Return the names of recordings in what was typed or pasted."""
        text = str(self.cleaned_data["recordings"])
        found = frozenset(handles_in(text))
        if text.strip() and not found:
            raise ValidationError("No name of a recording is in this.")
        return found

    def clean_camera(self) -> str:
        """Return the handle of the camera."""
        serial = str(self.cleaned_data["camera"]).strip()
        try:
            return camera_with_serial(serial).handle if serial else ""
        except Refused as refused:
            raise ValidationError(refused.reason) from None

    def clean_wearer(self) -> str:
        """Return the handle of the person."""
        called = str(self.cleaned_data["wearer"]).strip()
        person = person_called(called) if called else None
        if called and person is None:
            raise ValidationError("Nobody, or more than one person, goes by this.")
        return person.handle if person is not None else ""

    def clean(self) -> dict[str, Any]:
        """Refuse a stretch of time that is none, and a hold that reaches for nothing."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if fault := fault_of_days(since, until):
            self.add_error("until", fault)
        if not self.errors and self.scope().is_empty:
            self.add_error("recordings", "Say what to hold: recordings, or one of those below.")
        return given

    def scope(self) -> Scope:
        """Return what it reaches for."""
        given = self.cleaned_data
        return Scope(
            span=_span(given.get("since"), given.get("until")),
            wearers=frozenset(filter(None, [given.get("wearer", "")])),
            cameras=frozenset(filter(None, [given.get("camera", "")])),
            places=frozenset(filter(None, [str(given.get("place", "")).strip()])),
            recordings=given.get("recordings") or frozenset(),
        )

    def reach(self) -> Iterator[forms.BoundField]:
        """Yield the fields that say what it reaches for."""
        names = ("recordings", "camera", "wearer", "place", "since", "until")
        yield from (self[name] for name in names)


class HoldForm(ReachForm, AreaForm):
    """A hold somebody wants: what for, why, and what it reaches for."""

    kind = forms.ChoiceField(choices=_BY_HAND, label="What is it for?")
    reason = forms.CharField(
        max_length=1000,
        label="Why must it be kept?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Your reason is kept with every recording held."},
    )
    authority = forms.CharField(
        max_length=200, required=False, label="Reference of the complaint, case or request"
    )
    review_on = _day(
        "When does somebody look whether it is still needed?",
        required=True,
        wanted="Say when somebody looks again. Nothing is held without such a date.",
        hint=_NO_LATER,
    )
    standing = forms.BooleanField(
        required=False, label="Hold what is docked later and matches, too"
    )

    def scope(self) -> Scope:
        """Return what it reaches for; an area too, which an entry of the register does not."""
        return replace(super().scope(), areas=self.cleaned_data["areas"])

    def wanted(self) -> Wanted:
        """Return the hold as the action takes it."""
        given = self.cleaned_data
        return Wanted(
            HoldKind(given["kind"]),
            given["reason"],
            given["review_on"],
            self.scope(),
            given["authority"],
            standing=given["standing"],
        )

    def about(self) -> Iterator[forms.BoundField]:
        """Yield the fields that say what it is for."""
        yield from (self[name] for name in ("kind", "reason", "authority", "review_on"))

    def reach(self) -> Iterator[forms.BoundField]:
        """Yield the fields that say what it reaches for."""
        yield from super().reach()
        yield from (self[name] for name in ("near", "metres", "standing"))


class RenewForm(forms.Form):
    """Why a hold is still needed, and when somebody looks again."""

    prefix = "renew"
    reason = forms.CharField(
        max_length=1000,
        label="Why is it still needed?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Your reason is kept with the entry."},
    )
    review_on = _day(
        "When does somebody look again?",
        required=True,
        wanted="Say when somebody looks again.",
        hint=_NO_LATER,
    )


class ReleaseForm(forms.Form):
    """One person's agreement that a hold may go."""

    reason = forms.CharField(
        max_length=1000,
        label="Why may it go?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Your reason is kept with the entry."},
    )


class DecidedReleaseForm(ReleaseForm):
    """The same for an appeal or an application to the CCRC, once it was decided (RET-08)."""

    outcome_on = _day(
        "On which day was it decided?",
        required=True,
        wanted="Say on which day it was decided. Until then it is kept.",
    )


class GraveReleaseForm(ReleaseForm):
    """The same for a death or serious injury, where more has to be known (HOLD-05)."""

    reference = forms.CharField(
        max_length=200, required=False, label="Reference of the police watchdog"
    )
    all_closed = forms.BooleanField(
        required=False, label="Inquest, criminal and civil matters are all closed"
    )


def _span(since: date | None, until: date | None) -> Span | None:
    if since is None or until is None:
        return None
    return span_of_days(since, until, get_current_timezone())
