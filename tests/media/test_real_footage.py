"""Every real and hostile file goes through describe: none crashes, hangs or swells."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest

from custodes.media.sandbox import BytesReader, FileReader, Limits, SandboxFailed, run
from custodes.media.sandbox.ports import MemorySink

TEXT = {".txt", ".json", ".xml", ".md"}
#: Far under what a server can spare; one 8K picture still fits.
LIMITS = Limits(seconds=30, memory_bytes=1 << 30)


def described(path: Path) -> dict[str, Any]:
    with FileReader(path) as reader:
        return run("describe", reader, {}, limits=LIMITS, sink=MemorySink())


def computed() -> float:
    """Return processor seconds of all children so far: a busy machine changes nothing."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def outcome(path: Path) -> str:
    try:
        described(path)
    except SandboxFailed as refusal:
        return refusal.kind
    return "described"


def test_every_file_is_described_or_refused_within_ten_seconds_of_computing(footage: Path) -> None:
    files = [p for p in footage.rglob("*") if p.is_file() and p.suffix not in TEXT]
    plates = [p for p in files if p.parent.name == "plates"]
    for path in [p for p in files if p not in plates] + plates[:4]:
        began = computed()
        assert (path.name, outcome(path)) in {(path.name, "described"), (path.name, "refused")}
        assert computed() - began < 10, path.name


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("truncated_after_moov.mp4", "Track 0 (video) has 70 of the 125 packets"),
        ("stco_past_eof.mp4", "No picture could be decoded."),
        ("bitflips_mdat.mp4", "could not be decoded"),
        ("lying_duration.mp4", "The header claims 4,294,967.3 seconds; the packets last 5.0."),
    ],
)
def test_hostile_files_are_described_with_their_faults(
    footage: Path, name: str, fault: str
) -> None:
    faults = described(footage / "hostile" / name)["probe"]["faults"]
    assert any(fault in said for said in faults), faults


def test_a_header_of_65535_pixels_describes_the_small_pictures_it_has(footage: Path) -> None:
    about = described(footage / "hostile" / "huge_dimensions_header.mp4")["probe"]
    assert (about["tracks"][0]["width"], about["tracks"][0]["height"]) == (640, 360)
    assert about["faults"] == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("axis_signed_test_h264.mp4", ["Axis Signed Video"]),
        ("axis_signed_test_h265.mp4", ["Axis Signed Video"]),
        ("onvif_test_signed_h264.mp4", ["ONVIF Media Signing"]),
        ("c2pa_video1.mp4", ["C2PA"]),
        ("axis_test_h264.mp4", []),
        ("c2pa_video1_no_manifest.mp4", []),
    ],
)
def test_signatures_are_noticed_and_authentic_ones_are_no_fault(
    footage: Path, name: str, found: list[str]
) -> None:
    about = described(footage / "signed" / name)["probe"]
    assert about["signatures"] == found
    assert about["signed"] == ("signed, not checked" if found else "not signed")
    assert about["faults"] == []


@pytest.mark.parametrize(
    ("name", "degrees"),
    [
        ("ingest_derived/rotated90_displaymatrix.mp4", 90),
        ("ingest/internal_emulator_transformer_output_270_rotated.mp4", 270),
    ],
)
def test_turned_cameras_are_turned_back(footage: Path, name: str, degrees: int) -> None:
    found = described(footage / name)
    assert found["probe"]["tracks"][0]["rotation"] == degrees
    assert found["thumbnail"]["height"] > found["thumbnail"]["width"]


@pytest.mark.parametrize(
    "name",
    ["hevc_hvc1.mp4", "avchd.mts", "mjpeg_pcm.avi", "av1_opus.mkv", "mpegts_offset.ts", "vfr.mkv"],
)
def test_every_kind_of_container_gets_a_copy_browsers_play(footage: Path, name: str) -> None:
    sink = MemorySink()
    with FileReader(footage / "ingest_derived" / name) as reader:
        run("viewing_copy", reader, {}, limits=LIMITS, sink=sink)
        copy = BytesReader(bytes(sink.blobs["viewing_copy.mp4"]))
        before = run("probe", reader, {}, limits=LIMITS)
        after = run("probe", copy, {}, limits=LIMITS)
    assert after["browser"]["plays"] is True
    assert after["faults"] == []
    assert after["seconds"] == pytest.approx(before["seconds"], abs=0.1)
    assert after["tracks"][0]["packets"] == before["tracks"][0]["packets"]


def test_camera_signatures_survive_a_copied_viewing_copy(footage: Path) -> None:
    sink = MemorySink()
    with FileReader(footage / "signed" / "axis_signed_test_h264.mp4") as reader:
        made = run("viewing_copy", reader, {}, limits=LIMITS, sink=sink)
    assert made["video"] == "copied"
    assert made["pictures"] == 250
