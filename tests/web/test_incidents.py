"""A sergeant declares, a manager lets in and notes, and everybody reads what they may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localtime
from tests.web.conftest import Station, signed_in, why
from tests.world import force

from custodes.custody.queries import history_of
from custodes.fleet.models import Camera
from custodes.incidents.models import Decision, Incident
from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.web.today import what_needs

pytestmark = pytest.mark.django_db


def history(of: Incident) -> str:
    return " ".join(str(told.fields) for told in history_of(of.handle))


def local(at: Any) -> str:
    return f"{localtime(at):%Y-%m-%dT%H:%M}"


def declared(station: Station, **said: str) -> Incident:
    """Declare it in the browser as the sergeant would, soon after."""
    form = {
        "harm": "death", "link": "contact", "place": "Cell 4", "officers": "4711",
        "happened_at": local(station.recording.started_at), "before": "2", "after": "6",
    }  # fmt: skip
    answer = signed_in(station.harding).post("/incidents/declare", form | said, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return Incident.objects.get()


@pytest.fixture
def manager(station: Station) -> Person:
    return force.person("Insp Osei", Role.POST_INCIDENT, number="900")


def test_a_sergeant_declares_with_three_answers_and_reads_how_far_it_is(station: Station) -> None:
    force.camera("X4712", force.person("Abara", number="4712"))
    incident = declared(station, officers="4711, 4712")

    page = signed_in(station.harding).get(f"/incidents/{incident.handle}").content.decode()

    assert "1 recording is held and locked." in page
    assert "1 camera has not been docked yet: X4712 (Abara)." in page
    assert station.recording.handle not in page
    assert "Which camera saw what" not in page


def test_what_is_missing_is_said_and_nothing_is_declared(station: Station) -> None:
    answer = signed_in(station.harding).post(
        "/incidents/declare", {"officers": "4711, 9999", "before": "2", "after": "6"}
    )
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "Say what has happened." in page
    assert "Say where, as well as you can." in page
    assert "goes by 9999" in page
    assert not Incident.objects.exists()


def test_a_position_catches_what_somebody_nobody_named_filmed_there(station: Station) -> None:
    started = station.recording.started_at
    stranger = force.camera("X8", force.person("Abara", number="4712"))
    there = force.recording(stranger, "there", started=started, position=(51.4620, -0.1150))

    incident = declared(station, officers="", near="51.4613, -0.1156", metres="250")
    Camera.objects.filter(pk=stranger.pk).update(heard_at=now())

    assert incident.hold.held.get().recording_id == there.pk
    page = signed_in(station.harding).get(f"/incidents/{incident.handle}").content.decode()
    assert "anybody filmed in that time within 250 metres of 51.4613, -0.1156" in page
    assert "No camera was named." in page
    assert "have been docked since" not in page
    standards = signed_in(force.person("Standards", Role.STANDARDS))
    assert (
        "Caught by where it filmed"
        in standards.get(f"/incidents/{incident.handle}").content.decode()
    )
    more = {"near": "51.5, -0.2", "metres": "40"}
    added = signed_in(station.harding).post(f"/incidents/{incident.handle}/add", more, follow=True)
    assert "Added. 0 more recordings are locked." in added.content.decode()
    assert "or within 40 metres of 51.5, -0.2" in added.content.decode()


@pytest.mark.parametrize(
    ("near", "metres", "fault"),
    [
        ("the corner", "500", "Give latitude and longitude in degrees, as in 51.4613, -0.1156."),
        ("51.4613, -0.1156", "", "Say within how many metres of the position."),
        ("51.4613, -0.1156", "60000", "less than or equal to 50000"),
    ],
)
def test_a_position_that_is_none_is_refused_and_nothing_is_declared(
    station: Station, near: str, metres: str, fault: str
) -> None:
    form = {"harm": "death", "link": "contact", "place": "Cell 4", "officers": "4711",
            "happened_at": local(station.recording.started_at), "before": "2", "after": "6",
            "near": near, "metres": metres}  # fmt: skip
    answer = signed_in(station.harding).post("/incidents/declare", form)

    assert (answer.status_code, fault in answer.content.decode()) == (400, True)
    assert not Incident.objects.exists()


def test_the_form_begins_with_now_and_says_what_will_happen(station: Station) -> None:
    page = signed_in(station.harding).get("/incidents/declare").content.decode()

    assert f'value="{local(now())[:13]}' in page
    assert "When you press the button" in page


def test_whoever_was_there_declares_and_is_told_that_others_go_on(station: Station) -> None:
    Person.objects.filter(pk=station.harding.pk).update(collar_number="77")
    form = {
        "harm": "death", "link": "contact", "place": "Cell 4", "officers": "77",
        "happened_at": local(now() - timedelta(minutes=5)), "before": "2", "after": "6",
    }  # fmt: skip

    page = signed_in(station.harding).post("/incidents/declare", form, follow=True)

    assert "from now on others look after it" in page.content.decode()
    assert page.redirect_chain[-1][0] == "/"


@pytest.mark.parametrize("who", ["okafor", "mirza", "lindqvist", "byrne", "stranger"])
def test_nobody_else_opens_incidents(station: Station, who: str) -> None:
    incident = declared(station)
    browser = signed_in(getattr(station, who))

    assert browser.get("/incidents").status_code == 403
    assert browser.get(f"/incidents/{incident.handle}").status_code == 403
    assert browser.get("/incidents/declare").status_code == 403


def letting(station: Station, **said: str) -> dict[str, str]:
    return {
        "person": "4711", "purpose": "own-footage", "recording": station.recording.handle,
        "until": local(now() + timedelta(hours=2)), "authority": "I Byrne",
        "reference": "2026/123", "standards": "DI Lind", "rationale": "He must explain a gap.",
    } | said  # fmt: skip


def test_a_witness_is_let_in_after_the_account_and_sees_it_until_then(
    station: Station, manager: Person
) -> None:
    incident = declared(station)
    browser, witness = signed_in(manager), signed_in(station.okafor)
    address = f"/incidents/{incident.handle}"
    film = f"/recordings/{station.recording.handle}"

    early = browser.post(f"{address}/let-in", letting(station))
    assert early.status_code == 400
    assert "have not given their personal initial account" in early.content.decode()
    assert witness.get(film).status_code == 404

    stage = {"witness": str(incident.witnesses.get().pk), "stage": "3",
             "reached_at": local(now()), "because": ""}  # fmt: skip
    assert browser.post(f"{address}/stage", stage).status_code == 302
    assert browser.post(f"{address}/let-in", letting(station)).status_code == 302
    assert witness.get(film).status_code == 200
    page = browser.get(address).content.decode()
    assert "Okafor</b>, one recording" in page
    assert "Before their account" not in page


def test_a_decision_put_right_is_another_version_and_the_first_stays(
    station: Station, manager: Person
) -> None:
    incident = declared(station)
    browser = signed_in(manager)
    address = f"/incidents/{incident.handle}"
    allowed = {"person": "900", "purpose": "management", "recording": "", "standards": ""}
    browser.post(f"{address}/let-in", letting(station, **allowed))
    first = Decision.objects.get()
    written = Decision.objects.values().get()

    form = browser.get(f"{address}/let-in/{first.pk}/anew").content.decode()
    assert "I Byrne" in form
    again = letting(station, **allowed, rationale="The reference was wrong.")
    assert browser.post(f"{address}/let-in/{first.pk}/anew", again).status_code == 302

    assert Decision.objects.values().get(pk=first.pk) == written
    second = Decision.objects.get(replaces=first)
    assert (second.version, second.rationale) == (2, "The reference was wrong.")
    refused = browser.post(f"{address}/let-in/{first.pk}/anew", again)
    assert "later version" in refused.content.decode()
    page = browser.get(address).content.decode()
    assert "He must explain a gap." in page
    browser.post(f"{address}/let-in/{second.pk}/end", {"because": "enough"})
    assert browser.get(f"/recordings/{station.recording.handle}").status_code == 404


def test_looks_and_attempts_stand_on_one_line_of_time_with_what_came_too_early(
    prepared: Station, manager: Person
) -> None:
    witness = signed_in(prepared.okafor)
    assert witness.get(f"/recordings/{prepared.recording.handle}").status_code == 200
    incident = declared(prepared)
    assert witness.get(f"/recordings/{prepared.recording.handle}").status_code == 404
    watchdog = force.person("I Byrne of the IOPC", Role.WATCHDOG)
    theirs = signed_in(watchdog)
    theirs.post(f"/recordings/{prepared.recording.handle}/why", why())

    page = signed_in(manager).get(f"/incidents/{incident.handle}/report").content.decode()

    assert page.count("Before their account") == 2  # with the look, and with the witness
    assert "Okafor was refused, as it is locked" in page
    assert "The police watchdog looked 1 time" in page
    assert "I Byrne of the IOPC" not in page
    own = theirs.get(f"/incidents/{incident.handle}/report").content.decode()
    assert "I Byrne of the IOPC played the recording" in own


def test_the_force_reads_in_a_history_only_how_often_the_watchdog_looked(
    station: Station, manager: Person
) -> None:
    incident = declared(station)
    watchdog = signed_in(force.person("I Byrne of the IOPC", Role.WATCHDOG))
    watchdog.post(f"/recordings/{station.recording.handle}/why", why())
    allowed = {"person": "900", "purpose": "management", "recording": "", "standards": ""}
    browser = signed_in(manager)
    browser.post(f"/incidents/{incident.handle}/let-in", letting(station, **allowed))
    history = f"/recordings/{station.recording.handle}/history"

    page = browser.get(history).content.decode()

    assert "It was locked by Harding" in page
    assert "I Byrne of the IOPC" not in page
    assert "I Byrne of the IOPC played" in watchdog.get(history).content.decode()


def test_the_time_for_the_referral_runs_from_when_it_became_clear(
    station: Station, manager: Person
) -> None:
    clear = station.recording.started_at + timedelta(minutes=30)
    last = f"{localtime(clear) + timedelta(days=1):%-d %B}"

    incident = declared(station, clear_at=local(clear))

    Incident.objects.update(declared_at=clear + timedelta(days=2))
    page = signed_in(manager).get(f"/incidents/{incident.handle}").content.decode()
    assert f"the end of {last}" in page
    due = [one.text for one in what_needs(manager.as_viewer("web"))]
    assert any(f"be referred to the IOPC by the end of {last}" in text for text in due)
    assert f"'clear': '{localtime(clear):%-d %B %Y, %H:%M}" in history(incident)


def test_it_cannot_have_become_clear_in_the_future(station: Station) -> None:
    tomorrow = local(now() + timedelta(days=1))
    form = {"harm": "death", "link": "contact", "place": "Cell 4", "officers": "4711",
            "happened_at": local(station.recording.started_at), "before": "2", "after": "6",
            "clear_at": tomorrow}  # fmt: skip

    answer = signed_in(station.harding).post("/incidents/declare", form)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert "It cannot have become clear in the future." in page
    assert (f'value="{tomorrow}"' in page, Incident.objects.exists()) == (True, False)


def test_what_is_due_stands_on_today_of_whoever_manages_it(
    station: Station, manager: Person
) -> None:
    force.camera("X4712", force.person("Abara", number="4712"))
    incident = declared(station, officers="4711 \n 4712")
    Incident.objects.update(declared_at=now() - timedelta(hours=13))

    said = [one.text for one in what_needs(manager.as_viewer("web"))]

    assert any("1 camera of the incident" in text for text in said)
    assert any("be referred to the IOPC by the end of" in text for text in said)
    form = {"referred_at": local(now()), "reference": "2026/123"}
    assert signed_in(manager).post(f"/incidents/{incident.handle}/refer", form).status_code == 302
    assert not any("referred" in one.text for one in what_needs(manager.as_viewer("web")))
    assert not any("incident" in one.text for one in what_needs(station.harding.as_viewer("web")))


def test_a_recording_of_the_procedure_is_linked_held_and_locked(
    station: Station, manager: Person
) -> None:
    incident = declared(station)
    room = force.recording(force.camera("ROOM"), "room", started=now())
    address = f"http://localhost/recordings/{room.handle}"

    form = {"recording": address, "because": "the room"}
    signed_in(manager).post(f"/incidents/{incident.handle}/monitoring", form)

    assert incident.monitoring.get().recording == room
    assert incident.hold.held.filter(recording=room).exists()
    assert signed_in(station.mirza).get(f"/recordings/{room.handle}").status_code == 404


def test_officers_added_later_bring_what_they_filmed(station: Station) -> None:
    abara = force.person("Abara", number="4712")
    other = force.recording(force.camera("X4712", abara), "r2")
    incident = declared(station)

    signed_in(station.harding).post(f"/incidents/{incident.handle}/add", {"officers": "4712"})

    assert incident.hold.held.filter(recording=other).exists()
    assert signed_in(abara).get(f"/recordings/{other.handle}").status_code == 404


def test_the_end_lifts_the_locks_only_when_all_accounts_are_given(
    station: Station, manager: Person
) -> None:
    incident = declared(station)
    browser = signed_in(manager)
    address = f"/incidents/{incident.handle}"
    over = {"reference": "2026/123", "because": "The IOPC has what it needs."}

    assert "detailed account" in browser.post(f"{address}/end", over).content.decode()
    for number in "1234":
        stage = {"witness": str(incident.witnesses.get().pk), "stage": number,
                 "reached_at": local(now()), "because": ""}  # fmt: skip
        browser.post(f"{address}/stage", stage)
    assert browser.post(f"{address}/end", over).status_code == 302

    assert (
        signed_in(station.okafor).get(f"/recordings/{station.recording.handle}").status_code == 200
    )
    assert incident.hold.released_at is None
    assert "Ended" in browser.get("/incidents").content.decode()


def test_the_end_asks_of_each_camera_that_is_out_why_it_ends_without_it(
    station: Station, manager: Person
) -> None:
    out = force.camera("X4712", force.person("Abara", number="4712"))
    incident = declared(station, officers="4711, 4712")
    browser = signed_in(manager)
    address = f"/incidents/{incident.handle}"
    for witness in incident.witnesses.all():
        for number in "1234":
            stage = {"witness": str(witness.pk), "stage": number,
                     "reached_at": local(now()), "because": ""}  # fmt: skip
            browser.post(f"{address}/stage", stage)
    over = {"reference": "2026/123", "because": "The IOPC has what it needs."}

    refused = browser.post(f"{address}/end", over)

    assert refused.status_code == 400
    assert "Have camera X4712 docked, or say why" in refused.content.decode()
    given = over | {f"without_{out.handle}": "It lies in the river."}
    assert browser.post(f"{address}/end", given).status_code == 302
    page = browser.get(address).content.decode()
    assert "The procedure ended without it: It lies in the river." in page
    assert "held as it arrives, and not locked any more" in page


def test_a_key_witness_who_manages_others_manages_nothing_here(
    station: Station, manager: Person
) -> None:
    incident = declared(station, officers="4711, 900")

    for path in ("", "/let-in", "/stage", "/end", "/report"):
        assert signed_in(manager).get(f"/incidents/{incident.handle}{path}").status_code == 404
