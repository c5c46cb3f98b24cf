"""The page of the inventory: who sees it, what it says of a loss, and where the alarm sounds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.web.conftest import signed_in
from tests.world import force

from custodes.cli.doctor import LOOKS
from custodes.custody import strongroom
from custodes.custody.genesis import begin_log
from custodes.kernel.clock import now
from custodes.people.rules import Role
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Original
from custodes.retention.actions.inventory import take_inventory
from custodes.retention.inventory.tables import Inventory

pytestmark = pytest.mark.django_db

MAY_SEE = {
    Role.EVIDENCE_UNIT,
    Role.STANDARDS,
    Role.WATCHDOG,
    Role.RECORDS,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
}


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})
    begin_log(by=force.CLERK, at=now())
    return tmp_path


@pytest.fixture
def lost(home: Path) -> Original:
    """Return an original whose object somebody removed; another is well."""
    originals = []
    for key in ("r1", "r2"):
        recording = force.recording(force.camera(f"C{key}", force.person(f"Okafor {key}")), key)
        originals.append(force.original(recording, key.encode()))
        complete(recording, by=force.CLERK, at=recording.received_at)
    handle = originals[0].handle
    strongroom.vault()
    (home / "vault" / "sealed" / handle[:2] / f"{handle}.floe").unlink()
    return originals[0]


def page_of(client: Client) -> str:
    return client.get("/inventory").content.decode()


@pytest.mark.parametrize("role", Role)
def test_exactly_the_roles_that_may_see_the_page_and_the_way_to_it(role: Role) -> None:
    client = signed_in(force.person("Somebody", role))

    assert (client.get("/inventory").status_code == 200) == (role in MAY_SEE)
    assert ('href="/inventory"' in client.get("/").content.decode()) == (role in MAY_SEE)


def test_before_anybody_counted_the_page_says_so() -> None:
    assert "Nobody has counted yet" in page_of(signed_in(force.person("Rec", Role.RECORDS)))


def test_a_loss_is_an_alarm_with_numbers_and_a_link_to_the_recording(lost: Original) -> None:
    take_inventory(by=force.CLERK, at=now())

    page = page_of(signed_in(force.person("Rec", Role.RECORDS)))

    assert "1 sealed object of 2 that should be held is missing: 1 original." in page
    assert f'href="/recordings/{lost.recording.handle}"' in page
    assert "<dt>Missing</dt><dd>1</dd>" in page
    assert '<rect class="c-months__missing"' in page
    assert "Okafor" not in page


def test_who_may_not_know_of_the_recording_sees_only_that_something_is_missing(
    lost: Original,
) -> None:
    take_inventory(by=force.CLERK, at=now())

    page = page_of(signed_in(force.person("Byrne", Role.ADMINISTRATOR)))

    assert lost.recording.handle not in page
    assert "filmed in November 2026" in page


def test_the_alarm_sounds_on_today_and_in_the_doctor_until_it_is_back(
    lost: Original, home: Path
) -> None:
    client = signed_in(force.person("Rec", Role.RECORDS))
    take_inventory(by=force.CLERK, at=now())

    assert "1 sealed object of 2 that should be held is missing" in client.get("/").content.decode()
    assert any("is missing" in remark.what and remark.grave for remark in doctor())
    assert "is missing" not in signed_in(force.person("Pc")).get("/").content.decode()

    (home / "vault" / "sealed" / lost.handle[:2] / f"{lost.handle}.floe").touch()
    take_inventory(by=force.CLERK, at=now())

    assert "is missing" not in client.get("/").content.decode()
    assert not doctor()


def test_that_nobody_looks_any_more_is_an_alarm_too() -> None:
    take_inventory(by=force.CLERK, at=now())
    Inventory.objects.update(looked_at=now() - timedelta(hours=1))

    assert ["Nobody has looked since" in remark.what for remark in doctor()] == [True]
    page = page_of(signed_in(force.person("Rec", Role.RECORDS)))
    assert "Nobody has looked since" in page


def doctor() -> list[Any]:
    [look] = [look for look in LOOKS if look.__name__ == "_inventory"]
    return list(look())
