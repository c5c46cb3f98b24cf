"""A change of the schedule is proposed, rehearsed, and decided on by a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.clock import rfc3339
from custodes.people.models import Team
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import classify
from custodes.recordings.models import Bookmark, Recording
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.proceedings import (
    link,
    open_matter,
    record_group,
    record_outcome,
)
from custodes.retention.actions.proposal import approve, count_anew, propose, withdraw, work_out
from custodes.retention.actions.schedule import publish
from custodes.retention.effect import changes_of, effect_of
from custodes.retention.errors import ScheduleRefused
from custodes.retention.facts import schedule_at
from custodes.retention.models import ScheduleProposal, ScheduleVersion
from custodes.retention.proposals import changes_in, number_to_decide, proposals_for
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.periods import NONE, Period
from custodes.retention.rules.proceedings import Outcome
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger
from custodes.retention.writing import read_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
AT = force.NOON + DAY
SECOND = timedelta(seconds=1)


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def second() -> Viewer:
    return force.person("Second", Role.AUDITOR).as_viewer("web")


def with_line(code: str, schedule: Schedule = DEFAULT, **changed: object) -> Schedule:
    lines = tuple(
        replace(line, **changed) if line.code == code else line  # type: ignore[arg-type]
        for line in schedule.lines
    )
    return replace(schedule, lines=lines, effective_at=AT)


def kept(days: int) -> Schedule:
    return with_line("N0", keep=Period(days=days))


def told(proposed: Schedule) -> dict[str, object]:
    return effect_of(DEFAULT, proposed, today=AT, takes_effect=AT)


def test_a_second_person_approves_what_was_worked_out(records: Viewer, second: Viewer) -> None:
    delivered()
    proposal = propose(records, kept(60), "panels meet quarterly", at=AT)
    assert number_to_decide(second) == 0
    with pytest.raises(ScheduleRefused, match="not been worked out"):
        approve(second, proposal, "agreed", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)
    assert (number_to_decide(second), number_to_decide(records)) == (1, 0)
    with pytest.raises(ScheduleRefused, match="another person approves it"):
        approve(records, proposal, "agreed", at=AT)
    assert changes_in(second, proposal) == ("N0 Routine footage: kept 60 days, not 31 days.",)

    version = approve(second, proposal, "agreed", at=AT)

    assert (version.version, version.approved_by) == (2, "Second")
    assert swept(DUE + 28 * DAY).disposed == 0
    assert swept(DUE + 29 * DAY).disposed == 1
    proposal.refresh_from_db()
    assert (proposal.version, proposal.ended_by) == (version, "Second")
    assert force.kinds(proposal.handle) == [
        "schedule.proposed", "schedule.rehearsed", "schedule.approved",
    ]  # fmt: skip
    assert force.kinds(version.handle) == ["policy.publish"]


def test_a_proposal_takes_effect_on_its_day_and_not_before(records: Viewer, second: Viewer) -> None:
    later = replace(kept(60), effective_at=AT + 10 * DAY)
    proposal = propose(records, later, "from next month", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)
    approve(second, proposal, "agreed", at=AT + DAY)

    before, after = schedule_at(AT + 9 * DAY), schedule_at(AT + 10 * DAY)

    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)


def test_a_withdrawn_proposal_changes_nothing_and_cannot_be_approved(
    records: Viewer, second: Viewer
) -> None:
    proposal = propose(records, kept(60), "panels", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)
    with pytest.raises(ScheduleRefused, match="for a reason"):
        withdraw(second, proposal, " ", at=AT)

    withdraw(second, proposal, "the board said no", at=AT)

    with pytest.raises(ScheduleRefused, match="decided on already"):
        approve(second, proposal, "agreed", at=AT)
    assert ScheduleVersion.objects.count() == 1
    last = list(history_of(proposal.handle))[-1]
    assert (last.kind, last.fields["because"]) == ("schedule.withdrawn", "the board said no")
    assert proposals_for(force.person("Okafor").as_viewer("web")).count() == 0


def test_a_proposal_made_from_an_older_version_is_not_approved(
    records: Viewer, second: Viewer
) -> None:
    proposal = propose(records, kept(60), "panels", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)
    publish(records, kept(40), "meanwhile", "somebody else", at=AT)

    with pytest.raises(ScheduleRefused, match="Another version was published since"):
        approve(second, proposal, "agreed", at=AT)
    assert ScheduleVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("schedule", "because", "match"),
    [
        (kept(60), "  ", "needs a reason"),
        (replace(DEFAULT, effective_at=AT), "why", "Nothing in it is different"),
        (
            with_line("E0", keep=NONE, look_every=NONE), "why",
            "E0 Evidence, investigation open has no time after which it is looked at again",
        ),
        (kept(0), "why", "would dispose of recordings at once"),
        (with_line("N0", keep=Period(months=1)), "why", "must count whole days"),
        (with_line("M1", end=End.DISPOSE), "why", "group 1 goes only after a review"),
        (replace(kept(60), by_category=()), "why", "The category arrest has no line"),
    ],
)  # fmt: skip
def test_what_is_not_fit_is_refused_in_a_sentence_and_leaves_nothing(
    records: Viewer, schedule: Schedule, because: str, match: str
) -> None:
    before = Entry.objects.count()

    with pytest.raises(ScheduleRefused, match=match):
        propose(records, schedule, because, at=AT)

    assert not ScheduleProposal.objects.exists()
    assert Entry.objects.count() == before


def test_only_who_may_change_the_schedule_proposes_or_decides(records: Viewer) -> None:
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    proposal = propose(records, kept(60), "panels", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)

    for act in (
        lambda: propose(unit, kept(60), "why", at=AT),
        lambda: approve(unit, proposal, "why", at=AT),
        lambda: withdraw(unit, proposal, "why", at=AT),
    ):
        with pytest.raises(ScheduleRefused, match="None of your roles"):
            act()
    proposal.refresh_from_db()
    assert proposal.ended_at is None


def test_a_proposal_is_worked_out_once(records: Viewer) -> None:
    proposal = propose(records, kept(60), "panels", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)
    entries = Entry.objects.count()

    work_out(proposal.handle, by=ENGINE, at=AT)

    assert Entry.objects.count() == entries


def test_what_was_withdrawn_while_it_was_worked_out_stays_as_it_was(
    records: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = propose(records, kept(60), "panels", at=AT)

    def meanwhile(*_: object, **__: object) -> dict[str, object]:
        withdraw(records, proposal, "the board said no", at=AT)
        return {"sooner": 0, "later": 0}

    monkeypatch.setattr("custodes.retention.actions.proposal.effect_of", meanwhile)
    work_out(proposal.handle, by=ENGINE, at=AT)

    proposal.refresh_from_db()
    assert proposal.effect is None
    assert force.kinds(proposal.handle)[-1] == "schedule.withdrawn"


# What it would do


def test_a_longer_line_lets_go_later_by_category_and_month() -> None:
    delivered("r1")
    delivered("r2")

    effect = told(kept(60))

    assert (effect["sooner"], effect["later"], effect["looked_at"]) == (0, 2, 2)
    assert effect["by_category"] == [["", 2, 2]]
    assert effect["by_month"] == [["2026-12", 2, 0], ["2027-01", 0, 2]]
    assert effect["oldest"] == []  # none of it goes sooner


def test_a_shorter_line_lets_go_sooner() -> None:
    delivered()

    assert (told(kept(10))["sooner"], told(kept(10))["later"]) == (1, 0)


def test_what_would_be_deleted_sooner_is_shown_by_unit_beside_the_last_sweep_and_named(
    records: Viewer,
) -> None:
    gone = delivered("r0", started=force.NOON - 40 * DAY)
    assert swept(force.NOON).disposed == 1
    marked, plain = delivered("r1", started=force.NOON - 20 * DAY), delivered("r2")
    held = delivered("r3", started=force.NOON - 20 * DAY)
    Team.objects.create(name="A", unit="North")
    Recording.objects.filter(pk=marked.pk).update(team=Team.objects.get())
    Bookmark.objects.create(recording=marked, at=marked.started_at, made_at=force.NOON)
    scope = Scope(recordings=frozenset({held.handle}))
    place_hold(records, Wanted(HoldKind.CIVIL, "x", DUE.date(), scope), at=AT)

    effect = told(kept(10))

    assert (effect["sooner"], effect["at_once"]) == (2, [0, 1])
    assert effect["by_unit"] == [["", 1, 1], ["North", 1, 1]]
    assert effect["last"]["disposed"] == 1  # type: ignore[index]
    assert effect["counted_at"] == rfc3339(AT)
    named = {"handle": marked.handle, "started_at": rfc3339(marked.started_at), "seconds": 60.0}
    assert effect["oldest"][0] == named  # type: ignore[index]
    assert [each["handle"] for each in effect["oldest"]] == [marked.handle, plain.handle]  # type: ignore[attr-defined]
    assert [each["handle"] for each in effect["strangest"]] == [marked.handle]  # type: ignore[attr-defined]
    assert gone.handle not in str(effect)
    assert held.handle not in str(effect)


def test_what_a_proposal_would_do_is_counted_once_a_day_until_somebody_decides(
    records: Viewer, second: Viewer
) -> None:
    proposal = propose(records, kept(60), "panels meet quarterly", at=AT)
    assert count_anew(by=ENGINE, at=AT) == 0  # it is being worked out
    work_out(proposal.handle, by=ENGINE, at=AT)
    delivered("r2")

    assert count_anew(by=ENGINE, at=AT + DAY - SECOND) == 0
    assert count_anew(by=ENGINE, at=AT + DAY) == 1

    proposal.refresh_from_db()
    assert (proposal.counted_at, proposal.effect["later"]) == (AT + DAY, 1)
    assert force.kinds(proposal.handle) == ["schedule.proposed", *["schedule.rehearsed"] * 2]
    with pytest.raises(ScheduleRefused, match="was counted on 16 November 2026, which is too"):
        approve(second, proposal, "agreed", at=AT + 3 * DAY + SECOND)
    withdraw(second, proposal, "the board said no", at=AT + 3 * DAY)
    assert count_anew(by=ENGINE, at=AT + 9 * DAY) == 0


def test_what_goes_before_the_proposal_takes_effect_is_not_counted() -> None:
    delivered()

    effect = effect_of(DEFAULT, kept(60), today=AT, takes_effect=DUE + DAY)

    assert (effect["sooner"], effect["later"]) == (0, 0)


def test_what_would_wait_for_a_person_instead_is_told(records: Viewer) -> None:
    recording = delivered()
    classify(records, recording, "stop-search", at=AT)

    effect = told(with_line("N2", end=End.REVIEW))

    assert (effect["later"], effect["reviewed"]) == (1, [0, 1])
    assert effect["by_category"] == [["Stop and search", 1, 0]]


def test_what_a_hold_keeps_is_not_different(records: Viewer) -> None:
    recording = delivered()
    scope = Scope(recordings=frozenset({recording.handle}))
    place_hold(records, Wanted(HoldKind.CIVIL, "x", DUE.date(), scope), at=AT)

    effect = told(kept(10))

    assert (effect["sooner"], effect["later"]) == (0, 0)


def test_a_line_for_one_source_touches_that_source_alone() -> None:
    delivered("r1")
    other = delivered("r2")
    Recording.objects.filter(pk=other.pk).update(source_type="mounted")
    line = Line(
        "P1", "Mounted branch", Trigger.RECORDING_END, Period(days=20), End.DISPOSE,
        Period(days=20), "the board",
    )  # fmt: skip
    proposed = replace(
        DEFAULT, lines=(*DEFAULT.lines, line), by_source=(*DEFAULT.by_source, ("mounted", "P1"))
    )

    effect = told(proposed)

    assert (effect["looked_at"], effect["sooner"], effect["later"]) == (1, 1, 0)
    counted = "20 days from the end of the recording, then deleted by itself"
    assert changes_of(DEFAULT, proposed) == (
        f"P1 Mounted branch: new, kept {counted} (the board).",
        "Source type mounted: P1, not nothing.",
    )


@pytest.mark.parametrize(
    ("outcome", "custodial", "group", "changed", "moves"),
    [
        (Outcome.ACQUITTED, None, None, {"by_outcome": ((Outcome.ACQUITTED, "E3"),)}, "sooner"),
        (Outcome.CONVICTED, True, None, {"in_custody": "E2"}, "later"),
        (Outcome.ACQUITTED, None, 3, {"by_group": ((3, "M2"),)}, "later"),
    ],
)
def test_what_belongs_to_a_case_is_counted_when_another_line_applies_to_it(
    outcome: Outcome, custodial: bool | None, group: int | None, changed: Any, moves: str
) -> None:
    of_case, _ = delivered("r1"), delivered("r2")
    matter = open_matter("01MP/44/26", by=ENGINE, at=AT)
    link(matter, [of_case], by=ENGINE, at=AT)
    day = force.NOON.date()
    record_outcome(
        matter, outcome, decided_on=day, custodial=custodial,
        released_on=day if custodial else None, by=ENGINE, at=AT,
    )  # fmt: skip
    if group is not None:
        record_group(matter, group, by=ENGINE, at=AT)

    effect = told(replace(DEFAULT, effective_at=AT, **changed))

    assert effect["looked_at"] == 1
    assert {"sooner": effect["sooner"], "later": effect["later"]} == {
        "sooner": 0, "later": 0, moves: 1,
    }  # fmt: skip


def test_what_was_held_is_counted_when_another_line_applies_after_its_hold(
    records: Viewer,
) -> None:
    held, _ = delivered("r1"), delivered("r2")
    scope = Scope(recordings=frozenset({held.handle}))
    hold = place_hold(records, Wanted(HoldKind.COURT_ORDER, "x", DUE.date(), scope), at=AT)
    agree_to_release(records, hold, "settled", at=AT)

    effect = told(replace(DEFAULT, effective_at=AT, by_hold=((HoldKind.COURT_ORDER, "R1"),)))

    assert (effect["looked_at"], effect["sooner"], effect["later"]) == (1, 0, 1)


def test_another_line_for_what_has_no_category_is_counted() -> None:
    delivered("r1")
    proposed = replace(with_line("N2", keep=Period(days=40)), uncategorised="N2")

    effect = told(proposed)

    assert (effect["looked_at"], effect["sooner"], effect["later"]) == (1, 0, 1)


def test_every_change_is_said_in_a_sentence() -> None:
    proposed = replace(
        with_line("N1", look_every=Period(days=20), end=End.REVIEW, authority="the board"),
        by_category=tuple(
            (c, "N1" if c == "test" else "N2" if c == "traffic" else code)
            for c, code in DEFAULT.by_category
        ),
        by_source=(),
    )
    proposed = replace(proposed, lines=tuple(line for line in proposed.lines if line.code != "P0"))
    was = DEFAULT.lines[1].authority

    assert changes_of(DEFAULT, proposed) == (
        "N1 Test or accident: looked at every 20 days, not 31 days.",
        "N1 Test or accident: then a person looks, not deleted by itself.",
        f"N1 Test or accident: asked for by the board; it was Test or accident, {was}.",
        "P0 Evidence gathering team: no line any more.",
        "Category traffic: N2, not E0.",
        "Source type egt: nothing, not P0.",
    )


PERIODS = st.builds(Period, st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999))


@given(PERIODS)
def test_a_length_of_time_reads_back_as_it_is_written(period: Period) -> None:
    assert read_period(str(period)) == period
    assert read_period(f"  {str(period).upper()} ") == period


@pytest.mark.parametrize("wrong", ["", "31", "a month", "1 day and 2 days", "-1 days", "1 week"])
def test_what_is_no_length_of_time_is_not_read(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a length of time"):
        read_period(wrong)


def test_a_time_in_the_past_takes_effect_when_it_is_approved(
    records: Viewer, second: Viewer
) -> None:
    proposal = propose(records, kept(60), "panels", at=AT)
    work_out(proposal.handle, by=ENGINE, at=AT)

    version = approve(second, proposal, "agreed", at=AT + timedelta(days=2))

    assert version.effective_at == AT + timedelta(days=2)
