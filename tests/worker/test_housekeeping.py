"""One step of the regular work that fails holds up no other, and is told until it works again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from tests.world.force import NOON

from custodes.custody.errors import LogBehind
from custodes.kernel.errors import Refused
from custodes.worker import housekeeping
from custodes.worker.housekeeping import keep_house
from custodes.worker.models import Trouble
from custodes.worker.queries import problems

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what was done; of the steps one, two and three, the first two fail."""
    made: list[str] = []

    def broken(_: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    def refused(_: datetime) -> None:
        raise Refused("It is not to be.")

    steps = (("one", broken), ("two", refused), ("three", lambda _: made.append("three")))
    monkeypatch.setattr(housekeeping, "STEPS", steps)
    return made


def house() -> list[str]:
    return [said for said in problems() if said.startswith("Of the regular work")]


def test_steps_after_one_that_fails_are_done_and_the_doctor_hears_of_it(
    done: list[str],
) -> None:
    keep_house(NOON)
    keep_house(NOON + timedelta(minutes=1))

    assert done == ["three", "three"]
    first, second = house()
    assert first.startswith("Of the regular work this fails since 14 November 2026 12:00 UTC: one.")
    assert "Error at " in first
    assert "nowhere" not in first
    assert "two. It is not to be. It is tried again every minute" in second


def test_what_works_again_is_told_no_more(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    keep_house(NOON)
    names = [name for name, _ in housekeeping.STEPS]
    monkeypatch.setattr(housekeeping, "STEPS", tuple((name, lambda _: None) for name in names))

    keep_house(NOON)

    assert done == ["three"]
    assert house() == []
    assert not Trouble.objects.exists()


def test_what_fails_alike_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: datetime) -> None:
        raise Refused("The log is behind.")

    monkeypatch.setattr(housekeeping, "STEPS", (("one", refused), ("two", refused)))

    keep_house(NOON)

    assert len(house()) == 1
    assert "UTC: one, two. The log is behind. It" in house()[0]


def test_a_log_that_is_behind_is_no_trouble_of_a_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    def behind(_: datetime) -> None:
        raise LogBehind("The log ends too early.")

    monkeypatch.setattr(housekeeping, "STEPS", (("one", behind),))

    keep_house(NOON)

    assert house() == []
