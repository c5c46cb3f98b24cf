"""Clips of really encoded films, decoded and held against the originals picture by picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from tests.media.packets.films import FRAGMENTED, film

from custodes.media.clip.cutting import EXACT, WHOLE, task
from custodes.media.clip.original import CannotCut
from custodes.media.clip_proof import check_clip, prove_clip
from custodes.media.clip_proof.check import ClipFound
from custodes.media.clip_proof.timing import Timing
from custodes.media.commitment import read_packets
from custodes.media.sandbox.ports import BytesReader, MemorySink

FRAMES = 150


class Outside(MemorySink):
    """Take what is written; nobody waits for progress."""

    def progress(self, fraction: float) -> None:
        assert 0 <= fraction <= 1


@dataclass
class Clip:
    """A clip with what was said of it."""

    content: bytes
    said: dict[str, Any]

    @property
    def new(self) -> int:
        return int(self.said["tracks"][0]["new"])


def cut(original: bytes, start: float, end: float, how: str = EXACT) -> Clip:
    outside = Outside()
    said = task(BytesReader(original), {"start": start, "end": end, "how": how}, outside)
    return Clip(bytes(outside.blobs["clip.mp4"]), said)


def pictures(film: bytes) -> list[tuple[float, Any]]:
    with av.open(io.BytesIO(film)) as source:
        return [
            (float(frame.pts * frame.time_base), frame.to_ndarray(format="gray").astype(int))
            for frame in source.decode(video=0)
        ]


def sound(film: bytes) -> tuple[float, Any]:
    with av.open(io.BytesIO(film)) as source:
        frames = list(source.decode(audio=0))
        heard = [frame.to_ndarray().astype(float) for frame in frames]
        return float(frames[0].pts * frames[0].time_base), np.concatenate(heard, axis=1)


def same_pictures(original: bytes, clip: Clip) -> list[int]:
    """Return by how much each picture differs at most; each must be there at its time."""
    begins, ends = clip.said["begins"], clip.said["ends"]
    asked = [
        (at - begins, of) for at, of in pictures(original) if begins - 1e-6 <= at < ends - 1e-6
    ]
    shown = pictures(clip.content)
    assert [at for at, _ in shown] == pytest.approx([at for at, _ in asked], abs=1e-3)
    assert len(shown) == clip.said["pictures"]
    return [
        int(np.abs(mine - theirs).max())
        for (_, mine), (_, theirs) in zip(shown, asked, strict=True)
    ]


def proven(original: bytes, clip: Clip) -> ClipFound:
    packets = read_packets(BytesReader(original))
    proof = prove_clip(BytesReader(clip.content), packets)
    for track, said in zip(proof.tracks, clip.said["tracks"], strict=True):
        assert [run.to_value() for run in track.runs] == said["runs"]
    headers = [dict(track.committed().header) for track in packets]
    return check_clip(proof, headers, BytesReader(clip.content))


CODED = {
    "no B-frames": {"bf": "0", "x264-params": "scenecut=0"},
    "B-frames": {"bf": "3", "x264-params": "scenecut=0:b-adapt=0"},
    "main": {"bf": "2", "profile": "main"},
    "baseline": {"profile": "baseline"},
}


@pytest.mark.parametrize("coded", CODED)
def test_an_exact_clip_shows_the_original_s_pictures_at_every_index(coded: str) -> None:
    original = film(frames=FRAMES, encoder=CODED[coded])

    clip = cut(original, 1.2, 4.3)
    apart = same_pictures(original, clip)

    assert (clip.said["begins"], clip.said["ends"]) == (1.2, 4.32)
    # copied pictures are the same to the last bit; new ones are hardly to be told apart
    assert apart.count(0) >= clip.said["pictures"] - clip.new
    assert max(apart) <= 6
    assert clip.new <= 16
    found = proven(original, clip)
    assert found.timing is Timing.EXACT
    assert found.apart == pytest.approx(0, abs=0.5 / 48000)


def test_sound_begins_with_the_picture_to_the_sample() -> None:
    original = film(frames=FRAMES)

    clip = cut(original, 1.2, 4.3)

    (starts, all_of_it), (begins, heard) = sound(original), sound(clip.content)
    at = round((1.2 - starts) * 48000)
    assert begins == 0
    assert heard.shape[1] - round(3.12 * 48000) in range(1024)
    assert np.abs(all_of_it[:, at : at + heard.shape[1]] - heard).max() < 1e-3


def test_uncompressed_sound_is_cut_to_the_sample_and_proven_by_whole_seconds() -> None:
    original = film("mov", sound="pcm_s16le", frames=FRAMES)

    clip = cut(original, 1.2, 4.3)

    (_, all_of_it), (begins, heard) = sound(original), sound(clip.content)
    assert begins == 0
    at = 2 * round(1.2 * 48000)
    assert heard.shape[1] == 2 * round(3.12 * 48000)
    assert np.array_equal(all_of_it[:, at : at + heard.shape[1]], heard)
    assert clip.said["tracks"][1]["runs"] == [[0, 4, 1]]
    assert proven(original, clip).timing is Timing.EXACT


@pytest.mark.parametrize("video", ["libx264", "libx265"])
def test_a_clip_of_whole_pictures_encodes_nothing(video: str) -> None:
    original = film(video=video, frames=FRAMES)

    clip = cut(original, 1.2, 4.3, WHOLE)

    assert not any(same_pictures(original, clip))
    assert not clip.said["encoded"]
    assert clip.said["begins"] <= 1.2
    assert clip.said["ends"] >= 4.3
    assert proven(original, clip).changes == []


def test_hevc_is_cut_where_a_whole_picture_begins_and_nowhere_else() -> None:
    original = film(video="libx265", frames=FRAMES)

    clip = cut(original, 0.96, 3.0)

    assert not any(same_pictures(original, clip))
    assert proven(original, clip).changes == []
    with pytest.raises(CannotCut, match="No whole picture begins there"):
        cut(original, 1.2, 4.3)


def test_pictures_that_lead_into_an_open_group_are_left_out_of_a_clip_that_begins_with_it() -> None:
    encoder = {"bf": "3", "x264-params": "open-gop=1:b-adapt=0:scenecut=0"}
    original = film(frames=FRAMES, encoder=encoder)

    clip = cut(original, 1.2, 4.3, WHOLE)

    assert len(clip.said["tracks"][0]["runs"]) == 2
    assert not any(same_pictures(original, clip))
    assert proven(original, clip).changes == []


def test_an_open_group_is_never_joined_to_new_pictures() -> None:
    encoder = {"bf": "3", "x264-params": "open-gop=1:b-adapt=0:scenecut=0"}
    original = film(frames=FRAMES, encoder=encoder)

    clip = cut(original, 1.2, 4.3)

    assert max(same_pictures(original, clip)) <= 6
    assert clip.new == clip.said["pictures"]


def test_fragmented_originals_are_cut_too() -> None:
    original = film(frames=FRAMES, muxer=FRAGMENTED)

    clip = cut(original, 1.2, 4.3)

    assert max(same_pictures(original, clip)) <= 6
    assert proven(original, clip).timing is Timing.EXACT


def test_a_variable_rate_stays_variable() -> None:
    original = uneven()

    clip = cut(original, 1.0, 3.5)

    assert max(same_pictures(original, clip)) <= 6
    assert proven(original, clip).timing is Timing.EXACT


def test_a_turned_picture_stays_turned() -> None:
    original = bytearray(film(frames=FRAMES, sound=None))
    upright = bytes.fromhex("00010000 00000000 00000000 00000000 00010000".replace(" ", ""))
    turned = bytes.fromhex("00000000 00010000 00000000 ffff0000 00000000".replace(" ", ""))
    at = original.index(upright, original.index(b"tkhd"))
    original[at : at + 20] = turned

    clip = cut(bytes(original), 1.2, 4.3)

    assert turned in clip.content
    assert proven(bytes(original), clip).timing is Timing.EXACT


def test_the_same_cut_gives_the_same_bytes_with_its_tables_in_front() -> None:
    original = film(frames=FRAMES)

    clip = cut(original, 1.2, 4.3)

    assert clip.content == cut(original, 1.2, 4.3).content
    assert clip.content.index(b"moov") < clip.content.index(b"mdat")
    assert clip.said["size"] == len(clip.content)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [(3, 2, "before it begins"), (60, 61, "shows nothing between")],
)
def test_moments_that_make_no_clip_are_refused(start: float, end: float, says: str) -> None:
    with pytest.raises(CannotCut, match=says):
        cut(film(frames=40), start, end)


@pytest.mark.parametrize("edge", [4, 6, 140])
def test_a_damaged_picture_at_an_edge_is_never_left_out_in_silence(edge: int) -> None:
    whole = film(frames=FRAMES, encoder={"bf": "0", "g": "12"})
    track = read_packets(BytesReader(whole))[0]
    assert len(track) == FRAMES
    damaged = bytearray(whole)
    with av.open(io.BytesIO(whole)) as source:
        packet = [each for each in source.demux(video=0) if each.size][edge]
        assert packet.pos is not None
        damaged[packet.pos + 4 : packet.pos + packet.size] = b"\xff" * (packet.size - 4)

    with pytest.raises(CannotCut, match=r"1 of the \d+ pictures at the edge .* cannot be decoded"):
        cut(bytes(damaged), edge / 25 - 0.08, edge / 25 + 2 if edge < 100 else 5.7)

    assert cut(bytes(damaged), 0.0, 6.0, WHOLE).new == 0


def test_what_is_no_mp4_is_refused() -> None:
    with pytest.raises(CannotCut, match="another kind"):
        cut(film("mkv", frames=40), 0, 1)


def uneven() -> bytes:
    """A film whose pictures come now fast and now slow, as phones make them in the dark."""
    random = np.random.default_rng(1)
    due = np.cumsum(random.integers(20, 90, FRAMES))
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=25, options={"g": "12", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, at in enumerate(due):
            pixels = np.full((48, 64, 3), 40, np.uint8)
            pixels[:, number % 56 : number % 56 + 8] = (200, number % 256, 90)
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = int(at), stream.codec_context.time_base
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()
