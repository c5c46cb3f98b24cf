"""Two at the same thing at the same moment: nothing lost, nothing twice, nothing half."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from tests.hostile.doors import Axis, Tus, handle_of, new_container
from tests.hostile.place import Place, heard

CONTENT = bytes(range(256)) * 8000


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(acts)) as together:
        return [done.result() for done in [together.submit(act) for act in acts]]


def originals(place: Place, handle: str) -> list[str]:
    rows = place.ask(
        "SELECT o.sha256 FROM recordings_original o JOIN recordings_recording r"
        " ON o.recording_id = r.id WHERE r.handle = ?",
        handle,
    )
    return [sha256 for (sha256,) in rows]


def test_two_deliveries_of_one_file_at_once_make_one_original(place: Place, axis: Axis) -> None:
    container, twin = new_container(), Axis(place)
    axis.announce(container)

    answers = at_once(
        lambda: axis.put(container, "twice.bin", CONTENT),
        lambda: twin.put(container, "twice.bin", CONTENT),
    )

    assert [answer.status_code for answer in answers] == [201, 201]
    handle = handle_of(place, container)
    assert originals(place, handle) == [hashlib.sha256(CONTENT).hexdigest()]
    place.is_well(handle)
    place.store_is_sound()


def test_two_different_files_of_one_name_at_once_are_both_kept(place: Place, axis: Axis) -> None:
    container, twin = new_container(), Axis(place)
    axis.announce(container)

    at_once(
        lambda: axis.put(container, "either.bin", CONTENT),
        lambda: twin.put(container, "either.bin", CONTENT[::-1]),
    )

    states = place.ask("SELECT state FROM intake_upload WHERE source_key = ?", container)
    assert sorted(states) == [("accepted",), ("quarantined",)]
    place.is_well(handle_of(place, container))


def test_a_recording_announced_twice_at_once_is_one(place: Place, axis: Axis) -> None:
    container, other = new_container(), Axis(place, "Camden cellar")

    answers = at_once(lambda: axis.announce(container), lambda: other.announce(container))

    assert sorted(answer.status_code for answer in answers) == [201, 202]
    assert place.kinds(handle_of(place, container)).count("recording.opened") == 1


def test_completing_while_a_file_is_on_its_way_loses_nothing(place: Place, axis: Axis) -> None:
    container, twin = new_container(), Axis(place)
    axis.announce(container)
    head = (
        f"PUT {axis.path}/{container}/late.bin HTTP/1.1\r\nHost: x\r\n"
        f"X-Auth-Token: {axis.token}\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    )
    with place.plug() as line:
        line.sendall(head.encode() + CONTENT[:1_500_000])
        assert twin.complete(container).status_code == 204
        line.sendall(CONTENT[1_500_000:])
        answer = heard(line, 20)

    assert answer.startswith(b"HTTP/1.1 201")
    handle = handle_of(place, container)
    assert originals(place, handle) == [hashlib.sha256(CONTENT).hexdigest()]
    place.is_well(handle)


def test_two_pieces_at_one_offset_at_once_are_taken_in_once(place: Place, tus: Tus) -> None:
    key, twin = uuid.uuid4().hex, Tus(place)
    at = tus.begin(len(CONTENT), filename="racing.bin", recording=key)

    answers = at_once(lambda: tus.patch(at, 0, CONTENT), lambda: twin.patch(at, 0, CONTENT))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 204
    assert statuses[1] in {409, 410, 423}
    handle = handle_of(place, key)
    assert originals(place, handle) == [hashlib.sha256(CONTENT).hexdigest()]
    place.is_well(handle)


def test_withdrawing_while_a_piece_arrives_leaves_all_or_nothing(place: Place, tus: Tus) -> None:
    for _ in range(4):
        key, twin = uuid.uuid4().hex, Tus(place)
        at = tus.begin(len(CONTENT), filename="withdrawn.bin", recording=key)

        def withdrawn(at: str = at, twin: Tus = twin) -> httpx.Response:
            return twin.ask("DELETE", at)

        def sent(at: str = at) -> httpx.Response:
            return tus.patch(at, 0, CONTENT)

        patched, deleted = at_once(sent, withdrawn)

        taken = place.ask("SELECT 1 FROM recordings_recording WHERE source_key = ?", key)
        assert deleted.status_code in {204, 403, 410, 423}
        assert bool(taken) == (patched.status_code == 204)
        assert (deleted.status_code == 204) == (not taken)
    place.is_well()


def test_one_film_sent_to_both_doors_at_once_is_proven_twice(
    place: Place, axis: Axis, tus: Tus, film: bytes
) -> None:
    handles = at_once(
        lambda: axis.delivered(film, "20240514_115930_BOTH.mkv"),
        lambda: tus.delivered(film, "both.mp4"),
    )

    place.is_well(*handles)
