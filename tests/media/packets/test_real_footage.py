"""Real and hostile footage: each file is committed to, or a sentence says why not."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import footage_folder
from tests.media.packets.films import as_ffmpeg_reads
from tests.media.packets.reading import as_we_read

from custodes.media.commitment import MediaCommitment, NoClipProofs, commit
from custodes.media.sandbox.ports import FileReader

FOLDERS = ("ingest", "ingest_derived", "signed", "hostile")
#: What the refused files are refused for; every other file is committed to.
REFUSED = {
    "c2pa_test.avi": "not an MP4, MOV or Matroska",
    "sample.avi": "not an MP4, MOV or Matroska",
    "sample.flv": "not an MP4, MOV or Matroska",
    "sample_h262_mpeg_audio.ts": "not an MP4, MOV or Matroska",
    "avchd.mts": "not an MP4, MOV or Matroska",
    "mjpeg_pcm.avi": "not an MP4, MOV or Matroska",
    "mpegts_offset.ts": "not an MP4, MOV or Matroska",
    "concat_lfi.mkv": "not an MP4, MOV or Matroska",
    "hls_crossread.mp4": "not an MP4, MOV or Matroska",
    "hls_ssrf.mp4": "not an MP4, MOV or Matroska",
    "html_named.mp4": "not an MP4, MOV or Matroska",
    "one_byte.mp4": "not an MP4, MOV or Matroska",
    "svg_named.jpg": "not an MP4, MOV or Matroska",
    "zero_length.mp4": "The file is empty",
    "invalid_userdata.mp4": "0 of the 10,966 packets its tables promise are there",
    "stco_past_eof.mp4": "236 of the 361 packets its tables promise are there",
    "truncated_after_moov.mp4": "196 of the 361 packets its tables promise are there",
    "truncated_no_moov.mp4": "the recording broke off before they were written",
    "stsz_huge_count.mp4": "stsz table claims 2,147,483,647 entries but has room for 125",
}
#: FFmpeg mends zero durations and sync flags of these (custody format, section 4.3).
MENDED = {
    "axis_signed_test_h264.mp4",
    "axis_signed_test_h265.mp4",
    "onvif_test_signed_h264.mp4",
}


def _files() -> Iterator[Path]:
    folder = footage_folder()
    for name in FOLDERS if folder else ():
        yield from sorted((folder / name).glob("*.*"))  # type: ignore[operator]


FILES = list(_files())


@pytest.fixture(autouse=True)
def _needs_footage(footage: Path) -> None:
    """Skip with a sentence when the footage is not there."""


def commitment_of(path: Path) -> MediaCommitment:
    """Commit to a file on disk."""
    with FileReader(path) as reader:
        return commit(reader)


@pytest.mark.footage
@pytest.mark.timeout(20)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_committed_to_or_refused_with_a_sentence(path: Path) -> None:
    tracemalloc.start()
    try:
        if path.name in REFUSED:
            with pytest.raises(NoClipProofs, match=REFUSED[path.name]):
                commitment_of(path)
        else:
            assert all(len(track.root) == 32 for track in commitment_of(path).tracks)
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
    finally:
        tracemalloc.stop()


ISOBMFF = [p for p in FILES if p.suffix in (".mp4", ".mov") and p.name not in REFUSED]


@pytest.mark.footage
@pytest.mark.parametrize("path", ISOBMFF, ids=lambda path: path.name)
def test_packets_of_real_mp4_files_are_the_ones_ffmpeg_reads(path: Path) -> None:
    data = path.read_bytes()
    ours, theirs = as_we_read(data), as_ffmpeg_reads(data)
    if path.name in MENDED:
        ours = [[replace(p, duration=0, sync=True) for p in track] for track in ours]
        theirs = [[replace(p, duration=0, sync=True) for p in track] for track in theirs]

    # FFmpeg gives a chapter track no packets; it makes chapters of them.
    assert [own for own, other in zip(ours, theirs, strict=True) if other] == [
        *filter(None, theirs)
    ]


@pytest.mark.footage
def test_a_changed_header_claim_changes_no_packet(footage: Path) -> None:
    honest = commitment_of(footage / "hostile" / "lying_duration.mp4").tracks
    grand = commitment_of(footage / "hostile" / "huge_dimensions_header.mp4").tracks

    assert [track.root for track in honest] == [track.root for track in grand]
    assert honest[0].header["shown"] == [640 << 16, 360 << 16]
    assert grand[0].header["shown"] == [65535 << 16, 65535 << 16]


@pytest.mark.footage
def test_a_signature_next_to_the_picture_changes_only_what_it_touches(footage: Path) -> None:
    signed = commitment_of(footage / "signed" / "c2pa_video1.mp4")
    plain = commitment_of(footage / "signed" / "c2pa_video1_no_manifest.mp4")

    assert [track.root for track in signed.tracks] == [track.root for track in plain.tracks]
