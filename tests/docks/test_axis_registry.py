"""Signing in, the objects we publish, and users, devices and systems told of by a controller."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.docks.axis_dock import SERIAL, WEARER, Controller, md5, meta, request
from tests.world.force import person

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.fleet.models import Camera, Dock, Wearer
from custodes.recordings.models import Category

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]


@pytest.fixture
def dock() -> Controller:
    return Controller.enrolled()


def test_the_storage_address_is_where_the_dock_just_reached_us(dock: Controller) -> None:
    answer = request(
        "GET", "/auth/v1.0", headers={"X-Auth-User": "Brixton 1", "X-Auth-Key": dock.key}
    )

    account = f"AUTH_{Dock.objects.get().handle}"
    assert answer.headers["x-storage-url"] == f"http://dock.test:8080/v1/{account}"


def test_the_storage_address_is_the_public_one_if_there_is_one(
    dock: Controller, settings: Any
) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"public_url": "https://bwv.example/"})
    credentials = {"X-Auth-User": "Brixton 1", "X-Auth-Key": dock.key}

    answer = request("GET", "/auth/v1.0", headers=credentials, HTTP_HOST="evil.example")

    assert answer.headers["x-storage-url"].startswith("https://bwv.example/v1/AUTH_")


def test_a_host_header_that_is_no_host_is_not_repeated(dock: Controller) -> None:
    credentials = {"X-Auth-User": "Brixton 1", "X-Auth-Key": dock.key}

    answer = request("GET", "/auth/v1.0", headers=credentials, HTTP_HOST="x/../\r\nEvil: 1")

    assert "Evil" not in answer.headers["x-storage-url"]


def test_capabilities_are_published_with_the_md5_of_their_bytes(dock: Controller) -> None:
    answer = dock.ask("GET", "System/Capabilities.json")

    assert answer.status == 200
    assert answer.headers["etag"] == md5(answer.body)
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body) == {
        "Read": {"ReadCategories": True},
        "Store": {
            "StoreUserIDKey": True,
            "StoreBookmarks": True,
            "StoreSignedVideo": True,
            "StoreGNSSTrackRecording": True,
            "StoreRejectedContent": True,
        },
        "StoreAndRead": {"StoreReadSystemID": True},
    }


def test_head_says_what_get_would_without_the_body(dock: Controller) -> None:
    get = dock.ask("GET", "System/Capabilities.json")

    head = dock.ask("HEAD", "System/Capabilities.json")

    assert head.body == b""
    assert head.headers == get.headers


def test_categories_on_offer_are_published_and_others_are_not(dock: Controller) -> None:
    Category.objects.all().delete()
    Category.objects.create(code="arrest", name="Arrest", order=1)
    Category.objects.create(code="search", name="Stop & search — Durchsuchung", order=0)
    Category.objects.create(code="old", name="Old", is_offered=False)

    answer = dock.ask("GET", "System/Categories.json")

    assert answer.headers["etag"] == md5(answer.body)
    assert json.loads(answer.body) == [
        {"Name": "Stop & search — Durchsuchung", "Id": "search"},
        {"Name": "Arrest", "Id": "arrest"},
    ]


def test_a_published_object_needs_a_token(dock: Controller) -> None:
    dock.token = ""

    assert dock.ask("GET", "System/Capabilities.json").status == 401


def test_a_user_becomes_a_wearer_matched_by_number(dock: Controller) -> None:
    officer = person("Ayo Okafor", number="4711")

    dock.introduce()

    wearer = Wearer.objects.get()
    assert (wearer.dock_id, wearer.name, wearer.user_id) == (WEARER, "Ayo Okafor", "4711")
    assert wearer.person == officer


def test_a_device_becomes_a_camera(dock: Controller) -> None:
    dock.introduce()

    camera = Camera.objects.get()
    assert (camera.serial, camera.name, camera.model) == (SERIAL, "Chest 12", "W120")


def test_an_unknown_key_of_a_device_is_kept_and_replaced_as_a_whole(dock: Controller) -> None:
    dock.introduce()
    first = meta("Object", {"Name": "Chest 12", "Model": "W120", "Vendor-New": "1"})
    second = meta("Object", {"Name": "Chest 12", "Model": "W120", "Vendor-Newer": "2"})

    assert dock.ask("POST", f"Devices/{SERIAL}", headers=first).status == 202
    assert dock.ask("POST", f"Devices/{SERIAL}", headers=second).status == 202

    camera = Camera.objects.get()
    assert camera.told == {"Name": "Chest 12", "Model": "W120", "Vendor-Newer": "2"}
    last = history_of(camera.handle)[-1]
    assert (last.kind, "Vendor-Newer is now 2" in last.fields["change"]) == ("device.changed", True)


def test_telling_the_same_again_records_nothing(dock: Controller) -> None:
    dock.introduce()
    before = Entry.objects.count()

    dock.introduce()

    assert Entry.objects.count() == before


def test_what_was_told_of_a_user_can_be_asked_for(dock: Controller) -> None:
    dock.introduce()

    answer = dock.ask("HEAD", f"Users/{WEARER}")

    assert answer.status == 200
    assert answer.headers["x-object-meta-name"] == "Ayo%20Okafor"
    assert dock.ask("HEAD", "Users/unknown").status == 404
    assert dock.ask("HEAD", "Devices/unknown").status == 404


def test_a_system_id_is_kept_and_can_be_read_back(dock: Controller) -> None:
    told = meta("Object", {"ConnectionId": "c-1", "SystemName": "Brixton"})

    assert dock.ask("GET", "System/bws-1").status == 404
    assert dock.ask("PUT", "System/bws-1", headers=told).status == 201
    answer = dock.ask("GET", "System/bws-1")

    assert answer.status == 200
    assert answer.headers["etag"] == md5(b"")
    assert answer.headers["x-object-meta-connectionid"] == "c-1"
    assert answer.headers["x-object-meta-systemname"] == "Brixton"
    entry = history_of(Dock.objects.get().handle)[-1]
    assert entry.kind == "dock.described"


def test_a_renamed_system_loses_what_is_no_longer_said(dock: Controller) -> None:
    dock.ask("PUT", "System/bws-1", headers=meta("Object", {"SystemName": "A", "Old": "1"}))

    post = dock.ask("POST", "System/bws-1", headers=meta("Object", {"SystemName": "B"}))

    assert post.status == 202
    assert Dock.objects.get().system == {"bws-1": {"SystemName": "B"}}


@pytest.mark.parametrize("name", ["..", "a/b", "x" * 101, "a\x00b"])
def test_a_name_that_cannot_be_kept_is_refused(dock: Controller, name: str) -> None:
    for container in ("Users", "Devices", "System"):
        assert dock.ask("PUT", f"{container}/{name}").status == 400
    assert not Wearer.objects.exists()
    assert not Camera.objects.exists()


def test_a_long_nice_name_is_cut_and_not_refused(dock: Controller) -> None:
    told = meta("Object", {"Name": "N" * 500, "UserID": "U" * 500})

    assert dock.ask("PUT", f"Users/{WEARER}", headers=told).status == 201

    assert len(Wearer.objects.get().name) == 100


def test_a_large_body_where_none_belongs_is_refused(dock: Controller) -> None:
    assert dock.ask("PUT", f"Users/{WEARER}", b"x" * 70_000).status == 400


def test_the_account_and_its_registers_answer_a_plain_swift_client(dock: Controller) -> None:
    assert dock.ask("HEAD", "").status == 204
    assert dock.ask("GET", "Users").status == 204
    assert dock.ask("PUT", "System").status == 202


def test_a_body_cut_short_changes_nothing(dock: Controller) -> None:
    answer = dock.ask("PUT", f"Users/{WEARER}", b"x", CONTENT_LENGTH="100")

    assert answer.status == 408
    assert not Wearer.objects.exists()
