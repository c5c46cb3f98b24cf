"""What the engine deletes, a monitor outside finds in order; what it must not, it names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.custody.test_watched_from_outside import watched
from tests.ledger.monitor.logs import codes
from tests.retention.test_sweep import (
    DUE,
    ENGINE,
    delivered,
    swept,
)
from tests.world import force

from custodes.custody.census import take_census
from custodes.custody.genesis import begin_log
from custodes.people.rules import Role
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.inventory import take_inventory
from custodes.retention.actions.roll import destroy_old_epochs, roll_keys
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
DAY = timedelta(days=1)


def test_a_year_of_keeping_and_deleting_is_without_a_fault(tmp_path: Path) -> None:
    begin_log(by=ENGINE, at=force.NOON)
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    records = force.person("Records", Role.RECORDS).as_viewer("web")
    routine, held = delivered(), delivered("r2")
    scope = Scope(recordings=frozenset({held.handle}))
    hold = place_hold(
        unit, Wanted(HoldKind.COURT_ORDER, "claim 7", DUE.date(), scope), at=force.NOON
    )
    assert swept(DUE).disposed == 1
    take_census(by=ENGINE, at=DUE)
    assert agree_to_release(records, hold, "settled", at=DUE + 300 * DAY) == ()
    take_census(by=ENGINE, at=DUE + 313 * DAY)
    assert swept(DUE + 314 * DAY).disposed == 1
    roll_keys(by=ENGINE, at=DUE + 314 * DAY)
    destroy_old_epochs(by=ENGINE, at=DUE + 315 * DAY)
    take_census(by=ENGINE, at=DUE + 315 * DAY)

    # The installation of this test slept between the days it acted on, and is told so.
    assert set(codes(watched(tmp_path / "log"))) <= {"census-late"}
    assert routine.handle != held.handle


def test_a_deletion_before_its_time_is_named_by_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_log(by=ENGINE, at=force.NOON)
    delivered()
    take_census(by=ENGINE, at=DUE - DAY)
    # Somebody with the server's own hands bends what it takes for the end of a recording.
    monkeypatch.setattr("custodes.retention.facts._end", lambda *_: force.NOON - 2 * DAY)
    assert swept(DUE - DAY).disposed == 1

    assert {"deleted-early", "deleted-due"} <= set(codes(watched(tmp_path / "log")))


def test_totals_of_the_inventory_are_without_a_fault_and_one_that_asks_for_less_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_log(by=ENGINE, at=force.NOON)
    delivered()
    stays = delivered("r2", started=force.NOON + 30 * DAY)
    take_inventory(by=ENGINE, at=DUE)
    assert swept(DUE).disposed == 1
    take_inventory(by=ENGINE, at=DUE)
    take_census(by=ENGINE, at=DUE)
    assert not [code for code in codes(watched(tmp_path / "log")) if "inventory" in code]

    # Somebody has the tables ask for nothing, and the record for nothing that they lack.
    monkeypatch.setattr("custodes.retention.inventory.asked_for.wanted", lambda: iter([]))
    take_inventory(by=ENGINE, at=DUE)

    assert "inventory-short" in codes(watched(tmp_path / "again"))
    assert stays.handle
