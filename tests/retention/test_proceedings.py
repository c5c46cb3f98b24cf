"""What happens in a case decides how long its recordings are kept: RET-06 to RET-11."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, delivered, kinds_of, swept

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.ids import new_handle
from custodes.people.rules import Role, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.actions.hold import agree_to_release
from custodes.retention.actions.proceedings import (
    Challenge,
    decide_challenge,
    hold_exhibit,
    link,
    note_attention,
    open_challenge,
    open_matter,
    record_charge,
    record_group,
    record_outcome,
    record_release,
    unlink,
)
from custodes.retention.errors import ProceedingsRefused
from custodes.retention.facts import facts_of
from custodes.retention.models import Hold, Matter, MatterRecording, Outlook
from custodes.retention.queries import explain
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.holds import HoldKind
from custodes.retention.rules.periods import end_of
from custodes.retention.rules.proceedings import Attention, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]

BY = force.CLERK
AT = force.NOON + DAY
MINUTE = timedelta(minutes=1)


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


def in_a_case(*recordings: Recording, reference: str = "01MP/44/26") -> Matter:
    matter = open_matter(reference, by=BY, at=AT)
    link(matter, recordings, by=BY, at=AT)
    return matter


def test_a_recording_of_an_open_case_never_goes(records: Viewer) -> None:
    recording = delivered()
    in_a_case(recording)

    assert swept(DUE + 10_000 * DAY).due == 0
    decision = explain(records, recording.handle, DUE)
    assert (decision.verdict, decision.reasons) == (Verdict.KEEP, ("case 01MP/44/26 is open",))
    assert kinds_of(recording)[-1] == "recording.linked"


def test_what_is_linked_while_the_sweep_stands_at_the_door_stays() -> None:
    """The rehearsal found it due; the case came after, and wins."""
    recording, other = delivered("r1"), delivered("r2")
    Outlook.objects.filter(recording=recording).delete()
    in_a_case(recording)
    Outlook.objects.filter(recording=recording).update(due_at=DUE, verdict=Verdict.DISPOSE)

    done = swept(DUE)

    assert (done.disposed, done.kept) == (1, 1)
    recording.refresh_from_db()
    other.refresh_from_db()
    assert (recording.state, other.state) == (State.COMPLETE, State.DISPOSED)


@pytest.mark.parametrize(
    ("convicted", "released", "until"),
    [
        (date(2026, 1, 10), date(2026, 3, 1), date(2026, 7, 10)),
        (date(2026, 1, 10), date(2027, 5, 5), date(2027, 5, 5)),
        (date(2025, 8, 31), None, date(2026, 2, 28)),
    ],
)
def test_after_a_conviction_it_stays_six_months_and_until_release(
    records: Viewer, convicted: date, released: date | None, until: date
) -> None:
    recording = delivered()
    later = datetime(2028, 1, 1, tzinfo=UTC)
    record_outcome(
        in_a_case(recording), Outcome.CONVICTED, decided_on=convicted,
        custodial=released is not None, released_on=released, by=BY, at=later,
    )  # fmt: skip
    reason = f"conviction in case 01MP/44/26 keeps it until {until.day} {until:%B %Y}"

    bound = explain(records, recording.handle, max(end_of(until) - MINUTE, AT))
    after = explain(records, recording.handle, later)

    if end_of(until) > AT:
        assert (bound.due, bound.reasons) == (end_of(until), (reason,))
    assert after.verdict is Verdict.REVIEW


def test_a_prisoner_whose_release_nobody_knows_keeps_it_until_somebody_enters_it(
    records: Viewer,
) -> None:
    recording = delivered()
    matter = in_a_case(recording)
    record_outcome(matter, Outcome.CONVICTED, decided_on=AT.date(), custodial=True, by=BY, at=AT)
    far = AT + 20_000 * DAY
    unknown = explain(records, recording.handle, far)

    record_release(matter, (AT + 900 * DAY).date(), by=BY, at=AT + 901 * DAY)

    assert unknown.reasons == ("the release date in case 01MP/44/26 is not known",)
    assert explain(records, recording.handle, far).verdict is Verdict.REVIEW
    assert "E4" in explain(records, recording.handle, far).lines


def test_what_was_decided_today_is_entered_today_by_the_day_on_the_wall() -> None:
    just_past_midnight = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July
    matter = in_a_case(delivered())
    open_challenge(matter, Challenge.APPEAL, by=BY, at=AT)

    with pytest.raises(ProceedingsRefused):
        decide_challenge(matter, Challenge.APPEAL, date(2027, 7, 2), by=BY, at=just_past_midnight)
    decide_challenge(matter, Challenge.APPEAL, date(2027, 7, 1), by=BY, at=just_past_midnight)


@pytest.mark.parametrize("which", Challenge)
def test_an_open_challenge_keeps_it_until_the_day_it_was_decided_is_entered(
    records: Viewer, which: Challenge
) -> None:
    recording = delivered()
    matter = in_a_case(recording)
    record_outcome(matter, Outcome.CONVICTED, decided_on=AT.date(), custodial=False, by=BY, at=AT)
    open_challenge(matter, which, by=BY, at=AT)
    long_after = AT + 5000 * DAY

    assert explain(records, recording.handle, long_after).verdict is Verdict.KEEP
    assert swept(long_after).letter["waiting"] == 0
    with pytest.raises(ProceedingsRefused, match="lies ahead"):
        decide_challenge(matter, which, (AT + DAY).date(), by=BY, at=AT)
    assert explain(records, recording.handle, long_after).verdict is Verdict.KEEP

    decide_challenge(matter, which, AT.date(), by=BY, at=AT)

    assert explain(records, recording.handle, long_after).verdict is Verdict.REVIEW
    with pytest.raises(ProceedingsRefused, match="No such challenge"):
        decide_challenge(matter, which, AT.date(), by=BY, at=AT)


@pytest.mark.parametrize("group", [1, 2])
def test_when_the_minimum_is_over_grave_groups_wait_for_review_and_are_not_deleted(
    group: int, records: Viewer
) -> None:
    recording = delivered()
    matter = in_a_case(recording)
    record_outcome(matter, Outcome.CONVICTED, decided_on=AT.date(), custodial=False, by=BY, at=AT)
    record_group(matter, group, by=BY, at=AT)

    between, after = AT + 3000 * DAY, AT + 3700 * DAY
    kept = explain(records, recording.handle, between)
    done = swept(after)

    assert kept.reasons[0].startswith(f"MoPI group {group} until ")
    assert (done.due, done.disposed, done.letter["waiting"]) == (0, 0, 1)
    assert Outlook.objects.get(recording=recording).verdict == Verdict.REVIEW


@pytest.mark.parametrize(
    ("kind", "moves"),
    [
        (Attention.OFFENCE, True),
        (Attention.SUSPECTED, True),
        (Attention.RISK, True),
        (Attention.SUBJECT_ACCESS, False),
        (Attention.OTHER, False),
    ],
)
def test_only_what_is_on_the_list_begins_the_clear_period_anew(
    kind: Attention, moves: bool, records: Viewer
) -> None:
    recording = delivered()
    matter = in_a_case(recording)
    record_outcome(matter, Outcome.CONVICTED, decided_on=AT.date(), custodial=False, by=BY, at=AT)
    record_group(matter, 2, by=BY, at=AT)
    at, on = AT + 800 * DAY, (AT + 700 * DAY).date()
    before = explain(records, recording.handle, at).due

    note_attention(matter, kind, on, by=BY, at=at)

    after = explain(records, recording.handle, at).due
    assert before == end_of(date(2036, 11, 15))
    assert after == (end_of(date(on.year + 10, on.month, on.day)) if moves else before)
    told = list(history_of(matter.handle))[-1]
    assert told.kind == "matter.changed"


def test_attention_of_long_ago_does_not_move_the_clock_back(records: Viewer) -> None:
    recording = delivered()
    matter = in_a_case(recording)
    for day in (5, 2):
        note_attention(matter, Attention.RISK, (AT + day * DAY).date(), by=BY, at=AT + 9 * DAY)

    assert facts_of([recording.pk])[recording.pk].cases[0].attention_on == (AT + 5 * DAY).date()
    with pytest.raises(ProceedingsRefused, match="lies ahead"):
        note_attention(matter, Attention.RISK, (AT + 10 * DAY).date(), by=BY, at=AT + 9 * DAY)


def test_a_charge_holds_what_is_linked_before_and_after_it_until_the_case_ends() -> None:
    first, second = delivered("r1"), delivered("r2")
    matter = in_a_case(first)

    hold = record_charge(matter, "Theft", by=BY, at=AT)
    link(matter, [first, second], by=BY, at=AT + DAY)

    assert hold is not None
    assert (hold.kind, hold.authority) == (HoldKind.CASE, "01MP/44/26")
    assert hold.reason == "charged: Theft"
    assert list(history_of(matter.handle))[-1].fields["after"] == "charged. For: Theft."
    assert set(hold.held.values_list("recording", flat=True)) == {first.pk, second.pk}

    record_outcome(
        matter, Outcome.ACQUITTED, decided_on=(AT + 2 * DAY).date(), by=BY, at=AT + 2 * DAY
    )

    hold.refresh_from_db()
    assert hold.released_at == AT + 2 * DAY
    assert kinds_of(second)[-3:] == ["recording.linked", "hold.placed", "hold.released"]


def test_a_charge_before_anything_is_linked_holds_what_comes() -> None:
    matter = open_matter("01MP/44/26", by=BY, at=AT)
    assert record_charge(matter, "Theft", by=BY, at=AT) is None
    recording = delivered()

    link(matter, [recording], by=BY, at=AT)

    assert Hold.objects.get(kind=HoldKind.CASE).held.get().recording == recording


def test_a_charge_hold_that_people_let_go_does_not_come_back_with_the_next_link(
    records: Viewer,
) -> None:
    first, second = delivered("r1"), delivered("r2")
    matter = in_a_case(first)
    hold = record_charge(matter, "Theft", by=BY, at=AT)
    assert hold is not None
    agree_to_release(records, hold, "charged in error", at=AT)

    link(matter, [second], by=BY, at=AT)

    assert not second.holds.exists()
    assert record_charge(matter, "Robbery", by=BY, at=AT) != hold
    assert second.holds.exists()


def test_an_exhibit_is_linked_and_held_until_people_let_it_go(records: Viewer) -> None:
    recording = delivered()
    matter = open_matter("01MP/44/26", by=BY, at=AT)

    hold = hold_exhibit(matter, recording, "ABC/1", by=BY, at=AT)

    assert str(hold).startswith("exhibit: 01MP/44/26 exhibit ABC/1 (placed by the clerk")
    assert matter.linked.get().recording == recording
    record_outcome(matter, Outcome.NO_ACTION, decided_on=AT.date(), by=BY, at=AT)
    hold.refresh_from_db()
    assert hold.released_at is None


def test_taken_out_of_its_case_it_goes_by_its_own_line_again() -> None:
    recording = delivered()
    matter = in_a_case(recording)

    with pytest.raises(ProceedingsRefused, match="for a reason"):
        unlink(matter, [recording], " ", by=BY, at=AT)
    assert unlink(matter, [recording], "another camera", by=BY, at=AT) == 1
    assert unlink(matter, [recording], "again", by=BY, at=AT) == 0

    assert swept(DUE).disposed == 1
    assert kinds_of(recording)[-2:] == ["recording.unlinked", "recording.deleted"]


def test_taken_out_of_its_case_it_stays_for_the_days_of_grace(records: Viewer) -> None:
    recording = delivered()
    matter = in_a_case(recording)
    out = DUE + 100 * DAY
    unlink(matter, [recording], "another camera", by=BY, at=out)

    assert swept(out + 14 * DAY - MINUTE).disposed == 0

    decision = explain(records, recording.handle, out + DAY)
    assert decision.due == out + 14 * DAY
    [reason] = decision.reasons
    assert reason.startswith("it was taken out of a case; it stays at least until")
    assert swept(out + 14 * DAY).disposed == 1


def test_a_link_that_the_tables_lost_keeps_it_all_the_same() -> None:
    recording = delivered()
    in_a_case(recording)
    MatterRecording.objects.all().delete()
    Outlook.objects.all().delete()

    done = swept(DUE)

    assert (done.disposed, done.kept) == (0, 1)


def test_a_recording_in_two_cases_goes_by_the_one_that_keeps_longer(records: Viewer) -> None:
    recording = delivered()
    over, goes_on = in_a_case(recording), in_a_case(recording, reference="01MP/45/26")
    record_outcome(over, Outcome.NO_ACTION, decided_on=AT.date(), by=BY, at=AT)

    decision = explain(records, recording.handle, DUE + 10_000 * DAY)

    assert decision.reasons == ("case 01MP/45/26 is open",)
    assert goes_on.linked.count() == 1


def test_a_matter_is_opened_once_under_the_handle_of_its_case() -> None:
    handle = new_handle()

    first = open_matter("01MP/44/26", handle=handle, by=BY, at=AT)
    again = open_matter("01MP/44/26", handle=handle, by=BY, at=AT)

    assert first == again
    assert force.kinds(handle) == ["matter.opened"]


@pytest.mark.parametrize(
    ("outcome", "told", "match"),
    [
        (Outcome.ACQUITTED, {}, "needs the date"),
        (Outcome.OPEN, {"decided_on": AT.date()}, "goes on has no date"),
        (Outcome.ACQUITTED, {"decided_on": (AT + DAY).date()}, "lies ahead"),
        (Outcome.ACQUITTED, {"decided_on": AT.date(), "custodial": True}, "Only a conviction"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused_and_changes_nothing(
    outcome: Outcome, told: dict[str, object], match: str
) -> None:
    matter = in_a_case(delivered())
    before, entries = Matter.objects.values().get(), Entry.objects.count()

    with pytest.raises(ProceedingsRefused, match=match):
        record_outcome(matter, outcome, by=BY, at=AT, **told)  # type: ignore[arg-type]

    assert Matter.objects.values().get() == before
    assert Entry.objects.count() == entries


def test_what_was_entered_before_stands_in_the_entry(records: Viewer) -> None:
    matter = in_a_case(delivered())
    record_outcome(matter, Outcome.NO_ACTION, decided_on=AT.date(), by=BY, at=AT)
    record_outcome(matter, Outcome.OPEN, by=BY, at=AT + DAY)

    last = list(history_of(matter.handle))[-1]

    assert last.fields["before"] == "no further action on 15 November 2026."
    assert last.fields["after"] == "under investigation."
    assert "01MP" not in last.leaf.decode(errors="replace") + last.data.decode()
