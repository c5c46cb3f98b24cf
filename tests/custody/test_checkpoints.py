"""Checkpoints come at their time, say what the entries say, and survive a restore."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from tests.custody.logs import grow, public_entries
from tests.world.force import CLERK, NOON

from custodes.custody import checkpoints, guard, strongroom
from custodes.custody.checkpoints import (
    beat_if_due,
    checkpoint_covering,
    close_day_if_due,
    closed_day,
    closed_days,
    newest_checkpoint,
    newest_witnessed,
    publish,
    publish_if_due,
)
from custodes.custody.models import Entry, PublishedCheckpoint
from custodes.custody.outside import own_policy
from custodes.kernel.clock import now
from custodes.ledger.keys import Kind
from custodes.ledger.policy import Policy, verify_note
from custodes.ledger.tree import leaf_hash, root_of
from custodes.worker.lease import HELD_FOR, hold

pytestmark = pytest.mark.django_db(transaction=True)
HOME = Path(django_settings.CUSTODES.home)


def test_a_checkpoint_has_the_root_of_the_entries_and_both_signatures() -> None:
    grow(300)

    made = publish(NOON)

    assert made is not None
    held = verify_note(Policy.parse(str(own_policy())), made.note)
    assert held.checkpoint.size == 301
    assert held.checkpoint.root == root_of(leaf_hash(data) for data in public_entries())
    assert [key.kind for key in held.log_keys] == [Kind.ED25519, Kind.ML_DSA_44]
    assert held.quorum_met  # the policy asks for no witness, as there is none


def test_a_checkpoint_is_kept_outside_the_database_before_it_is_shown() -> None:
    grow(3)

    made = publish(NOON)

    assert made is not None
    kept = HOME / "ledger" / "last-checkpoint.note"
    assert kept.read_text() == made.note
    assert kept.stat().st_mode & 0o777 == 0o600
    assert guard.last_kept() == checkpoints.checkpoint_of(4)


def test_there_is_one_checkpoint_of_each_size() -> None:
    grow(1)

    assert publish(NOON) is not None
    assert publish(NOON) is None
    grow(1)
    assert publish(NOON) is not None
    assert PublishedCheckpoint.objects.count() == 2


def test_nothing_is_published_of_a_log_that_was_not_begun() -> None:
    assert publish(NOON) is None
    assert beat_if_due(by=CLERK, at=NOON) is None
    assert close_day_if_due(NOON) is None
    assert newest_checkpoint() is None
    assert newest_witnessed() is None


def test_entries_are_in_a_checkpoint_within_ten_seconds() -> None:
    grow(1)
    publish_if_due(NOON)
    grow(1)

    # The worker asks every two seconds.
    asked = [publish_if_due(NOON + timedelta(seconds=second)) for second in range(0, 12, 2)]

    made = [checkpoint for checkpoint in asked if checkpoint]
    assert [checkpoint.at - NOON for checkpoint in made] == [timedelta(seconds=6)]


def test_a_heartbeat_is_entered_every_quarter_of_an_hour_and_no_oftener() -> None:
    grow(1)
    times = [NOON + timedelta(minutes=minute) for minute in range(0, 46, 5)]

    for at in times:
        beat_if_due(by=CLERK, at=at)

    beats = Entry.objects.filter(kind="heartbeat").order_by("index")
    assert [beat.at for beat in beats] == times[::3]
    assert {beat.subject for beat in beats} == {Entry.objects.get(index=0).subject}


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        (datetime(2026, 11, 14, 0, 0, 5, tzinfo=UTC), date(2026, 11, 13)),
        # Half past midnight in London in summer is still yesterday in UTC.
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), date(2026, 6, 30)),
    ],
)
def test_a_day_is_closed_once_by_the_forces_own_clock(at: datetime, closes: date) -> None:
    grow(2)

    made = close_day_if_due(at)

    assert made is not None
    assert made.closes == closes
    assert close_day_if_due(at + timedelta(minutes=5)) is None
    assert closed_days() == [closes]
    found = closed_day(closes)
    assert found is not None
    assert found.size == 3
    assert closed_day(closes - timedelta(days=1)) is None


def test_a_day_in_which_nothing_happened_any_more_is_closed_by_the_last_checkpoint() -> None:
    grow(2)
    publish(NOON)

    made = close_day_if_due(NOON + timedelta(hours=13))

    assert made is not None
    assert made.at == NOON
    assert PublishedCheckpoint.objects.count() == 1


def test_the_first_checkpoint_that_covers_an_entry_is_found() -> None:
    for _ in range(3):
        grow(2)
        publish(NOON)

    found = [checkpoint_covering(index) for index in (0, 2, 3, 6, 7)]

    assert [each and each.size for each in found] == [3, 3, 5, 7, None]


def test_the_keys_of_the_log_are_its_owners_only_and_stay() -> None:
    first = strongroom.signers()
    strongroom._signer.cache_clear()

    assert [s.verifier for s in strongroom.signers()] == [s.verifier for s in first]
    assert strongroom.signers()[0].verifier == first[0].verifier
    for name in ("log-ed25519.key", "log-ml-dsa-44.key"):
        assert (HOME / "keys" / name).stat().st_mode & 0o777 == 0o600


def test_the_name_of_a_log_is_what_its_first_entry_says_whatever_is_set_later(
    settings: object,
) -> None:
    grow(1)
    before = strongroom.origin()
    changed = django_settings.CUSTODES.model_copy(update={"force_domain": "other.example"})
    settings.CUSTODES = changed  # type: ignore[attr-defined]

    assert strongroom.origin() == before
    assert strongroom.signers()[0].name == before


def test_one_worker_at_a_time_has_a_lease() -> None:
    at = now()

    assert hold("sign", "a", at)
    assert not hold("sign", "b", at)
    assert hold("ask", "b", at)
    assert hold("sign", "a", at + HELD_FOR / 2)
    assert not hold("sign", "b", at + HELD_FOR)
    assert hold("sign", "b", at + HELD_FOR * 2)
    assert not hold("sign", "a", at + HELD_FOR * 2)
