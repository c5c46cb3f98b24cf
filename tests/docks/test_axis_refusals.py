"""What the Axis door refuses, with which status, and that a refusal for good is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.docks.axis_dock import (
    CLIP,
    CONTAINER,
    SERIAL,
    TOLD,
    WEARER,
    Answered,
    Controller,
    meta,
    request,
)

from custodes.custody.models import Entry
from custodes.custody.queries import newest
from custodes.docks.axis.metadata import decoded
from custodes.fleet.models import Dock, DockToken
from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.kernel.clock import now
from custodes.recordings.models import Original, Recording
from custodes.vault.errors import OutOfSpace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]


@pytest.fixture
def dock() -> Controller:
    return Controller.enrolled().introduce()


def refused_for_good(answer: Answered, words: str) -> None:
    entry = next(newest("arrival.refused"))
    assert answer.status == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert words in answer.text
    assert words in entry.fields["reason"]
    assert entry.fields["actor"] == "Brixton 1"
    assert entry.subject == Dock.objects.get(name="Brixton 1").handle


# ── who speaks ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Auth-User": "Brixton 1", "X-Auth-Key": "wrong"},
        {"X-Auth-User": "nobody", "X-Auth-Key": "wrong"},
        {"X-Auth-User": "Brixton 1\xff", "X-Auth-Key": "\xe9"},
    ],
)
def test_bad_credentials_get_401_and_no_token(headers: dict[str, str]) -> None:
    Controller.enrolled()
    DockToken.objects.all().delete()

    answer = request("GET", "/auth/v1.0", headers=headers)

    assert answer.status == 401
    assert "x-auth-token" not in answer.headers
    assert not DockToken.objects.exists()


def test_asking_for_a_token_with_another_method_is_400() -> None:
    assert request("POST", "/auth/v1.0").status == 400


def test_a_token_runs_out_and_the_dock_signs_in_again(dock: Controller) -> None:
    DockToken.objects.update(expires_at=now() - timedelta(seconds=1))

    assert dock.announce().status == 401
    assert not Recording.objects.exists()
    assert dock.signed_in().announce().status == 201


def test_a_token_is_no_good_once_its_dock_is_closed(dock: Controller) -> None:
    Dock.objects.update(is_active=False)

    assert dock.announce().status == 401


def test_a_dock_may_not_write_into_anothers_account(dock: Controller) -> None:
    other = Controller.enrolled("Brixton 2")
    dock.account = other.account

    assert dock.announce().status == 403
    assert not Recording.objects.exists()


def test_an_agents_credential_does_not_open_this_door(dock: Controller) -> None:
    Dock.objects.update(kind="agent")

    assert dock.announce().status == 403


# ── what can never be stored ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"StartTime": "4294967", "TriggerOnTime": "4294967"}, "starts in 1970"),
        ({"StartTime": "4294967295"}, "in the future"),
        ({"StopTime": "1715687970"}, "no duration"),
        ({"StopTime": "1715687000"}, "no duration"),
        ({"StopTime": "1719999999"}, "longer than 48 hours"),
        ({"StartTime": "soon"}, "StartTime is not a time"),
        ({"StartTime": "9" * 400}, "StartTime is not a time"),
        ({"StartTime": "nan"}, "StartTime is not a time"),
        ({"StartTime": "-5"}, "StartTime is not a time"),
        ({"StartTimeISO": "0001-01-01T00:00:00+14:00"}, "StartTime is not a time"),
        ({"StartTimeISO": "2024-05-14T12:00:00"}, "StartTime is not a time"),
        ({"BWCSerialNumber": "OTHER"}, "differ on the camera"),
        ({"UserID": "somebody-else"}, "differ on the wearer"),
    ],
)
def test_a_recording_that_cannot_be_is_refused_for_good_and_recorded(
    dock: Controller, changes: dict[str, str], words: str
) -> None:
    refused_for_good(dock.announce(**changes), words)

    assert not Recording.objects.exists()


def test_an_unknown_camera_is_refused_for_good(dock: Controller) -> None:
    container = CONTAINER.replace(SERIAL, "B8NEVERSEEN")

    answer = dock.announce(container, BWCSerialNumber="B8NEVERSEEN", ContainerName=container)

    refused_for_good(answer, "No camera with the serial number B8NEVERSEEN")


def test_an_unknown_wearer_is_refused_for_good(dock: Controller) -> None:
    container = CONTAINER.replace(WEARER, "nobody-we-know")

    answer = dock.announce(container, UserID="nobody-we-know", ContainerName=container)

    refused_for_good(answer, "No wearer was announced under the id nobody-we-know")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"StartTime": "1715687970", "StopTime": "1715687970"}, "no duration"),
        ({"StartTime": "4294967"}, "starts in 1970"),
        ({"StartTime": "x"}, "not a time"),
    ],
)
def test_a_clip_that_cannot_be_is_refused_for_good(
    dock: Controller, told: dict[str, str], words: str
) -> None:
    dock.announce()

    refused_for_good(dock.put(CLIP, b"footage", told), words)

    assert not Upload.objects.exists()


def test_an_empty_clip_is_refused_for_good(dock: Controller) -> None:
    dock.announce()

    refused_for_good(dock.put(CLIP, b""), "The clip is empty")


def test_a_file_larger_than_allowed_is_refused_before_a_byte_is_read(
    dock: Controller, settings: Any
) -> None:
    dock.announce()
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"maximum_upload_bytes": 5 << 20})

    answer = dock.put(CLIP, Untouchable(), CONTENT_LENGTH=str(6 << 20))

    refused_for_good(answer, "more than a single file may have")


# ── what will pass ──────────────────────────────────────────────────────────────


class Untouchable:
    """A body that must not be read."""

    def read(self, _: int) -> bytes:
        raise AssertionError("the body was read although it was refused")


def test_one_upload_too_many_is_asked_to_come_again(dock: Controller, settings: Any) -> None:
    dock.announce()
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"maximum_uploads": 1})
    Upload.objects.create(
        door="axis", source_key="x", name="y", kind="video", kid="k", epoch=1, wrapped=b"",
        began_at=now(), heard_at=now(),
    )  # fmt: skip

    answer = dock.put(CLIP, Untouchable(), CONTENT_LENGTH=str(100 << 20))

    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert not Entry.objects.filter(kind="arrival.refused").exists()


def test_a_full_disk_is_507(dock: Controller, settings: Any) -> None:
    dock.announce()
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"minimum_free_bytes": 1 << 62})

    assert dock.put(CLIP, Untouchable(), CONTENT_LENGTH=str(100 << 20)).status == 507


def test_a_disk_that_fills_up_half_way_is_507_and_leaves_nothing(
    dock: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock.announce()

    def full(*_: object) -> None:
        raise OutOfSpace("The disk is full.")

    monkeypatch.setattr("custodes.vault.sealed.SealedWriter.finish", full)

    assert dock.put(CLIP, b"footage" * 1000).status == 507
    assert Upload.objects.get().state == State.DISCARDED
    assert not Original.objects.exists()


def test_a_busy_database_is_503(dock: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("custodes.docks.axis.containers.open_recording", locked)

    assert dock.announce().status == 503


def test_a_fault_of_ours_is_500_and_acknowledges_nothing(
    dock: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock.announce()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("custodes.docks.axis.files.take_in", broken)
    answer = dock.put(CLIP, b"footage")

    assert answer.status == 500
    assert "secret detail" not in answer.text
    assert "keep your copy" in answer.text
    assert not Original.objects.exists()
    # not "received": a scrub would look for it for ever
    assert Upload.objects.get().state == State.RECEIVING


def test_a_clip_whose_bookmark_cannot_be_recorded_is_not_taken_in(
    dock: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock.announce()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("custodes.docks.axis.files.bookmark_from_camera", broken)

    assert dock.put("bookmark_1_2", b"here").status == 500
    assert not Original.objects.exists()
    assert not Entry.objects.filter(kind="recording.ingested").exists()


# ── what is not this protocol ───────────────────────────────────────────────────


def test_a_body_without_a_length_is_411(dock: Controller) -> None:
    dock.announce()

    answer = dock.put(CLIP, Untouchable())

    assert answer.status == 411
    assert not Upload.objects.exists()


def test_a_chunked_body_is_411_whatever_length_it_claims(dock: Controller) -> None:
    dock.announce()
    chunked = {"Transfer-Encoding": "chunked"}

    assert dock.put(CLIP, b"footage", headers=chunked).status == 411
    assert dock.ask("PUT", f"Users/{WEARER}", b"x", chunked).status == 411


@pytest.mark.parametrize("length", ["abc", "-1", "1_0", "+5", "٣", "1" * 30, "1.5", " 7"])
def test_a_length_that_is_no_number_is_400(dock: Controller, length: str) -> None:
    dock.announce()

    assert dock.put(CLIP, b"footage", CONTENT_LENGTH=length).status == 400


@pytest.mark.parametrize(
    ("container", "name", "status"),
    [
        ("nowhere", CLIP, 404),
        (CONTAINER, "..", 400),
        (CONTAINER, "../../etc/passwd", 400),
        (CONTAINER, "a\x00b.mkv", 400),
        (CONTAINER, "a\\b.mkv", 400),
        (CONTAINER, "x" * 65536, 400),
        (CONTAINER, "caf\xe9.mkv", 400),
        ("..", "x.mkv", 404),
        (CONTAINER + "\x00", "x.mkv", 404),
    ],
)
def test_names_that_are_paths_are_refused_and_touch_nothing(
    dock: Controller, container: str, name: str, status: int
) -> None:
    dock.announce()

    answer = dock.put(name, b"footage", container=container)

    assert answer.status == status, answer.text
    assert not Original.objects.exists()


@pytest.mark.parametrize(
    "container",
    [
        "holiday",
        "..",
        "a\x00_b_20240514T120000Z",
        "_B8_20240514T120000Z",
        f"{WEARER}_{SERIAL}_yesterday",
        "x" * 65536,
        f"{'x' * 300}_{SERIAL}_20240514T120000Z",
    ],
)
def test_a_container_that_is_no_recordings_is_refused_for_good(
    dock: Controller, container: str
) -> None:
    answer = dock.ask("PUT", container, headers=meta("Container", {"StartTime": "1715687970"}))

    assert answer.status == 400
    assert not Recording.objects.exists()
    assert Entry.objects.filter(kind="arrival.refused").count() == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", CONTAINER), ("DELETE", ""), ("PUT", ""), ("COPY", f"{CONTAINER}/{CLIP}")],
)
def test_nothing_else_is_done_here(dock: Controller, method: str, path: str) -> None:
    dock.announce()

    assert dock.ask(method, path).status == 403
    assert Recording.objects.count() == 1


def test_a_post_to_something_unknown_is_404(dock: Controller) -> None:
    headers = meta("Container", {"Status": "Complete"})

    assert dock.ask("POST", CONTAINER, headers=headers).status == 404
    dock.announce()
    assert dock.ask("POST", f"{CONTAINER}/{CLIP}", headers=meta("Object", {})).status == 404
    assert dock.ask("POST", "Users/unknown", headers=meta("Object", {})).status == 404


def test_our_own_objects_cannot_be_replaced(dock: Controller) -> None:
    assert dock.ask("PUT", "System/Capabilities.json", b"{}").status == 403


# ── what is said badly ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("caf%C3%A9", "caf\u00e9"),
        ("100%", "100%"),
        ("%zz", "%zz"),
        ("%ff%fe", "%ff%fe"),
        ("%00", "%00"),
        ("a%0d%0ab", "a%0d%0ab"),
        ("\u20ac", "%E2%82%AC"),
        ("%F0%9F%9A%94", "\U0001f694"),
    ],
)
def test_a_badly_encoded_value_is_kept_as_it_came(sent: str, kept: str) -> None:
    assert decoded(sent) == kept


@hypothesis_settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(max_size=60))
def test_no_metadata_value_is_beyond_reading(value: str) -> None:
    text = decoded(value)

    assert all(char.isprintable() or ord(char) > 0x9F for char in text)


def test_a_strange_place_is_kept_as_words_and_refuses_nothing(dock: Controller) -> None:
    answer = dock.announce(TriggerOnLocation="+951.0+999.0 somewhere")

    recording = Recording.objects.get()
    assert answer.status == 201
    assert recording.latitude is None
    assert recording.told["TriggerOnLocation"] == "+951.0+999.0 somewhere"


def test_hundreds_of_unknown_keys_are_kept(dock: Controller) -> None:
    many = {f"Vendor-{n}": "v" * 200 for n in range(400)}

    assert dock.announce(**many).status == 201

    assert len(Recording.objects.get().told) == len(TOLD) + 400


def test_a_recording_that_says_nothing_but_its_name_starts_at_its_trigger(
    dock: Controller,
) -> None:
    assert dock.ask("PUT", CONTAINER).status == 201

    assert Recording.objects.get().started_at == datetime(2024, 5, 14, 12, 0, tzinfo=UTC)
