"""Look at a film before it is given to somebody, as the worker does; each film is made of few."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from custodes.custody.rules import Actor
from custodes.media.sandbox import BytesReader
from custodes.simulation.films import film_of, place_of
from custodes.simulation.year import Film

if TYPE_CHECKING:
    from custodes.recordings.models import Original


class Looking:
    """What is in each of the two dozen films: two files made of one differ by a mark alone."""

    def __init__(self, films: tuple[bytes, ...]) -> None:
        self._films = films
        self._found: dict[int, dict[str, Any]] = {}

    def look_at(self, original: Original, film: Film, *, by: Actor, at: datetime) -> None:
        """Put on record what is in the file of a film; outside the sandbox, by who made it."""
        from custodes.recordings.actions.describe import describe
        from custodes.recordings.actions.look import what_is_kept

        place = place_of(self._films, film.look)
        if place not in self._found:
            file = film_of(self._films, film.look, film.key)
            self._found[place] = {"probe": probed(file)}
        describe(original, what_is_kept(original, self._found[place]), by=by, at=at)


class _Nothing:
    """Nobody waits, and nothing is written: the film is only read."""

    def progress(self, fraction: float) -> None:
        """Take no note of how far it is."""

    def write(self, name: str, data: bytes) -> None:
        """Write nothing."""

    def patch(self, name: str, offset: int, data: bytes) -> None:
        """Change nothing."""


def probed(file: bytes) -> dict[str, Any]:
    """Return what is in a film that this very process made, by reading all of it."""
    from custodes.media.describe import probe

    return probe(BytesReader(file), {}, _Nothing())
