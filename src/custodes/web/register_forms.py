"""What people fill in for the register. Actions decide what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from custodes.oversight.rules import (
    GROUND_NAMES,
    KIND_NAMES,
    OUTCOME_NAMES,
    OUTCOMES,
    Entered,
    Ground,
    Kind,
    Outcome,
    Regime,
)
from custodes.people.queries import person_called
from custodes.web.hold_forms import ReachForm

if TYPE_CHECKING:
    from custodes.oversight.models import Sampled
    from custodes.people.models import Person

_REGIMES = [
    ("", "It is not a subject access request"),
    (Regime.LAW_ENFORCEMENT.value, "Data Protection Act 2018 Part 3 (policing)"),
    (Regime.GENERAL.value, "UK GDPR (anything else the force does)"),
]


class EntryForm(ReachForm):
    """What has come in, from whom, and which footage it is about."""

    kind = forms.ChoiceField(label="What has come in?")
    reference = forms.CharField(
        max_length=200,
        label="Its reference",
        error_messages={"required": "Give the reference under which it is known."},
    )
    received_on = forms.DateField(
        label="On which day did it come in?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Say on which day it came in: the time to answer runs from it."
        },
    )
    who = forms.CharField(
        max_length=200, required=False, label="Who asks or complains, if it is known"
    )
    about = forms.CharField(
        max_length=1000,
        label="What is it about?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence what it is about."},
    )
    regime = forms.ChoiceField(
        choices=_REGIMES, required=False, label="For a subject access request: which law?"
    )

    def __init__(
        self,
        kinds: Iterable[Kind],
        given: Any = None,  # noqa: ANN401 - what was posted
        initial: Any = None,  # noqa: ANN401 - what it begins with
    ) -> None:
        super().__init__(given, initial=initial, label_suffix="")
        choices = [(kind.value, KIND_NAMES[kind].capitalize()) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def entered(self) -> Entered:
        """Return it as the action takes it."""
        given = self.cleaned_data
        return Entered(
            Kind(given["kind"]),
            given["reference"],
            given["received_on"],
            given["about"],
            given["who"],
            Regime(given["regime"]) if given["regime"] else None,
        )

    def about_it(self) -> Iterator[forms.BoundField]:
        """Yield the fields that say what has come in."""
        names = ("kind", "reference", "received_on", "who", "about", "regime")
        yield from (self[name] for name in names)


class AnswerForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(label="How did it end?")
    because = forms.CharField(
        max_length=1000,
        label="In a sentence",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence how it ended."},
    )
    grounds = forms.MultipleChoiceField(
        choices=[(ground.value, name) for ground, name in GROUND_NAMES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="If access is refused: on which grounds? (Data Protection Act 2018 s.45(4))",
    )

    def __init__(self, kind: Kind, regime: str, given: Any = None) -> None:  # noqa: ANN401 - what was posted
        super().__init__(given, label_suffix="")
        choices = [(each.value, OUTCOME_NAMES[each].capitalize()) for each in OUTCOMES[kind]]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        if regime != Regime.LAW_ENFORCEMENT:
            del self.fields["grounds"]

    def answer(self) -> tuple[Outcome, str, list[Ground]]:
        """Return it as the action takes it."""
        given = self.cleaned_data
        grounds = [Ground(each) for each in given.get("grounds", ())]
        return Outcome(given["outcome"]), given["because"], grounds


class GiveComplaintForm(forms.Form):
    """Who is to look into a complaint."""

    person = forms.CharField(
        max_length=100,
        label="Who looks into it?",
        help_text="Collar number or user name of somebody of professional standards.",
        error_messages={"required": "Say who looks into it."},
    )

    def clean_person(self) -> Person:
        """Return the person."""
        person = person_called(str(self.cleaned_data["person"]))
        if person is None:
            raise forms.ValidationError("Nobody, or more than one person, goes by this.")
        return person


class TakeComplaintForm(GiveComplaintForm):
    """Who is to look into a complaint no more, and why."""

    because = forms.CharField(
        max_length=1000, label="Why?", error_messages={"required": "Say why."}
    )

    def __init__(self, given: Any = None, **said: Any) -> None:  # noqa: ANN401 - as every form
        super().__init__(given, **said)
        self.fields["person"].label = "Who is to look into it no more?"


def first_values(day: date, recordings: str) -> dict[str, Any]:
    """Return what an empty form begins with."""
    return {"received_on": day, "recordings": recordings[:5000]}


class AllotForm(forms.Form):
    """Which recording of a sample goes to whom, and for how long."""

    recording = forms.ChoiceField(label="Recording")
    person = forms.ChoiceField(label="Who looks at it")
    days = forms.IntegerField(min_value=1, max_value=120, initial=14, label="For how many days")

    def __init__(self, drawn: list[Sampled], panel: Iterable[Person], given: Any = None) -> None:  # noqa: ANN401 - what was posted
        super().__init__(given, label_suffix="")
        self._drawn = {each.recording.handle: each for each in drawn}
        self._panel = {person.handle: person for person in panel}
        choices = [(handle, f"{handle}, {one.stratum}") for handle, one in self._drawn.items()]
        self.fields["recording"].choices = choices  # type: ignore[attr-defined]
        people = [(handle, person.name) for handle, person in self._panel.items()]
        self.fields["person"].choices = people  # type: ignore[attr-defined]

    def allotment(self) -> tuple[Sampled, Person, int]:
        """Return it as the action takes it."""
        given = self.cleaned_data
        return self._drawn[given["recording"]], self._panel[given["person"]], given["days"]


class JudgeForm(forms.Form):
    """What somebody of the panel says of a recording."""

    said = forms.CharField(
        max_length=2000,
        label="What did you see?",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what you saw."},
    )
