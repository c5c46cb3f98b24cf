"""The page's reader of films makes the same commitments as the program that sealed them."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY
from tests.media.packets.films import FASTSTART, FRAGMENTED, film, remuxed
from tests.media.packets.test_changes import CHANGES

from custodes.kernel.digest import b64u
from custodes.ledger.tree import leaf_hash, root_of
from custodes.media.commitment import NoClipProofs, commit
from custodes.media.sandbox.ports import FileReader, ReadAt

CHUNK = 1 << 20
FOLDERS = ("ingest", "ingest_derived", "signed", "hostile")
LARGEST = 30 << 20

MADE: dict[str, Callable[[], bytes]] = {
    "tables last.mp4": film,
    "tables first.mp4": lambda: film(muxer=FASTSTART),
    "fragments.mp4": lambda: film(muxer=FRAGMENTED),
    "hevc.mp4": lambda: film(video="libx265"),
    "uncompressed.mov": lambda: film("mov", sound="pcm_s16le"),
    "uncompressed.mkv": lambda: film("mkv", sound="pcm_s16le"),
    "opus.mkv": lambda: film("mkv", sound="libopus"),
    "mjpeg.mov": lambda: film("mov", video="mjpeg", sound=None),
    "copied.mkv": lambda: remuxed(film(), "mkv"),
    "copied fragments.mp4": lambda: remuxed(film("mkv"), "mp4", FRAGMENTED),
    "sound alone.mp4": lambda: film(video=None),
}


def test_films_made_here_have_the_same_roots(tmp_path: Path) -> None:
    made = {name: make() for name, make in MADE.items()}
    made |= {f"{name}.mp4": make() for name, make in CHANGES.items()}
    whole = made["tables first.mp4"]
    made |= {f"cut at {at}.mp4": whole[:at] for at in range(40, len(whole), len(whole) // 12)}
    for name in ("fragments.mp4", "copied.mkv"):
        cuts = range(2000, len(made[name]), len(made[name]) // 6)
        made |= {f"cut at {at} {name}": made[name][:at] for at in cuts}
    paths = [tmp_path / f"{nth} {name.replace('/', ' ')}" for nth, name in enumerate(made)]
    for path, data in zip(paths, made.values(), strict=True):
        path.write_bytes(data)

    assert_the_page_agrees(tmp_path, paths)


@pytest.mark.footage
def test_real_and_hostile_films_have_the_same_roots(footage: Path, tmp_path: Path) -> None:
    found = itertools.chain.from_iterable((footage / name).iterdir() for name in FOLDERS)
    paths = [path for path in found if path.is_file() and path.stat().st_size <= LARGEST]
    assert len(paths) > 40

    assert_the_page_agrees(tmp_path, sorted(paths))


def assert_the_page_agrees(folder: Path, paths: list[Path]) -> None:
    films = []
    for path in paths:
        with FileReader(path) as reader:
            media = media_root(reader)
        films.append({"path": str(path), "media": media, "chunks": chunk_root(path)})
    assert any(each["media"] for each in films)
    index = folder / "films.json"
    index.write_text(json.dumps({"films": films}))
    command = [sys.executable, "frontend/npm.py", "test", "--", "tests/verify_films.test.ts"]
    environment = os.environ | {"VERIFY_FILMS": str(index)}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"{len(films)} passed" in done.stdout


def media_root(reader: ReadAt) -> str:
    try:
        return b64u(commit(reader).media_root)
    except NoClipProofs:
        return ""


def chunk_root(path: Path) -> str:
    data = path.read_bytes()
    return b64u(root_of(leaf_hash(data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)))
