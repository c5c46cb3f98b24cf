"""The page of what is missing: who sees it, what it says, and how a gap is explained on it."""

from __future__ import annotations

import pytest
from tests.web.conftest import signed_in
from tests.world import force
from tests.world.force import CLERK, NOON

from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.gaps import Item, Reading, note_reading
from custodes.recordings.models import Gap

pytestmark = pytest.mark.django_db


@pytest.fixture
def gap() -> Gap:
    camera = force.camera("X4711")
    for count, counter in ((1, 5), (1, 9)):
        item = Item(f"{counter}.mp4", count)
        note_reading(camera, Reading((item,), counter=counter), by=CLERK, at=NOON)
    return Gap.objects.get()


@pytest.fixture
def mirza() -> Person:
    return force.person("Mirza", Role.EVIDENCE_UNIT)


def test_an_open_gap_is_counted_on_today_and_listed(gap: Gap, mirza: Person) -> None:
    client = signed_in(mirza)

    assert "1 gap is open: footage that should be here" in client.get("/").content.decode()
    listed = client.get("/gaps").content.decode()
    assert "Its counter moved by 3 more than the recordings on it, from 6 to 9." in listed
    assert f'href="/gaps/{gap.handle}"' in listed


def test_a_gap_says_what_the_camera_can_show_and_is_closed_with_a_reason(
    gap: Gap, mirza: Person
) -> None:
    client = signed_in(mirza)
    page = client.get(f"/gaps/{gap.handle}").content.decode()
    assert "S0: The camera does not count." in page

    refused = client.post(f"/gaps/{gap.handle}", {"because": "short"})
    assert refused.status_code == 200
    assert "Nothing was changed" in refused.content.decode()
    done = client.post(
        f"/gaps/{gap.handle}", {"because": "It was wiped at the maker's."}, follow=True
    )
    assert "Nothing is known to be missing" in done.content.decode()
    assert "It was wiped at the maker" in client.get(f"/gaps/{gap.handle}").content.decode()
    assert "Explained" in client.get("/gaps?all").content.decode()


def test_somebody_who_only_sees_gaps_has_no_form(gap: Gap) -> None:
    page = signed_in(force.person("Lind", Role.AUDITOR)).get(f"/gaps/{gap.handle}")

    assert page.status_code == 200
    assert "Close the gap" not in page.content.decode()


def test_an_officer_does_not_learn_that_there_are_gaps(gap: Gap) -> None:
    client = signed_in(force.person("Okafor"))

    assert client.get("/gaps").status_code == 403
    assert "gap" not in client.get("/").content.decode()
