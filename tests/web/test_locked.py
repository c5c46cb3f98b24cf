"""PIP-02. A key police witness gets at their own footage by no way there is, and each is logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.http import HttpResponse
from django.test import Client
from tests.web.conftest import Station, signed_in, why
from tests.world import force
from tests.world.wsgi import Answer, ask

from custodes.cli.fetch import command as fetch_command
from custodes.custody.queries import history_of
from custodes.incidents.actions.declare import Declaration, declare
from custodes.incidents.models import Incident
from custodes.incidents.rules import Harm, Link, window_around
from custodes.kernel.clock import now
from custodes.people.actions import set_roles
from custodes.people.rules import Role
from custodes.recordings.actions.lock import lift
from custodes.recordings.backlog import own_without_category
from custodes.web import admitted

pytestmark = pytest.mark.django_db(transaction=True)

HANDED = {"recipient": "himself", "because": "to see it", "field": "sha256"}
GETS = {
    "the page": "",
    "the history": "/history",
    "the form that opens entries": "/history/open",
    "the film": "/files/1/media",
    "the small picture": "/files/1/thumbnail",
    "the pictures along it": "/files/1/filmstrip",
    "the sound as numbers": "/files/1/waveform",
    "the path": "/files/1/track",
    "the way into a case": "/case",
    "the proof of an entry": "/history/0/proof",
    "the way to the prosecutor": f"/clips/{'0' * 26}/give",
}
POSTS: dict[str, tuple[str, dict[str, str]]] = {
    "to play it with a reason": ("/why", why()),
    "to put it in a category": ("/category", {"category": "arrest"}),
    "to agree to its category": ("/category/agree", {"category": "test", "because": "it is one"}),
    "to name its place": ("/place", {"place": "Elsewhere"}),
    "to comment on it": ("/notes", {"text": "what we say"}),
    "to mark a moment": ("/bookmarks", {"at": "0"}),
    "to check it": ("/check", {}),
    "to fetch a file": ("/files/1/download", {"because": "to see it"}),
    "to have the report": ("/history/report", HANDED),
    "to have the entries": ("/history/open", HANDED),
    "to have a package": ("/history/package", HANDED),
    "to have its deletion shown": ("/history/deletion", HANDED),
    "to cut a clip": ("/clips", {"from": "0:00", "to": "0:01", "because": "to see it"}),
    "to have a clip": (f"/clips/{'0' * 26}", {"because": "to see it"}),
    "to have a clip with its proof": (f"/clips/{'0' * 26}/package", HANDED),
}


@pytest.fixture(autouse=True)
def _nobody_is_admitted_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(admitted, "_SECONDS", 60.0)  # that it is over by itself proves nothing
    admitted._admissions.clear()
    yield
    admitted._admissions.clear()


@pytest.fixture
def witness(prepared: Station) -> Client:
    """Return the wearer's browser, in which the film plays; they may take files away too."""
    roles = [Role.OFFICER, Role.EVIDENCE_UNIT]
    set_roles(prepared.okafor, roles, by=force.CLERK, at=now())
    browser = signed_in(prepared.okafor)
    assert browser.get(f"/recordings/{prepared.recording.handle}").status_code == 200
    assert stretch(browser, prepared).status == 206
    assert stretch(browser, prepared).status == 206
    return browser


def declared(station: Station, **said: Any) -> Incident:
    happened = station.recording.started_at
    declaration = Declaration(
        Harm.DEATH,
        Link.CUSTODY,
        happened,
        "Cell 4",
        window_around(happened),
        **({"officers": [station.okafor]} | said),
    )
    return declare(station.harding.as_viewer("web"), declaration, at=now())


def stretch(browser: Client, station: Station, start: int = 0) -> Answer:
    """Ask for ten bytes of the film as the player does, by the whole server."""
    url = f"/recordings/{station.recording.handle}/files/1/media"
    return ask(browser, url, range=f"bytes={start}-{start + 9}")


def refusals(station: Station) -> list[str]:
    """Return what was withheld, as it is on record with the recording."""
    told = history_of(station.recording.handle)
    return [each.fields["asked"] for each in told if each.kind == "access.withheld"]


def test_film_that_is_playing_stops_at_the_next_stretch(prepared: Station, witness: Client) -> None:
    declared(prepared)

    refused = stretch(witness, prepared, 10)

    assert refused.status == 404
    assert prepared.film[10:20] not in refused.body
    assert len(refusals(prepared)) == 1


@pytest.mark.parametrize("ways", [GETS, POSTS], ids=["asked for", "sent"])
def test_every_way_is_denied_and_on_record(
    prepared: Station, witness: Client, ways: dict[str, Any]
) -> None:
    declared(prepared)

    for number, what in enumerate(ways, 1):
        refused = by_way(witness, f"/recordings/{prepared.recording.handle}", what)

        assert refused.status_code == 404, what
        assert "There is no such recording" in refused.content.decode(), what
        assert len(refusals(prepared)) == number, what
    assert "Okafor" in history_of(prepared.recording.handle)[-1].fields["actor"]


