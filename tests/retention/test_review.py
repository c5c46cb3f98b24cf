"""People look at what the clock does not decide (RET-12). It takes two to let it go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from tests.custody.test_watched_from_outside import watched
from tests.ledger.monitor.logs import codes
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, kinds_of, swept

from custodes.custody.census import take_census
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.kernel.digest import b64u, sha256
from custodes.ledger.entry import parse_entry
from custodes.ledger.tree import leaf_hash
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import classify
from custodes.recordings.models import Recording
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.proceedings import link, open_matter
from custodes.retention.actions.review import keep_after_review, let_go_after_review
from custodes.retention.errors import ReviewRefused
from custodes.retention.models import LettingGo, Review, Tombstone
from custodes.retention.queries import explain, let_go_by, look_again_by
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.periods import Period, in_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
LATER = DUE + 400 * DAY


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def second() -> Viewer:
    return force.person("Second", Role.RECORDS).as_viewer("web")


@pytest.fixture
def waits(records: Viewer) -> Recording:
    """Return evidence whose time is over."""
    recording = delivered()
    classify(records, recording, "arrest", at=force.NOON + DAY)
    look_ahead([recording.pk], at=LATER)
    return recording


def test_two_people_let_it_go_and_it_goes_14_days_later(
    waits: Recording, records: Viewer, second: Viewer
) -> None:
    assert not let_go_after_review(records, waits, "served its purpose", at=LATER)
    assert not let_go_after_review(records, waits, "I mean it", at=LATER)
    assert swept(LATER + 100 * DAY).disposed == 0
    assert let_go_after_review(second, waits, "no use", at=LATER + 100 * DAY)

    assert swept(LATER + 114 * DAY - timedelta(milliseconds=1)).disposed == 0
    assert swept(LATER + 114 * DAY).disposed == 1

    review = Review.objects.get()
    assert (review.by, review.keep_until) == ("Records and Second", None)
    assert kinds_of(waits)[-3:] == [
        "recording.letting_go", "recording.reviewed", "recording.deleted",
    ]  # fmt: skip


def test_the_entry_of_what_people_let_go_names_their_agreements(
    waits: Recording, records: Viewer, second: Viewer
) -> None:
    for viewer in (records, second):
        let_go_after_review(viewer, waits, "no use", at=LATER)
    swept(LATER + 20 * DAY)

    stone = Tombstone.objects.get(handle=waits.handle)
    facts = parse_entry(bytes(Entry.objects.get(index=stone.entry).data)).facts
    agreed = Entry.objects.filter(subject=waits.handle, kind="recording.letting_go")

    assert facts["mode"] == "manual"
    assert facts["ap"] == [b64u(leaf_hash(bytes(e.data))) for e in agreed.order_by("index")]
    assert len(set(facts["ap"])) == 2


def test_nobody_outside_finds_fault_with_what_two_people_let_go(
    tmp_path: Path, records: Viewer, second: Viewer
) -> None:
    begin_log(by=ENGINE, at=force.NOON)
    recording, other = delivered("r1"), delivered("r2")
    classify(records, recording, "arrest", at=force.NOON + DAY)
    look_ahead([recording.pk], at=LATER)
    assert swept(DUE).disposed == 1
    for viewer in (records, second):
        let_go_after_review(viewer, recording, "no use", at=LATER)
    take_census(by=ENGINE, at=LATER)
    assert swept(LATER + 14 * DAY).disposed == 1
    take_census(by=ENGINE, at=LATER + 14 * DAY)

    assert set(codes(watched(tmp_path / "log"))) <= {"census-late"}
    scheduled = Entry.objects.get(subject=other.handle, kind="recording.deleted")
    assert "ap" not in parse_entry(bytes(scheduled.data)).facts


def test_who_keeps_it_undoes_what_one_person_agreed_to(
    waits: Recording, records: Viewer, second: Viewer
) -> None:
    let_go_after_review(records, waits, "no use", at=LATER)
    kept = keep_after_review(second, waits, "appeal expected", (LATER + 90 * DAY).date(), at=LATER)

    look_ahead([waits.pk], at=LATER + 100 * DAY)
    assert not let_go_after_review(second, waits, "no appeal came", at=LATER + 100 * DAY)

    assert LettingGo.objects.get(person_id=records.person).review == kept
    assert [each.person_id for each in let_go_by(records, waits)] == [second.person]
    assert explain(records, waits.handle, LATER + 200 * DAY).verdict is Verdict.REVIEW


def test_a_review_remembers_what_was_looked_at(waits: Recording, records: Viewer) -> None:
    digest = waits.originals.get().sha256

    keep_after_review(records, waits, "trial", (LATER + DAY).date(), at=LATER)

    assert Review.objects.get().looked_at == b64u(sha256(digest.encode()))


def test_the_next_review_lies_ahead_by_the_day_on_the_wall(
    waits: Recording, records: Viewer
) -> None:
    just_past_midnight = datetime(2028, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July

    with pytest.raises(ReviewRefused, match="must lie ahead"):
        keep_after_review(records, waits, "needed", date(2028, 7, 1), at=just_past_midnight)
    keep_after_review(records, waits, "needed", date(2028, 7, 2), at=just_past_midnight)

    assert Review.objects.get().keep_until == date(2028, 7, 2)


def test_nothing_is_kept_longer_than_its_line_lets_it_lie_without_a_look(
    waits: Recording, records: Viewer
) -> None:
    last = Period(years=1).after_date(localdate(LATER))
    refused = f"is looked at every 1 year: choose a day no later than {in_words(last)}"

    with pytest.raises(ReviewRefused, match=refused):
        keep_after_review(records, waits, "for ever", last + DAY, at=LATER)
    assert not Review.objects.exists()
    assert look_again_by(records, waits, LATER) == last
    assert look_again_by(force.person("Okafor").as_viewer("web"), waits, LATER) is None
    keep_after_review(records, waits, "trial", last, at=LATER)

    assert Review.objects.get().keep_until == last


def test_a_hold_or_a_case_that_comes_meanwhile_keeps_it(
    waits: Recording, records: Viewer, second: Viewer
) -> None:
    for viewer in (records, second):
        let_go_after_review(viewer, waits, "no use", at=LATER)
    scope = Scope(recordings=frozenset({waits.handle}))
    wanted = Wanted(HoldKind.COURT_ORDER, "claim 7", (LATER + 90 * DAY).date(), scope)
    hold = place_hold(records, wanted, at=LATER + DAY)
    assert swept(LATER + 30 * DAY).disposed == 0

    agree_to_release(records, hold, "settled", at=LATER + 31 * DAY)
    # What the hold was for is news: whoever let it go before did not know of it.
    assert swept(LATER + 60 * DAY).letter["waiting"] == 1

    link(open_matter("01MP/44/26", by=ENGINE, at=LATER), [waits], by=ENGINE, at=LATER)
    assert explain(records, waits.handle, LATER + 900 * DAY).verdict is Verdict.KEEP


def test_an_agreement_that_the_tables_lost_keeps_it(
    waits: Recording, records: Viewer, second: Viewer
) -> None:
    for viewer in (records, second):
        let_go_after_review(viewer, waits, "no use", at=LATER)
    LettingGo.objects.filter(person_id=second.person).delete()

    assert swept(LATER + 60 * DAY).disposed == 0


def test_nobody_lets_go_what_does_not_wait_or_without_a_reason_or_a_role(
    waits: Recording, records: Viewer
) -> None:
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    routine = delivered("r2")
    before = Entry.objects.count()

    with pytest.raises(ReviewRefused, match="for a reason"):
        let_go_after_review(records, waits, " ", at=LATER)
    with pytest.raises(ReviewRefused, match="None of your roles"):
        let_go_after_review(unit, waits, "no use", at=LATER)
    with pytest.raises(ReviewRefused, match="does not wait for review"):
        let_go_after_review(records, routine, "no use", at=DUE - DAY)
    with pytest.raises(ReviewRefused, match="reason and the date"):
        keep_after_review(records, waits, "trial", None, at=LATER)

    assert not LettingGo.objects.exists()
    assert Entry.objects.count() == before
