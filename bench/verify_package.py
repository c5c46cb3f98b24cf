"""How long the package of a 30 minute recording takes to check, against ``sha256sum`` of its file.

The recording is 1080p with sound, about 1.4 GB: a few seconds are really encoded, then
their packets are copied again and again. The package is checked by the light command in
a process of its own. Also printed: how large the proof of a 15 second clip of a minute is.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import av
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from custodes.kernel.digest import b64u, sha256
from custodes.kernel.ids import new_handle
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.entry import PublicEntry
from custodes.ledger.keys import Kind, SignerKey
from custodes.ledger.note import Note, sign_note
from custodes.ledger.tree import leaf_hash, root_of
from custodes.media.chunks import ChunkTree
from custodes.media.clip_proof import prove_clip
from custodes.media.commitment import read_packets, salted
from custodes.package.assembling import Contents, assemble
from custodes.package.opening import Stored
from custodes.package.statement import (
    CLIP,
    ORIGINAL,
    CheckpointShown,
    EntryShown,
    FileShown,
    Statement,
)

from .rounds import Limits, interleaved, median, say_ratio

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
ORIGIN = "custodes.bench.example/custody"
LOG = SignerKey(ORIGIN, Ed25519PrivateKey.generate())
LONG = SignerKey(ORIGIN, MLDSA44PrivateKey.generate())
WITNESS = SignerKey("witness.example/w", Ed25519PrivateKey.generate(), Kind.COSIGNATURE)
POLICY = f"log {LOG.verifier}\nwitness w {WITNESS.verifier}\nquorum w\n"
#: How large the log is that a clip is proven in, and so how long its proof of inclusion.
LOG_SIZE, LOG_HEIGHT = 10_000_000, 24
#: What the proof of a clip may take.
MOST = 5_000


def scene(path: Path, seconds: int, size: tuple[int, int], rate: int, noise: int) -> None:
    """Encode a moving picture with grain and a tone."""
    random = np.random.default_rng(1)
    with av.open(str(path), "w") as out:
        pictures = out.add_stream("libx264", rate=30)
        pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        pictures.bit_rate = rate
        pictures.options = {"preset": "ultrafast", "g": "60"}
        sound = out.add_stream("aac", rate=48000)
        for number in range(seconds * 30):
            grain = random.integers(0, noise, (size[1] * 3 // 2, size[0]), np.uint8)
            grain[:, number * 8 % size[0] :][:, :64] += 100
            frame = av.VideoFrame.from_ndarray(grain, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(pictures.encode(frame))
            at = np.arange(number * 1600, (number + 1) * 1600) / 48000
            wave = (np.sin(at * 2764) * (8000 + number)).astype(np.float32) / 32768
            tone = av.AudioFrame.from_ndarray(np.stack([wave, wave]), "fltp", "stereo")
            tone.sample_rate, tone.pts = 48000, number * 1600
            out.mux(sound.encode(tone))
        out.mux(pictures.encode(None))
        out.mux(sound.encode(None))


def copied(source: Path, target: Path, start: float, end: float, times: int = 1) -> None:
    """Copy the packets between two moments into a new file, so many times over."""
    with av.open(str(source)) as given:
        packets: list[Any] = [packet for packet in given.demux() if packet.size]
        kept = [p for p in packets if start <= float(p.dts * p.time_base) + 1e-6 < end]
        with av.open(str(target), "w") as out:
            streams = {s.index: out.add_stream_from_template(s) for s in given.streams}
            for nth in range(times):
                for packet in kept:
                    later = round((nth * (end - start) - start) / packet.time_base)
                    again: Any = av.Packet(bytes(packet))
                    again.time_base, again.duration = packet.time_base, packet.duration
                    again.pts, again.dts = packet.pts + later, packet.dts + later
                    again.is_keyframe = packet.is_keyframe
                    again.stream = streams[packet.stream.index]
                    out.mux(again)


def taken_in(
    path: Path, media_root: bytes = b"", tracks: tuple[bytes, ...] = ()
) -> tuple[FileShown, PublicEntry]:
    """Return what a package says of an original, and the entry that took it in."""
    stored = Stored(path, 0, path.stat().st_size)
    chunks, salt = ChunkTree(), sha256(b"salt")
    digest = bytes.fromhex(subprocess.check_output(["sha256sum", path], text=True).split()[0])
    for block in stored.blocks():
        chunks.update(block)
    file = FileShown(
        path=f"data/{path.name}",
        role=ORIGINAL,
        entry=1,
        recording=new_handle(),
        original=new_handle(),
        salt=salt,
        file_sha256=digest,
        chunk_root=chunks.root(),
        size=stored.size,
        media_root=media_root,
        tracks=tracks,
    )
    facts = {
        "o": file.original,
        "d": new_handle(),
        "src": "axis",
        "z": stored.size,
        "fc": b64u(salted("file", salt, digest)),
        "cc": b64u(salted("chunks", salt, chunks.root())),
        "m": b64u(salted("media", salt, file.media_root or bytes(32))),
        "kid": new_handle(),
        "ep": 1,
    }
    return file, PublicEntry(
        file.recording, "recording.ingested", 1, bytes(32), NOW, bytes(32), facts
    )


def statement_of(file: FileShown, entry: PublicEntry) -> tuple[Statement, bytes]:
    """Return the statement of a package of one file, and the note of its checkpoint."""
    first = PublicEntry(file.recording, "recording.opened", 0, None, NOW, bytes(32))
    leaves = [leaf_hash(first.to_bytes()), leaf_hash(entry.to_bytes())]
    shown = EntryShown(1, entry.to_bytes(), (leaves[0],))
    checkpoint = CheckpointShown("checkpoints/2.note", 2)
    note = str(note_of(2, root_of(leaves)).brief()).encode()
    return Statement(ORIGIN, NOW, "bench", (checkpoint,), (shown,), (), (file,)), note


def note_of(size: int, root: bytes) -> Note:
    """Return a checkpoint signed with both kinds of keys, and cosigned."""
    text = Checkpoint(ORIGIN, size, root).body()
    witnessed = sign_note(text, WITNESS, at=NOW + timedelta(seconds=5))
    return Note.parse(sign_note(text, LOG, LONG, at=NOW)).with_lines(
        Note.parse(witnessed).signatures
    )


def package(recording: Path, folder: Path) -> None:
    """Write the package of a whole recording."""
    file, entry = taken_in(recording)
    statement, note = statement_of(file, entry)
    pieces: Iterator[bytes] = map(bytes, Stored(recording, 0, file.size or 0).blocks())
    tags = {"checkpoints/2.note": note}
    assemble(folder, Contents(statement, tags, {file.path: pieces}, "A recording"))


def clip_proof_bytes(folder: Path) -> tuple[int, int, int]:
    """Return the size of the proof of a 15 second clip of a minute, and of the clip itself.

    The proof is proof.json and the note of the log's head with its short lines. Between the
    two stands what the note with every line would take, for those who trust no other.
    """
    scene(folder / "minute.mp4", 60, (320, 180), 200_000, 30)
    copied(folder / "minute.mp4", folder / "clip.mp4", 20.0, 35.0)
    minute, clip = (
        Stored(path, 0, path.stat().st_size)
        for path in (folder / "minute.mp4", folder / "clip.mp4")
    )
    original = read_packets(minute)
    tracks = tuple(track.committed().to_bytes() for track in original)
    root = root_of(map(leaf_hash, tracks))
    file, entry = taken_in(folder / "minute.mp4", media_root=root, tracks=tracks)
    of_clip = replace(
        file,
        role=CLIP,
        clip=prove_clip(clip, original),
        file_sha256=b"",
        chunk_root=b"",
        size=None,
        media_root=b"",
    )
    statement, _ = statement_of(of_clip, entry)
    [shown] = statement.entries
    path = (bytes(range(32)),) * LOG_HEIGHT
    last = LOG_SIZE - 1
    high = replace(
        statement,
        checkpoints=(CheckpointShown(f"checkpoints/{LOG_SIZE}.note", LOG_SIZE),),
        entries=(replace(shown, index=last, path=path),),
        files=(replace(of_clip, entry=last),),
    )
    note = note_of(LOG_SIZE, path[0])
    proof = len(high.to_bytes()) + len(str(note.brief()).encode())
    return proof, len(str(note).encode()), clip.size


def main(arguments: Sequence[str] = ()) -> float:
    """Return the time of the check ÷ the time of ``sha256sum``."""
    parser = argparse.ArgumentParser(prog="custodes bench verify_package")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path, default=None)
    asked = parser.parse_args([*arguments])
    Limits.begin(full=True)  # the proof is as large in any run
    folder = Path(mkdtemp(prefix="verify-", dir=asked.home))

    size, note, clip = clip_proof_bytes(folder)
    small = "at most" if Limits.verdict("the proof", held=size <= MOST) == "within" else "OVER"
    print(
        f"proof of a 15 s clip of 60 s, in a log of {LOG_SIZE:,}: {size:,} bytes, {small} {MOST:,}"
        f" (clip {clip:,}; the note with every signature, beside it, {note:,})"
    )
    scene(folder / "scene.mp4", 2, (1920, 1080), 6_000_000, 24)
    copied(folder / "scene.mp4", folder / "recording.mp4", 0, 2, max(1, round(asked.minutes * 30)))
    package(folder / "recording.mp4", folder / "package")
    (folder / "recording.mp4").unlink()
    (folder / "policy").write_text(POLICY)
    film = folder / "package" / "data" / "recording.mp4"
    print(f"recording: {asked.minutes:g} minutes, {film.stat().st_size / 1e6:,.0f} MB")
    command = [sys.executable, "-m", "custodes.verifier.cli", str(folder / "package")]
    command += ["--policy", str(folder / "policy")]

    def run(what: list[str]) -> float:
        began = time.perf_counter()
        subprocess.run(what, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    took = interleaved(
        {"sha256sum": lambda: run(["sha256sum", str(film)]), "verify": lambda: run(command)},
        asked.rounds,
    )
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    return say_ratio(median(took["verify"]) / median(took["sha256sum"]))


if __name__ == "__main__":
    main(sys.argv[1:])
