"""Clips and stills on their way into a package, each with what shows what it is.

A clip goes with its clip proof, packet by packet, which holds also when the original is
gone. A still, or a clip of which there can be no such proof, goes with the entry that
made it, which says its SHA-256. Whoever calls has made sure that the viewer may have
them, and that it is recorded; for whom they are makes no difference here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from custodes.kernel.digest import b64u
from custodes.kernel.errors import Refused
from custodes.media.clip_proof import ClipProof
from custodes.media.sandbox import JoinedReader, Limits, run
from custodes.recordings.actions.in_the_clear import readable
from custodes.recordings.models import Copy, Original
from custodes.recordings.reading import open_copy
from custodes.recordings.rules import Purpose

_ENDINGS: Final = {Purpose.CLIP: "mp4", Purpose.STILL: "png"}


@dataclass(frozen=True, slots=True)
class Carried:
    """A clip or a still, the path at which it stands in a package, and its proof.

    ``why_not`` says why there is no proof packet by packet; of a still there is none, and
    nothing is said.
    """

    path: str
    copy: Copy
    proof: ClipProof | None = None
    why_not: str = ""

    def __iter__(self) -> Iterator[bytes]:
        with open_copy(self.copy) as reader:
            yield from reader.blocks(0, reader.size)


def under_own_names(copies: Iterable[Copy]) -> list[tuple[str, Copy]]:
    """Return each with a path that says nothing but what it is and its handle."""
    named = []
    for copy in copies:
        ending = _ENDINGS.get(Purpose(copy.purpose), "bin")
        named.append((f"data/{copy.purpose}-{copy.handle}.{ending}", copy))
    return named


def carried(named: Iterable[tuple[str, Copy]]) -> list[Carried]:
    """Return clips and stills ready for a package, each clip with its proof.

    Clips whose proof is not kept yet are proven here, for which their original is read once.
    Each comes with the path at which it is to stand, below ``data``. Raises Refused when an
    original is not the one that was committed to, or Damaged.
    """
    found: dict[str, Carried] = {}
    clips: dict[Original, list[tuple[str, Copy]]] = defaultdict(list)
    for path, copy in named:
        found[path] = Carried(path, copy)
        if copy.purpose == Purpose.CLIP:
            clips[copy.original].append((path, copy))
    for original, of in clips.items():
        for (path, copy), told in zip(of, _told(original, [c for _, c in of]), strict=True):
            proof = told.get("proof")
            found[path] = (
                Carried(path, copy, ClipProof.from_value(proof))
                if proof is not None
                else Carried(path, copy, why_not=str(told["refused"]))
            )
    return [found[path] for path in sorted(found)]


def _told(original: Original, clips: list[Copy]) -> list[dict[str, Any]]:
    kept = {clip.handle: clip.proof for clip in clips if clip.proof}
    rest = [clip for clip in clips if clip.handle not in kept]
    if rest:
        new = proofs_of(original, rest)
        kept |= {clip.handle: told for clip, told in zip(rest, new, strict=True)}
    return [kept[clip.handle] for clip in clips]


def proofs_of(original: Original, clips: list[Copy]) -> list[dict[str, Any]]:
    """Return of each clip of an original its proof, or why there is none; raises as above."""
    if not original.commitment:
        why = original.no_clip_proofs or "Its packets were not committed to when it arrived."
        return [{"refused": why}] * len(clips)
    with ExitStack() as opened:
        clear = opened.enter_context(readable(original))
        readers = [clear.reader, *(opened.enter_context(open_copy(clip)) for clip in clips)]
        sizes = [reader.size for reader in readers]
        found = run("prove", JoinedReader(readers), {"sizes": sizes}, limits=_limits(sum(sizes)))
    if "refused" in found:
        return [{"refused": str(found["refused"])}] * len(clips)
    if found["root"] != b64u(bytes(original.media_root or b"")):
        raise Refused(
            f"{original.name} is not the file whose packets were committed to when it arrived.",
            "No package was made. Have the recording checked, and tell who runs this server.",
        )
    return list(found["clips"])


def _limits(size: int) -> Limits:
    seconds = 120 + size / 4e6  # a slow disk reads faster than 4 MB a second
    memory = settings.CUSTODES.sandbox_memory_mb << 20
    return Limits(seconds=seconds, cpu_seconds=int(2 * seconds), memory_bytes=memory)
