"""Are the packets of a clip due when they were due in the original?

Slow motion passes every check of packets; only their times give it away.
docs/reference/formats/clip-proof.md, section "Presentation time".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from custodes.media.clip_proof.edits import Clock, Seconds
from custodes.media.clip_proof.value import Run

_ROUNDING: Final = 1e-6
_LOOSE: Final = 0.05
#: A copy without an edit list moves pictures by the depth of their reordering; ITU-R
#: BT.1359 puts the limit of what viewers accept at 185 ms.
_APART: Final = 0.2


class Timing(IntEnum):
    """How well the times agree; the larger, the worse."""

    EXACT = 0
    TICK = 1
    LOOSE = 2
    ALTERED = 3

    @property
    def words(self) -> str:
        """Return the class as a person reads it."""
        return ("exact", "within one tick", "within 50 ms", "altered")[self]


@dataclass(frozen=True, slots=True)
class TimedTrack:
    """A track of a clip with the times of all its packets and of the original's in its runs."""

    handler: str
    runs: tuple[Run, ...]
    clip: Seconds
    original: Sequence[Seconds]
    tick: float

    def shifts(self) -> list[tuple[Run, float, float]]:
        """Return for each run of the original its shift and its largest deviation from it."""
        found = []
        proven = (run for run in self.runs if run.original is not None)
        for run, due in zip(proven, self.original, strict=True):
            apart = self.clip[run.start : run.end] - due
            shift = float(np.sort(apart)[(len(apart) - 1) // 2])
            deviation = np.abs(apart - shift)
            # The first packet is priming: a file without an edit list cannot say when
            # it was due and lets it begin at 0.
            if run.start == 0 and deviation[0] <= _APART:
                deviation[0] = min(deviation[0], _LOOSE)
            found.append((run, shift, float(deviation.max())))
        return found


def coarser(clip: Clock, original: Clock) -> float:
    """Return the tick of the coarser clock, in seconds."""
    return max(clip.tick, original.tick)


def timing_of(tracks: Sequence[TimedTrack]) -> tuple[Timing, float]:
    """Return the class of a clip's times over all its tracks.

    With it, by how many seconds pictures and sound were moved against each other.
    """
    worst = Timing.EXACT
    for track in tracks:
        before: float | None = None
        for _, shift, deviation in track.shifts():
            worst = max(worst, _class_of(deviation, track.tick))
            if before is not None and shift > before + _LOOSE:
                worst = Timing.ALTERED
            before = shift
    apart = _apart(tracks)
    return (Timing.ALTERED if apart > _APART else worst), apart


def _class_of(deviation: float, tick: float) -> Timing:
    if deviation <= _ROUNDING:
        return Timing.EXACT
    if deviation <= tick + _ROUNDING:
        return Timing.TICK
    return Timing.LOOSE if deviation <= _LOOSE else Timing.ALTERED


def _apart(tracks: Sequence[TimedTrack]) -> float:
    compared = [track for track in tracks if track.handler in ("vide", "soun") and track.original]
    if not compared:
        return 0.0
    lead = next((track for track in compared if track.handler == "vide"), compared[0])
    leading = [(float(lead.clip[run.start]), shift) for run, shift, _ in lead.shifts()]
    most = 0.0
    for track in compared:
        for run, shift, _ in track.shifts() if track is not lead else ():
            moment = float(track.clip[(run.start + run.end) // 2])
            of_lead = [each for begins, each in leading if begins <= moment] or [leading[0][1]]
            most = max(most, abs(shift - of_lead[-1]))
    return most
