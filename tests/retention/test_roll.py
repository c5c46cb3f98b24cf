"""After a roll and the end of the old keys, last night's backup opens nothing that was deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.retention.test_sweep import (  # noqa: F401 - the fixture works by being here
    DUE,
    ENGINE,
    _a_vault_of_its_own,
    delivered,
    swept,
)
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.models import BodyKey, Entry
from custodes.custody.queries import history_of
from custodes.ledger.entry import parse_entry
from custodes.ledger.tree import LeafHashes, leaf_hash
from custodes.recordings.actions.check import check_recording
from custodes.recordings.models import Original
from custodes.retention.actions.roll import destroy_old_epochs, roll_keys
from custodes.retention.errors import RollRefused
from custodes.retention.models import KeyRoll, Tombstone
from custodes.retention.rules.disposal import Stage
from custodes.vault.errors import UnknownEpoch
from custodes.vault.keys import WrappedKey

pytestmark = pytest.mark.django_db
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
