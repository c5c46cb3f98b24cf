"""The waveform: the loudest sample of each stretch of sound, as numbers 0 to 255.

However long the sound, there are at most MAX_PEAKS numbers: when they run out,
neighbours are merged and each stands for twice the time. Times may leave gaps
(silence) and lie; a jump beyond a week is left out.
"""

from __future__ import annotations

from array import array

MAX_PEAKS = 20_000
PER_SECOND = 20
_BELIEVABLE = 7 * 24 * 3600
#: Below this loudness (about -46 dB of full scale) sound counts as silent.
SILENT = 1


class Peaks:
    """Peaks of one sound track, in order of time."""

    def __init__(self) -> None:
        self.per_second: float = PER_SECOND
        self.values = bytearray()
        self.left_out = 0

    def add(self, seconds: float, loudness: int) -> None:
        """Count a loudness (0 to 255) at a time from the start of the sound."""
        if not 0 <= seconds < _BELIEVABLE:
            self.left_out += 1
            return
        index = int(seconds * self.per_second)
        while index >= MAX_PEAKS:
            self._merge()
            index = int(seconds * self.per_second)
        if index >= len(self.values):
            self.values.extend(bytes(index + 1 - len(self.values)))
        self.values[index] = max(self.values[index], min(255, max(0, loudness)))

    @property
    def silent(self) -> bool:
        """Say whether nothing louder than a whisper was heard."""
        return not any(value > SILENT for value in self.values)

    def listed(self) -> list[int]:
        """Return the peaks as numbers."""
        return list(self.values)

    def _merge(self) -> None:
        odd = array("B", self.values[1::2])
        even = array("B", self.values[0::2])
        if len(odd) < len(even):
            odd.append(0)
        self.values = bytearray(map(max, even, odd))
        self.per_second /= 2
