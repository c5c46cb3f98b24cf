"""It takes two people to accept a loss; it stays lost and counted, and sweeps run again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from django.test import Client
from tests.recordings.test_gaps import Yard
from tests.retention.test_inventory import delivered, entries, path_of
from tests.web.conftest import signed_in
from tests.world import force

from custodes.cli.loss import accept, withdraw
from custodes.custody import strongroom
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.models import CameraCount, Original
from custodes.retention.actions.accept_loss import agree_to_loss, withdraw_loss
from custodes.retention.actions.inventory import look_if_due, take_inventory
from custodes.retention.condition import condition_at
from custodes.retention.errors import LossRefused
from custodes.retention.inventory import looking
from custodes.retention.inventory.shown import alarm
from custodes.retention.inventory.tables import AcceptedLoss, Discrepancy, Inventory, LossAcceptance
from custodes.retention.inventory.telling import headline
from custodes.retention.rules.inventory import Fault, Verdict

pytestmark = pytest.mark.django_db

NOON = force.NOON + timedelta(days=1)
WHY = "disk 3 failed and no copy has it"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a store of its own and a log that was begun."""
    monkeypatch.setattr(looking, "_A_MOMENT", 0.0)
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})
    begin_log(by=force.CLERK, at=force.NOON)
    strongroom.vault()
    return tmp_path / "vault"


@pytest.fixture
def osei() -> Person:
    return force.person("Osei", Role.RECORDS)


@pytest.fixture
def mirza() -> Person:
    return force.person("Mirza", Role.STANDARDS)


@pytest.fixture
def lost(store: Path) -> Original:
    """Return an original whose object somebody removed; another is well."""
    gone = delivered("r1")
    delivered("r2")
    path_of(store, gone.handle).unlink()
    take_inventory(by=force.CLERK, at=NOON)
    return gone


def looked(minutes: int = 31) -> Any:
    taken = look_if_due(by=force.CLERK, at=NOON + timedelta(minutes=minutes))
    assert taken is not None
    return taken.look.figures


def stops() -> tuple[int, int]:
    found = condition_at(NOON, due_by=NOON)
    return found.objects_missing, found.rows_lost


def test_two_people_accept_a_loss_that_stays_listed_and_counted_without_alarm(
    lost: Original, osei: Person, mirza: Person
) -> None:
    agree_to_loss(osei.as_viewer("web"), WHY, at=NOON)

    assert alarm(NOON) is not None
    assert stops() == (1, 0)

    agree_to_loss(mirza.as_viewer("web"), "read the report, agreed", at=NOON)

    assert alarm(NOON) is None
    assert stops() == (0, 0)
    figures = looked()
    assert (figures.verdict, figures.missing, figures.accepted) == (Verdict.ACCEPTED, 1, 1)
    assert headline(figures) == (
        "All else that should be held is held. "
        "Two people accepted as lost for good: 1 sealed object."
    )
    assert Discrepancy.objects.get().handle == lost.handle
    [told] = entries("inventory.loss_accepted")
    [proposed] = entries("inventory.loss_proposed")
    assert told == {"acc": 1, "d": proposed["d"]}
    take_inventory(by=force.CLERK, at=NOON)
    total = list(entries("inventory.taken"))[-1]
    assert (total["miss"], total["acc"], total["want"]) == (1, 1, 2)


def test_one_person_is_not_two_and_no_other_role_accepts(lost: Original, osei: Person) -> None:
    viewer = osei.as_viewer("web")
    agree_to_loss(viewer, WHY, at=NOON)
    other = force.person("Byrne", Role.ADMINISTRATOR).as_viewer("web")
    before = Entry.objects.count()

    with pytest.raises(LossRefused, match="A second person must"):
        agree_to_loss(viewer, WHY, at=NOON)
    for act in (
        lambda: agree_to_loss(other, WHY, at=NOON),
        lambda: withdraw_loss(other, WHY, at=NOON),
    ):
        with pytest.raises(LossRefused, match="None of your roles"):
            act()

    assert Entry.objects.count() == before
    assert stops() == (1, 0)
    assert LossAcceptance.objects.get().accepted_at is None
    assert alarm(NOON) is not None
    assert Discrepancy.objects.get().handle == lost.handle


def test_another_loss_after_it_sounds_the_alarm_again(
    store: Path, lost: Original, osei: Person, mirza: Person
) -> None:
    for person in (osei, mirza):
        agree_to_loss(person.as_viewer("web"), WHY, at=NOON)
    other = Original.objects.exclude(handle=lost.handle).get()
    path_of(store, other.handle).rename(store / "elsewhere")

    figures = looked()

    assert (figures.missing, figures.open_missing) == (2, 1)
    assert alarm(NOON) is not None
    (store / "elsewhere").rename(path_of(store, other.handle))
    path_of(store, lost.handle).touch()
    assert looked(62).verdict is Verdict.WHOLE
    assert not AcceptedLoss.objects.exists()
    path_of(store, lost.handle).unlink()
    assert looked(93).verdict is not Verdict.ACCEPTED


