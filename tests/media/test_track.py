"""Position tracks: every format, and what is not believed."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.kernel.errors import Refused
from custodes.media.sandbox import BytesReader, FileReader, Limits, run
from custodes.media.sandbox.ports import MemorySink
from custodes.media.track.gpmf import read as read_gpmf
from custodes.media.track.points import TrackPoint
from custodes.media.track.reading import read_track

AXIS = {
    "CoordinateEntries": [
        {
            "LocationWKT": "POINT(13.2012 55.7134)",
            "SecondsFromStart": 64.0,
            "Timestamp": "2026-03-01T10:00:00Z",
        },
        {"LocationWKT": "POINT (-0.1276 51.5072)", "SecondsFromStart": 1},
        {"LocationWKT": "POINT(0 0)", "SecondsFromStart": 2.0},
        {"LocationWKT": "POINT(200 10)", "SecondsFromStart": 3.0},
        {"LocationWKT": "LINESTRING(1 2, 3 4)", "SecondsFromStart": 4.0},
        {"SecondsFromStart": 5.0},
        "nonsense",
    ]
}


def test_an_axis_track_is_read_in_order_and_counts_what_it_drops() -> None:
    track = read_track(json.dumps(AXIS).encode())

    assert track.points == (
        TrackPoint(1.0, -0.1276, 51.5072),
        TrackPoint(64.0, 13.2012, 55.7134, None, datetime(2026, 3, 1, 10, tzinfo=UTC)),
    )
    assert (track.kind, track.dropped) == ("axis", 5)


def gpx(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<gpx><trk><trkseg>{body}</trkseg></trk></gpx>'.encode()


def test_gpx_seconds_count_from_the_first_time_or_the_given_start() -> None:
    body = (
        '<trkpt lat="51.5" lon="-0.12"><time>2026-03-01T10:00:05Z</time></trkpt>'
        '<trkpt lat="51.6" lon="-0.13"><ele>3</ele><time>2026-03-01T10:00:07Z</time></trkpt>'
        '<trkpt lat="51.7" lon="x"><time>2026-03-01T10:00:09Z</time></trkpt>'
        '<trkpt lat="51.7" lon="1"/>'
    )
    assert [p.seconds for p in read_track(gpx(body)).points] == [0, 2]
    track = read_track(gpx(body), "2026-03-01T10:00:00Z")
    assert [(p.seconds, p.latitude) for p in track.points] == [(5, 51.5), (7, 51.6)]
    assert track.dropped == 2


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE gpx [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>',
    ],
)
def test_gpx_with_a_document_type_is_refused(head: str) -> None:
    with pytest.raises(Refused, match="document type"):
        read_track(gpx("&b;", head))


@pytest.mark.parametrize("data", [b"", b"{}", b"<gpx", b"<html/>", b"hello", b"[1]", b"\xff" * 99])
def test_what_is_no_track_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused):
        read_track(data)


def test_both_dialects_of_dji_subtitles_are_read() -> None:
    new = b"1\n00:00:01,500 --> 00:00:02,000\n[latitude: 41.42] [longitude: 2.16] [altitude: 27]\n"
    old = b"1\n00:01:00,000 --> 00:01:01,000\nHOME(149.0,-20.2)\nGPS(149.0251,-20.2533,16)\n"
    assert read_track(new).points == (TrackPoint(1.5, 2.16, 41.42),)
    assert read_track(old).points == (TrackPoint(60.0, 149.0251, -20.2533),)


def klv(key: bytes, kind: bytes, size: int, body: bytes) -> bytes:
    head = struct.pack(">4scBH", key, kind, size, len(body) // size)
    return head + body + bytes(-len(body) % 4)


def nested(key: bytes, body: bytes) -> bytes:
    return klv(key, b"\0", 1, body)


def test_gps9_gives_its_own_time_and_drops_fixes_without_lock() -> None:
    scale = klv(
        b"SCAL", b"l", 4, struct.pack(">9i", 10**7, 10**7, 1000, 1000, 100, 1, 1000, 100, 1)
    )
    rows = [(515072000, -1276000, 0, 0, 0, 9000, 36_000_000, 120, fix) for fix in (3, 0, 2)]
    gps9 = klv(b"GPS9", b"?", 32, b"".join(struct.pack(">7iHH", *row) for row in rows))
    track = read_gpmf(nested(b"DEVC", nested(b"STRM", scale + gps9)))

    assert len(track.points) == 2
    assert track.dropped == 1
    first = track.points[0]
    assert (first.longitude, first.latitude) == (-0.1276, 51.5072)
    assert first.at == datetime(2024, 8, 22, 10, tzinfo=UTC)


def test_gps5_without_lock_is_dropped_whole() -> None:
    scale = klv(b"SCAL", b"l", 4, struct.pack(">5i", 10**7, 10**7, 1000, 1000, 100))
    gps5 = klv(b"GPS5", b"l", 20, struct.pack(">5i", 515072000, -1276000, 0, 0, 0) * 3)
    for lock, kept in ((0, 0), (2, 3)):
        stream = scale + klv(b"GPSF", b"L", 4, struct.pack(">I", lock)) + gps5
        assert len(read_gpmf(nested(b"DEVC", nested(b"STRM", stream))).points) == kept


def test_gpmf_cut_anywhere_never_crashes(footage: Path) -> None:
    whole = (footage / "gps" / "karma.raw").read_bytes()
    for end in range(0, len(whole), 37):
        read_gpmf(whole[:end])
    for at in range(600):
        read_gpmf(whole[:at] + b"\xff" + whole[at + 1 :])


@pytest.mark.parametrize(
    ("name", "kind", "kept", "dropped"),
    [
        ("karma.raw", "gpmf", 4, 0),
        ("Fusion.raw", "gpmf", 19, 0),
        ("hero6.raw", "gpmf", 0, 17),  # GPSF 0: never had a lock
        ("mavic_air2.srt", "dji", 25, 0),
        ("mavic_pro.SRT", "dji", 468, 0),
        ("broken_incomplete.SRT", "dji", 19, 1),
        ("sf_30km_h.gpx", "gpx", 49, 0),
    ],
)
def test_real_tracks_have_the_fixes_they_have(
    footage: Path, name: str, kind: str, kept: int, dropped: int
) -> None:
    with FileReader(footage / "gps" / name) as reader:
        track = run("track", reader, {}, limits=Limits(seconds=10))
    assert (track["kind"], len(track["points"]), track["dropped"]) == (kind, kept, dropped)


def test_karma_has_the_47_fixes_exiftool_finds(footage: Path) -> None:
    with FileReader(footage / "ego" / "karma.mp4") as reader:
        found = run("describe", reader, {}, limits=Limits(), sink=MemorySink())
    points = found["track"]["points"]
    assert (len(points), found["track"]["dropped"]) == (47, 0)
    assert points[0]["latitude"] == pytest.approx(33.125368)
    assert points[0]["at"].startswith("2017-04-17T19:27:57")
    assert points[0]["accuracy"] < 1


def test_a_huge_track_file_is_refused_before_it_is_read() -> None:
    class Huge:
        size = 1 << 40

        def read_at(self, offset: int, length: int) -> bytes:
            raise AssertionError("read")

    with pytest.raises(Refused, match="over 32 MB"):
        run("track", Huge(), {}, limits=Limits(seconds=10))


def test_the_sandbox_reads_a_track_like_the_function_does() -> None:
    data = json.dumps(AXIS).encode()
    found = run("track", BytesReader(data), {}, limits=Limits(seconds=10))
    found.pop("layers")
    assert found == read_track(data).as_json()
