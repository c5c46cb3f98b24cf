"""What is found of clips, beyond the verdicts of the corpus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.media.packets.films import FRAGMENTED, film
from tests.verifier.clips import HONEST, Bytes, copied, master, muted, packets_of

from custodes.kernel import cj1
from custodes.media.clip_proof import ClipFault, ClipProof, ClipProofInvalid, check_clip, prove_clip
from custodes.media.clip_proof.check import ClipFound
from custodes.media.clip_proof.prove import CannotProve
from custodes.media.clip_proof.timing import Timing


def found(clip: bytes, of: bytes) -> ClipFound:
    original = packets_of(of)
    proof = prove_clip(Bytes(clip), original)
    headers = [dict(track.committed().header) for track in original]
    written = cj1.dumps(proof.to_value(), max_bytes=1 << 20, max_depth=6)
    again = ClipProof.from_value(cj1.loads(written, max_bytes=1 << 20, max_depth=6))
    assert again == proof
    return check_clip(again, headers, Bytes(clip))


@pytest.fixture(scope="module")
def original() -> bytes:
    return master()


@pytest.mark.parametrize(
    ("way", "timing"),
    [
        ("mp4", Timing.EXACT),
        ("whole", Timing.EXACT),
        ("ts and back", Timing.EXACT),
        ("mkv", Timing.TICK),
        ("fragmented", Timing.LOOSE),
    ],
)
def test_times_are_as_exact_as_the_container_allows(
    original: bytes, way: str, timing: Timing
) -> None:
    assert found(HONEST[way](), original).timing is timing


def test_cuts_are_told_with_their_moment_in_the_clip(original: bytes) -> None:
    cut = found(copied(original, (1.0, 3.0), (5.0, 7.0)), original)

    assert [(what, round(at, 1)) for what, at in cut.cuts] == [("picture", 2.1), ("sound", 2.1)]


def test_a_changed_range_is_told_with_its_moments(original: bytes) -> None:
    quiet = found(copied(original, (0.0, 5.0), edit=muted), original)

    [(what, start, end)] = quiet.changes
    assert (what, round(start, 1), round(end, 1)) == ("sound", 1.0, 2.0)


def test_a_clip_without_the_sound_says_what_was_left_out(original: bytes) -> None:
    silent = copied(original, edit=lambda packets: [each for each in packets if each.video])

    seen = found(silent, original)

    assert seen.left_out == ["sound track 2 of the original"]


def test_a_track_of_another_kind_cannot_be_proven(original: bytes) -> None:
    with pytest.raises(CannotProve):
        prove_clip(Bytes(original), packets_of(film(video=None)))


@pytest.mark.parametrize("video", ["libx264", "libx265", "mpeg4", "mjpeg"])
@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_other_codecs_and_originals_in_matroska_are_proven_too(video: str, container: str) -> None:
    filmed = film(container, video=video, frames=60)

    for to in ("mp4", "mkv"):
        clip = copied(filmed, container=to)
        assert found(clip, filmed).packets == sum(map(len, packets_of(filmed)))


def test_a_fragmented_original_is_proven_too() -> None:
    filmed = film(frames=60, muxer=FRAGMENTED)

    assert found(copied(filmed), filmed).timing <= Timing.LOOSE


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value | {"v": 2},
        lambda value: value | {"v": True},
        lambda value: value | {"more": 1},
        lambda value: {"tracks": value["tracks"]},
        lambda value: value | {"tracks": value["tracks"] * 40},
        lambda value: value | {"tracks": [value["tracks"][0] | {"of": -1}]},
        lambda value: value | {"tracks": [value["tracks"][0] | {"bare": 0}]},
        lambda value: value | {"tracks": [value["tracks"][0] | {"runs": [[1]]}]},
        lambda value: value | {"tracks": [value["tracks"][0] | {"runs": [[1, 2, 3, 4]]}]},
        lambda value: value | {"tracks": [value["tracks"][0] | {"runs": [[1, True]]}]},
        lambda value: value | {"tracks": [value["tracks"][0] | {"times": "=="}]},
        lambda value: value | {"tracks": [value["tracks"][0] | {"siblings": ["AA"]}]},
    ],
)
def test_a_value_of_another_shape_is_no_proof(
    original: bytes, change: Callable[[dict[str, Any]], object]
) -> None:
    value = prove_clip(Bytes(HONEST["mp4"]()), packets_of(original)).to_value()

    with pytest.raises(ClipProofInvalid):
        ClipProof.from_value(change(value))


def test_a_fault_says_whether_it_contradicts(original: bytes) -> None:
    proof = prove_clip(Bytes(HONEST["mp4"]()), packets_of(original))
    headers = [dict(track.committed().header) for track in packets_of(original)]

    with pytest.raises(ClipFault) as caught:
        check_clip(proof, headers, Bytes(b"not a film"))

    assert (caught.value.code, caught.value.contradicts) == ("clip.unreadable", False)
