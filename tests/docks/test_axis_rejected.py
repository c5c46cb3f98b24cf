"""Rejected content: whatever it is, it is kept sealed in quarantine and never refused."""

from __future__ import annotations

import json

import pytest
from tests.docks.axis_dock import CLIP, CONTAINER, SERIAL, Controller, md5, meta

from custodes.custody import strongroom
from custodes.custody.queries import history_of
from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.recordings.models import Original, Recording

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]

REJECTED = "RejectedContent_20240514T130000Z_7c1f"
TOLD = {
    "ContainerName": REJECTED,
    "RejectedContentOriginalContainer": CONTAINER,
    "RejectedContentTime": "20240514T130000Z",
    "RejectedContentReason": "400: the recording has no duration",
    "StartTime": "4294967",
}


@pytest.fixture
def dock() -> Controller:
    return Controller.enrolled().introduce()


def kept(name: str) -> Upload:
    return Upload.objects.get(name=name, state=State.QUARANTINED)


def bytes_of(upload: Upload) -> bytes:
    key = strongroom.ring().unwrap(upload.key)
    with strongroom.vault().open(upload.handle, "original", key) as reader:
        return bytes(reader.read_at(0, upload.received))


def test_rejected_content_is_kept_with_the_cameras_reason(dock: Controller) -> None:
    container = dock.ask("PUT", REJECTED, headers=meta("Container", TOLD))
    clip = dock.put(CLIP, b"broken footage", container=REJECTED)

    upload = kept(CLIP)
    assert (container.status, clip.status) == (201, 201)
    assert clip.headers["etag"] == md5(b"broken footage")
    assert bytes_of(upload) == b"broken footage"
    assert upload.reason.endswith("400: the recording has no duration")
    assert upload.camera is not None
    assert upload.camera.serial == SERIAL
    assert [told.kind for told in history_of(upload.handle)] == ["recording.rejected"]
    assert not Recording.objects.exists()


def test_what_was_said_of_the_container_is_sealed_beside_it(dock: Controller) -> None:
    dock.ask("PUT", REJECTED, headers=meta("Container", {**TOLD, "Vendor-New": "1"}))

    said = json.loads(bytes_of(kept("container metadata.json")))
    assert said == {**TOLD, "Vendor-New": "1"}


def test_a_container_told_of_twice_exists_already(dock: Controller) -> None:
    assert dock.ask("PUT", REJECTED, headers=meta("Container", TOLD)).status == 201
    assert dock.ask("PUT", REJECTED, headers=meta("Container", TOLD)).status == 202

    assert Upload.objects.filter(state=State.QUARANTINED).count() == 1


def test_more_said_later_is_kept_as_well(dock: Controller) -> None:
    dock.ask("PUT", REJECTED, headers=meta("Container", TOLD))
    more = meta("Container", {"RejectedContentReason": "corrupt data"})

    assert dock.ask("POST", REJECTED, headers=more).status == 204
    assert dock.put(CLIP, b"x", container=REJECTED).status == 201
    post = dock.ask("POST", f"{REJECTED}/{CLIP}", headers=meta("Object", {"A": "b"}))

    assert post.status == 202
    assert kept(CLIP).reason.endswith("corrupt data")
    assert json.loads(bytes_of(kept(f"{CLIP} metadata.json"))) == {"A": "b"}


@pytest.mark.parametrize(
    ("container", "name", "body"),
    [
        ("RejectedContent_UnknownTime_1", "x.mkv", b"never announced"),
        (REJECTED, "..", b"a name that is a path"),
        (REJECTED, "../../etc/passwd", b"a path"),
        (REJECTED, "a\x00b", b"a control character"),
        (REJECTED, "x" * 65536, b"a long name"),
        (REJECTED, CLIP, b""),
        ("RejectedContent_" + "x" * 65536, CLIP, b"a long container"),
        ("RejectedContent_\x00\x07", CLIP, b"control characters"),
        (REJECTED, "20240514.key", b"{}"),
    ],
)
def test_nothing_offered_as_rejected_content_is_refused(
    dock: Controller, container: str, name: str, body: bytes
) -> None:
    answer = dock.put(name, body, {"StartTime": "nonsense"}, container=container)

    assert answer.status == 201, answer.text
    upload = Upload.objects.get(state=State.QUARANTINED)
    assert bytes_of(upload) == body
    assert dock.ask("HEAD", f"{container}/{name}").headers["etag"] == md5(body)


def test_rejected_content_again_is_kept_once(dock: Controller) -> None:
    dock.put(CLIP, b"broken" * 200_000, container=REJECTED)

    assert dock.put(CLIP, b"broken" * 200_000, container=REJECTED).status == 201

    assert Upload.objects.filter(state=State.QUARANTINED).count() == 1
    assert list(strongroom.vault().store.incoming_handles()) == []


def test_other_bytes_of_the_same_name_are_kept_as_well(dock: Controller) -> None:
    dock.put(CLIP, b"one", container=REJECTED)

    assert dock.put(CLIP, b"two", container=REJECTED).status == 201

    assert Upload.objects.filter(state=State.QUARANTINED).count() == 2


def test_a_wrong_etag_does_not_refuse_rejected_content(dock: Controller) -> None:
    headers = {"ETag": md5(b"something else")}

    assert dock.put(CLIP, b"one", container=REJECTED, headers=headers).status == 201


def test_rejected_content_cut_short_is_not_acknowledged(dock: Controller) -> None:
    answer = dock.put(CLIP, b"one", container=REJECTED, CONTENT_LENGTH="1000")

    assert answer.status == 408
    assert not Upload.objects.filter(state=State.QUARANTINED).exists()
    assert not Original.objects.exists()
