"""Today, the dock board, the list, cameras and people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody.queries import history_of
from custodes.fleet.actions import add_dock, hear_from
from custodes.fleet.rules import DockKind
from custodes.intake.actions import Offer, begin_upload
from custodes.intake.rules import Kind, Promise
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.models import Recording

pytestmark = pytest.mark.django_db


def test_today_tells_an_officer_what_has_no_category(station: Station) -> None:
    page = signed_in(station.okafor).get("/").content.decode()

    assert "1 recording of yours has no category; it is from 14 November 2026." in page
    assert "thing needs you" in page
    assert "Nothing needs you" not in page
    assert "Put it in a category" in page


def test_today_tells_a_supervisor_of_the_team_and_others_nothing(station: Station) -> None:
    supervisor = signed_in(station.harding).get("/").content.decode()
    stranger = signed_in(station.stranger).get("/").content.decode()

    assert "1 recording of your team has no category" in supervisor
    assert stranger.count("Nothing needs you") == 2, "at the top of the page, and on it"
    assert "0 things" not in stranger


def test_today_names_a_dock_that_fell_silent(station: Station) -> None:
    dock, _ = add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=now())
    hear_from(dock, at=now() - timedelta(minutes=50))

    page = signed_in(station.okafor).get("/").content.decode()

    assert "Dock Lambeth 2 has not been heard from for 50 minutes." in page


def test_a_silent_dock_shows_its_last_words_without_a_machine_name(station: Station) -> None:
    dock, _ = add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=now())
    hear_from(dock, at=now() - timedelta(minutes=50), words="announced 91fa-novak_SIM-3198")

    for address in ("/docks", "/cameras"):
        page = signed_in(station.okafor).get(address).content.decode()
        assert "announced a recording" in page, address
        assert "91fa-novak" not in page, address


def test_a_wall_display_has_no_header_and_a_way_back(station: Station) -> None:
    page = signed_in(station.okafor).get("/docks?wall").content.decode()

    assert "c-board--wall" in page
    assert "c-search" not in page
    assert "Leave the wall display" in page


def test_the_list_shows_a_recording_with_its_picture(prepared: Station) -> None:
    page = signed_in(prepared.okafor).get("/recordings").content.decode()

    handle = prepared.recording.handle
    assert f'href="/recordings/{handle}"' in page
    assert f'src="/recordings/{handle}/files/1/thumbnail"' in page
    assert "data-filmstrip" in page
    assert "1 recording, 1 min" in page


def test_looking_through_a_list_is_entered_once_an_hour_for_each_question(
    station: Station,
) -> None:
    mirza = signed_in(station.mirza)

    for asked in ("", "", "?camera=X4711", "?camera=X4711&view=tiles"):
        mirza.get(f"/recordings{asked}")

    told = [t for t in history_of(station.mirza.handle) if t.kind == "recordings.searched"]
    assert [t.fields["asked"] for t in told] == ["all of them", "camera X4711"]
    assert [t.fields["found"] for t in told] == ["1", "1"]


def test_the_list_shows_no_picture_to_a_role_that_plays_nothing(prepared: Station) -> None:
    page = signed_in(prepared.lindqvist).get("/recordings").content.decode()

    assert prepared.recording.handle in page
    assert "thumbnail" not in page
    assert "data-filmstrip" not in page


def test_the_list_of_somebody_else_shows_nothing_of_it(station: Station) -> None:
    page = signed_in(station.stranger).get("/recordings").content.decode()

    assert station.recording.handle not in page
    assert "There are no recordings yet" in page


def test_a_nonsense_query_still_gets_a_page(station: Station) -> None:
    okafor = signed_in(station.okafor)

    nonsense = ["from=soon&to=9999-12-31", "before=AAAA", "state=upside-down", "q=%00"]
    for query in [*nonsense, "q=" + "x" * 999]:
        assert okafor.get(f"/recordings?{query}").status_code == 200, query


def test_several_recordings_go_into_a_category_together_or_not_at_all(station: Station) -> None:
    mine = force.recording(force.camera("X2", station.okafor), "r2")
    theirs = force.recording(force.camera("X3", station.stranger), "r3")
    okafor = signed_in(station.okafor)

    chosen = [station.recording.handle, mine.handle, theirs.handle]
    refused = okafor.post("/recordings/categorise", {"recording": chosen, "category": "arrest"})
    assert refused.status_code == 404
    assert not Recording.objects.exclude(category=None).exists()

    okafor.post("/recordings/categorise", {"recording": chosen[:2], "category": "arrest"})
    assert Recording.objects.filter(category="arrest").count() == 2


def test_the_board_answers_304_while_nothing_changes(station: Station) -> None:
    add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=now())
    okafor = signed_in(station.okafor)

    first = okafor.get("/docks/live")
    again = okafor.get("/docks/live", headers={"if-none-match": first["ETag"]})

    assert b"Lambeth 2" in first.content
    assert again.status_code == 304


def test_today_counts_the_docks_at_which_nothing_happens_where_there_are_many(
    station: Station,
) -> None:
    okafor = signed_in(station.okafor)

    def today() -> str:
        return okafor.get("/").content.decode()

    docks = [
        add_dock(f"Base {number}", DockKind.AGENT, by=force.CLERK, at=now())[0]
        for number in range(4)
    ]
    assert all(dock.name in today() for dock in docks)

    docks.append(add_dock("Base 4", DockKind.AGENT, by=force.CLERK, at=now())[0])
    quiet = "Nothing is arriving at 5 docks; 5 of them never signed in."
    assert quiet in today()
    assert quiet in okafor.get("/docks/live?brief").content.decode()
    assert "Base 3" not in today()
    assert all(dock.name in okafor.get("/docks").content.decode() for dock in docks)

    camera = force.camera("Z1", station.okafor)
    told = Offer("tus", "f.mp4", Kind.VIDEO, "Z1", camera, Promise(size=9), {}, dock=docks[3])
    begin_upload(told, at=now())
    assert "Base 3" in today()
    assert "Base 1" not in today()
    assert "Nothing is arriving at 4 other docks; 4 of them never signed in." in today()


def test_quarantine_shows_its_reason_and_details_only_to_those_who_sort_it(
    station: Station,
) -> None:
    force.original(station.recording, b"other bytes", "film.mp4")
    board = signed_in(station.mirza).get("/docks").content.decode()
    [address] = {part.split('"')[0] for part in board.split('href="') if "quarantine/" in part}

    page = signed_in(station.mirza).get(address).content.decode()
    assert f"In quarantine: a file from camera {station.recording.camera}" in page
    assert "film.mp4" in page
    assert "11 bytes" in page
    assert signed_in(station.okafor).get(address).status_code == 404


def test_files_kept_apart_of_one_recording_share_a_lane(station: Station) -> None:
    for name in ("film.mp4", "film.mp4", "film.mp4"):
        force.original(station.recording, new_handle().encode(), name)

    board = signed_in(station.mirza).get("/docks").content.decode()

    assert board.count("c-lane--quarantine") == 1
    assert "3 files:" in board
    assert board.count("/docks/quarantine/") == 3


def test_the_dock_board_names_whom_one_may_know_of(station: Station) -> None:
    for person, serial in ((station.okafor, "Z1"), (station.stranger, "Z2")):
        camera = force.camera(serial, person)
        promise = Promise(size=9)
        offer = Offer("axis", "f.mp4", Kind.VIDEO, serial, camera, promise, {}, who=person.name)
        begin_upload(offer, at=now())

    def names(reader: Person, path: str) -> set[str]:
        page = signed_in(reader).get(path).content.decode()
        body = page.split("<main", 1)[-1]
        return {name for name in ("Okafor", "Stranger", "olleague") if name in body}

    for path in ("/docks", "/docks/live", "/cameras"):
        assert names(station.okafor, path) == {"Okafor", "olleague"}, path
        assert names(station.harding, path) == {"Okafor", "olleague"}, path
        assert names(station.mirza, path) == {"Okafor", "Stranger"}, path
        assert names(station.stranger, path) == {"Stranger", "olleague"}, path


def test_who_had_a_camera_is_for_those_who_may_know(station: Station) -> None:
    address = f"/cameras/{station.recording.camera.handle}"

    assert "Okafor" in signed_in(station.mirza).get(address).content.decode()
    assert "Okafor" not in signed_in(station.stranger).get(address).content.decode()


def test_a_camera_is_handed_to_a_person_by_number(station: Station) -> None:
    mirza = signed_in(station.mirza)
    address = f"/cameras/{station.recording.camera.handle}"

    wrong = mirza.post(address, {"person": "nobody", "mount": "chest"})
    mirza.post(address, {"person": "4711", "mount": "helmet-left"})

    assert b"Nobody has this number or user name." in wrong.content
    told = history_of(station.recording.camera.handle)[-1]
    assert (told.kind, told.fields["wearer"]) == ("device.issued", "Okafor")


def test_an_officer_may_not_hand_out_cameras(station: Station) -> None:
    address = f"/cameras/{station.recording.camera.handle}"
    before = len(history_of(station.recording.camera.handle))

    answer = signed_in(station.okafor).post(address, {"person": "4711", "mount": "chest"})

    assert answer.status_code == 403
    assert len(history_of(station.recording.camera.handle)) == before


def test_a_camera_gets_its_source_type_from_who_hands_cameras_out(station: Station) -> None:
    mirza, camera = signed_in(station.mirza), station.recording.camera
    address = f"/cameras/{camera.handle}"

    wrong = mirza.post(address, {"act": "source-type", "source_type": "evidence gathering"})
    told = len(history_of(camera.handle))
    done = mirza.post(address, {"act": "source-type", "source_type": "EGT"}, follow=True)
    refused = signed_in(station.okafor).post(address, {"act": "source-type", "source_type": ""})

    assert wrong.status_code == 400
    assert b"is no source type" in wrong.content
    assert b'href="#id_source_type"' in wrong.content
    assert b"is of source type egt from now on" in done.content
    assert refused.status_code == 403
    assert [each.kind for each in history_of(camera.handle)[told:]] == ["device.changed"]
    assert b"source type egt" in mirza.get("/cameras").content


def test_an_administrator_makes_an_account_and_changes_roles(station: Station) -> None:
    byrne = signed_in(station.byrne)
    given = {"name": "A. New", "username": "new", "password": force.PASSWORD, "roles": ["officer"]}

    byrne.post("/people/add", given)
    new = Person.objects.get(username="new")
    byrne.post(f"/people/{new.handle}", {"roles": ["supervisor"]})

    assert new.roles() == {Role.SUPERVISOR}
    assert history_of(new.handle)[-1].kind == "admin.changed"


def test_nobody_else_sees_or_makes_accounts(station: Station) -> None:
    mirza = signed_in(station.mirza)

    assert mirza.get("/people").status_code == 403
    assert mirza.post("/people/add", {"name": "x"}).status_code == 403
    assert not Person.objects.filter(name="x").exists()


def test_nobody_grants_roles_to_themselves(station: Station) -> None:
    answer = signed_in(station.byrne).post(
        f"/people/{station.byrne.handle}", {"roles": ["administrator", "evidence-unit"]}
    )

    assert answer.status_code == 400
    assert b"Nobody can grant roles to themselves." in answer.content
    assert station.byrne.roles() == {Role.ADMINISTRATOR}
