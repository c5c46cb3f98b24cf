"""Our readers and FFmpeg, read independently, agree on every packet and its times."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.media.packets.films import (
    FASTSTART,
    FRAGMENTED,
    Packet,
    as_ffmpeg_reads,
    film,
    remuxed,
)
from tests.media.packets.reading import as_we_read, movie_of, params, unit_digests

MP4 = {
    "x264 with B-frames": film,
    "faststart": lambda: film(muxer=FASTSTART),
    "fragmented": lambda: film(muxer=FRAGMENTED),
    "fragmented with offsets": lambda: film(muxer={"movflags": "frag_keyframe+empty_moov"}),
    "no sound": lambda: film(sound=None),
    "hevc": lambda: film(video="libx265"),
    "opus": lambda: film(sound="libopus"),
    "mpeg-4 part 2": lambda: film(video="mpeg4", encoder={"bf": "2"}),
    "mjpeg in mov": lambda: film("mov", video="mjpeg", sound=None),
    "aac in mov": lambda: film("mov"),
    "sound only": lambda: film(video=None),
    "ac-3": lambda: film(sound="ac3"),
    "flac": lambda: film(sound="flac"),
}


@pytest.mark.parametrize("name", MP4)
def test_every_packet_of_an_mp4_is_the_one_ffmpeg_reads(name: str) -> None:
    data = MP4[name]()
    assert as_we_read(data) == as_ffmpeg_reads(data)


def test_durations_ffmpeg_mends_are_kept_as_they_are_stored() -> None:
    data = film(muxer={"movflags": "frag_every_frame+empty_moov"})
    ours, theirs = as_we_read(data)[1], as_ffmpeg_reads(data)[1]

    assert 0 in {packet.duration for packet in ours}
    assert 0 not in {packet.duration for packet in theirs}
    assert [replace(p, duration=0) for p in ours] == [replace(p, duration=0) for p in theirs]


@pytest.mark.parametrize(
    ("video", "sound"),
    [("libx264", "aac"), ("libx265", "libopus"), ("mpeg4", "ac3"), ("mjpeg", "flac")],
)
def test_every_packet_of_a_matroska_file_is_the_one_ffmpeg_reads(video: str, sound: str) -> None:
    data = film("mkv", video, sound)
    movie, _ = movie_of(data)

    for track, ours, theirs in zip(
        movie.tracks, as_we_read(data), as_ffmpeg_reads(data), strict=True
    ):
        delay = track.header.get("delay", 0)
        assert [_matroska(packet, delay) for packet in ours] == [
            replace(packet, dts=0, duration=0) for packet in theirs
        ]


def _matroska(packet: Packet, delay: int) -> Packet:
    # Matroska stores presentation times only. FFmpeg takes the codec's delay off, in
    # whole milliseconds; we keep what is stored, in nanoseconds.
    pts = packet.pts // 1_000_000 - (delay + 500_000) // 1_000_000
    return replace(packet, dts=0, pts=pts, duration=0)


REMUXES = {
    "h264 + aac": film,
    "h264 + opus": lambda: film(sound="libopus"),
    "hevc + aac": lambda: film(video="libx265"),
    "mpeg-4 + aac": lambda: film(video="mpeg4"),
    "mjpeg + flac": lambda: film(video="mjpeg", sound="flac"),
}


@pytest.mark.parametrize("name", REMUXES)
@pytest.mark.parametrize("way", ["mkv and back", "fragmented", "faststart", "mkv"])
def test_a_stream_copy_keeps_every_packet_and_every_parameter(name: str, way: str) -> None:
    master = REMUXES[name]()
    copy = {
        "mkv and back": lambda: remuxed(remuxed(master, "mkv"), "mp4"),
        "fragmented": lambda: remuxed(master, "mp4", FRAGMENTED),
        "faststart": lambda: remuxed(master, "mp4", FASTSTART),
        "mkv": lambda: remuxed(master, "mkv"),
    }[way]()

    assert copy != master
    assert unit_digests(copy) == unit_digests(master)
    assert params(copy) == params(master)


def test_codecs_have_the_same_name_in_every_container() -> None:
    for master in (film(), film(video="libx265", sound="libopus"), film(video="mpeg4")):
        ours, copied = movie_of(master)[0], movie_of(remuxed(master, "mkv"))[0]
        assert [t.header["codec"] for t in ours.tracks] == [
            t.header["codec"] for t in copied.tracks
        ]


def test_uncompressed_sound_is_the_same_stream_in_mov_and_matroska() -> None:
    master = film("mov", video="libx264", sound="pcm_s16le", frames=60)
    copy = remuxed(master, "mkv")

    assert movie_of(master)[0].tracks[1].pcm is not None
    assert unit_digests(copy) == unit_digests(master)
