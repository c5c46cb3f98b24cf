"""The tus door, asked the way https://tus.io/protocols/resumable-upload says (version 1.0.0)."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.custody.rules import SYSTEM
from custodes.docks.tus import verbs
from custodes.docks.tus.wsgi import tus_application
from custodes.fleet.actions import add_dock, enrol_camera, sign_in_dock
from custodes.fleet.rules import DockKind
from custodes.intake import resumable
from custodes.intake.models import Upload
from custodes.kernel.clock import now, rfc3339
from custodes.ledger.note import VerifierKey
from custodes.ledger.receipt import digest_of_name, open_receipt
from custodes.recordings.actions.deliver import deliver, finish_what_was_sealed
from custodes.recordings.models import Original, Recording

pytestmark = pytest.mark.django_db(transaction=True)

BYTES = bytes(range(256)) * 1200  # 300 KiB: several sealed segments and a part of one
OCTETS = {"Content-Type": "application/offset+octet-stream"}


class Sender:
    """A tus client that says exactly what a test wants said."""

    def __init__(self, key: str) -> None:
        transport = httpx.WSGITransport(app=tus_application, raise_app_exceptions=True)
        headers = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {key}"}
        self.http = httpx.Client(transport=transport, base_url="http://dock", headers=headers)

    def create(
        self, size: int, content: bytes = b"", more: dict[str, str] | None = None, **said: str
    ) -> httpx.Response:
        """POST, with metadata that makes sense unless told otherwise."""
        said = {"filename": "clip.bin", "camera": "CAM1", "started_at": STARTED, **said}
        pairs = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items()]
        headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(pairs)}
        headers |= OCTETS if content else {}
        headers |= {"Content-Length": str(len(content))} | (more or {})
        return self.http.post("/tus/files/", content=content, headers=headers)

    def begin(self, size: int = len(BYTES), **said: str) -> str:
        """POST and return where the upload is."""
        answer = self.create(size, **said)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def patch(self, url: str, offset: int, content: bytes, **headers: str) -> httpx.Response:
        """PATCH bytes at an offset."""
        told = (
            OCTETS
            | {"Upload-Offset": str(offset)}
            | {k.replace("_", "-"): v for k, v in headers.items()}
        )
        return self.http.patch(url, content=content, headers=told)

    def offset(self, url: str) -> int:
        """HEAD, which must work, and return how much is there."""
        answer = self.http.head(url)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])


STARTED = rfc3339(now() - timedelta(hours=3))


@pytest.fixture
def sender() -> Iterator[Sender]:
    _, key = add_dock("Brixton PC 1", DockKind.AGENT, by=SYSTEM, at=now())
    enrol_camera("CAM1", by=SYSTEM, at=now())
    yield Sender(key)
    resumable.close_idle(idle=-1)


def kinds() -> list[str]:
    """Return the kinds of all custody entries after the fixture's own."""
    return [
        e.kind
        for e in Entry.objects.order_by("index")
        if e.kind not in ("dock.enrolled", "device.enrol")
    ]


def incoming() -> list[str]:
    """Return the unfinished objects of this test's uploads."""
    ours = set(Upload.objects.values_list("handle", flat=True))
    return [h for h in strongroom.vault().store.incoming_handles() if h in ours]


def stored(original: Original) -> bytes:
    key = strongroom.ring().unwrap(original.key)
    with strongroom.vault().open(original.handle, "original", key) as sealed:
        return sealed.read_at(0, sealed.size)


def restarted() -> None:
    """Forget all that a killed process would forget; the kernel frees its locks."""
    for place in resumable._places.values():
        if place.reception is not None:
            place.reception.abandon()
    resumable._places.clear()


# ── Core protocol ────────────────────────────────────────────────────────────────


def test_options_says_version_extensions_largest_size_and_checksums(sender: Sender) -> None:
    answer = sender.http.options("/tus/files/", headers={"Tus-Resumable": "9"})

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    said = answer.headers["Tus-Extension"].split(",")
    assert said == ["creation", "creation-with-upload", "checksum", "expiration", "termination"]
    assert int(answer.headers["Tus-Max-Size"]) == 64 << 30
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"].split(",")


