"""Tell how far a simulation is, how fast, and how long it will still take."""

from __future__ import annotations

import sys
import time
from collections import deque

import click

# The estimate looks back so many seconds: the last weeks of the year are the busiest.
_LATELY = 60.0
_EVERY_ON_A_SCREEN, _EVERY_IN_A_FILE = 1.0, 30.0


class Telling:
    """A line on the terminal, written over; in a file a line now and then."""

    def __init__(self, done: int, total: int, *, quiet: bool) -> None:
        self._done = done
        self._total = total
        self._quiet = quiet
        self._on_a_screen = sys.stderr.isatty()
        self._every = _EVERY_ON_A_SCREEN if self._on_a_screen else _EVERY_IN_A_FILE
        self._said = 0.0
        self._past: deque[tuple[float, int]] = deque([(time.monotonic(), done)])

    def on(self, films: int) -> None:
        """Take note that so many more recordings are in, and say so if it is time."""
        now = time.monotonic()
        self._done += films
        self._past.append((now, self._done))
        while len(self._past) > 2 and now - self._past[0][0] > _LATELY:
            self._past.popleft()
        if not self._quiet and now - self._said >= self._every:
            self._said = now
            self._say(self._line())

    def _line(self) -> str:
        (began, before), (now, done) = self._past[0], self._past[-1]
        rate = (done - before) / max(now - began, 1e-9)
        line = f"{done:,} of {self._total:,} recordings, {rate:,.0f} a second"
        return f"{line}, {in_words((self._total - done) / rate)} left" if rate else line

    def _say(self, line: str) -> None:
        if self._on_a_screen:
            click.echo(f"\r{line:<78}", err=True, nl=False)
        else:
            click.echo(line, err=True)

    def over(self) -> None:
        """Leave the line."""
        if self._on_a_screen and not self._quiet:
            click.echo(f"\r{'':<78}\r", err=True, nl=False)


def in_words(seconds: float) -> str:
    """Return a length of time as one would say it."""
    if seconds < 90:
        return f"about {max(round(seconds), 1)} seconds"
    return f"about {round(seconds / 60)} minutes"
