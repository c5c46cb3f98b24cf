"""A clip proof as it is written down. Reading one checks its shape, not its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from custodes.kernel.digest import b64u, unb64u

VERSION: Final = 1
MAX_SIBLINGS: Final = 4096
MAX_RUNS: Final = 10_000


class ClipProofInvalid(ValueError):
    """The value is not a clip proof of this version."""


@dataclass(frozen=True, slots=True)
class Run:
    """Packets ``start`` up to ``end`` of the clip.

    They are the original's from ``original`` on; None: they are changed, and nothing
    is claimed of them.
    """

    start: int
    end: int
    original: int | None = None

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def span(self) -> tuple[int, int]:
        """Return the original's packets, as a half-open range; for runs that have them."""
        if self.original is None:
            raise ValueError("a changed run is no part of the original")
        return self.original, self.original + len(self)

    def to_value(self) -> list[int]:
        """Return the run as a list of two or three numbers."""
        ends = [self.start, self.end]
        return ends if self.original is None else [*ends, self.original]


@dataclass(frozen=True, slots=True)
class TrackProof:
    """What is shown of one track of the clip; ``of`` is the number of the original's track."""

    of: int
    runs: tuple[Run, ...]
    times: bytes = b""
    siblings: tuple[bytes, ...] = ()
    bare: bool = False

    @property
    def proven(self) -> tuple[Run, ...]:
        """Return the runs that are the original's."""
        return tuple(run for run in self.runs if run.original is not None)

    @property
    def changed(self) -> tuple[Run, ...]:
        """Return the runs of which nothing is claimed."""
        return tuple(run for run in self.runs if run.original is None)

    def to_value(self) -> dict[str, Any]:
        """Return the track as a value CJ1 can write."""
        return {
            "bare": self.bare,
            "of": self.of,
            "runs": [run.to_value() for run in self.runs],
            "siblings": [b64u(each) for each in self.siblings],
            "times": b64u(self.times),
        }


@dataclass(frozen=True, slots=True)
class ClipProof:
    """One track proof for every track of the clip's file, in its order."""

    tracks: tuple[TrackProof, ...]

    def to_value(self) -> dict[str, Any]:
        """Return the proof as a value CJ1 can write."""
        return {"tracks": [track.to_value() for track in self.tracks], "v": VERSION}

    @classmethod
    def from_value(cls, value: object) -> ClipProof:
        """Read a proof; raises ClipProofInvalid for anything that is not one."""
        if not isinstance(value, dict) or set(value) != {"tracks", "v"}:
            raise ClipProofInvalid("a clip proof has the members tracks and v")
        if value["v"] != VERSION or isinstance(value["v"], bool):
            raise ClipProofInvalid("the version of the clip proof is not known")
        return cls(tuple(_track(each) for each in _list(value["tracks"], 64)))


def _track(value: object) -> TrackProof:
    if not isinstance(value, dict) or set(value) != {"bare", "of", "runs", "siblings", "times"}:
        raise ClipProofInvalid("not the members of a track of a clip proof")
    if not isinstance(value["bare"], bool):
        raise ClipProofInvalid("bare is true or false")
    siblings = tuple(_bytes(each) for each in _list(value["siblings"], MAX_SIBLINGS))
    if any(len(each) != 32 for each in siblings):
        raise ClipProofInvalid("a sibling is 32 bytes")
    return TrackProof(
        of=_number(value["of"]),
        runs=tuple(_run(each) for each in _list(value["runs"], MAX_RUNS)),
        times=_bytes(value["times"]),
        siblings=siblings,
        bare=value["bare"],
    )


def _run(value: object) -> Run:
    numbers = [_number(each) for each in _list(value, 3)]
    if len(numbers) < 2:
        raise ClipProofInvalid("a run has two or three numbers")
    return Run(*numbers)


def _list(value: object, most: int) -> Sequence[object]:
    if not isinstance(value, list) or len(value) > most:
        raise ClipProofInvalid(f"there is no list of at most {most}")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ClipProofInvalid(f"{str(value)[:40]} is not a number of packets")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise ClipProofInvalid("bytes are written as text")
    try:
        return unb64u(value)
    except ValueError as error:
        raise ClipProofInvalid(str(error)) from None