def test_an_upload_in_three_pieces_becomes_one_original_and_a_receipt(sender: Sender) -> None:
    url = sender.begin()
    for start in (0, 100_000, 200_000):
        piece = BYTES[start : start + 100_000] if start < 200_000 else BYTES[start:]
        answer = sender.patch(url, start, piece)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["Upload-Offset"] == str(start + len(piece))

    original = Original.objects.get()
    assert stored(original) == BYTES
    assert kinds() == ["recording.opened", "recording.ingested", "recording.completed"]
    receipt = sender.http.get(answer.headers["Custodes-Receipt"])
    assert receipt.status_code == 200
    key = VerifierKey.parse(sender.http.get("/tus/key").text)
    said = open_receipt(receipt.text, key)
    assert said.is_for(hashlib.sha256(BYTES).hexdigest(), len(BYTES))
    assert (said.recording, said.original) == (original.recording.handle, original.handle)
    assert said.name == digest_of_name("clip.bin")
    entry = Entry.objects.get(kind="recording.ingested")
    assert (said.entry, said.leaf, said.at) == (entry.index, bytes(entry.leaf), entry.at)


def test_nothing_is_visible_before_the_last_byte(sender: Sender) -> None:
    url = sender.begin()

    sender.patch(url, 0, BYTES[:-1])

    assert not Recording.objects.exists()
    assert kinds() == []
    assert sender.http.get(f"{url}/receipt").status_code == 404


def test_head_says_offset_length_metadata_and_is_not_cached(sender: Sender) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:70_000])

    answer = sender.http.head(url)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Upload-Offset"] == "70000"
    assert answer.headers["Upload-Length"] == str(len(BYTES))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "filename Y2xpcC5iaW4=" in answer.headers["Upload-Metadata"]
    assert answer.headers["Upload-Expires"].endswith("GMT")


@pytest.mark.parametrize("offset", [0, 69_999, 70_001, 300_000])
def test_a_replayed_overlapping_or_skipping_offset_is_a_conflict(
    sender: Sender, offset: int
) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:70_000])

    answer = sender.patch(url, offset, b"other")

    assert answer.status_code == 409
    assert sender.offset(url) == 70_000
    sender.patch(url, 70_000, BYTES[70_000:])
    assert stored(Original.objects.get()) == BYTES


def test_bytes_past_the_announced_length_are_refused(sender: Sender) -> None:
    url = sender.begin(10)

    assert sender.patch(url, 0, b"eleven byte").status_code == 413
    assert sender.offset(url) == 0


@pytest.mark.parametrize("offset", ["-1", "", "1_0", "+5", "zero", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(sender: Sender, offset: str) -> None:
    url = sender.begin()

    answer = sender.http.patch(url, content=b"x", headers=OCTETS | {"Upload-Offset": offset})

    assert answer.status_code == 400


def test_another_content_type_is_refused(sender: Sender) -> None:
    url = sender.begin()

    headers = {"Upload-Offset": "0", "Content-Type": "video/mp4"}
    assert sender.http.patch(url, content=b"x", headers=headers).status_code == 415


def test_a_body_without_a_length_is_refused(sender: Sender) -> None:
    url = sender.begin()

    headers = OCTETS | {"Upload-Offset": "0", "Transfer-Encoding": "chunked"}
    answer = sender.http.patch(url, content=iter([b"x"]), headers=headers)

    assert answer.status_code == 411


@pytest.mark.parametrize("version", ["0.2.2", "2.0.0", ""])
def test_another_version_is_refused_and_told_ours(sender: Sender, version: str) -> None:
    url = sender.begin()

    answer = sender.http.head(url, headers={"Tus-Resumable": version})

    assert answer.status_code == 412
    assert answer.headers["Tus-Version"] == "1.0.0"


def test_the_method_can_be_overridden_where_patch_is_blocked(sender: Sender) -> None:
    url = sender.begin()

    headers = OCTETS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    answer = sender.http.post(url, content=BYTES, headers=headers)

    assert answer.status_code == 204
    assert stored(Original.objects.get()) == BYTES


def test_a_body_cut_short_counts_as_far_as_it_came(sender: Sender) -> None:
    url = sender.begin()

    answer = sender.http.patch(
        url,
        content=BYTES[:1000],
        headers=OCTETS | {"Upload-Offset": "0", "Content-Length": "5000"},
    )

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "1000")
    assert sender.offset(url) == 1000


# ── Creation ─────────────────────────────────────────────────────────────────────


def test_a_whole_file_can_come_with_its_creation(sender: Sender) -> None:
    answer = sender.create(len(BYTES), BYTES)

    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == str(len(BYTES))
    assert stored(Original.objects.get()) == BYTES


def test_the_first_bytes_can_come_with_the_creation(sender: Sender) -> None:
    answer = sender.create(len(BYTES), BYTES[:100])

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "100")
    sender.patch(answer.headers["Location"], 100, BYTES[100:])
    assert stored(Original.objects.get()) == BYTES


