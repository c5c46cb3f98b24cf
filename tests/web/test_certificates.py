"""A certificate says of each deletion what is true of it: the clock's, or two people's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.web.conftest import signed_in
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import classify
from custodes.recordings.models import Recording
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.review import let_go_after_review
from custodes.retention.actions.roll import destroy_old_epochs, roll_keys
from custodes.retention.models import Sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
LATER = DUE + 400 * DAY
BY_CLOCK = "was deleted by the schedule, not by a person."
BY_PEOPLE = "was deleted by the nightly engine, after two people had looked at it and let it go"
NOT_DESTROYED = "a backup of the database from before"


@pytest.fixture
def people() -> tuple[Person, Person]:
    return force.person("Records", Role.RECORDS), force.person("Second", Role.RECORDS)


def let_go(recording: Recording, people: tuple[Person, Person]) -> None:
    """Let two people let it go, a year after its time was over."""
    viewers = [person.as_viewer("web") for person in people]
    classify(viewers[0], recording, "arrest", at=force.NOON + DAY)
    look_ahead([recording.pk], at=LATER)
    for viewer in viewers:
        let_go_after_review(viewer, recording, "no use to anybody", at=LATER)


def words(client: Client, address: str) -> str:
    text = re.sub(r"<[^>]+>", " ", client.get(address).content.decode())
    return " ".join(text.split())


def of_sweep(client: Client, sweep: Sweep) -> str:
    return words(client, f"/keeping/sweeps/{sweep.handle}/certificate")


def of_one(client: Client, recording: Recording) -> str:
    return words(client, f"/recordings/{recording.handle}/certificate")


def test_what_two_people_let_go_is_not_called_the_schedules(people: tuple[Person, Person]) -> None:
    clocks, peoples = delivered(), delivered("r2")
    let_go(peoples, people)
    sweep = swept(LATER + 20 * DAY)
    client = signed_in(people[0])

    assert sweep.disposed == 2
    assert BY_CLOCK in of_one(client, clocks)
    assert "Let go by the clock alone" in of_one(client, clocks)
    assert "that it was due, can be checked" in of_one(client, clocks)
    assert BY_CLOCK not in of_one(client, peoples)
    assert BY_PEOPLE in of_one(client, peoples)
    assert "Let go by two people" in of_one(client, peoples)
    assert "that it was due, can be checked" not in of_one(client, peoples)

    both = of_sweep(client, sweep)
    assert (
        "because nothing kept them any more: 1 because the schedule alone let it go, "
        "1 because two people had looked at it and let it go."
    ) in both
    assert "can compute that each was due" not in both
    assert "can compute that what the schedule alone let go was due." in both
    assert re.search(rf"{peoples.handle} \S+, version \d+ two people", both)
    assert re.search(rf"{clocks.handle} \S+, version \d+ the clock", both)


def test_what_the_clock_alone_let_go_anybody_can_compute() -> None:
    one = delivered()
    sweep = swept(DUE)
    client = signed_in(force.person("Records", Role.RECORDS))

    assert one.handle in of_sweep(client, sweep)
    assert "because the schedule let it go and nothing kept it." in of_sweep(client, sweep)
    assert "anybody who holds the log can compute that each was due." in of_sweep(client, sweep)


def test_a_sweep_of_peoples_alone_claims_no_computing(people: tuple[Person, Person]) -> None:
    peoples = [delivered(), delivered("r2")]
    for recording in peoples:
        let_go(recording, people)
    said = of_sweep(signed_in(people[0]), swept(LATER + 20 * DAY))

    assert (
        "because nothing kept them any more and two people had looked at each and let it go."
        in said
    )
    assert "can compute" not in said


def test_certificates_say_while_a_backup_still_opens_it() -> None:
    one = delivered()
    sweep = swept(DUE)
    client = signed_in(force.person("Records", Role.RECORDS))
    page = f"/recordings/{one.handle}"

    assert "1 is not destroyed yet: a backup of the database from before the sweep" in of_sweep(
        client, sweep
    )
    assert NOT_DESTROYED in of_one(client, one)
    assert "nobody can bring them back" not in words(client, page)
    assert NOT_DESTROYED in words(client, page)

    roll_keys(by=ENGINE, at=DUE)
    destroy_old_epochs(by=ENGINE, at=DUE + timedelta(hours=1))

    assert NOT_DESTROYED not in of_sweep(client, sweep) + of_one(client, one) + words(client, page)
    assert "are gone, and nobody can bring them back." in words(client, page)
