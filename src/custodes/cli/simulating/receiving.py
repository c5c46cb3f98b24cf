"""Have the films of one end of a shift begun, and received in several processes at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from custodes.cli.simulating.lane import Job, Lane
from custodes.cli.simulating.staff import Staff
from custodes.custody.rules import Actor
from custodes.kernel.clock import rfc3339
from custodes.simulation.films import film_of
from custodes.simulation.year import Film, Moment

if TYPE_CHECKING:
    from custodes.intake.models import Upload
    from custodes.recordings.actions.deliver import Sender
    from custodes.recordings.actions.deliver_together import Delivery

# An upload that was begun and whose dock did not come back is cleared away after this.
_LASTING = timedelta(days=3)
#: Bases dock one after the other, so that no two speak at one moment.
APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Docked:
    """What one base's dock took in at the end of a shift."""

    base: int
    sender: Sender
    films: tuple[Film, ...]
    deliveries: tuple[Delivery, ...]


class Receiving:
    """The lanes, and what is in them."""

    def __init__(self, lanes: list[Lane], films: tuple[bytes, ...], staff: Staff) -> None:
        self._lanes = lanes
        self._films = films
        self._staff = staff
        self._sent: list[tuple[Film, Upload]] = []

    def begin(self, moment: Moment, numbers: dict[str, int], *, resuming: bool) -> None:
        """Write down what will arrive, durable before its first byte, and let it arrive.

        ``numbers`` are the cameras' own numbers of their films, by key. When ``resuming``,
        what a run that was killed had begun is gone on with.
        """
        from django.db import transaction

        self._sent = []
        again = set()
        with transaction.atomic():
            for base, films in _by_base(moment):
                known = self._known(base, films) if resuming else {}
                again |= {film.key for film in films if film.key in known}
                self._sent += self._begun(base, films, known, numbers, moment)
        jobs = [Job(upload, film.look, film.key in again) for film, upload in self._sent]
        for place, lane in enumerate(self._lanes):
            lane.send(jobs[place :: len(self._lanes)])

    def take(self) -> list[Docked]:
        """Wait until all of it has arrived, and return it base by base."""
        from custodes.recordings.actions.deliver_together import Delivery

        shares = [iter(lane.take()) for lane in self._lanes]
        arrived = [
            (film, Delivery(upload, next(shares[place % len(shares)])))
            for place, (film, upload) in enumerate(self._sent)
        ]
        self._sent = []
        docked = []
        for base, group in groupby(arrived, key=lambda each: each[0].camera.base):
            films, deliveries = zip(*group, strict=True)
            docked.append(Docked(base, self._sender(base), films, deliveries))
        return docked

    def _sender(self, base: int) -> Sender:
        """Return the dock of a base as one that delivers."""
        from custodes.recordings.actions.deliver import Sender

        dock = self._staff.docks[base]
        return Sender("tus", Actor(dock.handle, dock.name, "tus"), dock, _LASTING)

    def _known(self, base: int, films: list[Film]) -> dict[str, Upload]:
        from custodes.intake.queries import uploads_under_way

        return uploads_under_way(self._staff.docks[base], [film.key for film in films])

    def _begun(
        self,
        base: int,
        films: list[Film],
        known: dict[str, Upload],
        numbers: dict[str, int],
        moment: Moment,
    ) -> Iterator[tuple[Film, Upload]]:
        from custodes.recordings.actions.deliver import begin_deliveries

        new = [film for film in films if film.key not in known]
        offered = [(_said(film, numbers[film.key]), self._size(film)) for film in new]
        begun = begin_deliveries(offered, self._sender(base), at=moment.at + base * APART)
        uploads = known | {upload.source_key: upload for upload in begun}
        return ((film, uploads[film.key]) for film in films)

    def _size(self, film: Film) -> int:
        return len(film_of(self._films, film.look, film.key))


def _by_base(moment: Moment) -> Iterator[tuple[int, list[Film]]]:
    for base, films in groupby(moment.films, key=lambda film: film.camera.base):
        yield base, list(films)


def _said(film: Film, number: int) -> dict[str, str]:
    """Return what the dock says of a film before it sends it."""
    return {
        "filename": f"{film.key}.mp4",
        "recording": film.key,
        "camera": film.camera.serial,
        "sequence": str(number),
        "started_at": rfc3339(film.started_at),
        "ended_at": rfc3339(film.ended_at),
        "pre_event": str(film.pre_event),
    }