def test_an_empty_file_is_whole_at_its_creation(sender: Sender) -> None:
    answer = sender.create(0)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    assert Original.objects.get().size == 0


def test_a_file_that_is_too_large_is_refused_before_its_first_byte(sender: Sender) -> None:
    assert sender.create((64 << 30) + 1).status_code == 413
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"camera": "STRANGER"}, "No camera with the serial number STRANGER is known here."),
        ({"filename": "../etc/passwd"}, "a path or control characters"),
        ({"filename": ""}, "a path or control characters"),
        ({"started_at": ""}, "has no start time"),
        ({"started_at": "yesterday"}, "not a time with a zone"),
        ({"started_at": "2001-01-01T00:00:00Z"}, "clock was not set"),
        ({"kind": "poem"}, "not a kind of file"),
        ({"sha256": "abc"}, "not 64 hexadecimal digits"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence_and_an_entry(
    sender: Sender, said: dict[str, str], sentence: str
) -> None:
    answer = sender.create(10, **said)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert kinds() == ["arrival.refused"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("header", ["filename", "filename !!", "a YQ==,a YQ==", ",", "a\tb YQ=="])
def test_metadata_that_is_not_tus_is_refused(sender: Sender, header: str) -> None:
    headers = {"Upload-Length": "5", "Upload-Metadata": header}
    answer = sender.http.post("/tus/files", headers=headers)

    assert answer.status_code == 400


def test_unknown_metadata_is_kept_with_the_recording(sender: Sender) -> None:
    sender.create(len(BYTES), BYTES, shift="early", started_at_from="file time")

    told = Recording.objects.get().told
    assert (told["shift"], told["started_at_from"]) == ("early", "file time")
    assert "filename" not in told


def test_a_later_length_is_not_taken(sender: Sender) -> None:
    answer = sender.create(10, more={"Upload-Defer-Length": "1"})

    assert answer.status_code == 400


def test_files_of_one_recording_are_grouped_by_the_sender_s_name_for_it(sender: Sender) -> None:
    sender.create(4, b"clip", filename="a.bin", recording="a", files="2")
    assert Recording.objects.get().state == "arriving"

    sender.create(5, b"track", filename="a.gpx", recording="a", files="2", started_at="")
    recording = Recording.objects.get()
    assert [(o.name, o.kind) for o in recording.originals.all()] == [
        ("a.bin", "other"),
        ("a.gpx", "track"),
    ]
    assert recording.state == "complete"


def test_a_further_file_with_a_time_of_its_own_does_not_move_the_beginning(
    sender: Sender,
) -> None:
    began = now().replace(microsecond=0) - timedelta(hours=3)
    at = [rfc3339(began + timedelta(minutes=minutes)) for minutes in (0, 6, 17)]
    first = {"started_at": at[0], "ended_at": at[1]}
    second = {"started_at": at[1], "ended_at": at[2]}

    sender.create(4, b"clip", filename="a.bin", recording="a", files="2", **first)
    sender.create(4, b"more", filename="b.bin", recording="a", files="2", **second)

    recording = Recording.objects.get()
    assert (recording.started_at, recording.seconds) == (began, 17 * 60)


# ── Sign-in ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("credential", ["", "Bearer wrong", "Basic !!", "Digest x", "Bearer"])
def test_nobody_without_the_dock_s_key_gets_anywhere(sender: Sender, credential: str) -> None:
    url = sender.begin()
    sender.http.headers["Authorization"] = credential

    assert sender.create(5).status_code == 401
    assert sender.http.head(url).status_code == 401
    assert sender.patch(url, 0, b"x").status_code == 401
    assert sender.http.delete(url).status_code == 401


def test_name_and_key_are_taken_too_but_not_another_s_name(sender: Sender) -> None:
    key = sender.http.headers.pop("Authorization").removeprefix("Bearer ")

    assert sender.http.head("/tus/files/x", auth=("Brixton PC 1", key)).status_code == 404
    assert sender.http.head("/tus/files/x", auth=("Croydon PC 1", key)).status_code == 401


def test_one_dock_cannot_see_or_touch_another_s_uploads(sender: Sender) -> None:
    url = sender.begin()
    _, key = add_dock("Croydon PC 1", DockKind.AGENT, by=SYSTEM, at=now())
    other = Sender(key)

    assert other.http.head(url).status_code == 404
    assert other.patch(url, 0, BYTES).status_code == 404
    assert other.http.delete(url).status_code == 404
    assert other.http.get(f"{url}/receipt").status_code == 404
    assert sender.offset(url) == 0


def test_a_controller_s_key_does_not_open_this_door(sender: Sender) -> None:
    _, key = add_dock("Axis 1", DockKind.AXIS, by=SYSTEM, at=now())
    _, token = sign_in_dock("Axis 1", key, lasting=timedelta(hours=1), at=now())

    assert Sender(key).create(5).status_code == 401
    assert Sender(token).create(5).status_code == 401


def test_a_token_the_dock_signed_in_for_is_as_good_as_its_key(sender: Sender) -> None:
    key = sender.http.headers["Authorization"].removeprefix("Bearer ")
    _, token = sign_in_dock("Brixton PC 1", key, lasting=timedelta(hours=1), at=now())

    assert Sender(token).create(5).status_code == 201


# ── Checksum ─────────────────────────────────────────────────────────────────────


def checksum(algorithm: str, content: bytes) -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_bytes_that_fit_their_checksum_count(sender: Sender, algorithm: str) -> None:
    url = sender.begin()

    answer = sender.patch(url, 0, BYTES, Upload_Checksum=checksum(algorithm, BYTES))

    assert answer.status_code == 204
    assert stored(Original.objects.get()) == BYTES


def test_bytes_that_do_not_fit_their_checksum_never_count(sender: Sender) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:1000])

    answer = sender.patch(url, 1000, b"x" * 5000, Upload_Checksum=checksum("sha1", b"y"))

    assert answer.status_code == 460
    assert sender.offset(url) == 1000
    sender.patch(url, 1000, BYTES[1000:])
    assert stored(Original.objects.get()) == BYTES


