"""What people fill in about a case. Only the shape is checked here; actions decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from custodes.cases.actions.open import NewCase
from custodes.cases.rules.audiences import AUDIENCE_NAMES, PAPER_NAMES, Audience, Paper
from custodes.cases.rules.material import STATUS_NAMES, Status
from custodes.cases.rules.papers import TYPE_NAMES, DocumentType
from custodes.cases.rules.proceeding import (
    PART_NAMES,
    PARTY_NAMES,
    STATE_NAMES,
    Move,
    Part,
    PartyRole,
    State,
)
from custodes.people.queries import person_called
from custodes.retention.rules.proceedings import ATTENTION_NAMES

if TYPE_CHECKING:
    from custodes.people.models import Person

_DAY = {"type": "date"}


def _person(called: str) -> Person | None:
    if not called.strip():
        return None
    person = person_called(called)
    if person is None:
        raise ValidationError("Nobody, or more than one person, goes by this.")
    return person


def _begun(words: str) -> str:
    """Return words as a line begins with them; what is large in them stays so."""
    return f"{words[:1].upper()}{words[1:]}"


class AttentionForm(forms.Form):
    """That somebody of a case came to the attention of the police again."""

    kind = forms.ChoiceField(
        choices=[(kind.value, _begun(name)) for kind, name in ATTENTION_NAMES.items()],
        label="What was it?",
    )
    on = forms.DateField(
        label="On which day?", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


class CaseForm(forms.Form):
    """A new case."""

    urn = forms.CharField(
        max_length=30,
        label="URN",
        help_text="Such as 01MP/44/26 or 01MP0004426.",
        error_messages={"required": "Give the case's URN."},
    )
    about = forms.CharField(
        max_length=300,
        label="What it is about, and the offence",
        error_messages={"required": "Say what it is about."},
    )
    # The recording it was opened from, which is added to it.
    recording = forms.CharField(max_length=22, required=False, widget=forms.HiddenInput)

    def wanted(self) -> NewCase:
        """Return the case as the action takes it."""
        given = self.cleaned_data
        return NewCase(given["urn"], given["about"], given.get("officer"))


class GivenCaseForm(CaseForm):
    """A new case by somebody who may say who is in charge of it."""

    officer = forms.CharField(
        max_length=100,
        required=False,
        label="Officer in the case: collar number or user name",
        help_text="Empty: you.",
    )

    def clean_officer(self) -> Person | None:
        """Return the person."""
        return _person(self.cleaned_data["officer"])


class AssignForm(forms.Form):
    """Put somebody on a case."""

    person = forms.CharField(
        max_length=100,
        label="Collar number or user name",
        error_messages={"required": "Say who."},
    )
    part = forms.ChoiceField(
        choices=[(part.value, name.capitalize()) for part, name in PART_NAMES.items()],
        initial=Part.WORKS,
        label="What they do in it",
    )

    def clean_person(self) -> Person | None:
        """Return the person."""
        return _person(self.cleaned_data["person"])


class PartyForm(forms.Form):
    """Somebody in a case, and what they are in it."""

    role = forms.ChoiceField(
        choices=[(role.value, PARTY_NAMES[role].capitalize()) for role in PartyRole], label="Is"
    )
    name = forms.CharField(
        max_length=200, label="Name", error_messages={"required": "Give the name."}
    )


class AddForm(forms.Form):
    """Add a recording to one of somebody's cases."""

    case = forms.ChoiceField(label="Case", error_messages={"required": "Choose a case."})
    because = forms.CharField(max_length=500, required=False, label="Why it belongs to it")

    def __init__(self, *given: Any, cases: list[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **named)
        self.fields["case"].choices = cases  # type: ignore[attr-defined]


class AssessForm(forms.Form):
    """What becomes of a recording of a case that is no exhibit."""

    status = forms.ChoiceField(
        choices=[(s.value, _begun(n)) for s, n in STATUS_NAMES.items()][1:],
        widget=forms.RadioSelect,
        label="What becomes of it?",
        error_messages={"required": "Choose what becomes of it."},
    )
    description = forms.CharField(
        max_length=2000,
        required=False,
        label="What can be seen and heard",
        help_text="For unused material: a sentence from which somebody who has not watched it "
        "can tell what it is.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = forms.CharField(
        max_length=1000,
        required=False,
        label="Why it is sensitive, or why it is not relevant",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def words(self) -> Iterator[forms.BoundField]:
        """Yield the fields of words."""
        yield from (self["description"], self["reason"])

    def said(self) -> tuple[Status, str, str]:
        """Return what was said, as the action takes it."""
        given = self.cleaned_data
        return Status(given["status"]), given["description"], given["reason"]


class ExhibitForm(forms.Form):
    """An exhibit that is to be numbered: a clip of the recording, or all of it."""

    clip = forms.ChoiceField(required=False, label="Of what")
    whole_because = forms.CharField(
        max_length=500,
        required=False,
        label="If it is the whole recording: why is all of it needed?",
        help_text="The prosecutor wants clips. You can leave this open until it is sent.",
    )

    item = forms.CharField(
        max_length=300,
        label="What it is",
        help_text="As it is to stand in the list: Body-worn video of the arrest.",
        error_messages={"required": "Say what it is."},
    )
    initials = forms.CharField(
        max_length=10,
        required=False,
        label="Initials of the producer",
        help_text="Two to four letters. The next number of theirs in this case is given.",
    )
    reference = forms.CharField(
        max_length=12,
        required=False,
        label="Or a reference that was written down already",
        help_text="Such as ABC/1.",
    )
    producer = forms.CharField(
        max_length=100,
        required=False,
        label="Producer, if it is not the wearer: collar number or user name",
    )
    document_type = forms.TypedChoiceField(
        choices=[(int(number), name.capitalize()) for number, name in TYPE_NAMES.items()],
        coerce=lambda number: DocumentType(int(number)),
        initial=int(DocumentType.OTHER_EXHIBIT),
        label="Type of document, as the prosecutor knows it",
    )

    def __init__(self, *given: Any, clips: Iterable[tuple[str, str]], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **named)
        choices = [*clips, ("", "The whole recording")]
        self.fields["clip"].choices = choices  # type: ignore[attr-defined]

    def clean_producer(self) -> Person | None:
        """Return the person."""
        return _person(self.cleaned_data["producer"])


class ReasonForm(forms.Form):
    """Why something is done that wants a reason."""

    because = forms.CharField(max_length=500, label="Why?", error_messages={"required": "Say why."})


class StepForm(forms.Form):
    """A step of a case."""

    to = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="What has happened?",
        error_messages={"required": "Choose what has happened."},
    )
    on = forms.DateField(
        label="On which day",
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={"required": "Say on which day."},
    )
    because = forms.CharField(
        max_length=500,
        label="Who decided it, and for what",
        error_messages={"required": "Say who decided it."},
    )
    custodial = forms.TypedChoiceField(
        choices=[("", "Not known"), ("no", "No prison or hospital"), ("yes", "Prison or hospital")],
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        label="After a conviction: the sentence",
    )
    released_on = forms.DateField(
        required=False,
        label="After prison or hospital: released on",
        help_text="Empty: not known, or not yet.",
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    group = forms.TypedChoiceField(
        choices=[("", "Not known"), *((str(n), str(n)) for n in range(1, 5))],
        coerce=int,
        empty_value=None,
        required=False,
        label="Offence group (MoPI)",
    )

    def __init__(self, *given: Any, states: tuple[State, ...], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*given, **named)
        choices = [(state.value, STATE_NAMES[state].capitalize()) for state in states]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def rest(self) -> Iterator[forms.BoundField]:
        """Yield what comes below the choice."""
        yield from (self[name] for name in ("on", "because", "custodial", "released_on", "group"))

    def move(self) -> Move:
        """Return the step as the action takes it."""
        given = self.cleaned_data
        return Move(
            State(given["to"]),
            given["on"],
            given["because"],
            given["custodial"],
            given["released_on"],
            given["group"],
        )


class AudienceForm(forms.Form):
    """For whom something of a case is; nobody is until somebody says so."""

    audience = forms.ChoiceField(
        choices=[("", "Choose"), *((a.value, AUDIENCE_NAMES[a]) for a in Audience)]
    )


class TakeForm(forms.Form):
    """Which paper goes to whom."""

    paper = forms.ChoiceField(
        choices=[
            (f"{Paper.EXHIBITS}:csv", "The list of exhibits, as CSV"),
            (f"{Paper.EXHIBITS}:json", "The list of exhibits, as JSON"),
            *((f"{p}:csv", f"{_begun(PAPER_NAMES[p])}, as CSV")
              for p in (Paper.UNUSED, Paper.SENSITIVE)),
        ]
    )  # fmt: skip
    audience = forms.ChoiceField(choices=[(a.value, AUDIENCE_NAMES[a]) for a in Audience])
    recipient = forms.CharField(max_length=200)
    because = forms.CharField(max_length=500)
