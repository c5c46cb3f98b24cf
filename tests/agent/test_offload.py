"""The dock agent: nothing is erased before it is proven, nothing is sent twice."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.agent.conftest import FILMED, Killed, World, stored

from custodes.agent.client import Client
from custodes.agent.errors import AlreadyRunning
from custodes.agent.finding import Found, find
from custodes.agent.offload import key_of_server, look
from custodes.agent.state import State
from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.intake.models import Upload
from custodes.intake.receipts import receipt_key
from custodes.ledger.note import SignerKey, VerifierKey
from custodes.ledger.receipt import open_receipt
from custodes.recordings.models import Original, Recording

CLIP = os.urandom(300_000)


def test_what_is_on_the_camera_is_sent_proven_and_only_then_erased(world: World) -> None:
    world.film("A.MP4", CLIP)
    world.film("sub/B.MP4", CLIP[:1000])

    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["erased", "erased"]
    assert world.left() == []
    assert (stored("A.MP4"), stored("B.MP4")) == (CLIP, CLIP[:1000])
    key = VerifierKey.parse(receipt_key())
    said = {open_receipt(p.read_text(), key).sha256 for p in world.receipts()}
    assert said == {o.sha256 for o in outcomes}
    assert Recording.objects.filter(state="complete").count() == 2


def test_keep_erases_nothing_and_a_second_run_sends_nothing(world: World) -> None:
    world.film("A.MP4", CLIP)
    world.offload(keep=True)
    entries = Entry.objects.count()

    outcomes = world.offload(keep=True)

    assert [o.state for o in outcomes] == ["kept"]
    assert world.left() == ["A.MP4"]
    assert (Upload.objects.count(), Entry.objects.count()) == (1, entries)
    assert [o.state for o in world.offload()] == ["erased"]


def test_side_files_go_with_their_video_and_into_one_recording(world: World) -> None:
    world.film("A.MP4", CLIP)
    world.film("A.GPX", b"<gpx/>")
    world.film("A.srt", b"1")
    world.film("B.MP4", b"other")

    world.offload()

    first, second = Recording.objects.order_by("source_key")
    assert [o.name for o in first.originals.all()] == ["A.MP4", "A.GPX", "A.srt"]
    assert [o.name for o in second.originals.all()] == ["B.MP4"]
    assert world.left() == []


def test_nothing_of_a_recording_is_erased_when_one_of_its_files_is_refused(world: World) -> None:
    world.film("A.MP4", CLIP)
    world.film("A.GPX", b"<gpx/>")

    def refuse_the_track(when: str, request: httpx.Request) -> None:
        if "QS5HUFg" in request.headers.get("upload-metadata", ""):  # Base64 of A.GPX
            raise httpx.ConnectError("no")

    world.wire.step = refuse_the_track
    outcomes = world.offload()

    assert {o.state for o in outcomes} == {"failed"}
    assert world.left() == ["A.GPX", "A.MP4"]
    world.wire.step = lambda _, __: None
    assert {o.state for o in world.offload()} == {"erased"}
    assert Upload.objects.count() == 2


def test_a_receipt_by_another_key_erases_nothing(world: World) -> None:
    world.film("A.MP4", CLIP)
    stranger = SignerKey(strongroom.signers()[0].name, Ed25519PrivateKey.generate()).verifier

    outcomes = world.offload(key=stranger)

    assert [o.state for o in outcomes] == ["failed"]
    assert "receipt does not hold" in outcomes[0].reason
    assert (world.left(), world.receipts()) == (["A.MP4"], [])


@pytest.mark.parametrize("lie", ["bytes", "size"])
def test_a_receipt_for_other_bytes_erases_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    world.film("A.MP4", CLIP)
    signer = strongroom.signers()[0]
    honest = Client.receipt

    def dishonest(client: Client, url: str) -> str:
        said = open_receipt(honest(client, url), signer.verifier)
        lies = {"sha256": "0" * 64} if lie == "bytes" else {"size": said.size + 1}
        return dataclasses.replace(said, **lies).signed(signer)

    monkeypatch.setattr(Client, "receipt", dishonest)
    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["failed"]
    assert "other bytes" in outcomes[0].reason
    assert (world.left(), world.receipts()) == (["A.MP4"], [])


def test_a_file_that_reads_differently_before_erasing_is_kept(world: World) -> None:
    path = world.film("A.MP4", CLIP)

    def rot(when: str, request: httpx.Request) -> None:
        if when == "after" and request.url.path.endswith("/receipt"):
            path.write_bytes(CLIP[:-1] + b"!")
            os.utime(path, (FILMED, FILMED))

    world.wire.step = rot
    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["failed"]
    assert "reads differently" in outcomes[0].reason
    assert world.left() == ["A.MP4"]


def test_a_file_that_is_written_to_while_it_is_sent_is_kept(world: World) -> None:
    path = world.film("A.MP4", CLIP)

    def grow(when: str, request: httpx.Request) -> None:
        if when == "after" and request.method == "POST":
            with path.open("ab") as file:
                file.write(b"more")

    world.wire.step = grow
    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["failed"]
    assert "changed" in outcomes[0].reason
    assert world.left() == ["A.MP4"]
    assert not Recording.objects.exists()


def test_the_server_s_own_sentence_reaches_the_operator(world: World) -> None:
    world.film("A.MP4", CLIP)
    world.state = dataclasses.replace(world.state, camera="STRANGER")

    outcomes = world.offload()

    assert outcomes[0].state == "failed"
    assert "No camera with the serial number STRANGER is known here." in outcomes[0].reason
    assert world.left() == ["A.MP4"]


def test_a_clock_that_was_never_set_keeps_the_file_and_says_why(world: World) -> None:
    world.film("A.MP4", CLIP, mtime=0)

    outcomes = world.offload()

    assert "the camera's clock was not set" in outcomes[0].reason
    assert world.left() == ["A.MP4"]


def test_a_new_recording_under_an_old_name_is_a_new_recording(world: World) -> None:
    world.film("MOV_0001.MP4", b"monday")
    world.offload()
    world.film("MOV_0001.MP4", b"sunday")

    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["erased"]
    assert Recording.objects.count() == 2
    assert not Upload.objects.filter(state="quarantined").exists()


def test_a_lost_state_folder_duplicates_nothing(world: World, tmp_path: Path) -> None:
    world.film("A.MP4", CLIP)
    world.offload(keep=True)
    world.state = State(tmp_path / "other state", "http://server", "CAM1")

    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["erased"]
    assert Original.objects.count() == 1
    assert len(world.receipts()) == 1


def test_an_upload_that_expired_is_begun_anew(world: World) -> None:
    world.film("A.MP4", CLIP)

    def die(when: str, request: httpx.Request) -> None:
        if request.method == "PATCH":
            raise Killed

    world.wire.step = die
    with pytest.raises(Killed):
        world.offload()
    Upload.objects.update(expires_at=Upload.objects.get().began_at)
    world.wire.step = lambda _, __: None

    assert [o.state for o in world.offload()] == ["erased"]
    assert stored("A.MP4") == CLIP


def _steps_of_a_whole_run(world: World) -> int:
    """Return how many requests one undisturbed run makes, counted before and after each."""
    steps = 0

    def count(_: str, __: httpx.Request) -> None:
        nonlocal steps
        steps += 1

    world.wire.step = count
    world.offload()
    return steps


@pytest.mark.parametrize("keep", [False, True])
def test_killed_around_any_request_and_run_again_nothing_is_lost_or_doubled(
    world: World, *, keep: bool
) -> None:
    world.film("count.MP4", b"count")
    world.film("count.gpx", b"count")
    steps = _steps_of_a_whole_run(world)
    assert steps >= 16

    for kill_at in range(steps):
        name = f"K{kill_at}"
        clip = os.urandom(70_000)
        world.film(f"{name}.MP4", clip)
        world.film(f"{name}.gpx", clip[:10])
        _kill_at(world, kill_at)
        with pytest.raises(Killed):
            world.offload(keep=keep)
        for path in (f"{name}.MP4", f"{name}.gpx"):
            assert path in world.left() or stored(path)

        world.wire.step = lambda _, __: None
        assert {o.state for o in world.offload()} == {"erased"}
        assert (stored(f"{name}.MP4"), stored(f"{name}.gpx")) == (clip, clip[:10])
    assert Recording.objects.count() == steps + 1


def _kill_at(world: World, number: int) -> None:
    left = number

    def kill(_: str, __: httpx.Request) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1

    world.wire.step = kill


def test_a_broken_connection_is_gone_on_with_in_the_same_run(world: World) -> None:
    world.film("A.MP4", CLIP)
    breaks = iter([True, True, False])

    def break_it(when: str, request: httpx.Request) -> None:
        if when == "after" and request.method == "PATCH" and next(breaks, False):
            raise httpx.ReadError("broken")

    world.wire.step = break_it

    assert [o.state for o in world.offload()] == ["erased"]
    assert stored("A.MP4") == CLIP


def test_a_server_that_is_away_is_waited_for_and_then_said(world: World) -> None:
    world.film("A.MP4", CLIP)

    def away(_: str, __: httpx.Request) -> None:
        raise httpx.ConnectError("refused")

    world.wire.step = away
    outcomes = world.offload()

    assert "cannot be reached" in outcomes[0].reason
    assert "goes on where it stopped" in outcomes[0].reason
    assert world.left() == ["A.MP4"]


def test_two_agents_never_work_on_the_same_state(world: World) -> None:
    with world.state.alone(), pytest.raises(AlreadyRunning), world.state.alone():
        pass


def test_the_server_s_key_is_pinned_at_the_first_meeting(world: World) -> None:
    client = Client("http://server", world.dock_key, transport=world.wire)
    with world.state.alone():
        first, is_new = key_of_server(client, world.state, None)
        assert (str(first), is_new) == (receipt_key(), True)
        second, is_new = key_of_server(client, world.state, None)
        assert (second, is_new) == (first, False)
        given = SignerKey("other/custody", Ed25519PrivateKey.generate()).verifier
        assert key_of_server(client, world.state, str(given)) == (given, False)
    pinned = world.state.folder / "servers.json"
    assert pinned.stat().st_mode & 0o777 == 0o600, "nobody else may change whom it believes"


def test_links_are_not_followed_and_strangers_left_alone(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(b"not on the camera")
    world.film("A.MP4", CLIP)
    (world.camera / "LINK.MP4").symlink_to(secret)
    (world.camera / "DIR").symlink_to(tmp_path, target_is_directory=True)
    world.film("notes.txt", b"not a recording")
    world.film(".Trashes/B.MP4", b"of the host")
    world.film("ALONE.gpx", b"<gpx/>")

    findings = find(world.camera)

    assert [g.video.path.name for g in findings.groups] == ["A.MP4"]
    assert [(p.name, why) for p, why in findings.left] == [
        ("LINK.MP4", "It is a link or cannot be read."),
        ("ALONE.gpx", "There is no video of this name beside it."),
    ]


def test_a_file_still_growing_is_skipped_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = world.film("A.MP4", CLIP)
    world.film("B.MP4", CLIP)

    def meanwhile(_: float) -> None:
        with growing.open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr("custodes.agent.offload.time.sleep", meanwhile)
    groups, left = look(world.camera)

    assert [g.video.path.name for g in groups] == ["B.MP4"]
    assert [(o.path.name, o.state, o.reason) for o in left] == [
        ("A.MP4", "skipped", "It is still growing.")
    ]


def test_a_file_swapped_for_a_link_is_never_read_or_erased(world: World, tmp_path: Path) -> None:
    path = world.film("A.MP4", CLIP)
    groups = world.groups()
    secret = tmp_path / "secret"
    secret.write_bytes(CLIP)
    path.unlink()
    path.symlink_to(secret)

    assert Found.at(path) is None
    world.groups = lambda: groups  # type: ignore[method-assign]
    outcomes = world.offload()

    assert [o.state for o in outcomes] == ["failed"]
    assert secret.read_bytes() == CLIP
    assert not Upload.objects.exists()
