"""What an older backup still opens is told, every day, to those who can bring it to an end."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from tests.web.conftest import signed_in
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.cli import doctor
from custodes.cli import inventory as command
from custodes.cli.doctor import LOOKS, Remark
from custodes.kernel.clock import rfc3339
from custodes.people.rules import Role
from custodes.recordings.models import Recording
from custodes.retention import undestroyed as room
from custodes.retention.actions.roll import destroy_old_epochs, roll_keys
from custodes.retention.undestroyed import undestroyed
from custodes.web import today
from custodes.web.pages import inventory as inventory_page
from custodes.web.pages import sweeps as sweeps_page
from custodes.web.today import what_needs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
HOUR = timedelta(hours=1)
SENTENCE = (
    "1 recording deleted on 15 December 2026 is not destroyed yet: "
    "a backup of the database from before that can still open it."
)


# Who sees one of the pages, and one who sees neither.
ROLES = (Role.OFFICER, Role.EVIDENCE_UNIT, Role.STANDARDS, Role.RECORDS, Role.AUDITOR,
         Role.ADMINISTRATOR)  # fmt: skip


@pytest.fixture
def deleted() -> Recording:
    """Return one that was swept; another is kept."""
    gone = delivered()
    delivered("r2", started=force.NOON + 5 * DAY)
    swept(DUE)
    return gone


@pytest.fixture
def at_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be an hour after the sweep, wherever the time is asked."""
    at = DUE + HOUR
    for place in (today, inventory_page, sweeps_page, doctor, command):
        monkeypatch.setattr(place, "now", lambda: at)


def remarks() -> list[Remark]:
    [look] = [look for look in LOOKS if look.__name__ == "_undestroyed"]
    return list(look())


def test_nothing_is_said_where_nothing_was_deleted_or_all_is_destroyed(deleted: Recording) -> None:
    assert undestroyed(DUE) is not None
    roll_keys(by=ENGINE, at=DUE + HOUR)
    destroy_old_epochs(by=ENGINE, at=DUE + 2 * HOUR)

    assert undestroyed(DUE + 40 * DAY) is None


def test_it_counts_from_the_oldest_and_says_what_comes_next(deleted: Recording) -> None:
    swept(DUE + 5 * DAY)
    found = undestroyed(DUE + 5 * DAY)

    assert found is not None
    assert (found.number, found.since) == (2, DUE)
    assert found.sentence == (
        "2 recordings deleted since 15 December 2026 are not destroyed yet: "
        "a backup of the database from before that can still open them."
    )
    assert found.advice.startswith("On the server: custodes vault roll-keys. Copy keys/epochs and")

    roll_keys(by=ENGINE, at=DUE + 5 * DAY + HOUR)
    found = undestroyed(DUE + 5 * DAY + HOUR)
    assert found is not None
    assert "rolled on 20 December 2026 at 13:01. Once" in found.advice
    assert found.advice.endswith("on the server: custodes vault roll-keys --destroy-old.")


def test_what_went_after_the_roll_is_not_told_as_rolled(deleted: Recording) -> None:
    roll_keys(by=ENGINE, at=DUE + HOUR)
    destroy_old_epochs(by=ENGINE, at=DUE + 2 * HOUR)
    roll_keys(by=ENGINE, at=DUE + 3 * HOUR)
    swept(DUE + 5 * DAY)

    found = undestroyed(DUE + 5 * DAY)

    assert found is not None
    assert (found.number, found.since, found.rolled_at) == (1, DUE + 5 * DAY, None)


def test_the_doctor_calls_it_weak_and_wrong_a_millisecond_after_the_time_the_force_set(
    deleted: Recording, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    def at(moment: datetime) -> list[tuple[bool, str]]:
        monkeypatch.setattr(doctor, "now", lambda: moment)
        return [(remark.grave, remark.what) for remark in remarks()]

    assert at(DUE + DAY) == [(False, SENTENCE)]
    assert at(DUE + DAY + timedelta(milliseconds=1)) == [(True, SENTENCE)]
    a_week = {"destroyed_within_hours": 168}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=a_week)  # type: ignore[attr-defined]
    assert at(DUE + 7 * DAY) == [(False, SENTENCE)]
    assert at(DUE + 7 * DAY + timedelta(milliseconds=1)) == [(True, SENTENCE)]


@pytest.mark.usefixtures("at_four")
def test_today_tells_exactly_those_who_answer_for_deletion_or_for_the_server(
    deleted: Recording,
) -> None:
    told = {
        role: each.url
        for role in ROLES
        for each in what_needs(force.person(f"The {role}", role).as_viewer("web"))
        if each.text == SENTENCE
    }

    assert told == {
        Role.RECORDS: "/keeping/sweeps#not-destroyed",
        Role.AUDITOR: "/keeping/sweeps#not-destroyed",
        Role.ADMINISTRATOR: "/inventory#not-destroyed",
    }


@pytest.mark.usefixtures("at_four")
def test_the_pages_of_sweeps_and_inventory_say_what_to_do(deleted: Recording) -> None:
    client = signed_in(force.person("Records", Role.RECORDS))

    for where in ("/keeping/sweeps", "/inventory"):
        told = client.get(where).content.decode()
        assert SENTENCE in told
        assert 'id="not-destroyed"' in told
        assert "custodes vault roll-keys --destroy-old." in told


@pytest.mark.usefixtures("at_four")
def test_the_inventory_counts_them(deleted: Recording) -> None:
    done = CliRunner().invoke(command.command, ["--json"])
    value = json.loads(done.stdout)

    assert (value["disposed"], value["not_destroyed"]) == (1, 1)
    assert value["not_destroyed_since"] == rfc3339(DUE)
    assert SENTENCE in CliRunner().invoke(command.command, []).stdout


def test_whoever_sees_neither_deletion_nor_the_inventory_is_told_nothing(
    deleted: Recording,
) -> None:
    officer = force.person("Officer", Role.OFFICER).as_viewer("web")

    assert room.undestroyed_for(officer, DUE) is None
