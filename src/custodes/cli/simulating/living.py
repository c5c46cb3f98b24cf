"""Live through the whole year: end of shift after end of shift, and a sweep every four weeks.

While one end of a shift is taken in, the films of the next are received in the lanes.
Before a sweep nothing is under way: it stops when the store holds more than the tables say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from custodes.cli.simulating import place, staff
from custodes.cli.simulating.diary import Diary
from custodes.cli.simulating.place import NotASimulation, Position
from custodes.cli.simulating.receiving import Receiving
from custodes.cli.simulating.shift import Shift
from custodes.cli.simulating.staff import ENGINE, Staff
from custodes.simulation.casework import cases_of
from custodes.simulation.year import Force, Moment

_BEFORE = timedelta(days=2)
#: The sweep begins at three in the night after the last shift.
_SWEEP_AFTER = timedelta(hours=4)
_AGREED = "The rehearsal was looked through: the fleet grows, and with it what is due."

Told = Callable[[int], None]


def begin(home: Path, position: Position, force: Force) -> Position:
    """Begin the log two days before the year, take people on, hand out the first cameras.

    What was begun before is gone on with. Raises NotASimulation when the database
    holds somebody else's log.
    """
    from django.db import connection, transaction

    from custodes.cli.first_start import prepare
    from custodes.custody.log import size_of_log

    at = force.year.begins - _BEFORE
    if not position.is_begun:
        if "custody_head" in connection.introspection.table_names() and size_of_log():
            raise NotASimulation("The database holds a custody log already.")
        position = replace(position, is_begun=True)
        place.keep(home, position)
    prepare(at)
    if not staff.is_there():
        with transaction.atomic():
            staff.take_on(force.bases, at=at)
            staff.hand_out(map(force.worn, range(force.issued_at_first)), at=at)
    return position


class Living:
    """A year that is lived through, from where its home says it has come to."""

    def __init__(
        self, home: Path, position: Position, force: Force, people: Staff, receiving: Receiving
    ) -> None:
        self._home = home
        self._position = position
        self._force = force
        self._people = people
        self._receiving = receiving
        self._shift = Shift(force, people, receiving.films)
        self._diary = Diary()
        self._counters: Counter[int] = Counter()  # by camera: how many films it has made
        self._numbers: dict[str, int] = {}  # of films about to be docked, by their key

    def live(self, told: Told) -> None:
        """Live through what is left; ``told`` hears how many films each end of a shift brought."""
        first = self._catch_up()
        ahead: Moment | None = None
        for number in range(first, len(self._force)):
            # What a run that was killed had begun can only be of these two.
            resuming = number == first
            moment = ahead or self._begin(number, resuming=resuming)
            received = self._receiving.take()
            ahead = None
            if not moment.is_swept_after and number + 1 < len(self._force):
                ahead = self._begin(number + 1, resuming=resuming)
            due = self._diary.due(moment.at)
            self._note(number)
            self._shift.live(moment, received, due)
            if moment.is_swept_after:
                self._sweep(moment.at + _SWEEP_AFTER)
            told(len(moment.films))
        self._note(len(self._force))
        self._sweep(self._force.ends + _SWEEP_AFTER)

    def _catch_up(self) -> int:
        """Go once more through what is past, and return which end of a shift is next."""
        from custodes.custody.log import size_of_log

        following = self._position.next
        is_lived = self._position.entries and size_of_log() > self._position.entries
        if following < len(self._force) and is_lived:
            following += 1
        for number in range(following):
            moment = self._prepare(number)
            self._diary.due(moment.at)
        self._numbers.clear()
        if following and moment.is_swept_after:
            self._sweep(moment.at + _SWEEP_AFTER)
        return following

    def _begin(self, number: int, *, resuming: bool) -> Moment:
        moment = self._prepare(number)
        self._receiving.begin(moment, self._numbers, resuming=resuming)
        self._numbers.clear()
        return moment

    def _prepare(self, number: int) -> Moment:
        """Return an end of a shift, with what follows from it noted down."""
        moment = self._force.moment(number)
        self._diary.note(moment, cases_of(self._force, moment))
        for film in moment.films:
            self._counters[film.camera.number] += 1
            self._numbers[film.key] = self._counters[film.camera.number]
        return moment

    def _note(self, following: int) -> None:
        """Note what is lived through next, and how long the log is before it."""
        from custodes.custody.log import size_of_log

        self._position = replace(self._position, next=following, entries=size_of_log())
        place.keep(self._home, self._position)

    def _sweep(self, at: datetime) -> None:
        """Rehearse and sweep, with two people where the engine asks for them; once."""
        from custodes.retention.actions.sweep import agree_to_sweep, rehearse, run
        from custodes.retention.certificates import sweeps_for

        last = sweeps_for(self._people.records[0]).first()
        if last is None or last.rehearsed_at < at:
            last = rehearse(by=ENGINE, at=at)
        if last.ended_at is not None or not last.due:
            return
        if last.stopped and last.begun_at is None:
            for viewer in self._people.records:
                agree_to_sweep(viewer, last, _AGREED, at=at)
        run(last, by=ENGINE, at=at)
