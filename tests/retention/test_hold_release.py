"""Letting a hold go: what people agreed to, and when that counts no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, delivered

from custodes.custody.queries import history_of
from custodes.people.rules import Role, Viewer
from custodes.retention.actions.hold import (
    Wanted,
    agree_to_release,
    extend_raised_hold,
    place_hold,
    renew_hold,
)
from custodes.retention.coming import let_go_lately
from custodes.retention.errors import HoldRefused
from custodes.retention.models import Hold, ReleaseAgreement
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.django_db
AT = force.NOON + DAY
LOOK = (AT + 90 * DAY).date()


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def standards() -> Viewer:
    return force.person("Standards", Role.STANDARDS).as_viewer("web")


def placed(by: Viewer, kind: HoldKind) -> Hold:
    reach = Scope(recordings=frozenset({delivered().handle}))
    return place_hold(by, Wanted(kind, "PSD/1", LOOK, reach), at=AT)


def test_what_was_agreed_before_a_renewal_releases_nothing_after_it(
    records: Viewer, standards: Viewer
) -> None:
    hold = placed(records, HoldKind.COMPLAINT)
    agree_to_release(standards, hold, "closed", at=AT + DAY)
    renew_hold(records, hold, "a second complaint", LOOK + DAY, at=AT + 60 * DAY)

    missing = agree_to_release(records, hold, "closed", at=AT + 90 * DAY)

    hold.refresh_from_db()
    assert (missing, hold.released_at) == (("A second person must agree.",), None)
    assert ReleaseAgreement.objects.get(person=standards.person).voided_at == AT + 60 * DAY
    assert force.kinds(hold.handle) == [
        "hold.opened",
        "hold.release_agreed",
        "hold.renewed",
        "hold.agreements_voided",
        "hold.release_agreed",
    ]

    assert agree_to_release(standards, hold, "closed now", at=AT + 91 * DAY) == ()
    told = [gone.hold for gone in let_go_lately(standards, AT + 92 * DAY)]
    assert (told, ReleaseAgreement.objects.filter(voided_at=None).count()) == ([hold], 2)


def test_another_role_that_releases_nothing_does_not_make_two_roles_of_one(
    records: Viewer, standards: Viewer
) -> None:
    """HOLD-05: of two roles, such as professional standards and records."""
    hold = placed(records, HoldKind.COMPLAINT)
    second = force.person("Second", Role.RECORDS, Role.OFFICER).as_viewer("web")
    agree_to_release(records, hold, "closed", at=AT + DAY)

    missing = agree_to_release(second, hold, "closed", at=AT + DAY)

    assert missing == ("The two people must hold different roles.",)
    assert agree_to_release(standards, hold, "closed", at=AT + DAY) == ()


def test_whose_agreement_counts_no_more_is_not_told_of_a_release_by_others(
    records: Viewer, standards: Viewer
) -> None:
    hold = placed(records, HoldKind.COMPLAINT)
    agree_to_release(standards, hold, "closed", at=AT)
    renew_hold(records, hold, "not yet", LOOK + DAY, at=AT + DAY)
    other = force.person("Other", Role.STANDARDS).as_viewer("web")
    for viewer in (records, other):
        agree_to_release(viewer, hold, "closed", at=AT + 2 * DAY)

    told = {viewer.name: len(let_go_lately(viewer, AT + 3 * DAY)) for viewer in (standards, other)}

    assert told == {"Standards": 0, "Other": 1}


def test_whoever_puts_more_under_a_hold_ends_what_was_agreed_and_what_arrives_does_not(
    records: Viewer, standards: Viewer
) -> None:
    hold = placed(records, HoldKind.COMPLAINT)
    agree_to_release(standards, hold, "closed", at=AT)
    more = [delivered(key, serial="X200") for key in ("r2", "r3")]

    extend_raised_hold(hold, more[:1], by=force.CLERK, at=AT + timedelta(hours=1))
    by_itself = ReleaseAgreement.objects.get().voided_at
    extend_raised_hold(hold, more, by=records.actor, at=AT + timedelta(hours=2))
    by_hand = ReleaseAgreement.objects.get().voided_at
    agree_to_release(standards, hold, "closed", at=AT + timedelta(hours=3))
    extend_raised_hold(hold, more, by=records.actor, at=AT + timedelta(hours=4))

    assert (by_itself, by_hand) == (None, AT + timedelta(hours=2))
    assert ReleaseAgreement.objects.get(voided_at=None).at == AT + timedelta(hours=3)


def test_a_hold_for_an_appeal_is_not_released_before_anybody_says_when_it_was_decided(
    records: Viewer,
) -> None:
    hold = placed(records, HoldKind.APPEAL)
    decided = (AT + 3 * DAY).date()

    for outcome_on, said in ((None, "Say on which day"), (decided, "lies ahead")):
        with pytest.raises(HoldRefused, match=said):
            agree_to_release(records, hold, "dismissed", outcome_on=outcome_on, at=AT)
    assert not ReleaseAgreement.objects.exists()
    assert force.kinds(hold.handle) == ["hold.opened"]

    assert agree_to_release(records, hold, "dismissed", outcome_on=decided, at=AT + 4 * DAY) == ()

    assert ReleaseAgreement.objects.get().outcome_on == decided
    [told] = [told for told in history_of(hold.handle) if told.kind == "hold.release_agreed"]
    assert told.fields["what"] == "appeal decided on 18 November 2026"
