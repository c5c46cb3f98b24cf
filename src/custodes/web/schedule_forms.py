"""What a records manager fills in to propose another schedule. Rules decide whether it is fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware

from custodes.fleet.rules import read_source_type
from custodes.retention.exports import FROM, THEN
from custodes.retention.rules.periods import Period
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger
from custodes.retention.writing import read_period
from custodes.web.schedule_uses import CASES, HOLDS, NEW, RECORDINGS, Use, chosen_in, uses_of

_NEW_ENDS = [(end.value, THEN[end].capitalize()) for end in End]
_ENDS = [(end, said) for end, said in _NEW_ENDS if end != End.RETURN]
_TRIGGERS = [(trigger.value, said[:1].upper() + said[1:]) for trigger, said in FROM.items()]
_NEW_NEEDS = ("new-code", "new-name", "new-keep", "new-look", "new-authority")
# Chosen already when the page is shown, so that they say nothing of whether a line is added.
_NEW_BEGINS_WITH = ("new-from", "new-end")
_LENGTHS = "Write it as 31 days, 6 months or 1 year and 6 months."


class PeriodField(forms.CharField):
    """A length of time in words."""

    def clean(self, value: Any) -> Period | None:  # noqa: ANN401 - as Django has it
        """Return the length; None where nothing was written and nothing is needed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_period(text)
        except ValueError:
            raise ValidationError(f"“{text}” is no length of time. {_LENGTHS}") from None


