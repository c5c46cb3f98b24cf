"""Offsets that overlap or repeat, promises that are broken, names that are paths: the tus door."""

from __future__ import annotations

import base64
import hashlib
import uuid

import pytest
from tests.hostile.doors import Tus, handle_of
from tests.hostile.place import Place


def taken_in(place: Place, key: str) -> list[str]:
    """Return what was entered of deliveries; the worker may enter what it finds meanwhile."""
    kinds = place.kinds(handle_of(place, key))
    return [kind for kind in kinds if kind.startswith(("recording.ingested", "recording.offered"))]


@pytest.mark.parametrize(
    "said",
    [
        {"camera": "NOCAMERA"},
        {"camera": ""},
        {"filename": "../../../etc/passwd"},
        {"filename": ".."},
        {"filename": "a/b.mp4"},
        {"filename": "a\nb.mp4"},
        {"filename": "n" * 400},
        {"recording": "../x"},
        {"started_at": "1970-01-01T00:03:00Z"},
        {"started_at": "2099-01-01T00:00:00Z"},
        {"started_at": "yesterday"},
        {"started_at": "2026-02-03T04:05:06"},
        {"ended_at": "2026-02-03T04:05:06Z"},
        {"ended_at": "2026-03-25T04:41:13Z"},
        {"sha256": "zz"},
        {"kind": "poem"},
    ],
)
def test_what_can_never_be_stored_is_refused_with_an_entry(
    place: Place, tus: Tus, said: dict[str, str]
) -> None:
    before = place.kinds().count("arrival.refused")

    answer = tus.create(10, **{"filename": f"{uuid.uuid4().hex}.mp4", **said})

    assert answer.status_code == 400, answer.text
    assert place.kinds().count("arrival.refused") == before + 1
    place.answers_at_once()


@pytest.mark.parametrize(
    ("size", "status"), [(99_999_999_999_999, 413), (-5, 400), ("1" * 30, 400), ("ten", 400)]
)
def test_a_size_that_cannot_be_is_refused_with_an_entry(
    place: Place, tus: Tus, size: int | str, status: int
) -> None:
    before = place.kinds().count("arrival.refused")

    answer = tus.create(size, filename="oversize.mp4")

    assert answer.status_code == status
    assert place.kinds().count("arrival.refused") == before + 1


@pytest.mark.parametrize(
    "header", ["filename", "filename !!!", "a b,a b", "x " + "A" * 9000, "filename /w=="]
)
def test_metadata_that_is_none_is_refused_in_a_sentence(
    place: Place, tus: Tus, header: str
) -> None:
    before = place.kinds().count("arrival.refused")

    answer = tus.ask("POST", "/tus/files", **{"Upload-Length": "3", "Upload-Metadata": header})

    assert answer.status_code == 400
    assert len(answer.text.split()) > 4
    assert place.kinds().count("arrival.refused") == before + 1


def test_offsets_that_repeat_overlap_or_jump_are_conflicts_and_change_nothing(
    place: Place, tus: Tus
) -> None:
    key, content = uuid.uuid4().hex, bytes(range(256)) * 40
    at = tus.begin(len(content), filename="overlapping.bin", recording=key)
    assert tus.patch(at, 0, content[:5000]).status_code == 204

    for offset in (0, 4999, 5001, len(content), 10**17):
        assert tus.patch(at, offset, content[:100]).status_code == 409
    for offset in ("-1", "0x10", "", "5e3", "5_000"):
        assert tus.patch(at, offset, b"z").status_code == 400
    position = tus.offset(at)
    assert tus.patch(at, position, content[position:] + b"more").status_code == 413
    assert position == 5000
    assert tus.patch(at, position, content[position:]).status_code == 204
    place.is_well(handle_of(place, key))


