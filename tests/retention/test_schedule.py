"""A version of the schedule takes two people, never changes, and is in the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.world import force

from custodes.cli import up
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.digest import b64u, sha256
from custodes.kernel.spans import Span
from custodes.ledger.entry import parse_entry
from custodes.people.rules import Role, Viewer
from custodes.recordings.models import Category
from custodes.retention.actions.proposal import propose
from custodes.retention.actions.schedule import publish, publish_first
from custodes.retention.errors import ScheduleRefused
from custodes.retention.facts import schedule_at
from custodes.retention.models import ScheduleVersion, Sweep
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import Scope
from custodes.retention.rules.periods import NONE, Period
from custodes.retention.rules.schedule import Schedule
from custodes.retention.writing import read_schedule, scope_from, scope_to, write_schedule

BY = Actor(handle="", name="Custodes", door="worker")
DAY = timedelta(days=1)


def longer(at_days: int = 1) -> Schedule:
    first = replace(DEFAULT.lines[0], keep=Period(days=60))
    lines = (first, *DEFAULT.lines[1:])
    return replace(DEFAULT, lines=lines, effective_at=force.NOON + at_days * DAY)


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


def test_a_schedule_reads_back_as_it_was_written() -> None:
    assert read_schedule(write_schedule(DEFAULT)) == replace(
        DEFAULT,
        by_category=tuple(sorted(DEFAULT.by_category)),
        by_outcome=tuple(sorted(DEFAULT.by_outcome)),
        by_hold=tuple(sorted(DEFAULT.by_hold)),
    )


@pytest.mark.parametrize(
    "wrong", ["{}", "[]", '{"version": 1, "effective_at": "2026-01-01T00:00:00Z"}']
)
def test_what_is_no_schedule_is_not_read(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a schedule"):
        read_schedule(wrong)


def test_a_text_that_is_another_schedule_is_never_taken_for_one_that_was_read() -> None:
    first = read_schedule(write_schedule(DEFAULT))
    second = read_schedule(write_schedule(longer()))

    assert read_schedule(write_schedule(DEFAULT)) is first
    assert (first.lines[0].keep, second.lines[0].keep) == (DEFAULT.lines[0].keep, Period(days=60))


NAMES = st.frozensets(st.text(min_size=1, max_size=5), max_size=3)
SPANS = st.integers(0, 90).map(lambda n: Span(force.NOON, force.NOON + timedelta(minutes=n)))


@given(st.builds(Scope, st.none() | SPANS, NAMES, NAMES, NAMES, NAMES))
def test_a_scope_reads_back_as_it_was_written(scope: Scope) -> None:
    assert scope_from(scope_to(scope)) == scope


@pytest.mark.django_db
def test_the_first_schedule_is_published_once_and_its_rules_are_public() -> None:
    publish_first(by=BY, at=force.NOON)
    publish_first(by=BY, at=force.NOON + DAY)

    version = ScheduleVersion.objects.get()
    facts = parse_entry(bytes(Entry.objects.get(subject=version.handle).data)).facts
    assert facts["rules"]["N0"] == {"days": 31, "from": "ended"}
    assert "E0" not in facts["rules"]
    assert facts["doc"] == b64u(sha256(version.document.encode()))


@pytest.mark.django_db
def test_a_new_version_takes_effect_on_its_day_and_leaves_the_old_one(records: Viewer) -> None:
    publish_first(by=BY, at=force.NOON)
    before = ScheduleVersion.objects.get().document

    publish(records, longer(), "the force keeps 60 days", "somebody else", at=force.NOON)

    today, tomorrow = schedule_at(force.NOON), schedule_at(force.NOON + DAY)
    assert today is not None
    assert tomorrow is not None
    assert (today.version, today.lines[0].keep) == (1, Period(days=31))
    assert (tomorrow.version, tomorrow.lines[0].keep) == (2, Period(days=60))
    assert ScheduleVersion.objects.get(version=1).document == before


@pytest.mark.django_db
def test_no_version_takes_effect_before_one_that_is_published_already(records: Viewer) -> None:
    publish_first(by=BY, at=force.NOON)
    publish(records, longer(10), "from the tenth day", "somebody else", at=force.NOON)
    entries = Entry.objects.count()

    with pytest.raises(ScheduleRefused, match="Version 2 is published and takes effect on 24 Nov"):
        publish(records, longer(9), "sooner", "somebody else", at=force.NOON)
    with pytest.raises(ScheduleRefused, match="cannot take effect before it"):
        propose(records, longer(9), "sooner", at=force.NOON)
    assert Entry.objects.count() == entries

    instead = replace(longer(10), lines=DEFAULT.lines)
    publish(records, instead, "the board said no", "somebody else", at=force.NOON)
    publish(records, longer(11), "later after all", "somebody else", at=force.NOON)
    found = [schedule_at(force.NOON + n * DAY) for n in (9, 10, 11)]
    assert [each.version for each in found if each] == [1, 3, 4]


@pytest.mark.django_db
def test_no_version_takes_effect_in_the_middle_of_a_sweep(records: Viewer) -> None:
    publish_first(by=BY, at=force.NOON)
    sweep = Sweep.objects.create(
        rehearsed_at=force.NOON, begun_at=force.NOON, letter={}, due=1, stopped=""
    )

    with pytest.raises(ScheduleRefused, match="A sweep is under way"):
        publish(records, longer(), "why", "other", at=force.NOON)
    Sweep.objects.filter(pk=sweep.pk).update(ended_at=force.NOON)

    assert publish(records, longer(), "why", "other", at=force.NOON).version == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("schedule", "because", "proposed_by", "match"),
    [
        (longer(), "why", "self", "another person approves it"),
        (longer(-1), "why", "other", "cannot take effect before"),
        (longer(), " ", "other", "needs a reason"),
        (
            replace(longer(), lines=tuple(replace(x, look_every=NONE) for x in DEFAULT.lines)),
            "why", "other", "no time after which it is looked at again",
        ),
        (replace(longer(), by_category=()), "why", "other", "The category arrest has no line"),
    ],
)  # fmt: skip
def test_a_schedule_that_is_not_fit_is_refused_and_changes_nothing(
    records: Viewer, schedule: Schedule, because: str, proposed_by: str, match: str
) -> None:
    proposer = records.handle if proposed_by == "self" else "other"

    with pytest.raises(ScheduleRefused, match=match):
        publish(records, schedule, because, proposer, at=force.NOON)
    assert not ScheduleVersion.objects.exists()
    assert not Entry.objects.filter(kind="policy.publish").exists()


@pytest.mark.django_db
def test_only_some_roles_change_the_schedule() -> None:
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")

    with pytest.raises(ScheduleRefused, match="None of your roles"):
        publish(unit, longer(), "why", "other", at=force.NOON)


@pytest.mark.django_db
def test_the_server_says_at_its_start_what_is_wrong_with_the_schedule_and_takes_footage_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[str] = []
    monkeypatch.setattr(up, "run_all", lambda parts, **_: started.extend(parts))
    fit = CliRunner().invoke(up.command, [])
    publish_first(by=BY, at=force.NOON)
    Category.objects.create(code="taser", name="Taser", is_offered=True)
    unfit = CliRunner().invoke(up.command, [])

    assert fit.stderr == ""
    assert unfit.stderr == (
        "WRONG The category taser has no line. Nothing is deleted until the schedule is mended.\n"
    )
    assert started == ["server", "worker"] * 2
