"""What a records manager fills in to propose another schedule. Rules decide whether it is fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware

from custodes.retention.exports import FROM, THEN
from custodes.retention.rules.periods import Period
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger
from custodes.retention.writing import read_period

_ENDS = [(end.value, THEN[end].capitalize()) for end in (End.DISPOSE, End.REVIEW)]
_NO_LINE = "no line: kept until somebody decides"
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


class ScheduleForm(forms.Form):
    """The lines of the newest schedule to change, one to add, and what goes by which."""

    def __init__(
        self,
        schedule: Schedule,
        categories: dict[str, str],
        data: Any = None,  # noqa: ANN401 - a request's
    ) -> None:
        super().__init__(data)
        self.schedule, self.categories = schedule, categories
        lined = dict(schedule.by_category)
        self.unlined = [code for code in categories if code not in lined]
        for line in schedule.lines:
            self._add_line(line)
        self._add_new_line()
        codes = [(x.code, f"{x.code} {x.name}") for x in schedule.lines if x.end is not End.RETURN]
        for name, code in schedule.by_category:
            label = f"Recordings of “{categories.get(name, name)}” go by"
            self.fields[f"category-{name}"] = _choice(label, codes, code)
        for name in self.unlined:
            label = f"Recordings of “{categories[name]}”, which has no line yet, go by"
            self.fields[f"category-{name}"] = _choice(label, [("", _NO_LINE), *codes], "")
            self.fields[f"category-{name}"].required = False
        for name, code in schedule.by_source:
            label = f"Uncategorised recordings of source type {name} go by"
            self.fields[f"source-{name}"] = _choice(label, codes, code)
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

    def _add_new_line(self) -> None:
        self.fields["new-code"] = forms.RegexField(
            r"\A[A-Z][0-9]{1,2}\Z", label="Its code, such as P1", required=False,
            error_messages={"invalid": "A code is a capital letter and a number, such as P1."},
        )  # fmt: skip
        self.fields["new-name"] = forms.CharField(
            label="What it is for", max_length=100, required=False
        )
        self.fields["new-source"] = forms.CharField(
            label="The source type whose uncategorised recordings go by it", max_length=10,
            required=False, help_text="A code that is set at cameras, such as egt.",
        )  # fmt: skip
        self.fields["new-keep"] = _period("Kept for", "", required=False)
        self.fields["new-look"] = _period("Looked at again every", "", required=False)
        self.fields["new-end"] = _choice("When the time is over", _ENDS, End.DISPOSE.value)
        self.fields["new-authority"] = forms.CharField(
            label="Who asks for it", max_length=200, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Ask for all of a new line, or for nothing of it."""
        given = super().clean() or {}
        asked = ("new-code", "new-name", "new-source", "new-keep", "new-look", "new-authority")
        if any(given.get(name) for name in asked):
            for name in asked:
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, "A new line needs this too.")
        return given

    def lines(self) -> Iterator[LinePart]:
        """Yield the lines, each with its fields; one with an error stands open."""
        for line in self.schedule.lines:
            names = [f"{what}-{line.code}" for what in ("keep", "look", "end", "authority")]
            fields = tuple(self[name] for name in names if name in self.fields)
            said = f"kept {line.keep} from {FROM[line.trigger]}, then {THEN[line.end]}"
            is_open = any(field.errors or _differs(field) for field in fields)
            yield LinePart(line.code, line.name, said, fields, is_open)

    def new_line(self) -> list[forms.BoundField]:
        """Return the fields of a line to add."""
        return [self[name] for name in self.fields if name.startswith("new-")]

    def new_line_is_open(self) -> bool:
        """Say whether something of a line to add was filled in."""
        return self.is_bound and any(
            field.errors or (field.value() and field.name != "new-end") for field in self.new_line()
        )

    def uses(self) -> list[forms.BoundField]:
        """Return the fields that say what goes by which line."""
        return [self[n] for n in self.fields if n.startswith(("category-", "source-"))]

    def about(self) -> list[forms.BoundField]:
        """Return the fields about the proposal as a whole."""
        return [self["effective_on"], self["because"]]

    def proposed(self, at: datetime) -> Schedule:
        """Return the schedule that was filled in."""
        given = self.cleaned_data
        lines = [self._line(line) for line in self.schedule.lines]
        sources = {name: given[f"source-{name}"] for name, _ in self.schedule.by_source}
        if given.get("new-code"):
            lines.append(
                Line(given["new-code"], given["new-name"], Trigger.RECORDING_END, given["new-keep"],
                     End(given["new-end"]), given["new-look"], given["new-authority"],
                     proposal=True)
            )  # fmt: skip
            sources[given["new-source"]] = given["new-code"]
        return replace(
            self.schedule,
            effective_at=_begin(given["effective_on"], at),
            lines=tuple(lines),
            by_category=tuple(self._by_category()),
            by_source=tuple(sources.items()),
        )

    def _by_category(self) -> Iterator[tuple[str, str]]:
        """Yield which category goes by which line; one without a line may stay without."""
        for name in (*(name for name, _ in self.schedule.by_category), *self.unlined):
            if code := self.cleaned_data[f"category-{name}"]:
                yield name, code

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
