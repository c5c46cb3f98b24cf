"""When a packet is presented: edit lists of MP4 and the delay of Matroska.

docs/reference/formats/clip-proof.md, sections "Presentation time" and "Hidden packets".
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from custodes.kernel.digest import unb64u
from custodes.media.packets.track import Times

Seconds = npt.NDArray[np.float64]
_AT_NORMAL_SPEED: Final = bytes.fromhex("00010000")
_MKV_TICK: Final = 0.001
_ROW: Final = 20


@dataclass(frozen=True, slots=True)
class Clock:
    """How a track's times become seconds of presentation, and which of them are shown.

    ``simple`` is False for an edit list that rearranges: then nothing can be said.
    ``says_no_length``: packets need not say how long they last.
    """

    timescale: int
    tick: float
    media_time: int = 0
    empty: float = 0.0
    end: float = math.inf
    simple: bool = True
    says_no_length: bool = False

    def seconds(self, times: Times) -> Seconds:
        """Return the presentation time of every packet."""
        pts = np.array(times.pts, np.int64) - self.media_time
        return pts.astype(np.float64) / self.timescale + self.empty

    def lasting(self, times: Times) -> Seconds:
        """Return how long every packet lasts."""
        return np.array(times.duration, np.float64) / self.timescale

    def hidden(self, times: Times) -> npt.NDArray[np.bool_]:
        """Say of every packet whether edit list or delay keep it from being shown."""
        at = self.seconds(times)
        if self.end == math.inf and not self.media_time:
            return np.zeros(len(at), np.bool_)
        hidden: npt.NDArray[np.bool_] = (at + self.lasting(times) <= self.empty) | (at >= self.end)
        return hidden

    def kept_back(self, times: Times, hidden: npt.NDArray[np.bool_]) -> float:
        """Return how many seconds these packets are, which are not shown."""
        if self.says_no_length:
            return max(0.0, -float(self.seconds(times)[hidden].min(initial=0.0)))
        return float(self.lasting(times)[hidden].sum())


def clock_of(header: Mapping[str, Any], *, without_edits: bool = False) -> Clock:
    """Return the clock of a track from its committed header.

    ``without_edits`` treats it as having no edit list.
    """
    scale = header["timescale"]
    if header["container"] == "mkv":
        return Clock(scale, _MKV_TICK, header.get("delay", 0), says_no_length=True)
    plain = Clock(scale, 1 / scale)
    packed = unb64u(header.get("elst", ""))
    if without_edits or not packed:
        return plain
    if len(packed) % _ROW:
        return replace(plain, simple=False)
    movie_scale = header.get("movie_timescale") or 1
    rows = [struct.unpack_from(">Qq4s", packed, at) for at in range(0, len(packed), _ROW)]
    *empties, (duration, media_time, rate) = rows
    simple = media_time >= 0 and all(row[1] == -1 for row in empties)
    if not simple or any(row[2] != _AT_NORMAL_SPEED for row in (*empties, (0, 0, rate))):
        return replace(plain, simple=False)
    empty = sum(row[0] for row in empties) / movie_scale
    end = empty + duration / movie_scale if duration else math.inf
    return Clock(scale, 1 / scale, media_time, empty, end)


def same_edits(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether both tracks have the very same edit list, on the same clocks."""
    members = ("elst", "movie_timescale", "timescale")
    return all(one.get(member) == other.get(member) for member in members)
