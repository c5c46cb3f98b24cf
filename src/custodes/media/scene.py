"""An invented street, drawn picture by picture, for demonstrations and tests.

Sky, house fronts with lit windows, pavement and road; cars and walkers pass, and
the view sways as on a walking chest. The same seed draws the same street.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from custodes.media.lettering import lettered

Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]
_SWAY = 0.03


@dataclass(frozen=True, slots=True)
class _Passer:
    """Somebody or something that crosses the view; lengths as shares of the height."""

    colour: tuple[int, int, int]
    speed: float
    start: float
    is_car: bool


class Street:
    """One street seen by one camera."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self._margin = max(4, int(height * _SWAY) + 2)
        random = np.random.default_rng(seed)
        self._phase = float(random.uniform(0, 6))
        self._back = self._backdrop(random)
        self._passers = [
            _Passer(
                tuple(int(c) for c in random.integers(30, 210, 3)),  # type: ignore[arg-type]
                float(random.uniform(0.08, 0.16) if person else random.uniform(0.4, 0.9))
                * float(random.choice([-1, 1])),
                float(random.uniform(0, 2)),
                is_car=not person,
            )
            for person in (True, True, True, True, False, False, False)
        ]

    def picture(self, seconds: float, lines: tuple[str, ...] = ()) -> Pixels:
        """Draw the street at a moment, with lines of text burnt in at the bottom left."""
        margin = self._margin
        walk = 2 * math.pi * 1.8 * seconds + self._phase
        dx = margin + round(margin * 0.8 * math.sin(walk / 2))
        dy = margin + round(margin * 0.8 * abs(math.sin(walk / 2)) - margin * 0.4)
        view: Pixels = self._back[dy : dy + self.height, dx : dx + self.width].copy()
        for passer in self._passers:
            self._draw(view, passer, seconds, margin - dx, margin - dy)
        self._write(view, lines)
        return view

    def _backdrop(self, random: np.random.Generator) -> Pixels:
        width, height = self.width + 2 * self._margin, self.height + 2 * self._margin
        back = np.zeros((height, width, 3), np.uint8)
        horizon, kerb = int(height * 0.58), int(height * 0.68)
        fade = np.linspace(0, 1, horizon)[:, None, None]
        back[:horizon] = np.array([96, 144, 200]) * (1 - fade) + np.array([205, 216, 226]) * fade
        x = 0
        while x < width:
            house = int(random.integers(height // 6, height // 3))
            top = int(horizon * random.uniform(0.2, 0.55))
            back[top:horizon, x : x + house] = random.integers(90, 175, 3)
            pane = max(3, height // 40)
            for wy in range(top + pane, horizon - 2 * pane, pane * 3):
                for wx in range(x + pane, min(width, x + house - pane), pane * 3):
                    lit = (240, 214, 140) if random.random() < 0.25 else (52, 62, 76)
                    back[wy : wy + 2 * pane, wx : wx + pane] = lit
            x += house
        back[horizon:kerb] = (150, 146, 140)
        back[kerb:] = (74, 76, 80)
        dash = max(8, width // 16)
        middle = (kerb + height) // 2
        for start in range(0, width, dash * 2):
            back[middle : middle + max(2, height // 90), start : start + dash] = (222, 222, 214)
        grain = random.integers(-7, 8, (height, width, 1))
        back[:] = np.clip(back.astype(np.int16) + grain, 0, 255)
        return back

    def _draw(self, view: Pixels, who: _Passer, seconds: float, dx: int, dy: int) -> None:
        high, wide = self.height, self.width
        span = wide + high
        x = int((who.start * wide + who.speed * high * seconds) % span - high / 2) + dx
        if who.is_car:
            size, base = int(high * 0.13), int(high * (0.94 if who.speed > 0 else 0.8)) + dy
            _fill(view, x, base - size, int(size * 2.6), size // 2 + 1, who.colour)
            _fill(
                view, x + size // 2, base - size * 3 // 2, int(size * 1.5), size // 2, (40, 48, 60)
            )
            for wheel in (size // 3, int(size * 1.8)):
                _fill(view, x + wheel, base - size // 2, size // 2, size // 2, (18, 18, 20))
            return
        size, base = int(high * 0.3), int(high * 0.72) + dy
        stride = int(size * 0.12 * math.sin(seconds * 8 + who.start * 7))
        _fill(view, x, base - size, size // 6, size // 6, (196, 156, 130))
        _fill(view, x - size // 16, base - size * 5 // 6, size // 4, size * 5 // 12, who.colour)
        for leg in (stride, -stride):
            _fill(
                view,
                x + size // 20 + leg,
                base - size * 5 // 12,
                size // 12,
                size * 5 // 12,
                (34, 36, 52),
            )

    def _write(self, view: Pixels, lines: tuple[str, ...]) -> None:
        scale = max(1, self.height // 180)
        for number, line in enumerate(reversed(lines)):
            mask = lettered(line, scale)[:, : self.width - 8]
            top = self.height - (number + 1) * (mask.shape[0] + 2 * scale) - 2
            if top < 0:
                return
            part = view[top : top + mask.shape[0], 6 : 6 + mask.shape[1]]
            part[:] = part // 2
            part[mask] = 255


def _fill(view: Pixels, x: int, y: int, wide: int, high: int, colour: tuple[int, int, int]) -> None:
    view[max(0, y) : max(0, y + high), max(0, x) : max(0, x + wide)] = colour
