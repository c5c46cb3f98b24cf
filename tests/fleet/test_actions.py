"""Cameras, docks and wearers become known on the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.fleet.actions import (
    add_dock,
    announce_wearer,
    change_source_type,
    dock_of_token,
    enrol_camera,
    issue_camera,
    sign_in_dock,
    wearer_at,
)
from custodes.fleet.errors import DockRefused, NoSourceType
from custodes.fleet.models import Dock
from custodes.fleet.rules import DockKind, Mount, is_late

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def test_a_dock_signs_in_with_its_key_and_its_token_runs_out() -> None:
    dock, key = add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=force.NOON)

    _, token = sign_in_dock("Lambeth 2", key, lasting=HOUR, at=force.NOON)

    assert dock_of_token(token, at=force.NOON) == dock
    with pytest.raises(DockRefused, match="run out"):
        dock_of_token(token, at=force.NOON + HOUR)


def test_a_wrong_key_and_an_unknown_dock_are_refused_alike() -> None:
    add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=force.NOON)

    said = []
    for name in ("Lambeth 2", "Nowhere"):
        with pytest.raises(DockRefused) as refused:
            sign_in_dock(name, "wrong", lasting=HOUR, at=force.NOON)
        said.append(refused.value.in_full())

    assert said[0] == said[1]


def test_neither_key_nor_token_is_stored_as_it_is() -> None:
    _, key = add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=force.NOON)

    assert key not in Dock.objects.get().secret


def test_enrolling_a_camera_again_records_only_what_changed() -> None:
    camera, is_new = enrol_camera("X1", by=force.CLERK, at=force.NOON)
    again, is_new_again = enrol_camera("X1", by=force.CLERK, at=force.NOON)
    entries = Entry.objects.count()

    enrol_camera("X1", by=force.CLERK, at=force.NOON, model="W101")

    assert (is_new, is_new_again) == (True, False)
    assert again == camera
    assert Entry.objects.count() == entries + 1


def test_a_source_type_is_changed_on_the_record_and_only_where_it_is_another() -> None:
    camera = force.camera("X1")

    change_source_type(camera, " EGT ", by=force.CLERK, at=force.NOON)
    change_source_type(camera, "egt", by=force.CLERK, at=force.NOON)
    change_source_type(camera, "none", by=force.CLERK, at=force.NOON)

    said = [told.fields["change"] for told in history_of(camera.handle)[1:]]
    assert said == ["source type is now egt, and was none", "source type is now none, and was egt"]
    camera.refresh_from_db()
    assert camera.source_type == ""


@pytest.mark.parametrize("wrong", ["evidence gathering", "1st", "-a", "abcdefghijk", "a\nb", "é"])
def test_what_is_no_source_type_is_refused_and_changes_nothing(wrong: str) -> None:
    camera = change_source_type(force.camera("X1"), "egt", by=force.CLERK, at=force.NOON)
    entries = Entry.objects.count()

    with pytest.raises(NoSourceType, match="is no source type"):
        change_source_type(camera, wrong, by=force.CLERK, at=force.NOON)

    camera.refresh_from_db()
    assert camera.source_type == "egt"
    assert Entry.objects.count() == entries


def test_a_wearer_is_matched_to_the_account_with_that_number() -> None:
    okafor = force.person("PC Okafor", number="4711")

    wearer, _ = announce_wearer(
        "uuid-1", by=force.CLERK, at=force.NOON, name="Okafor A", user_id="4711"
    )

    assert wearer.person == okafor


def test_a_camera_is_in_one_pair_of_hands_at_a_time() -> None:
    first, second = force.person("PC First"), force.person("PC Second")
    camera, _ = enrol_camera("X1", by=force.CLERK, at=force.NOON)
    issue_camera(camera, first, Mount.CHEST, by=force.CLERK, at=force.NOON)
    issue_camera(camera, second, Mount.HELMET_LEFT, by=force.CLERK, at=force.NOON + HOUR)

    assert wearer_at(camera, force.NOON - HOUR) is None
    assert wearer_at(camera, force.NOON) == first
    assert wearer_at(camera, force.NOON + HOUR) == second


def test_a_dock_is_late_only_after_it_was_ever_heard_of() -> None:
    allowed = timedelta(minutes=40)

    assert not is_late(None, force.NOON, allowed)
    assert not is_late(force.NOON - allowed, force.NOON, allowed)
    assert is_late(force.NOON - allowed - timedelta(seconds=1), force.NOON, allowed)
