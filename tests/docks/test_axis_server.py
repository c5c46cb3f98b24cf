"""The Axis door on a real server, driven by our own controller and by python-swiftclient."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import swiftclient
from tests.world.installation import Installation
from tests.world.waiting import PATIENCE

from custodes.agent.axis_controller import (
    AxisController,
    Filmed,
    NotAcknowledged,
    Part,
    bookmark,
    clip,
)

STARTED = datetime(2024, 5, 14, 11, 59, 30, tzinfo=UTC)
TRIGGER = STARTED + timedelta(seconds=30)
ENDED = STARTED + timedelta(minutes=2)
WEARER, SERIAL = "0b8a4b0e-3f1d-4a63-9f0e-0d6b4a8f1c11", "B8A44F0A1B2C"
CONTENT = hashlib.sha256(b"footage").digest() * 50_000  # 1.6 MB


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("axis") / "home", maximum_uploads=3)
    made.start("--no-worker")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def connection(installation: Installation) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(installation.run("dock", "add", "Brixton 1").stdout)
    return printed


@pytest.fixture
def controller(connection: dict[str, Any]) -> Iterator[AxisController]:
    with AxisController(connection, attempts=3) as made:
        made.tell_of_user(WEARER, "Ayo Okafor", "4711")
        made.tell_of_camera(SERIAL, "Chest 12", "W120")
        yield made


def filmed(minute: int, *parts: Part) -> Filmed:
    later = timedelta(minutes=minute)
    return Filmed(WEARER, SERIAL, TRIGGER + later, STARTED + later, ENDED + later, parts)


def test_our_controller_sends_a_whole_recording(
    installation: Installation, controller: AxisController
) -> None:
    at = ENDED
    track = Part("20240514_115930_5F3A_B8A4_gpstrail.json", b'{"CoordinateEntries":[]}')
    made = clip("5F3A", lambda: iter([CONTENT, CONTENT]), STARTED, at, size=2 * len(CONTENT))

    acknowledged = controller.send(filmed(0, made, track, bookmark(TRIGGER, "Verhaftung")))

    assert next(iter(acknowledged.values())) == hashlib.md5(CONTENT * 2).hexdigest()
    assert len(acknowledged) == 3
    # sending it all again, as after a lost answer, gives the same acknowledgements
    assert controller.send(filmed(0, made, track, bookmark(TRIGGER, "Verhaftung"))) == acknowledged
    (row,) = installation.json("recordings", "--where", f"camera={SERIAL}")
    assert row["state"] == "complete"
    assert row["files"][0]["sha256"] == hashlib.sha256(CONTENT * 2).hexdigest()
    (dock,) = installation.json("dock", "list")
    assert dock["last_words"].startswith("completed ")


def test_a_controller_reads_what_we_publish(controller: AxisController) -> None:
    assert json.loads(controller.published("Capabilities.json"))["Read"]["ReadCategories"]
    assert {"Name": "Arrest", "Id": "arrest"} in json.loads(controller.published("Categories.json"))


def test_python_swiftclient_sends_a_whole_recording(
    controller: AxisController, connection: dict[str, Any]
) -> None:
    recording = filmed(10)
    swift = swiftclient.Connection(
        authurl=connection["AuthenticationTokenURI"][0],
        user=connection["BlobAPIUserName"],
        key=connection["BlobAPIKey"],
        auth_version="1",
        retries=0,
    )
    said = {f"X-Container-Meta-{key}": value for key, value in recording.metadata().items()}
    name = recording.container

    swift.put_container(name, {**said, "X-Container-Meta-Status": "Transferring"})
    video = swift.put_object(
        name,
        "20240514_120930_77AA.mkv",
        io.BytesIO(CONTENT),
        content_length=len(CONTENT),
        etag=hashlib.md5(CONTENT).hexdigest(),
        headers={"X-Object-Meta-Starttime": "1715688570"},
    )
    key = swift.put_object(name, "20240514_120930_77AA.key", b'{"EncryptedKey": ""}')
    track = swift.put_object(name, "20240514_120930_77AA_B8A4_gpstrail.json", "{}")
    mark = swift.put_object(
        name, "bookmark_1715688600_1", "", headers={"X-Object-Meta-Categoryid": "arrest"}
    )
    swift.post_object(name, "bookmark_1715688600_1", {"X-Object-Meta-Tags": "TriggerOn:Button"})
    swift.post_container(name, {**said, "X-Container-Meta-Status": "Complete"})

    digests = [hashlib.md5(b).hexdigest() for b in (CONTENT, b'{"EncryptedKey": ""}', b"{}", b"")]
    assert [video, key, track, mark] == digests
    assert swift.head_container(name)["x-container-meta-status"] == "Complete"
    head = swift.head_object(name, "20240514_120930_77AA.mkv")
    assert head["etag"] == hashlib.md5(CONTENT).hexdigest()
    assert head["content-length"] == str(len(CONTENT))
    assert "x-object-meta-tags" in swift.head_object(name, "bookmark_1715688600_1")
    headers, capabilities = swift.get_object("System", "Capabilities.json")
    assert headers["etag"] == hashlib.md5(capabilities).hexdigest()
    swift.head_account()
    swift.close()


def test_swiftclient_without_a_length_is_told_to_send_one(
    controller: AxisController, connection: dict[str, Any]
) -> None:
    recording = filmed(20)
    controller.announce(recording.container, recording.metadata())
    swift = swiftclient.Connection(
        authurl=connection["AuthenticationTokenURI"][0],
        user=connection["BlobAPIUserName"],
        key=connection["BlobAPIKey"],
        auth_version="1",
        retries=0,
    )

    with pytest.raises(swiftclient.ClientException) as refused:
        swift.put_object(recording.container, "a.mkv", iter([b"foot", b"age"]))

    assert refused.value.http_status == 411
    swift.close()


def test_a_refusal_for_good_is_told_to_the_controller_in_words(controller: AxisController) -> None:
    stranger = Filmed("nobody", SERIAL, TRIGGER, STARTED, ENDED, ())

    with pytest.raises(NotAcknowledged, match="No wearer was announced") as refused:
        controller.send(stranger)

    assert refused.value.status == 400


def test_a_refusal_of_a_large_body_is_seen_by_its_sender(controller: AxisController) -> None:
    recording = filmed(30)
    controller.announce(recording.container, recording.metadata())
    large = Part("x.mkv", lambda: iter([CONTENT] * 2), {"StartTime": "4294967"}, 2 * len(CONTENT))

    with pytest.raises(NotAcknowledged) as refused:
        controller.put(recording.container, large)

    assert refused.value.status == 400


def test_a_file_is_streamed_from_disk(controller: AxisController, tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    path.write_bytes(CONTENT)
    recording = filmed(40, clip("1111", path, STARTED, ENDED))

    assert controller.send(recording) == {
        "20240514_115930_1111.mkv": hashlib.md5(CONTENT).hexdigest()
    }


def test_a_client_that_dies_in_the_middle_leaves_nothing(
    installation: Installation, controller: AxisController
) -> None:
    recording = filmed(50)
    controller.announce(recording.container, recording.metadata())

    for _ in range(3):
        connected = _raw(controller, "PUT", f"{recording.container}/x.mkv", len(CONTENT))
        connected.sendall(CONTENT[: len(CONTENT) // 2])
        connected.close()
    incoming = installation.home / "vault" / "incoming"
    _until(lambda: not any(incoming.iterdir()))

    assert controller.put(recording.container, Part("x.mkv", CONTENT))


def test_one_upload_too_many_waits_and_then_gets_through(
    installation: Installation, connection: dict[str, Any], controller: AxisController
) -> None:
    recording = filmed(60)
    controller.announce(recording.container, recording.metadata())
    held_open = [
        _raw(controller, "PUT", f"{recording.container}/{n}.mkv", len(CONTENT)) for n in range(3)
    ]
    for connected in held_open:
        connected.sendall(b"f")
    incoming = installation.home / "vault" / "incoming"
    _until(lambda: len(list(incoming.iterdir())) == 3)

    answer = _ask(controller, "PUT", f"{recording.container}/4.mkv", CONTENT)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    threading.Timer(0.5, lambda: [connected.close() for connected in held_open]).start()

    with AxisController(connection, attempts=20, most_wait=0.5) as patient:
        assert patient.put(recording.container, Part("4.mkv", CONTENT))


def test_two_docks_sending_one_file_at_once_keep_it_once(
    installation: Installation, connection: dict[str, Any], controller: AxisController
) -> None:
    recording = filmed(70)
    controller.announce(recording.container, recording.metadata())
    second = json.loads(installation.run("dock", "add", "Brixton 2").stdout)
    etags: list[str] = []

    def deliver(file: dict[str, Any]) -> None:
        with AxisController(file, attempts=20, most_wait=0.3) as dock:
            etags.append(dock.put(recording.container, Part("same.mkv", CONTENT)))

    threads = [threading.Thread(target=deliver, args=(f,)) for f in (connection, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert etags == [hashlib.md5(CONTENT).hexdigest()] * 2


@pytest.mark.parametrize(
    ("raw", "statuses"),
    [
        (b"GET /v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: h\r\n", {401, 400}),
        (b"GET /v1/" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: h\r\n", {414, 431}),
        (b"GET /v1/x HTTP/1.1\r\nHost: h\r\nX-Big: " + b"y" * 900_000 + b"\r\n", {431}),
        (
            b"GET /v1/x HTTP/1.1\r\nHost: h\r\n" + b"".join(b"A%d: y\r\n" % n for n in range(9000)),
            {431},
        ),
        (b"PUT /v1/x/y/z HTTP/1.1\r\nHost: h\r\nContent-Length: abc\r\n", {400}),
        (b"PUT /v1/x/y/z HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n", {400}),
        (b"GET /auth/v1.0 HTTP/1.1\r\nHost: h\r\nX-Auth-User: \xff\xfe\r\n", {401, 400}),
        (b"GET /v1/%ff/%00 HTTP/1.1\r\nHost: h\r\n", {400, 401}),
    ],
)
def test_a_malformed_request_is_answered_and_the_server_lives(
    installation: Installation, raw: bytes, statuses: set[int]
) -> None:
    with socket.create_connection(("127.0.0.1", installation.port), 10) as connected:
        with contextlib.suppress(OSError):  # refused before all of it was sent
            connected.sendall(raw + b"Connection: close\r\n\r\n")
        answer = connected.recv(100)

    assert int(answer.split()[1]) in statuses
    assert httpx.get(f"{installation.url}/health").status_code == 200


def _raw(controller: AxisController, method: str, path: str, length: int) -> socket.socket:
    """Send the head of a request and return the connection, ready for a body."""
    storage = urlsplit(controller._storage)
    connected = socket.create_connection((storage.hostname, storage.port or 80), 10)
    head = (
        f"{method} {storage.path}/{path} HTTP/1.1\r\nHost: {storage.netloc}\r\n"
        f"X-Auth-Token: {controller._token}\r\nContent-Length: {length}\r\n\r\n"
    )
    connected.sendall(head.encode())
    return connected


def _ask(controller: AxisController, method: str, path: str, body: bytes) -> httpx.Response:
    return httpx.request(
        method,
        f"{controller._storage}/{path}",
        content=body,
        headers={"X-Auth-Token": controller._token},
    )


def _until(happened: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)
