"""Nothing is kept with no date and in no list: each has a reason and something to do about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from tests.retention.test_rules_properties import FACTS, MOMENTS
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered

from custodes.cli.doctor import _unlined
from custodes.kernel.errors import NotFound
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import classify_from_camera
from custodes.recordings.models import Recording
from custodes.recordings.queries import categories_on_offer, categories_to_find
from custodes.retention.actions.hold import Wanted, place_hold
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.proceedings import link, open_matter, record_outcome
from custodes.retention.actions.sweep import rehearse
from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.proceedings import Outcome
from custodes.retention.rules.undated import UNDATED_NAMES, WHAT_TO_DO, Undated, why_undated
from custodes.retention.undated import Unlined, undated_by_reason, undated_for, unlined_for


@pytest.fixture
def records(db: None) -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@given(FACTS, MOMENTS)
def test_what_is_kept_with_no_date_has_a_reason_and_nothing_else_has(
    facts: Facts, at: object
) -> None:
    decision = decide(facts, DEFAULT, at)  # type: ignore[arg-type]

    why = why_undated(facts, decision, at)  # type: ignore[arg-type]

    assert (why is not None) == (decision.verdict is Verdict.KEEP and decision.due is None)
    if why is Undated.OTHER:
        assert facts.received_at is None
    if why is Undated.NO_LINE:
        assert "the schedule has no line" in decision.reasons[0]
    if why is Undated.CASE_OPEN:
        assert any("is open" in reason for reason in decision.reasons)


def test_every_reason_says_what_it_is_and_what_can_be_done() -> None:
    assert set(UNDATED_NAMES) == set(WHAT_TO_DO) == set(Undated)


@pytest.mark.django_db
def test_each_is_in_one_group_that_leads_to_it(records: Viewer) -> None:
    made = {
        why: delivered(why.name)
        for why in Undated
        if why not in {Undated.RESTRICTED, Undated.OTHER, Undated.CHALLENGED}
    }
    dated = delivered("dated")
    held = Scope(recordings=frozenset({made[Undated.HELD].handle}))
    wanted = Wanted(HoldKind.COMPLAINT, "CO/1", DUE.date(), held)
    place_hold(records, wanted, at=force.NOON + DAY)
    _change(made[Undated.ARRIVING], state="arriving")
    _change(made[Undated.NO_END], ended_at=None, seconds=0)
    _change(made[Undated.CLOCK], received_at=force.NOON + 500 * DAY)
    in_case(made[Undated.CASE_OPEN], "open")
    convicted = {"decided_on": force.NOON.date(), "by": ENGINE, "at": force.NOON + DAY}
    record_outcome(in_case(made[Undated.SENTENCE], "sentence"), Outcome.CONVICTED, **convicted)
    record_outcome(
        in_case(made[Undated.RELEASE], "release"), Outcome.CONVICTED, custodial=True, **convicted
    )
    code = {"by": force.CLERK, "at": force.NOON}
    classify_from_camera(made[Undated.NO_LINE], "K9", name="Dog unit", **code)
    later = force.NOON + 501 * DAY
    look_ahead([each.pk for each in (*made.values(), dated)], at=later)

    counts = undated_by_reason(records)

    assert counts == dict.fromkeys(made, 1)
    for why, recording in made.items():
        assert list(undated_for(records, why)) == [recording], why
    with pytest.raises(NotFound):
        undated_for(records, 99)
    officer = force.person("Okafor").as_viewer("web")
    assert (undated_by_reason(officer), list(undated_for(officer, Undated.NO_LINE))) == ({}, [])


@pytest.mark.django_db
def test_one_that_gets_a_date_again_leaves_the_list(records: Viewer) -> None:
    recording = delivered()
    _change(recording, ended_at=None, seconds=0)
    look_ahead([recording.pk], at=force.NOON + DAY)
    assert undated_by_reason(records) == {Undated.NO_END: 1}

    _change(recording, ended_at=recording.ended_at)
    look_ahead([recording.pk], at=force.NOON + DAY)

    assert undated_by_reason(records) == {}


@pytest.mark.django_db
def test_a_category_that_a_camera_sent_is_told_and_found(records: Viewer) -> None:
    recording = delivered()
    classify_from_camera(recording, "K9", by=force.CLERK, at=force.NOON, name="Dog unit")

    assert unlined_for(records) == [Unlined("K9", "Dog unit", 1)]
    assert "K9" not in {each.code for each in categories_on_offer()}
    assert categories_to_find()[-1].code == "K9"
    [remark] = _unlined()
    assert "says nothing of the category Dog unit (K9): 1 recordings" in remark.what
    assert unlined_for(force.person("Okafor").as_viewer("web")) == []
    assert rehearse(by=ENGINE, at=DUE + timedelta(days=1)).due == 0


def in_case(recording: Recording, reference: str) -> object:
    matter = open_matter(reference, by=ENGINE, at=force.NOON)
    link(matter, [recording], by=ENGINE, at=force.NOON)
    return matter


def _change(recording: Recording, **fields: object) -> None:
    Recording.objects.filter(pk=recording.pk).update(**fields)
