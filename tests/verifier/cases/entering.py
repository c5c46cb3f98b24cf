"""How a case of the corpus is entered, and what is said of the honest ones it departs from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.verifier.small_log import ORIGIN
from tests.verifier.story import (
    CLIP_PATH,
    ORIGINAL_PATH,
    RECORDING,
    Story,
    honest_clip,
    honest_proof,
    story,
)

from custodes.kernel.digest import sha256
from custodes.media.clip_proof import ClipProof
from custodes.package.paths import write_manifest

P, N, C = "PROVEN", "NOT PROVEN", "CONTRADICTED"
NOT_MADE = ("", "")
Key = tuple[str, str]
Said = tuple[str, str]
LOG, SEEN, TIME = ("log", ORIGIN), ("witnessed", ORIGIN), ("time", ORIGIN)
RECORD, TAIL, OPENED = ("record", RECORDING), ("tail", RECORDING), ("opened", "")
WHOLE, PROOF, DELETION = ("whole", ""), ("proof", ""), ("deletion", RECORDING)
FILE, CLIP = ("file", ORIGINAL_PATH), ("clip", CLIP_PATH)


@dataclass(frozen=True)
class Made:
    """A case: ``but`` is what differs from an honest package, ``only`` replaces it all."""

    name: str
    why: str
    build: Callable[[Path], Path]
    but: dict[Key, Said] = field(default_factory=dict)
    only: dict[Key, Said] | None = None
    policy: str = "policy.txt"
    has_clip: bool = True
    has_original: bool = False


ALL: list[Made] = []


def resting(*claims: Key) -> dict[Key, Said]:
    """Return these claims as ones that rest on a log that is not proven."""
    return dict.fromkeys(claims, (N, "needs.log"))


LOG_FAILS = resting(SEEN, TIME, RECORD, TAIL, OPENED, CLIP)


def case(name: str, why: str, **more: Any) -> Callable[[Callable[[], Story]], None]:
    """Enter a case that is one story, written as it is told."""

    def enter(tell: Callable[[], Story]) -> None:
        ALL.append(Made(name, why, lambda folder: tell().write(folder), **more))

    return enter


def clip_case(
    name: str,
    why: str,
    make: Callable[[], bytes],
    said: Said,
    proof: Callable[[], ClipProof] | None = None,
) -> None:
    """Enter a case that differs in its clip. Without ``proof`` an honest prover is asked."""

    def tell() -> Story:
        return story(make(), proof() if proof else None)

    ALL.append(Made(name, why, lambda folder: tell().write(folder), {CLIP: said}))


def changed_after(name: str, why: str, change: Callable[[Path], Path | None], **more: Any) -> None:
    """Enter a case that somebody changed after it was written."""

    def build(folder: Path) -> Path:
        written = story(honest_clip(), honest_proof()).write(folder)
        return change(written) or written

    ALL.append(Made(name, why, build, **more))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def list_again(folder: Path) -> None:
    """Write the lists of a bag anew, as whoever tampers would."""
    found = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hex()
        for path in folder.rglob("*")
        if path.is_file()
    }
    payload = {path: digest for path, digest in found.items() if path.startswith("data/")}
    (folder / "manifest-sha256.txt").write_bytes(write_manifest(payload))
    found["manifest-sha256.txt"] = sha256(write_manifest(payload)).hex()
    tags = {p: d for p, d in found.items() if p not in payload and p != "tagmanifest-sha256.txt"}
    (folder / "tagmanifest-sha256.txt").write_bytes(write_manifest(tags))
