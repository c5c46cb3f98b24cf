"""Recordings through the Axis door: announced, delivered file by file, completed."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from tests.docks.axis_dock import CLERK, CLIP, CONTAINER, SERIAL, WEARER, Controller, md5, meta

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.fleet.models import Camera, Dock, Wearer
from custodes.intake.actions import Offer, begin_upload, receive_all
from custodes.intake.models import Upload
from custodes.intake.resumable import set_apart_what_was_sealed
from custodes.intake.rules import Kind, Promise, State
from custodes.kernel.clock import now
from custodes.recordings.actions.scrub import scrub_store
from custodes.recordings.models import Bookmark, Original, Recording

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]

CONTENT = bytes(range(256)) * 3000  # 750 KiB: over the size where lanes and a sandbox start


@pytest.fixture
def dock() -> Controller:
    return Controller.enrolled().introduce()


@pytest.fixture
def announced(dock: Controller) -> Controller:
    assert dock.announce().status == 201
    return dock


def sealed_bytes(original: Original) -> bytes:
    key = strongroom.ring().unwrap(original.key)
    with strongroom.vault().open(original.handle, "original", key) as reader:
        return bytes(reader.read_at(0, original.size))


def test_an_announced_recording_knows_its_camera_wearer_times_and_place(dock: Controller) -> None:
    answer = dock.announce(**{"Vendor-New": "caf\u00e9; 1=2"})

    recording = Recording.objects.get()
    assert answer.status == 201
    assert recording.camera.serial == SERIAL
    assert recording.announced is not None
    assert recording.announced.dock_id == WEARER
    assert recording.started_at == datetime(2024, 5, 14, 11, 59, 30, tzinfo=UTC)
    assert recording.trigger_on == datetime(2024, 5, 14, 12, 0, tzinfo=UTC)
    assert (recording.latitude, recording.longitude) == (51.4613, -0.1156)
    assert recording.told["Vendor-New"] == "caf\u00e9; 1=2"
    assert recording.told["BWCSerialNumber"] == SERIAL


def test_announcing_again_is_accepted_and_records_nothing(announced: Controller) -> None:
    before = Entry.objects.count()

    assert announced.announce().status == 202

    assert Recording.objects.count() == 1
    assert Entry.objects.count() == before


def test_a_clip_is_acknowledged_with_its_md5_once_it_is_sealed_and_recorded(
    announced: Controller,
) -> None:
    answer = announced.put(CLIP, CONTENT, {"StartTime": "1715687970", "ContainerType": "mkv"})

    original = Original.objects.get()
    assert answer.status == 201
    assert answer.headers["etag"] == md5(CONTENT)
    assert Camera.objects.get(serial=SERIAL).heard_at == original.sealed_at
    assert original.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert original.kind == Kind.VIDEO
    assert sealed_bytes(original) == CONTENT
    told = history_of(original.recording.handle)
    assert [line.kind for line in told] == ["recording.opened", "recording.ingested"]
    assert told[1].fields["actor"] == "Brixton 1"


def test_the_dock_board_shows_the_receipt_of_what_was_sealed_last(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)

    words = Dock.objects.get().last_words
    leaf = bytes(Entry.objects.get(kind="recording.ingested").leaf).hex()
    assert words.startswith("sealed ")
    assert words.endswith(f"receipt {leaf[:8]}…")


def test_a_whole_recording_ends_complete_with_every_kind_of_file(announced: Controller) -> None:
    track = b'{"CoordinateEntries":[]}'
    announced.put(CLIP, CONTENT)
    announced.put("20240514_115930_5F3A.key", b"{}", {"FileType": "key"})
    announced.put("20240514_115930_5F3A_B8A4_gpstrail.json", track, {"FileType": "json"})
    announced.put("bookmark_1_2", "Verhaftung, Tür".encode(), {"CategoryID": "arrest"})

    done = announced.ask("POST", CONTAINER, headers=meta("Container", {"Status": "Complete"}))

    recording = Recording.objects.get()
    assert done.status == 204
    assert recording.state == "complete"
    assert recording.ended_at == datetime(2024, 5, 14, 12, 1, tzinfo=UTC)
    kinds = list(recording.originals.values_list("kind", flat=True))
    assert kinds == [Kind.VIDEO, Kind.KEY, Kind.TRACK, Kind.BOOKMARK]
    assert recording.category_id == "arrest"
    assert Bookmark.objects.get().label == "Verhaftung, Tür"


def test_completing_twice_is_no_harm(announced: Controller) -> None:
    headers = meta("Container", {"Status": "Complete"})
    announced.put(CLIP, CONTENT)

    assert announced.ask("POST", CONTAINER, headers=headers).status == 204
    assert announced.ask("POST", CONTAINER, headers=headers).status == 204

    assert Entry.objects.filter(kind="recording.completed").count() == 1


def test_a_wrong_time_told_at_the_end_is_kept_and_refuses_nothing(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)
    headers = meta("Container", {"Status": "Complete", "StopTime": "4294967"})

    assert announced.ask("POST", CONTAINER, headers=headers).status == 204

    recording = Recording.objects.get()
    assert recording.state == "complete"
    assert recording.told["StopTime"] == "4294967"
    assert recording.ended_at == datetime(2024, 5, 14, 12, 1, tzinfo=UTC)


def test_the_same_file_again_is_acknowledged_and_kept_once(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)

    again = announced.put(CLIP, CONTENT)

    assert again.status == 201
    assert again.headers["etag"] == md5(CONTENT)
    assert Original.objects.count() == 1
    assert Entry.objects.filter(kind="recording.offered_again").count() == 1
    assert list(strongroom.vault().store.incoming_handles()) == []


def test_the_same_bookmark_again_marks_one_moment(announced: Controller) -> None:
    announced.put("bookmark_1_2", b"here")
    announced.put("bookmark_1_2", b"here")

    assert Bookmark.objects.count() == 1


def test_other_bytes_under_the_same_name_are_kept_in_quarantine(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)

    answer = announced.put(CLIP, CONTENT[::-1])

    apart = Upload.objects.get(state=State.QUARANTINED)
    assert answer.status == 201
    assert answer.headers["etag"] == md5(CONTENT[::-1])
    assert apart.sha256 == hashlib.sha256(CONTENT[::-1]).hexdigest()
    assert strongroom.vault().store.holds(apart.handle)
    assert sealed_bytes(Original.objects.get()) == CONTENT


def test_a_recording_sent_by_two_docks_is_one_recording(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)
    other = Controller.enrolled("Brixton 2")

    assert other.announce().status == 202
    assert other.put(CLIP, CONTENT).status == 201

    assert Recording.objects.count() == 1
    assert Original.objects.count() == 1


def test_what_was_sealed_when_the_server_died_is_kept_apart_and_sent_again(
    announced: Controller,
) -> None:
    recording = Recording.objects.get()
    offer = Offer("axis", CLIP, Kind.VIDEO, CONTAINER, recording.camera, Promise(len(CONTENT)), {},
                  dock=Dock.objects.get(), lasting=timedelta(hours=24))  # fmt: skip
    upload = begin_upload(offer, at=now())
    receive_all(upload, [CONTENT], md5=True)  # sealed; and here the power goes

    assert set_apart_what_was_sealed(now(), ("axis",), by=CLERK) == 0
    assert Upload.objects.get().state == State.RECEIVING, "it may still be going on"
    assert set_apart_what_was_sealed(now() + timedelta(hours=2), ("axis",), by=CLERK) == 1

    apart = Upload.objects.get()
    assert (apart.state, apart.sha256) == (State.QUARANTINED, hashlib.sha256(CONTENT).hexdigest())
    assert "stopped" in apart.reason
    assert announced.put(CLIP, CONTENT).status == 201
    assert sealed_bytes(Original.objects.get()) == CONTENT
    assert scrub_store(by=CLERK, at=now()).findings == ()


COMPLETE = meta("Container", {"Status": "Complete"})


def test_a_camera_moved_to_another_dock_goes_on_there(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)
    other = Controller.enrolled("Brixton 2")

    assert other.announce().status == 202
    assert other.put("20240514_120030_5F3B.mkv", CONTENT[::-1]).status == 201
    assert other.ask("POST", CONTAINER, headers=COMPLETE).status == 204

    assert Recording.objects.get().state == "complete"
    told = history_of(Recording.objects.get().handle)
    brought = [line.fields["actor"] for line in told if line.kind == "recording.ingested"]
    assert brought == ["Brixton 1", "Brixton 2"]


def test_a_complete_recording_takes_nothing_new_from_another_dock(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)
    announced.ask("POST", CONTAINER, headers=COMPLETE)
    before = Recording.objects.values().get()
    stranger = Controller.enrolled("Brixton 2")

    added = stranger.put("20240514_120030_5F3B.mkv", CONTENT[::-1])
    marked = stranger.put("bookmark_1_2", b"not mine")
    told = stranger.ask("POST", CONTAINER, headers=meta("Container", {"StartTime": "1715600000"}))
    of_file = stranger.ask("POST", f"{CONTAINER}/{CLIP}", headers=meta("Object", {"New": "1"}))
    announced_again = stranger.announce(StartTime="1715600000")

    assert (added.status, marked.status) == (201, 201)
    assert (told.status, of_file.status, announced_again.status) == (403, 403, 202)
    assert Recording.objects.values().get() == before
    assert Original.objects.count() == 1
    assert not Bookmark.objects.exists()
    apart = Upload.objects.filter(state=State.QUARANTINED)
    assert [strongroom.vault().store.holds(one.handle) for one in apart] == [True, True]
    assert "another dock had brought it" in apart[0].reason
    assert stranger.ask("HEAD", CONTAINER).status == 404
    assert Entry.objects.filter(kind="arrival.refused").count() == 2


def test_a_dock_that_brings_the_same_again_is_told_that_it_is_held(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)
    announced.ask("POST", CONTAINER, headers=COMPLETE)
    other = Controller.enrolled("Brixton 2")

    assert other.announce().status == 202
    assert other.put(CLIP, CONTENT).status == 201
    assert other.ask("POST", CONTAINER, headers=COMPLETE).status == 204

    assert Original.objects.count() == 1
    assert not Upload.objects.filter(state=State.QUARANTINED).exists()


def test_the_dock_of_a_complete_recording_may_still_add_to_it(announced: Controller) -> None:
    announced.ask("POST", CONTAINER, headers=COMPLETE)

    assert announced.put(CLIP, CONTENT).status == 201

    assert Original.objects.count() == 1


def test_a_body_cut_short_is_cleared_away_and_shows_nowhere(announced: Controller) -> None:
    answer = announced.put(CLIP, CONTENT[:1000], CONTENT_LENGTH=str(len(CONTENT)))

    upload = Upload.objects.get()
    assert answer.status == 408
    assert upload.state == State.DISCARDED
    assert not Original.objects.exists()
    assert list(strongroom.vault().store.incoming_handles()) == []
    assert not strongroom.vault().store.holds(upload.handle)
    gone = history_of(upload.handle)[-1]
    assert (gone.kind, gone.facts["z"]) == ("upload.discarded", 1000)
    assert gone.fields["promised"] == str(len(CONTENT))


def test_a_large_body_cut_short_leaves_no_sealed_bytes(announced: Controller) -> None:
    content = CONTENT * 4

    answer = announced.put(CLIP, content[:-1], CONTENT_LENGTH=str(len(content)))

    assert answer.status == 408
    assert list(strongroom.vault().store.incoming_handles()) == []
    assert announced.put(CLIP, content).status == 201


def test_a_connection_that_breaks_in_the_middle_reads_as_cut_short(announced: Controller) -> None:
    class Broken:
        def read(self, _: int) -> bytes:
            raise ConnectionResetError("the client is gone")

    answer = announced.put(CLIP, Broken(), CONTENT_LENGTH="1000")

    assert answer.status == 408
    assert Upload.objects.get().state == State.DISCARDED


def test_a_sender_that_stalls_is_let_go(
    announced: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custodes.docks.http.IDLE_SECONDS", 0.2)
    never = threading.Event()

    class Stalled:
        def read(self, _: int) -> bytes:
            never.wait(20)
            return b""

    answer = announced.put(CLIP, Stalled(), CONTENT_LENGTH="1000")
    never.set()

    assert answer.status == 408
    assert "Nothing arrived" in answer.text
    assert Upload.objects.get().state == State.DISCARDED


def test_bytes_that_do_not_match_the_senders_md5_are_kept_in_quarantine(
    announced: Controller,
) -> None:
    answer = announced.put(CLIP, CONTENT, headers={"ETag": md5(b"something else")})

    assert answer.status == 422
    assert Upload.objects.get().state == State.QUARANTINED
    assert not Original.objects.exists()


def test_a_wrong_md5_for_a_file_that_is_held_already_harms_nothing(announced: Controller) -> None:
    announced.put(CLIP, CONTENT)

    answer = announced.put(CLIP, CONTENT, headers={"ETag": md5(b"something else")})

    assert answer.status == 201
    assert not Upload.objects.filter(state=State.QUARANTINED).exists()


def test_what_was_said_of_a_file_is_replaced_and_its_bytes_are_not(announced: Controller) -> None:
    announced.put(CLIP, CONTENT, {"StartTime": "1715687970", "Old": "1"})

    answer = announced.ask("POST", f"{CONTAINER}/{CLIP}", headers=meta("Object", {"New": "2"}))

    original = Original.objects.get()
    assert answer.status == 202
    assert original.told == {"New": "2"}
    assert sealed_bytes(original) == CONTENT


def test_a_file_can_be_asked_about_but_not_fetched(announced: Controller) -> None:
    announced.put(CLIP, CONTENT, {"StartTime": "1715687970"})

    head = announced.ask("HEAD", f"{CONTAINER}/{CLIP}")
    get = announced.ask("GET", f"{CONTAINER}/{CLIP}")
    delete = announced.ask("DELETE", f"{CONTAINER}/{CLIP}")

    assert head.status == 200
    assert head.headers["etag"] == md5(CONTENT)
    assert head.headers["content-length"] == str(len(CONTENT))
    assert head.headers["x-object-meta-starttime"] == "1715687970"
    assert head.body == b""
    assert (get.status, delete.status) == (403, 403)
    assert Original.objects.count() == 1


def test_an_encrypted_clip_is_kept_exactly_as_received(announced: Controller) -> None:
    noise = hashlib.sha256(b"x").digest() * 512

    assert announced.put(CLIP, noise).status == 201

    original = Original.objects.get()
    assert sealed_bytes(original) == noise
    assert original.media_root is None
    assert original.no_clip_proofs != ""


def test_a_category_we_do_not_offer_is_kept_all_the_same(announced: Controller) -> None:
    told = {"CategoryID": "77", "CategoryName": "Old category"}

    assert announced.put("bookmark_1_2", b"", told).status == 201

    category = Recording.objects.get().category
    assert category is not None
    assert (category.code, category.name, category.is_offered) == ("77", "Old category", False)


def test_a_bookmark_at_an_unreadable_time_marks_the_beginning(announced: Controller) -> None:
    assert announced.put("bookmark_1_2", b"x", {"StartTime": "yesterday"}).status == 201

    bookmark = Bookmark.objects.get()
    assert bookmark.at == Recording.objects.get().started_at
    assert bookmark.told["StartTime"] == "yesterday"


def test_a_users_new_name_is_told_without_losing_the_recordings(announced: Controller) -> None:
    told = {"Active": "False", "Name": "A. Okafor", "UserID": "4711"}

    assert announced.ask("POST", f"Users/{WEARER}", headers=meta("Object", told)).status == 202

    wearer = Wearer.objects.get()
    assert (wearer.name, wearer.is_active) == ("A. Okafor", False)
    assert announced.put(CLIP, CONTENT).status == 201
    assert Camera.objects.get().model == "W120"