def test_a_replayed_last_piece_is_answered_and_not_taken_twice(place: Place, tus: Tus) -> None:
    key, content = uuid.uuid4().hex, b"once " * 1000
    at = tus.begin(len(content), filename="replayed.bin", recording=key)
    assert tus.patch(at, 0, content).status_code == 204

    assert tus.patch(at, 0, content).status_code == 409
    assert tus.patch(at, len(content), b"").status_code == 204
    assert tus.patch(at, len(content), b"x").status_code == 413
    assert tus.ask("DELETE", at).status_code == 403

    assert taken_in(place, key) == ["recording.ingested"]
    place.is_well(handle_of(place, key))


def test_a_wrong_content_type_or_version_is_told_and_nothing_is_taken(
    place: Place, tus: Tus
) -> None:
    at = tus.begin(5, filename="typed.bin", recording=uuid.uuid4().hex)

    assert tus.patch(at, 0, b"abcde", **{"Content-Type": "video/mp4"}).status_code == 415
    assert tus.patch(at, 0, b"abcde", **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert tus.offset(at) == 0


def test_a_wrong_checksum_takes_nothing_and_a_bad_one_is_told(place: Place, tus: Tus) -> None:
    at = tus.begin(5, filename="summed.bin", recording=uuid.uuid4().hex)
    wrong = "sha256 " + base64.b64encode(hashlib.sha256(b"other").digest()).decode()

    assert tus.patch(at, 0, b"abcde", **{"Upload-Checksum": wrong}).status_code == 460
    for bad in ("crc32 AAAA", "sha256 AAAA", "sha256", "", "sha256 " + "A" * 5000):
        assert tus.patch(at, 0, b"abcde", **{"Upload-Checksum": bad}).status_code == 400
    assert tus.offset(at) == 0


def test_a_wrong_digest_of_the_whole_goes_into_quarantine(place: Place, tus: Tus) -> None:
    key = uuid.uuid4().hex
    at = tus.begin(5, filename="digested.bin", recording=key, sha256="0" * 64)

    answer = tus.patch(at, 0, b"abcde")

    assert answer.status_code == 422
    assert place.kinds(at.rpartition("/")[2]) == ["recording.rejected"]
    assert place.ask("SELECT 1 FROM recordings_recording WHERE source_key = ?", key) == []
    place.is_well()


def test_another_film_under_a_known_name_changes_nothing_of_the_first(
    place: Place, tus: Tus
) -> None:
    """Cameras count from DJI_0001 again on every card."""
    first = tus.begin(5, filename="DJI_0001.MP4", started_at="2026-02-03T04:05:06Z")
    assert tus.patch(first, 0, b"first").status_code == 204
    before = place.ask("SELECT * FROM recordings_recording WHERE source_key = 'DJI_0001.MP4'")

    second = tus.begin(6, filename="DJI_0001.MP4", started_at="2026-02-09T10:00:00Z", lens="wide")
    answer = tus.patch(second, 0, b"second")

    assert answer.status_code == 422
    after = place.ask("SELECT * FROM recordings_recording WHERE source_key = 'DJI_0001.MP4'")
    assert after == before
    place.is_well(handle_of(place, "DJI_0001.MP4"))


def test_an_upload_nobody_began_or_with_a_handle_that_is_a_path_is_not_found(
    place: Place, tus: Tus
) -> None:
    for name in ("A" * 22, "..", "%2e%2e%2f", "a/b/c", "x\u00ff", "receipt", "A" * 22 + "/receipt"):
        assert tus.ask("HEAD", f"/tus/files/{name}").status_code in {404, 405}
        assert tus.ask("DELETE", f"/tus/files/{name}").status_code in {404, 405}


def test_without_a_key_nothing_is_said_of_an_upload(place: Place, tus: Tus) -> None:
    at = tus.begin(5, filename="secret.bin", recording=uuid.uuid4().hex)
    for authorization in ("", "Bearer", "Bearer x", "Basic !!!", "Basic Og==", "Digest a"):
        theirs = tus.ask("HEAD", at, Authorization=authorization)
        never = tus.ask("HEAD", "/tus/files/" + "A" * 22, Authorization=authorization)
        assert theirs.status_code == never.status_code == 401
