"""Have the films of one end of a shift begun, and received in several processes at once."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from custodes.cli.simulating.lane import Job, Lane
from custodes.cli.simulating.staff import Staff
from custodes.custody.rules import Actor
from custodes.kernel.clock import rfc3339
from custodes.simulation.films import film_of
from custodes.simulation.year import Film, Moment

if TYPE_CHECKING:
    from custodes.fleet.models import Dock
    from custodes.intake.models import Upload
    from custodes.recordings.actions.deliver import Sender
    from custodes.recordings.actions.deliver_together import Delivery

# An upload that was begun and whose dock did not come back is cleared away after this.
_LASTING = timedelta(days=3)


class Docked(NamedTuple):
    """A film that was received, and the dock that brought it."""

    film: Film
    sender: Sender
    delivery: Delivery


class Receiving:
    """The lanes, and what is in them; ``films`` are those that all files are made of."""

    def __init__(self, lanes: list[Lane], films: tuple[bytes, ...], staff: Staff) -> None:
        self._lanes = lanes
        self.films = films
        self._staff = staff
        self._senders = [_sender(dock) for dock in staff.docks]
        self._sent: list[tuple[Film, Upload]] = []

    def begin(self, moment: Moment, numbers: dict[str, int], *, resuming: bool) -> None:
        """Write down what will arrive, durable before its first byte, and let it arrive.

        ``numbers`` are the cameras' own numbers of their films, by key. When ``resuming``,
        what a run that was killed had begun is gone on with.
        """
        from django.db import transaction

        with transaction.atomic():
            known = self._known(moment) if resuming else {}
            uploads = known | self._begun(moment, known, numbers)
        self._sent = [(film, uploads[film.key]) for film in moment.films]
        jobs = [Job(upload, film.look, film.key in known) for film, upload in self._sent]
        for place, lane in enumerate(self._lanes):
            lane.send(jobs[place :: len(self._lanes)])

    def take(self) -> list[Docked]:
        """Wait until all of it has arrived, and return it in order."""
        from custodes.recordings.actions.deliver_together import Delivery

        shares = [iter(lane.take()) for lane in self._lanes]
        arrived = [
            Docked(
                film,
                self._senders[film.camera.base],
                Delivery(upload, next(shares[place % len(shares)])),
            )
            for place, (film, upload) in enumerate(self._sent)
        ]
        self._sent = []
        return arrived

    def _known(self, moment: Moment) -> dict[str, Upload]:
        from custodes.intake.queries import uploads_under_way

        known: dict[str, Upload] = {}
        for base, films in groupby(moment.films, key=lambda film: film.camera.base):
            known |= uploads_under_way(self._staff.docks[base], [film.key for film in films])
        return known

    def _begun(
        self, moment: Moment, known: dict[str, Upload], numbers: dict[str, int]
    ) -> dict[str, Upload]:
        from custodes.recordings.actions.deliver import Offered, begin_deliveries

        offered = [
            Offered(
                _said(film, numbers[film.key]),
                len(film_of(self.films, film.look, film.key)),
                self._senders[film.camera.base],
            )
            for film in moment.films
            if film.key not in known
        ]
        return {each.source_key: each for each in begin_deliveries(offered, at=moment.at)}


def _sender(dock: Dock) -> Sender:
    """Return a dock as one that delivers."""
    from custodes.recordings.actions.deliver import Sender

    return Sender("tus", Actor(dock.handle, dock.name, "tus"), dock, _LASTING)


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