def test_a_checked_body_cut_short_does_not_count(sender: Sender) -> None:
    url = sender.begin()

    headers = {"Upload_Checksum": checksum("sha256", BYTES), "Content_Length": str(len(BYTES))}
    answer = sender.patch(url, 0, BYTES[:-1], **headers)

    assert answer.status_code == 460
    assert sender.offset(url) == 0


@pytest.mark.parametrize("said", ["crc32 AAAA", "sha1", "sha1 AAAA", "sha1 !!!!", "SHA1 x", ""])
def test_a_checksum_we_cannot_check_is_refused(sender: Sender, said: str) -> None:
    url = sender.begin()

    assert sender.patch(url, 0, b"x", Upload_Checksum=said).status_code == 400
    assert sender.offset(url) == 0


def test_a_checked_body_that_would_not_fit_in_memory_is_refused(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "MOST_CHECKED", 1000)
    url = sender.begin()

    answer = sender.patch(url, 0, BYTES, Upload_Checksum=checksum("sha1", BYTES))

    assert (answer.status_code, sender.offset(url)) == (413, 0)


# ── Termination and expiration ───────────────────────────────────────────────────


def test_an_unfinished_upload_can_be_withdrawn_and_is_gone_then(sender: Sender) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:100_000])

    assert sender.http.delete(url).status_code == 204

    assert kinds() == ["upload.discarded"]
    assert incoming() == []
    assert sender.http.head(url).status_code == 410
    assert sender.patch(url, 100_000, BYTES[100_000:]).status_code == 410
    assert sender.http.delete(url).status_code == 410
    assert not Recording.objects.exists()


