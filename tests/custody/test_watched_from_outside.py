"""What the real actions write on a real day is without a fault to a monitor outside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.ledger.monitor.logs import Log, codes
from tests.world import force
from tests.world.force import CLERK, NOON

from custodes.custody.census import take_census
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.ledger.monitor.visit import Report, visit
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.gaps import (
    Item,
    Reading,
    explain_gap,
    miss_what_is_overdue,
    note_reading,
)
from custodes.recordings.models import Gap

pytestmark = pytest.mark.django_db


def watched(folder: Path) -> Report:
    """Export the log as it stands and visit it."""
    log = Log()
    log.entries = [bytes(entry.data) for entry in Entry.objects.order_by("index")]
    return visit(log.export(folder, origin=settings.CUSTODES.origin))


def a_real_day() -> None:
    """Let two cameras come home, people look at what they filmed, and the night count it."""
    begin_log(by=CLERK, at=NOON)
    mirza = force.person("Mirza", Role.EVIDENCE_UNIT).as_viewer("test")
    for serial in ("X1", "X2"):
        camera = force.camera(serial, force.person(f"Officer {serial}"))
        items = tuple(Item(f"{serial}-{n}.bin", 7, n) for n in (1, 2, 5))
        note_reading(camera, Reading(items), by=CLERK, at=NOON)
        for number in (1, 2, 5):
            recording = force.recording(camera, f"{serial} {number}")
            force.original(recording, name=f"{serial}-{number}.bin")
            complete(recording, by=CLERK, at=NOON)
            add_note(mirza, recording, "Seen.", at=NOON)
    note_reading(camera, Reading((Item("X2-9.bin", 7, 9),)), by=CLERK, at=NOON)
    take_census(by=CLERK, at=NOON)
    later = NOON + timedelta(days=4)
    miss_what_is_overdue(by=CLERK, at=later)
    for gap in Gap.objects.filter(closed_at=None):
        explain_gap(mirza, gap.handle, "The card was exchanged.", at=later)
    take_census(by=CLERK, at=later)


def test_a_real_day_is_without_a_fault(tmp_path: Path) -> None:
    a_real_day()

    report = watched(tmp_path / "log")
    assert codes(report) == []
    assert [each.code for each in report.findings.found] == ["unsigned"]
    assert Entry.objects.filter(kind="gap.explained").count() == 2


def test_an_entry_taken_out_of_a_real_day_is_noticed_wherever_it_was(tmp_path: Path) -> None:
    a_real_day()
    size = Entry.objects.count()
    log = Log()
    entries = [bytes(entry.data) for entry in Entry.objects.order_by("index")]

    unnoticed = []
    for index in range(0, size - 1, 7):
        log.entries = entries[:index] + entries[index + 1 :]
        report = visit(log.export(tmp_path / str(index), origin=settings.CUSTODES.origin))
        if not codes(report):
            unnoticed.append(index)
    assert unnoticed == []
