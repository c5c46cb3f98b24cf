"""What people fill in after a death or serious injury. What may be done, actions decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.timezone import localtime

from custodes.fleet.queries import camera_with_serial
from custodes.incidents.actions.access import PURPOSES, Letting
from custodes.incidents.actions.declare import Declaration
from custodes.incidents.rules import (
    AFTER,
    BEFORE,
    HARM_NAMES,
    LINK_NAMES,
    STAGE_NAMES,
    Harm,
    Link,
    Stage,
    window_around,
)
from custodes.kernel.errors import Refused
from custodes.kernel.ids import handles_in
from custodes.people.queries import person_called
from custodes.recordings.rules import OpenFor
from custodes.web.area_forms import AreaForm

if TYPE_CHECKING:
    from custodes.fleet.models import Camera
    from custodes.incidents.models import Decision, KeyWitness
    from custodes.incidents.queries import Sight
    from custodes.people.models import Person
    from custodes.recordings.models import Recording

_PARTS = re.compile(r"[\n,;]+")
_MOMENT = {"type": "datetime-local", "step": "60"}


def _moment(
    label: str, *, required: bool = True, wanted: str = "", help_text: str = ""
) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": wanted},
    )


def _words(
    label: str, *, required: bool = True, help_text: str = "", rows: int = 3
) -> forms.CharField:
    return forms.CharField(
        max_length=2000,
        required=required,
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


_Found = TypeVar("_Found")


def _each(text: str, find: Callable[[str], _Found | None], fault: str) -> list[_Found]:
    """Return what each word of a field stands for; refuse those that stand for nothing."""
    words = [part.strip() for part in _PARTS.split(text) if part.strip()]
    found = {word: find(word) for word in words}
    if unknown := [word for word, each in found.items() if each is None]:
        raise ValidationError(fault.format(", ".join(unknown)))
    return [each for each in found.values() if each is not None]


def _camera(serial: str) -> Camera | None:
    try:
        return camera_with_serial(serial)
    except Refused:
        return None


class WhoAndWhat(AreaForm):
    """Officers and cameras that were there, by their numbers; and where it was."""

    officers = forms.CharField(
        max_length=2000,
        required=False,
        label="Officers who were there",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Collar numbers or user names, one a line or with commas between them. "
        "The cameras in their hands are found by themselves.",
    )
    cameras = forms.CharField(
        max_length=2000,
        required=False,
        label="Cameras that were there, if you know more",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Serial numbers, of vehicles too. Leave it empty if you do not know.",
    )

    def clean_officers(self) -> list[Person]:
        """Return the people who were named."""
        fault = "Nobody, or more than one person, goes by {}. Correct it, or add them later."
        return _each(str(self.cleaned_data["officers"]), person_called, fault)

    def clean_cameras(self) -> list[Camera]:
        """Return the cameras that were named."""
        fault = "No camera has the serial number {}. Correct it, or add it later."
        return _each(str(self.cleaned_data["cameras"]), _camera, fault)


class DeclareForm(WhoAndWhat):
    """A death or serious injury: what is known at three in the morning."""

    harm = forms.ChoiceField(
        choices=[(harm.value, name) for harm, name in HARM_NAMES.items()],
        widget=forms.RadioSelect,
        label="What has happened?",
        error_messages={"required": "Say what has happened."},
    )
    link = forms.ChoiceField(
        choices=[(link.value, name) for link, name in LINK_NAMES.items()],
        widget=forms.RadioSelect,
        label="What had the police to do with it?",
        error_messages={"required": "Say what the police had to do with it."},
    )
    happened_at = _moment("When did it happen?", wanted="Say when, as well as you can.")
    clear_at = _moment(
        "When did it become clear that it must be referred?",
        required=False,
        help_text="Leave it empty for now. The time for the referral to the IOPC runs from then.",
    )
    place = forms.CharField(
        max_length=120,
        label="Where?",
        error_messages={"required": "Say where, as well as you can."},
    )
    what = _words(
        "What do you know?", required=False, help_text="You can leave this empty.", rows=2
    )
    reference = forms.CharField(max_length=100, required=False, label="Reference, if there is one")
    before = forms.IntegerField(
        min_value=1,
        max_value=72,
        label="Hours before it that are locked",
        initial=BEFORE // timedelta(hours=1),
    )
    after = forms.IntegerField(
        min_value=1,
        max_value=72,
        label="Hours after it that are locked",
        initial=AFTER // timedelta(hours=1),
    )
    field_order = ("harm", "link", "happened_at", "place", "officers", "near", "metres", "cameras")

    def radios(self) -> Iterator[forms.BoundField]:
        """Yield the two questions that are answered by choosing."""
        yield from (self[name] for name in ("harm", "link"))

    def asked(self) -> Iterator[forms.BoundField]:
        """Yield what everybody is asked."""
        names = ("happened_at", "place", "officers", "near", "metres")
        yield from (self[name] for name in names)

    def more(self) -> Iterator[forms.BoundField]:
        """Yield what may be left as it is."""
        names = ("clear_at", "cameras", "what", "reference", "before", "after")
        yield from (self[name] for name in names)

    def said(self) -> Declaration:
        """Return the declaration as the action takes it."""
        given = self.cleaned_data
        window = window_around(
            given["happened_at"], timedelta(hours=given["before"]), timedelta(hours=given["after"])
        )
        return Declaration(
            Harm(given["harm"]),
            Link(given["link"]),
            given["happened_at"],
            given["place"],
            window,
            officers=given["officers"],
            cameras=given["cameras"],
            what=given["what"],
            reference=given["reference"],
            clear_at=given["clear_at"],
            areas=given["areas"],
        )


class StageForm(forms.Form):
    """When a key witness came to a stage."""

    witness = forms.ChoiceField(label="Whose")
    stage = forms.TypedChoiceField(
        choices=[(stage.value, f"{stage}. {name}") for stage, name in STAGE_NAMES.items()],
        coerce=lambda value: Stage(int(value)),
        label="Which",
    )
    reached_at = _moment("When was it given?", wanted="Say when it was given.")
    because = _words("If it was noted before: why is it noted anew?", required=False, rows=2)

    def __init__(
        self, witnesses: Iterable[KeyWitness], given: QueryDict | None, first: dict[str, Any]
    ) -> None:
        super().__init__(given, initial=first)
        self._witnesses = {str(each.pk): each for each in witnesses}
        names = [(key, each.person.name) for key, each in self._witnesses.items()]
        self.fields["witness"].choices = names  # type: ignore[attr-defined]

    def clean_witness(self) -> KeyWitness:
        """Return the key witness who was chosen."""
        return self._witnesses[str(self.cleaned_data["witness"])]


class LetInForm(forms.Form):
    """The decision to let somebody see footage, with everything it has to have."""

    person = forms.CharField(
        max_length=100,
        label="Who? (collar number or user name)",
        error_messages={"required": "Say who."},
    )
    purpose = forms.ChoiceField(label="What for?")
    recording = forms.ChoiceField(required=False, label="Which footage?")
    part = forms.CharField(
        max_length=200, required=False, label="Which part of it, if not all", help_text="In words."
    )
    until = _moment("Until when?", required=False)
    authority = forms.CharField(
        max_length=200,
        label="Whom did you consult at the IOPC?",
        error_messages={"required": "Say whom you consulted at the IOPC."},
    )
    reference = forms.CharField(
        max_length=100,
        label="Reference of the IOPC",
        error_messages={"required": "The reference of the IOPC is missing."},
    )
    standards = forms.CharField(
        max_length=200,
        required=False,
        label="Whom did you consult of the investigators or professional standards?",
        help_text="Needed for a key witness.",
    )
    before_account = forms.BooleanField(
        required=False,
        label="A key witness may look before their personal initial account",
    )
    rationale = _words(
        "Why?", help_text="Kept for ever. It cannot be changed, only followed by another version."
    )

    def __init__(
        self, recordings: Iterable[Recording], given: QueryDict | None, first: dict[str, Any]
    ) -> None:
        super().__init__(given, initial=first)
        self._recordings = {each.handle: each for each in recordings}
        chosen = [("", "All footage of the incident")]
        chosen += [(handle, _named(each)) for handle, each in self._recordings.items()]
        self.fields["recording"].choices = chosen  # type: ignore[attr-defined]
        purposes = [
            (p.value, words.capitalize()) for p, words in PURPOSES.items() if p is not OpenFor.LEGAL
        ]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]

    def clean_person(self) -> Person:
        """Return the person."""
        person = person_called(str(self.cleaned_data["person"]))
        if person is None:
            raise ValidationError("Nobody, or more than one person, goes by this.")
        return person

    def letting(self) -> Letting:
        """Return the decision as the action takes it."""
        given = self.cleaned_data
        return Letting(
            person=given["person"],
            purpose=OpenFor(given["purpose"]),
            rationale=given["rationale"],
            authority=given["authority"],
            reference=given["reference"],
            standards=given["standards"],
            recording=self._recordings.get(given["recording"]),
            part=given["part"],
            until=given["until"],
            before_account=given["before_account"],
        )


def as_it_was(decision: Decision) -> dict[str, Any]:
    """Return a decision as the form of its next version begins with it."""
    return {
        "person": decision.person.username,
        "purpose": decision.purpose,
        "recording": decision.recording.handle if decision.recording else "",
        "part": decision.part,
        "until": decision.until,
        "authority": decision.authority,
        "reference": decision.reference,
        "standards": decision.standards,
        "before_account": decision.before_account,
    }


class ReferForm(forms.Form):
    """That it was referred."""

    referred_at = _moment("When was it referred?", wanted="Say when it was referred.")
    reference = forms.CharField(
        max_length=100,
        label="Reference of the IOPC",
        error_messages={"required": "Say under which reference."},
    )


class MonitoringForm(forms.Form):
    """A recording of the procedure itself."""

    recording = forms.CharField(
        max_length=500, label="Its name or address", error_messages={"required": "Name it."}
    )
    because = _words("What does it show?", required=False, rows=2)

    def clean_recording(self) -> str:
        """Return the name in what was typed or pasted."""
        found = handles_in(str(self.cleaned_data["recording"]))
        if not found:
            raise ValidationError("No name of a recording is in this.")
        return found[0]


class WhyForm(forms.Form):
    """Why somebody is let in no more."""

    because = _words("Why?")


class EndForm(WhyForm):
    """That the procedure is over; and of each camera that is still out, why all the same."""

    reference = forms.CharField(
        max_length=100,
        label="Reference under which the IOPC agreed",
        error_messages={"required": "Say under which reference."},
    )

    def __init__(self, out: Iterable[Sight], given: QueryDict | None) -> None:
        super().__init__(given)
        self._out = list(out)
        for sight in self._out:
            self.fields[f"without_{sight.handle}"] = _why_without(sight)

    def ending(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = self.cleaned_data
        return {
            "reference": given["reference"],
            "because": given["because"],
            "without": {each.handle: given[f"without_{each.handle}"] for each in self._out},
        }


def _why_without(sight: Sight) -> forms.CharField:
    holder = f", in the hands of {sight.holder}," if sight.holder else ""
    return forms.CharField(
        max_length=1000,
        label=f"Why does it end without camera {sight.serial}?",
        help_text=f"{sight.camera}{holder} has not been docked since it happened. What it brings "
        "later is held, but not locked any more. Your reason is kept by name.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": f"Have camera {sight.serial} docked, or say why it ends without it."
        },
    )


def _named(recording: Recording) -> str:
    who = str(recording.wearer or recording.announced or "wearer not known")
    return f"{localtime(recording.started_at):%-d %b %H:%M}, {who}, {recording.camera}"