def test_what_was_taken_in_cannot_be_withdrawn(sender: Sender) -> None:
    url = sender.create(len(BYTES), BYTES).headers["Location"]

    answer = sender.http.delete(url)

    assert answer.status_code == 403
    assert "evidence" in answer.text
    assert stored(Original.objects.get()) == BYTES


def test_an_upload_whose_time_is_over_is_gone_and_cleared_away(sender: Sender) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:100_000])
    Upload.objects.update(expires_at=now(), heard_at=now() - timedelta(hours=1))

    assert sender.http.head(url).status_code == 410
    assert sender.patch(url, 100_000, b"x").status_code == 410
    assert resumable.discard_expired(now(), by=SYSTEM) == 1
    assert kinds() == ["upload.discarded"]
    assert incoming() == []
    assert sender.http.head(url).status_code == 410


def test_an_upload_that_is_still_being_sent_is_never_cleared_away(sender: Sender) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:100_000])
    Upload.objects.update(expires_at=now())

    assert resumable.discard_expired(now(), by=SYSTEM) == 0
    assert Upload.objects.get().state == "receiving"


# ── Two writers ──────────────────────────────────────────────────────────────────


def test_a_second_writer_is_told_to_wait_and_changes_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumable, "_PATIENCE", 0.05)
    url = sender.begin()
    upload = Upload.objects.get()

    with resumable.Turn(upload) as turn:
        turn.feed(BYTES[:10])
        assert sender.patch(url, 10, b"other").status_code == 423
        assert sender.http.head(url).status_code == 423
        assert sender.http.delete(url).status_code == 423

    assert sender.offset(url) == 10


def test_another_process_writing_the_upload_is_respected(sender: Sender) -> None:
    url = sender.begin()
    upload = Upload.objects.get()
    with resumable.Turn(upload) as turn:
        turn.feed(BYTES[:10])
    place = resumable._places.pop(upload.handle)  # as if the reception were another process's

    assert sender.patch(url, 10, b"x").status_code == 423

    assert place.reception is not None
    place.reception.abandon()


def test_a_writer_whose_connection_is_dead_loses_its_turn(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resumable, "_SILENCE", 0.01)
    url = sender.begin()
    upload = Upload.objects.get()
    stale = resumable.Turn(upload)
    stale.__enter__()
    stale.feed(BYTES[:1000])

    threading.Event().wait(0.05)
    assert sender.offset(url) == 1000
    with pytest.raises(resumable.TurnLost):
        stale.feed(b"late")
    stale.__exit__(None, None, None)

    sender.patch(url, 1000, BYTES[1000:])
    assert stored(Original.objects.get()) == BYTES


# ── Kills ────────────────────────────────────────────────────────────────────────


def test_after_a_kill_the_offset_never_says_more_than_is_really_there(sender: Sender) -> None:
    url = sender.begin()
    sender.patch(url, 0, BYTES[:200_000])
    restarted()

    offset = sender.offset(url)

    assert 0 < offset <= 200_000
    sender.patch(url, offset, BYTES[offset:])
    assert stored(Original.objects.get()) == BYTES


def test_a_kill_before_the_first_byte_is_no_harm(sender: Sender) -> None:
    url = sender.begin()
    restarted()

    assert sender.offset(url) == 0
    sender.patch(url, 0, BYTES)
    assert stored(Original.objects.get()) == BYTES


def _sealed_but_not_taken_in(sender: Sender, monkeypatch: pytest.MonkeyPatch, **said: str) -> str:
    def crash(*_: Any, **__: Any) -> None:
        raise SystemExit

    url = sender.begin(**said)
    with monkeypatch.context() as patched:
        patched.setattr(verbs, "deliver", crash)
        with pytest.raises(SystemExit):
            sender.patch(url, 0, BYTES)
    restarted()
    assert not Recording.objects.exists()
    return url


