"""RET-02. Nobody deletes by asking, whoever they are and wherever; who asks is on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from tests.web.conftest import signed_in
from tests.world import force, keeping

from custodes.api.urls import api
from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.custody.queries import history_of, newest
from custodes.kernel.clock import now
from custodes.people.actions import NewToken, make_token
from custodes.people.models import Person
from custodes.people.refused import is_refused_deletion
from custodes.people.rules import Role
from custodes.recordings.models import Copy, Original, Recording
from custodes.retention.actions.hold import Wanted, place_hold
from custodes.retention.models import Hold, Sweep, Tombstone
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

FOOTAGE = (
    "recordings", "docks/quarantine", "incidents", "keeping", "cases", "sharing", "inventory",
    "oversight/scrutiny", "things", "gaps",
)  # fmt: skip
ANY = "A" * 22


@pytest.fixture
def found(settings: Any, tmp_path: Any) -> dict[str, str]:
    """Return the handles of what there is: a held recording, its hold, a sweep, one deleted."""
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})
    keeping.delivered("gone")
    sweep = keeping.swept(keeping.DUE)
    recording = keeping.delivered("held")
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    reach = Scope(recordings=frozenset({recording.handle}))
    look = (now() + timedelta(days=90)).date()
    hold = place_hold(unit, Wanted(HoldKind.OTHER, "asked for", look, reach), at=now())
    return {
        "recordings/<str:handle>": f"recordings/{recording.handle}",
        "keeping/holds/<str:handle>": f"keeping/holds/{hold.handle}",
        "keeping/sweeps/<str:handle>": f"keeping/sweeps/{sweep.handle}",
    }


def pages(found: dict[str, str]) -> list[str]:
    """Return every address that shows or changes footage, or what keeps or deletes it."""
    addresses = []
    for pattern in urlpatterns:
        address = str(pattern.pattern)
        for route, real in found.items():
            address = address.replace(route, real)
        parts = [_filled(part) for part in address.split("/")]
        addresses.append("/" + "/".join(parts))
    return [each for each in addresses if each.startswith(tuple(f"/{one}" for one in FOOTAGE))]


def _filled(part: str) -> str:
    if not part.startswith("<"):
        return part
    return "1" if part.startswith("<int:") else ANY


def operations(recording: str) -> set[str]:
    """Return every address of the API, with what there is in it."""
    paths = api.get_openapi_schema(path_prefix="/api/")["paths"]
    filled = {path.replace("{recording}", recording) for path in paths}
    return {"/".join(ANY if "{" in part else part for part in each.split("/")) for each in filled}


def what_there_is() -> tuple[int, ...]:
    tables = (Recording, Original, Copy, Hold, Sweep, Tombstone, Person)
    sealed = len(list(strongroom.vault().store.sealed_handles()))
    return (*(table.objects.count() for table in tables), sealed)


@pytest.mark.parametrize("role", Role)
def test_no_role_deletes_anything_at_any_address_and_each_attempt_is_entered(
    role: Role, found: dict[str, str]
) -> None:
    somebody = force.person("Somebody", role, team="A")
    wanted = NewToken("A program", localdate(now()), reads_only=False)
    _, secret = make_token(somebody.as_viewer("test"), wanted, at=now())
    shown = {"Authorization": f"Bearer {secret}"}
    before, browser, entries = what_there_is(), signed_in(somebody), Entry.objects.count()
    recording = found["recordings/<str:handle>"]
    for_one = [f"/{recording}/delete", f"/{found['keeping/holds/<str:handle>']}/delete"]
    by_program = operations(recording.removeprefix("recordings/"))

    answers = {each: browser.delete(each).status_code for each in pages(found)}
    answers |= {each: browser.post(each).status_code for each in for_one}
    answers |= {each: Client().delete(each, headers=shown).status_code for each in by_program}
    posted = f"/api/{recording}/delete"
    answers[posted] = Client().post(posted, headers=shown).status_code

    assert not {a: status for a, status in answers.items() if status not in {403, 404, 405}}
    assert what_there_is() == before
    assert Entry.objects.count() - entries == len(answers) > 150
    told = history_of(somebody.handle)[-len(answers) :]
    assert {each.kind for each in told} == {"access.denied"}
    asked = {each.fields["asked"].partition(":")[0].partition(" ")[2] for each in told}
    assert asked == set(answers)


def test_nothing_of_it_stands_in_the_public_entry(found: dict[str, str]) -> None:
    address = f"/{found['recordings/<str:handle>']}"

    signed_in(force.person("Somebody", Role.ADMINISTRATOR)).delete(address)

    [told] = newest("access.denied")
    assert told.facts == {}
    assert told.fields["actor"] == "Somebody"


def test_who_is_not_signed_in_and_shows_no_good_token_is_nobody_to_enter(
    found: dict[str, str],
) -> None:
    entries = Entry.objects.count()

    assert Client().delete(f"/{found['recordings/<str:handle>']}").status_code == 302
    assert Client().delete("/api/cases").status_code == 405
    wrong = {"Authorization": "Bearer no-such-token"}
    assert Client().delete("/api/cases", headers=wrong).status_code == 405

    assert Entry.objects.count() == entries


def test_a_browser_and_a_token_at_once_make_one_entry(found: dict[str, str]) -> None:
    somebody = force.person("Somebody", Role.RECORDS)
    wanted = NewToken("A program", localdate(now()), reads_only=True)
    _, secret = make_token(somebody.as_viewer("test"), wanted, at=now())

    signed_in(somebody).delete("/api/cases", headers={"Authorization": f"Bearer {secret}"})

    assert force.kinds(somebody.handle).count("access.denied") == 1


def test_the_link_of_a_recipient_is_not_written_down(found: dict[str, str]) -> None:
    signed_in(force.person("Somebody", Role.RECORDS)).delete("/shared/a-secret-link/code")

    [told] = newest("access.denied")
    assert "a-secret-link" not in told.fields["asked"]


@pytest.mark.parametrize(
    ("method", "path", "status", "is_one"),
    [
        ("DELETE", "/recordings", 405, True),
        ("DELETE", "/recordings", 200, False),
        ("POST", "/recordings/x/delete", 404, True),
        ("POST", "/recordings/x/delete/", 404, True),
        ("POST", "/recordings/x/category", 404, False),
        ("GET", "/recordings/x/delete", 404, False),
    ],
)
def test_only_what_asks_for_a_deletion_and_is_refused_counts(
    method: str, path: str, status: int, is_one: bool
) -> None:
    assert is_refused_deletion(method, path, status) is is_one