def test_only_what_was_named_is_accepted_and_what_came_back_is_not(
    store: Path, lost: Original, osei: Person, mirza: Person
) -> None:
    other = Original.objects.exclude(handle=lost.handle).get()
    path_of(store, other.handle).unlink()
    delivered("r3")
    take_inventory(by=force.CLERK, at=NOON)
    with pytest.raises(LossRefused, match="not listed as lost"):
        agree_to_loss(osei.as_viewer("web"), WHY, ["x" * 22], at=NOON)
    agree_to_loss(osei.as_viewer("web"), WHY, [lost.handle], at=NOON)
    with pytest.raises(LossRefused, match="Another list waits"):
        agree_to_loss(mirza.as_viewer("web"), WHY, [other.handle], at=NOON)
    path_of(store, lost.handle).touch()
    take_inventory(by=force.CLERK, at=NOON)

    with pytest.raises(LossRefused, match="Nothing of that list is lost any more"):
        agree_to_loss(mirza.as_viewer("web"), WHY, at=NOON)

    assert AcceptedLoss.objects.count() == 1
    withdraw_loss(mirza.as_viewer("web"), "it came back", at=NOON)
    assert [entry["miss"] for entry in entries("inventory.taken")][-1] == 1
    assert len(list(entries("inventory.loss_withdrawn"))) == 1
    assert stops() == (1, 0)


def test_a_row_that_is_lost_and_the_numbers_of_a_camera_can_be_accepted_too(
    osei: Person, mirza: Person
) -> None:
    yard = Yard(force.camera("X1"))
    yard.arrive("V0001.mp4", 1)
    CameraCount.objects.update(highest=0)
    robbed = delivered("r1")
    Original.objects.filter(pk=robbed.pk).delete()
    take_inventory(by=force.CLERK, at=NOON)
    assert stops() == (0, 1)

    for person in (osei, mirza):
        agree_to_loss(person.as_viewer("web"), WHY, at=NOON)

    assert alarm(NOON) is None
    figures = looked()
    assert (figures.verdict, figures.accepted_forgotten, figures.accepted_miscounted) == (
        Verdict.ACCEPTED, 1, 1,
    )  # fmt: skip
    assert stops() == (0, 0)
    CameraCount.objects.update(counter=3)
    assert looked(62).verdict is Verdict.MISCOUNT


def test_the_page_leads_two_people_through_it(lost: Original, osei: Person, mirza: Person) -> None:
    first, second = signed_in(osei), signed_in(mirza)
    assert 'href="/inventory/loss"' in page(first, "/inventory")
    assert "1 finding of the" in page(first, "/inventory/loss")

    short = first.post("/inventory/loss", {"because": "gone"}).content.decode()
    assert "Say what was looked into" in short
    first.post("/inventory/loss", {"because": WHY})

    assert "You agreed already." in page(first, "/inventory/loss")
    assert "A loss waits for a second person" not in page(first, "/")
    assert "A loss waits for a second person" in page(second, "/")
    assert WHY in page(second, "/inventory/loss")
    second.post("/inventory/loss", {"because": "read the report, agreed"})

    assert "Accepted by two people" in page(second, "/inventory")
    assert "is missing" not in page(second, "/")
    assert signed_in(force.person("Hale", Role.AUDITOR)).get("/inventory/loss").status_code == 403
    assert lost.handle in page(second, "/inventory")


def test_it_can_be_taken_back_from_the_page(lost: Original, osei: Person) -> None:
    client = signed_in(osei)
    client.post("/inventory/loss", {"because": WHY})

    client.post("/inventory/loss", {"because": "found a copy", "withdraw": "1"})

    made = LossAcceptance.objects.get()
    assert (made.accepted_at, made.withdrawn_at is not None) == (None, True)
    assert Inventory.objects.get().figures["accepted_missing"] == 0
    assert Discrepancy.objects.get().fault == Fault.MISSING
    assert stops() == (1, 0)
    assert alarm(NOON) is not None
    assert lost.handle == Discrepancy.objects.get().handle


def test_two_people_accept_a_loss_by_command_and_either_takes_it_back(
    lost: Original, osei: Person, mirza: Person
) -> None:
    def run(act: click.Command, who: Person, *more: str) -> Any:
        words = ["--as", who.username, "--password", force.PASSWORD, "--because", WHY, "--json"]
        return json.loads(CliRunner().invoke(act, [*more, *words]).stdout)

    assert run(accept, osei, lost.handle) == {"accepted": False, "number": 1}
    assert "A second person must" in run(accept, osei)["refused"]
    assert run(withdraw, mirza) == {"withdrawn": True, "number": 1}
    assert stops() == (1, 0)

    assert "not listed as lost" in run(accept, osei, "x" * 22)["refused"]
    run(accept, mirza)
    assert run(accept, osei) == {"accepted": True, "number": 1}
    assert stops() == (0, 0)


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()
