"""Decoding one sound track just far enough to see how loud it is."""

from __future__ import annotations

from typing import Any

import av
import numpy as np

from custodes.media.decoding import decoded
from custodes.media.peaks import Peaks

_FULL = {"u8": 128.0, "s16": 32768.0, "s32": 2147483648.0, "flt": 1.0, "dbl": 1.0, "s64": 2.0**63}


class Ear:
    """Listen to a track's packets; errors are counted, not raised."""

    def __init__(self, stream: av.AudioStream) -> None:
        self.index = stream.index
        self.peaks = Peaks()
        self.errors = 0
        self.heard = 0.0
        self.starts_at: float | None = None
        self._decoder = stream.codec_context
        self._time_base = stream.time_base

    def hear(self, packet: av.Packet[Any] | None) -> None:
        """Decode a packet, or with None what the decoder still holds."""
        frames = decoded(self._decoder, packet)
        if frames is None:
            self.errors += 1
            return
        for frame in frames:
            self._measure(frame)

    def _measure(self, frame: av.AudioFrame) -> None:
        if not frame.samples or not frame.sample_rate:
            return
        unit = frame.time_base or self._time_base
        at = (self.starts_at or 0.0) + self.heard
        if frame.pts is not None and unit is not None:
            at = float(frame.pts * unit)
        if self.starts_at is None:
            self.starts_at = at
        lasts = frame.samples / frame.sample_rate
        self.heard = max(0.0, at + lasts - self.starts_at)
        for part, loudness in enumerate(parts := _loudness(frame, lasts)):
            self.peaks.add(at - self.starts_at + lasts * part / len(parts), loudness)


def _loudness(frame: av.AudioFrame, lasts: float) -> list[int]:
    samples = frame.to_ndarray()
    name = frame.format.name.rstrip("p")
    centre = 128 if name == "u8" else 0
    whole = np.nan_to_num(np.abs(samples.astype(np.float32) - centre)).max(axis=0)
    # A PCM packet may hold a second of sound and more: cut it to peaks' length.
    pieces = np.array_split(whole, max(1, min(len(whole), round(lasts * 20))))
    return [
        int(min(1.0, piece.max() / _FULL.get(name, 1.0)) * 255) for piece in pieces if piece.size
    ]