def test_a_kill_between_sealed_and_taken_in_is_finished_by_asking_how_far(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = _sealed_but_not_taken_in(sender, monkeypatch)

    assert sender.offset(url) == len(BYTES)
    assert stored(Original.objects.get()) == BYTES
    assert kinds() == ["recording.opened", "recording.ingested", "recording.completed"]
    assert sender.http.get(f"{url}/receipt").status_code == 200


def test_a_kill_between_sealed_and_taken_in_is_finished_by_the_sweep(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sealed_but_not_taken_in(sender, monkeypatch)

    assert finish_what_was_sealed(now()) == 0  # a server may be at it this moment
    assert finish_what_was_sealed(now() + timedelta(minutes=5)) == 1
    assert finish_what_was_sealed(now() + timedelta(minutes=5)) == 0
    assert stored(Original.objects.get()) == BYTES
    told = history_of(Recording.objects.get().handle)
    assert {entry.fields["actor"] for entry in told} == {"Brixton PC 1"}


def test_two_processes_that_finish_the_same_upload_take_it_in_once(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sealed_but_not_taken_in(sender, monkeypatch)
    upload = Upload.objects.get()  # what both read before either wrote
    with resumable.Turn(upload) as turn:
        received = turn.finish()

    first = deliver(upload, received, by=SYSTEM, at=now())
    second = deliver(upload, received, by=SYSTEM, at=now())

    assert first == second
    assert Upload.objects.get().state == "accepted"
    assert kinds() == ["recording.opened", "recording.ingested", "recording.completed"]


def test_what_is_sealed_does_not_expire(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    _sealed_but_not_taken_in(sender, monkeypatch)
    long_ago = now() - timedelta(days=9)
    Upload.objects.update(expires_at=long_ago, heard_at=long_ago)

    assert resumable.discard_expired(now(), by=SYSTEM) == 0
    assert finish_what_was_sealed(now()) == 1


# ── Proof ────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_not_what_was_promised_goes_into_quarantine(sender: Sender) -> None:
    url = sender.begin(sha256="0" * 64)

    answer = sender.patch(url, 0, BYTES)

    assert answer.status_code == 422
    assert "SHA-256" in answer.text
    assert kinds() == ["recording.rejected"]
    assert Upload.objects.get().state == "quarantined"
    assert not Recording.objects.exists()
    # No offset: a client that asks again must never read that as delivered.
    head = sender.http.head(url)
    assert (head.status_code, "Upload-Offset" in head.headers) == (410, False)
    assert sender.http.get(f"{url}/receipt").status_code == 404
    assert sender.http.delete(url).status_code == 403


def test_the_same_file_again_gets_the_receipt_of_the_one_held(sender: Sender) -> None:
    first = sender.create(len(BYTES), BYTES)
    second = sender.create(len(BYTES), BYTES)

    urls = [answer.headers["Custodes-Receipt"] for answer in (first, second)]
    receipts = [sender.http.get(url).text for url in urls]
    assert receipts[0] == receipts[1]
    assert Original.objects.count() == 1
    assert kinds()[-1] == "recording.offered_again"
    assert incoming() == []
    assert sender.offset(second.headers["Location"]) == len(BYTES)


def test_another_version_of_a_held_file_goes_into_quarantine(sender: Sender) -> None:
    sender.create(len(BYTES), BYTES)

    answer = sender.create(4, b"fake")

    assert answer.status_code == 422
    assert stored(Original.objects.get()) == BYTES
    assert kinds()[-1] == "recording.rejected"


def test_a_finished_upload_takes_no_more_bytes(sender: Sender) -> None:
    url = sender.create(len(BYTES), BYTES).headers["Location"]

    assert sender.patch(url, 0, BYTES).status_code == 409
    assert sender.patch(url, len(BYTES), b"x").status_code == 413
    again = sender.patch(url, len(BYTES), b"", Content_Length="0")
    assert (again.status_code, again.headers["Upload-Offset"]) == (204, str(len(BYTES)))
    assert stored(Original.objects.get()) == BYTES