@dataclass(frozen=True, slots=True)
class LinePart:
    """One line of the form: what it says now, and its fields."""

    code: str
    name: str
    said: str
    fields: tuple[forms.BoundField, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class UsePart:
    """Some of what goes by lines: a heading, and a field for each."""

    title: str
    fields: tuple[forms.BoundField, ...]
    is_open: bool


class ScheduleForm(forms.Form):
    """The lines of the newest schedule to change, one to add, and what goes by which."""

    def __init__(
        self,
        schedule: Schedule,
        categories: dict[str, str],
        source_types: Iterable[str] = (),
        data: Any = None,  # noqa: ANN401 - a request's
    ) -> None:
        super().__init__(data)
        self.schedule = schedule
        self._uses = uses_of(schedule, categories, source_types)
        for line in schedule.lines:
            self._add_line(line)
        self._add_new_line(categories)
        for use in self._uses:
            self._add_use(use)
        self.fields["effective_on"] = forms.DateField(
            label="From which day?",
            required=False,
            help_text="Left empty, it takes effect when the second person approves it.",
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["because"] = forms.CharField(
            max_length=1000,
            label="Why should it change?",
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "Say why. Who approves it reads your reason."},
        )

    def _add_line(self, line: Line) -> None:
        code = line.code
        self.fields[f"keep-{code}"] = _period("Kept for", str(line.keep))
        self.fields[f"look-{code}"] = _period("Looked at again every", str(line.look_every))
        if line.end is not End.RETURN:
            self.fields[f"end-{code}"] = _choice("When the time is over", _ENDS, line.end.value)
        self.fields[f"authority-{code}"] = forms.CharField(
            label="Who asks for it", max_length=200, initial=line.authority, required=False
        )

    def _add_new_line(self, categories: dict[str, str]) -> None:
        self.fields["new-code"] = forms.RegexField(
            r"\A[A-Z][0-9]{1,2}\Z", label="Its code, such as P1", required=False,
            error_messages={"invalid": "A code is a capital letter and a number, such as P1."},
        )  # fmt: skip
        self.fields["new-name"] = forms.CharField(
            label="What it is for", max_length=100, required=False
        )
        self.fields["new-keep"] = _period("Kept for", "", required=False)
        self.fields["new-from"] = _choice("From when", _TRIGGERS, Trigger.RECORDING_END.value)
        self.fields["new-end"] = _choice("When the time is over", _NEW_ENDS, End.DISPOSE.value)
        self.fields["new-look"] = _period("Looked at again every", "", required=False)
        self.fields["new-authority"] = forms.CharField(
            label="Who asks for it", max_length=200, required=False
        )
        self.fields["new-categories"] = forms.MultipleChoiceField(
            label="Which categories go by it", required=False, choices=list(categories.items()),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["new-source"] = forms.CharField(
            label="A source type whose recordings without a category go by it",
            max_length=40, required=False,
            help_text="A code that is set at cameras, such as egt. Empty if there is none.",
        )  # fmt: skip

    def _add_use(self, use: Use) -> None:
        self.fields[use.field] = _choice(use.label, use.choices(self.schedule), use.code)
        self.fields[use.field].required = not use.none

    def clean(self) -> dict[str, Any]:
        """Ask for all of a new line, with what goes by it, or for nothing of it."""
        given = super().clean() or {}
        chosen = [use.field for use in self._uses if given.get(use.field) == NEW]
        categories, source = given.get("new-categories", []), self._source_type(given)
        if not (categories or source or any(given.get(name) for name in _NEW_NEEDS)):
            for field in chosen:
                self.add_error(field, "No new line was filled in for it.")
            return given
        for name in _NEW_NEEDS:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, "A new line needs this too.")
        if not (categories or source or chosen or "new-source" in self.errors):
            self.add_error("new-categories", "Say what goes by it, here or under the lines below.")
        for field in (f"category-{code}" for code in categories):
            if given.get(field) not in (NEW, self.fields[field].initial):
                self.add_error(field, "It was ticked for the new line, and given another here.")
        return given

    def _source_type(self, given: dict[str, Any]) -> str:
        try:
            given["new-source"] = read_source_type(given.get("new-source", ""))
        except ValueError as error:
            self.add_error("new-source", str(error))
            return ""
        return str(given["new-source"])

    def lines(self) -> Iterator[LinePart]:
        """Yield the lines, each with its fields; one with an error stands open."""
        for line in self.schedule.lines:
            names = [f"{what}-{line.code}" for what in ("keep", "look", "end", "authority")]
            fields = tuple(self[name] for name in names if name in self.fields)
            said = f"kept {line.keep} from {FROM[line.trigger]}, then {THEN[line.end]}"
            is_open = any(field.errors or _differs(field) for field in fields)
            yield LinePart(line.code, line.name, said, fields, is_open)

    def new_line(self) -> list[forms.BoundField]:
        """Return the fields of a line to add, but which categories go by it."""
        names = [name for name in self.fields if name.startswith("new-")]
        return [self[name] for name in names if name != "new-categories"]

    def new_categories(self) -> forms.BoundField:
        """Return the field for the categories that go by a line to add."""
        return self["new-categories"]

    def new_line_is_open(self) -> bool:
        """Say whether something of a line to add was filled in."""
        return self.is_bound and any(
            field.errors or (field.value() and field.name not in _NEW_BEGINS_WITH)
            for field in (*self.new_line(), self.new_categories())
        )

    def uses(self) -> Iterator[UsePart]:
        """Yield the fields that say what goes by which line; one with an error stands open."""
        for title in (RECORDINGS, CASES, HOLDS):
            fields = tuple(self[use.field] for use in self._uses if use.part == title)
            is_open = any(field.errors or _differs(field) for field in fields)
            yield UsePart(title, fields, is_open)

    def about(self) -> list[forms.BoundField]:
        """Return the fields about the proposal as a whole."""
        return [self["effective_on"], self["because"]]

    def proposed(self, at: datetime) -> Schedule:
        """Return the schedule that was filled in."""
        given = self.cleaned_data
        code = given.get("new-code", "")
        begins = _begin(given["effective_on"], at)
        lines = tuple(self._line(line) for line in self.schedule.lines)
        chosen = chosen_in(given, self._uses, code)
        if code:
            lines = (*lines, self._new_line(code))
            ticked = dict.fromkeys(given["new-categories"], code)
            chosen["by_category"] = tuple({**dict(chosen["by_category"]), **ticked}.items())
            if source := given["new-source"]:
                chosen["by_source"] = tuple({**dict(chosen["by_source"]), source: code}.items())
        return replace(self.schedule, effective_at=begins, lines=lines, **chosen)

    def _new_line(self, code: str) -> Line:
        given = self.cleaned_data
        return Line(
            code=code,
            name=given["new-name"],
            trigger=Trigger(given["new-from"]),
            keep=given["new-keep"],
            end=End(given["new-end"]),
            look_every=given["new-look"],
            authority=given["new-authority"],
            proposal=True,
        )

    def _line(self, line: Line) -> Line:
        given, code = self.cleaned_data, line.code
        return replace(
            line,
            keep=given[f"keep-{code}"],
            look_every=given[f"look-{code}"],
            end=End(given.get(f"end-{code}", line.end.value)),
            authority=given[f"authority-{code}"],
        )


class DecideForm(forms.Form):
    """Why a proposal is approved or withdrawn."""

    because = forms.CharField(
        max_length=1000,
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Your reason is kept with the entry."},
    )


def _period(label: str, initial: str, *, required: bool = True) -> PeriodField:
    return PeriodField(
        label=label,
        max_length=60,
        initial=initial,
        required=required,
        error_messages={"required": f"Say how long. {_LENGTHS}"},
    )


def _choice(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=initial)


def _differs(field: forms.BoundField) -> bool:
    return field.form.is_bound and str(field.value()) != str(field.initial)


def _begin(day: date | None, at: datetime) -> datetime:
    """Return when a day begins here; without one, or for one that is past, this moment."""
    if day is None:
        return at
    return max(make_aware(datetime.combine(day, time())).astimezone(UTC), at)
