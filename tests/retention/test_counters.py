"""What a camera's numbers should say by the record, held against its counter and the register."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.recordings.test_gaps import Yard, items
from tests.web.conftest import signed_in
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.genesis import begin_log
from custodes.people.rules import Role
from custodes.recordings.models import CameraCount, Gap
from custodes.retention.actions.inventory import look_if_due, take_inventory
from custodes.retention.inventory.shown import alarm
from custodes.retention.inventory.tables import Discrepancy
from custodes.retention.inventory.telling import headline, lines
from custodes.retention.rules.counters import Stand
from custodes.retention.rules.inventory import Verdict

LATER = force.NOON + timedelta(hours=1)
STAND = Stand(b"leaf", 9, 4)


@pytest.fixture
def yard(db: None, settings: Any, tmp_path: Path) -> Yard:
    """Return a camera that numbers its files, with a store and a log of its own."""
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})
    begin_log(by=force.CLERK, at=force.NOON)
    strongroom.vault()
    return Yard(force.camera("X1"))


def says() -> list[str]:
    """Take the inventory, and return what it lists of cameras and gaps."""
    take_inventory(by=force.CLERK, at=LATER)
    return list(Discrepancy.objects.order_by("kind").values_list("says", flat=True))


def test_numbers_that_agree_are_said_to_agree_whatever_a_camera_went_through(yard: Yard) -> None:
    yard.read(*items(4, 5), counter=5)
    yard.arrive("V0005.mp4", 5)
    yard.arrive("V0008.mp4", 8)
    yard.arrive("V0004.mp4", 4)
    yard.read(counter=2)
    yard.arrive("V0003.mp4", 3)
    yard.arrive("a track without a number")

    found = take_inventory(by=force.CLERK, at=LATER).look

    assert list(found.miscounted) == []
    assert found.figures.verdict is Verdict.WHOLE


def test_a_lost_counter_is_an_alarm_and_the_next_file_does_not_hide_it(yard: Yard) -> None:
    yard.arrive("V0007.mp4", 7)
    CameraCount.objects.all().delete()

    assert says() == ["Camera X1: Its counter is lost; by the record it stands at 7."]
    sounding = alarm(LATER)
    assert sounding is not None
    assert sounding.sentence == (
        "Every sealed object that should be held is held. "
        "The numbers of 1 camera do not agree with the record."
    )

    yard.arrive("V0011.mp4", 11)

    assert Gap.objects.count() == 0
    assert says() == [
        (
            "Camera X1: Its counter was lost once before: a later file of it follows none. "
            "It passed over numbers 8 to 10, and no gap on the register says so."
        )
    ]

    yard.arrive("V0009.mp4", 9)

    assert "It passed over number 8, number 10, and no gap" in says()[0]


def test_a_counter_that_was_turned_back_is_told_and_so_is_the_reading_it_spoiled(
    yard: Yard,
) -> None:
    yard.read(counter=3)
    yard.arrive("V0004.mp4", 4)
    CameraCount.objects.update(highest=3, counter=2)

    assert says() == [
        (
            "Camera X1: Its highest number was turned back: here 3, by the record 4. "
            "Its counter when last read was turned back: here 2, by the record 3."
        )
    ]

    yard.read(counter=4)

    assert says() == ["Camera X1: A reading began from 2, and the one before had ended with 3."]


def test_what_a_camera_passed_over_is_counted_from_where_its_last_reading_set_it(
    yard: Yard,
) -> None:
    yard.arrive("V0009.mp4", 9)
    yard.read(counter=2)
    yard.arrive("V0005.mp4", 5)
    assert says() == []
    Gap.objects.filter(first=3).delete()

    assert says()[0] == (
        "Camera X1: It passed over numbers 3 to 4, and no gap on the register says so."
    )


def test_a_gap_that_the_register_lost_is_told_by_itself_and_by_the_numbers(
    yard: Yard, client: Client
) -> None:
    yard.arrive("V0001.mp4", 1)
    yard.arrive("V0004.mp4", 4)
    gap = Gap.objects.get()
    assert says() == []
    Gap.objects.all().delete()

    told = says()

    assert told == [
        "Camera X1: It passed over numbers 2 to 3, and no gap on the register says so.",
        "The record tells of this gap, and the register of gaps has lost it.",
    ]
    assert set(Discrepancy.objects.values_list("handle", flat=True)) == {
        gap.handle, yard.camera.handle,
    }  # fmt: skip
    page = signed_in(force.person("Rec", Role.RECORDS)).get("/inventory").content.decode()
    assert all(sentence in page for sentence in told)


def test_what_is_wrong_with_another_camera_is_a_total_of_its_own(yard: Yard) -> None:
    other = Yard(force.camera("X2"))
    for each in (yard, other):
        each.arrive(f"V0001 of {each.camera.serial}", 1)
    for spoilt in (yard, other):
        CameraCount.objects.update(highest=1)
        CameraCount.objects.filter(camera=spoilt.camera).update(highest=0)
        later = LATER + timedelta(hours=spoilt is other)
        look_if_due(by=force.CLERK, at=later)
        assert [row.handle for row in Discrepancy.objects.all()] == [spoilt.camera.handle]


def test_the_sentence_about_cameras_counts_them(yard: Yard) -> None:
    yard.arrive("V0001.mp4", 1)
    CameraCount.objects.update(leaf=b"x" * 32)

    figures = take_inventory(by=force.CLERK, at=LATER).look.figures

    assert lines(figures)[3].is_well is False
    assert lines(figures)[3].sentence == (
        "1 of 1 camera count recordings. The numbers of 1 camera do not agree with the record."
    )
    assert "agree" in headline(figures)
