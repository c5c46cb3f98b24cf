"""The last state of a disposal: the backups that held it have expired, as the force declares."""

from __future__ import annotations

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry
from custodes.retention.actions.backups import note_backups_gone
from custodes.retention.actions.roll import destroy_old_epochs, roll_keys
from custodes.retention.models import Tombstone
from custodes.retention.rules.disposal import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
DESTROYED = DUE + DAY


def stage_of(handle: str) -> int:
    return Tombstone.objects.get(handle=handle).stage


def test_it_is_reached_so_many_days_after_the_keys_were_destroyed_with_an_entry() -> None:
    deleted = delivered()
    later = delivered("r2", started=force.NOON + 2 * DAY)
    swept(DUE)
    roll = roll_keys(by=ENGINE, at=DUE)
    destroy_old_epochs(by=ENGINE, at=DESTROYED)
    swept(DUE + 2 * DAY)

    assert note_backups_gone(35, by=ENGINE, at=DESTROYED + 35 * DAY - DAY) == 0
    assert stage_of(deleted.handle) == Stage.FINAL
    assert note_backups_gone(35, by=ENGINE, at=DESTROYED + 35 * DAY) == 1
    assert note_backups_gone(35, by=ENGINE, at=DESTROYED + 36 * DAY) == 0

    assert stage_of(deleted.handle) == Stage.BACKUPS_GONE
    assert stage_of(later.handle) == Stage.UNLINKED
    aged = Entry.objects.get(kind="backup.aged_out")
    assert aged.subject == roll.handle
    assert parse_entry(bytes(aged.data)).facts == {"ep": 2, "c": 1, "d": 35}


def test_without_a_declaration_it_is_never_claimed() -> None:
    deleted = delivered()
    swept(DUE)
    roll_keys(by=ENGINE, at=DUE)
    destroy_old_epochs(by=ENGINE, at=DESTROYED)

    assert note_backups_gone(0, by=ENGINE, at=DESTROYED + 10_000 * DAY) == 0
    assert stage_of(deleted.handle) == Stage.FINAL


def test_what_is_not_destroyed_yet_does_not_skip_a_state() -> None:
    deleted = delivered()
    swept(DUE)

    assert note_backups_gone(35, by=ENGINE, at=DUE + 1000 * DAY) == 0
    assert stage_of(deleted.handle) == Stage.UNLINKED