def by_way(browser: Client, address: str, what: str) -> HttpResponse:
    if what in GETS:
        answer: HttpResponse = browser.get(f"{address}{GETS[what]}")
    else:
        path, form = POSTS[what]
        answer = browser.post(f"{address}{path}", form)
    return answer


def test_every_way_there_is_stands_in_the_tables() -> None:
    from custodes.web.urls import urlpatterns  # noqa: PLC0415 - once Django is up

    under = "recordings/<str:handle>"
    addresses = (str(each.pattern) for each in urlpatterns)
    ours = {each.removeprefix(under) for each in addresses if under in each}
    tried = {*GETS.values(), *(path for path, _ in POSTS.values())}
    named = {path.replace("<int:number>", "0" if "history" in path else "1") for path in ours}
    named = {path.replace("<str:made>", "0" * 26) for path in named}

    # There is a certificate only of what is deleted, and nothing of what was in it.
    assert named == tried | {"/certificate"}


def test_no_list_search_or_count_tells_of_it(prepared: Station, witness: Client) -> None:
    handle = prepared.recording.handle
    listed = witness.get("/recordings", {"wearer": "4711"}).content.decode()
    assert handle in listed
    declared(prepared)

    narrowed = ({"q": "4711"}, {"camera": "X4711"}, {"state": "complete"}, {"before": handle})
    for asked in ({}, *narrowed):
        page = witness.get("/recordings", asked).content.decode()
        assert handle not in page
        assert "0 recordings" in page
    assert own_without_category(prepared.okafor.as_viewer("web")).count == 0


def test_a_picture_in_the_browser_is_asked_for_again_each_time(
    prepared: Station, witness: Client
) -> None:
    url = f"/recordings/{prepared.recording.handle}/files/1/thumbnail"
    first = witness.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    assert witness.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    declared(prepared)

    again = witness.get(url, headers={"if-none-match": first["ETag"]})

    assert again.status_code == 404


def test_not_even_the_server_itself_hands_it_out(
    prepared: Station, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared(prepared)
    monkeypatch.setattr("custodes.cli.shared.start_django", lambda _: None)
    target = tmp_path / "out.mp4"

    ran = CliRunner().invoke(fetch_command, [prepared.recording.handle, str(target)])

    assert ran.exit_code == 1
    assert "There is no such recording" in ran.output
    assert not target.exists()
    assert refusals(prepared) == ["custodes fetch"]


def test_nobody_else_outside_the_procedure_gets_at_it_either(prepared: Station) -> None:
    declared(prepared)

    for person in (prepared.harding, prepared.mirza, prepared.lindqvist):
        answer = signed_in(person).get(f"/recordings/{prepared.recording.handle}")
        assert answer.status_code == 404
    assert len(refusals(prepared)) == 3


def test_the_log_of_a_witness_says_nothing_of_what_is_locked(prepared: Station) -> None:
    browser = signed_in(prepared.okafor)
    browser.get(f"/recordings/{prepared.recording.handle}")
    declared(prepared)
    reader = signed_in(prepared.lindqvist)
    today = now().date()
    asked = {
        "person": "okafor",
        "since": today - timedelta(days=1),
        "until": today + timedelta(days=1),
        "purpose": "security",
        "because": "to see",
    }

    page = reader.post("/oversight/log", asked, follow=True).content.decode()

    assert "What was done with recordings under a lock is left out." in page
    assert "played the recording" not in page
    assert "camera X4711" not in page


def test_the_watchdog_sees_every_original_and_its_whole_history(prepared: Station) -> None:
    declared(prepared)
    watchdog = signed_in(force.person("Watchdog", Role.WATCHDOG))
    address = f"/recordings/{prepared.recording.handle}"

    assert watchdog.get(address).status_code == 200
    assert "It was locked by Harding" in watchdog.get(f"{address}/history").content.decode()
    watchdog.post(f"{address}/why", why())
    assert watchdog.get(f"{address}/files/1/media").status_code == 200
    taken = watchdog.post(f"{address}/files/1/download", {"because": "evidence"})
    assert b"".join(taken.streaming_content) == prepared.film  # type: ignore[attr-defined]
    assert refusals(prepared) == []


def test_the_watchdog_goes_on_seeing_all_of_it_when_the_procedure_has_ended(
    prepared: Station,
) -> None:
    incident = declared(prepared)
    lift(incident.handle, "over", by=force.CLERK, at=now())
    Incident.objects.update(ended_at=now())
    watchdog = signed_in(force.person("Watchdog", Role.WATCHDOG))
    address = f"/recordings/{prepared.recording.handle}"

    page = watchdog.get(f"/incidents/{incident.handle}").content.decode()
    assert f'href="{address}"' in page
    assert "The police watchdog goes on seeing" in page
    assert "roles count again for everybody else" in page
    assert "Everybody else only by a decision" not in page
    assert "It was locked by Harding" in watchdog.get(f"{address}/history").content.decode()
    watchdog.post(f"{address}/why", why())
    assert watchdog.get(f"{address}/files/1/media").status_code == 200
    taken = watchdog.post(f"{address}/files/1/download", {"because": "evidence"})
    assert b"".join(taken.streaming_content) == prepared.film  # type: ignore[attr-defined]
    assert refusals(prepared) == []
