"""After a roll and the end of the old keys, last night's backup opens nothing that was deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from tests.retention.test_sweep import (
    DUE,
    ENGINE,
    delivered,
    swept,
)
from tests.world import force

from custodes.cli import doctor
from custodes.custody import strongroom
from custodes.custody.models import BodyKey, Entry
from custodes.custody.queries import history_of
from custodes.ledger.entry import parse_entry
from custodes.ledger.tree import LeafHashes, leaf_hash
from custodes.recordings.actions.check import check_recording
from custodes.recordings.models import Original
from custodes.retention.actions import roll
from custodes.retention.actions.roll import destroy_old_epochs, finish_destroying, roll_keys
from custodes.retention.errors import RollRefused
from custodes.retention.models import KeyRoll, Tombstone
from custodes.retention.rules.disposal import Stage
from custodes.vault.errors import UnknownEpoch
from custodes.vault.keys import KeyRing, WrappedKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
HOUR = timedelta(hours=1)


def test_after_a_roll_a_backup_cannot_open_what_was_deleted_and_we_can_open_the_rest() -> None:
    deleted, kept = delivered(), delivered("r2", started=force.NOON + timedelta(days=5))
    key_in_backup: WrappedKey = deleted.originals.get().key
    swept(DUE)
    # Whoever restores the backup now still opens it.
    strongroom.ring().unwrap(key_in_backup)

    roll_keys(by=ENGINE, at=DUE)
    strongroom.ring().unwrap(key_in_backup)
    assert destroy_old_epochs(by=ENGINE, at=DUE + HOUR) == 1

    with pytest.raises(UnknownEpoch):
        strongroom.ring().unwrap(key_in_backup)
    assert all(proof.holds for proof in check_recording(kept, by=ENGINE, at=DUE + HOUR))
    assert history_of(kept.handle)[0].fields["actor"] == force.CLERK.name
    assert Tombstone.objects.get(handle=deleted.handle).stage == Stage.FINAL


def test_the_entry_commits_to_the_names_of_all_live_keys() -> None:
    gone, kept = delivered(), delivered("r2", started=force.NOON + timedelta(days=5))
    kid_gone, kid_kept = gone.originals.get().kid, kept.originals.get().kid
    swept(DUE)

    roll = roll_keys(by=ENGINE, at=DUE)

    names = sorted({kid_kept, *BodyKey.objects.values_list("kid", flat=True)})
    assert kid_gone not in names
    tree = LeafHashes(b"".join(leaf_hash(name.encode()) for name in names))
    assert bytes(KeyRoll.objects.get().root) == tree.root()
    facts = parse_entry(bytes(Entry.objects.get(subject=roll.handle).data)).facts
    assert (facts["ep"], facts["c"], facts["gone"]) == (2, len(names), 0)


def test_old_keys_are_not_destroyed_within_the_hour_or_twice() -> None:
    delivered()
    with pytest.raises(RollRefused, match="No roll waits"):
        destroy_old_epochs(by=ENGINE, at=DUE)
    roll_keys(by=ENGINE, at=DUE)

    with pytest.raises(RollRefused, match="less than an hour ago"):
        destroy_old_epochs(by=ENGINE, at=DUE + HOUR - timedelta(milliseconds=1))
    assert strongroom.ring().epochs() == (1, 2)
    assert destroy_old_epochs(by=ENGINE, at=DUE + HOUR) == 1
    with pytest.raises(RollRefused, match="No roll waits"):
        destroy_old_epochs(by=ENGINE, at=DUE + HOUR)


def test_what_was_begun_under_the_old_epoch_meanwhile_is_wrapped_before_it_goes() -> None:
    late = delivered()
    old = late.originals.get().key
    roll_keys(by=ENGINE, at=DUE)
    Original.objects.filter(recording=late).update(epoch=old.epoch, wrapped=old.wrapped)

    destroy_old_epochs(by=ENGINE, at=DUE + HOUR)

    assert all(proof.holds for proof in check_recording(late, by=ENGINE, at=DUE + HOUR))
    assert late.originals.get().epoch == 2


class Crash(BaseException):
    """What stands for a crash within one process: nothing catches it."""


def crash(*_: object) -> None:
    raise Crash


def test_a_crash_between_the_entry_and_the_end_of_a_key_is_finished_by_the_next_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deleted = delivered()
    key_in_backup: WrappedKey = deleted.originals.get().key
    swept(DUE)
    roll_keys(by=ENGINE, at=DUE)
    with monkeypatch.context() as broken:
        broken.setattr(KeyRing, "destroy_epoch", crash)
        with pytest.raises(Crash):
            destroy_old_epochs(by=ENGINE, at=DUE + HOUR)
    assert KeyRoll.objects.get().destroyed_at == DUE + HOUR
    strongroom.ring().unwrap(key_in_backup)
    [remark] = [each for each in doctor._keys() if each.grave]
    assert "older epoch keys were destroyed; 1 are still here" in remark.what
    entries = Entry.objects.count()

    assert finish_destroying() == 1

    with pytest.raises(UnknownEpoch):
        strongroom.ring().unwrap(key_in_backup)
    assert Tombstone.objects.get(handle=deleted.handle).stage == Stage.FINAL
    assert Entry.objects.count() == entries
    assert not any(remark.grave for remark in doctor._keys())
    assert finish_destroying() == 0


def test_who_asks_again_after_such_a_crash_finishes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered()
    roll_keys(by=ENGINE, at=DUE)
    with monkeypatch.context() as broken:
        broken.setattr(KeyRing, "destroy_epoch", crash)
        with pytest.raises(Crash):
            destroy_old_epochs(by=ENGINE, at=DUE + HOUR)

    assert destroy_old_epochs(by=ENGINE, at=DUE + HOUR) == 1
    assert strongroom.ring().epochs() == (2,)


def test_a_roll_that_was_begun_and_not_entered_harms_no_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its epoch is there and is nobody's: what an older roll wraps stays under its own."""
    kept = delivered()
    roll_keys(by=ENGINE, at=DUE)
    old = strongroom.ring().epochs()[0]
    late = delivered("r2")
    with monkeypatch.context() as broken:
        broken.setattr(roll, "_rewrap_all", crash)
        with pytest.raises(Crash):
            roll_keys(by=ENGINE, at=DUE)
    assert strongroom.ring().epochs() == (1, 2, 3)
    unwrapped = strongroom.ring().unwrap(late.originals.get().key)
    under_old = aes_key_wrap(strongroom.ring()._epoch_key(old), unwrapped.secret)
    Original.objects.filter(recording=late).update(epoch=old, wrapped=under_old)

    destroy_old_epochs(by=ENGINE, at=DUE + HOUR)

    for each in (kept, late):
        assert all(proof.holds for proof in check_recording(each, by=ENGINE, at=DUE + HOUR))
