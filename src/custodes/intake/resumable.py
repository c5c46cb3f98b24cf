"""Uploads that come in pieces, over many connections, with pauses and kills between.

A reception stays open between the pieces, so nothing is read or hashed twice
while this process lives; after a kill it is taken up again from the sealed bytes.
One request at a time has the turn to write. The store's own lock keeps a second
process out; the turn keeps a second request out, except that one which has
brought no byte for a while loses its turn: its connection is dead, and the
camera at the other end is waiting to go on.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from types import TracebackType

from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.rules import Actor
from custodes.fleet.models import Dock
from custodes.intake.actions import (
    conclude,
    discard,
    go_on,
    quarantine,
)
from custodes.intake.errors import UploadGone
from custodes.intake.models import Upload
from custodes.intake.reception import Received, Reception
from custodes.intake.rules import Arrival, Promise, State
from custodes.kernel.errors import NotFound, Refused

# How long a request waits for another's turn to end, in seconds.
_PATIENCE = 3.0
# After so long without a byte a turn can be taken over.
_SILENCE = 20.0
# After so long without a request an open reception is closed.
_IDLE = 300.0
_STILL_GOING = timedelta(minutes=10)
# After so long without a sign no server is still committing what it sealed, however large.
_SURELY_OVER = timedelta(hours=1)
_UNACKNOWLEDGED = (
    "The server stopped after sealing this and before saying so. The dock was told nothing and "
    "sends it again; this one is kept all the same."
)


class StillWriting(Refused):
    """Another request is writing the same upload."""

    advice = "Nothing was taken in. Wait a moment and ask how far it is."


class TurnLost(Refused):
    """A newer request took over while this one brought nothing."""

    advice = "What arrived before is kept. Ask how far it is and go on from there."


class _Place:
    """One upload that is open in this process: its reception, and whose turn it is."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.reception: Reception | None = None
        self.holder: Turn | None = None
        self.heard = time.monotonic()
        self.gone = False

    def is_free(self) -> bool:
        return self.gone or self.holder is None or time.monotonic() - self.heard > _SILENCE

    def close(self) -> None:
        """Let go of the reception; what is sealed stays."""
        reception, self.reception = self.reception, None
        if reception is not None:
            reception.abandon()


_places: dict[str, _Place] = {}
_registry = threading.Lock()
_sweeper: threading.Thread | None = None


class Turn:
    """The right to write one upload; use it with ``with``.

    Raises StillWriting or InUse when another writes it, UploadGone when it is not
    being received any more. On leaving, everything fed is hashed and sealed, and
    the reception stays open.
    """

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._place = _Place()

    def __enter__(self) -> Turn:
        while not self._taken():
            pass
        try:
            self._place.heard = math.inf  # reading back may take long; it is not silence
            _make_sure_it_is_open(self._upload)
            if self._place.reception is None:
                self._place.reception = go_on(self._upload)
            self._place.reception.pause()
            self._place.heard = time.monotonic()
        except BaseException:
            self._give_back(broken=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._give_back()

    @property
    def position(self) -> int:
        """Return how many bytes of the upload are here."""
        return self._reception.position

    def feed(self, block: bytes) -> None:
        """Take in the next bytes; raises TurnLost, or OutOfSpace and then all of it is over."""
        place = self._place
        with place.changed:
            self._make_sure_it_is_mine()
            try:
                self._reception.feed(block)
            except BaseException:
                place.close()
                raise
            place.heard = time.monotonic()

    def wait_on(self) -> None:
        """Say that the sender is alive, though nothing can be fed yet; raises TurnLost."""
        with self._place.changed:
            self._make_sure_it_is_mine()
            self._place.heard = time.monotonic()

    def settle(self) -> int:
        """Wait until what was fed is hashed and sealed; return how many bytes are here."""
        with self._place.changed:
            self._make_sure_it_is_mine()
            try:
                self._reception.pause()
            except BaseException:
                self._place.close()
                raise
            return self._reception.position

    def finish(self, is_held: Callable[[Arrival], bool] | None = None) -> Received:
        """Make the whole file durable; the reception is over then."""
        with self._place.changed:
            self._make_sure_it_is_mine()
            self._place.heard = math.inf
        try:
            return self._reception.finish(is_held)
        finally:
            self._place.close()

    def abandon(self) -> None:
        """Close the reception, so that the upload can be cleared away."""
        with self._place.changed:
            self._make_sure_it_is_mine()
            self._place.close()

    @property
    def _reception(self) -> Reception:
        if self._place.reception is None:
            raise TurnLost("This upload was closed.")
        return self._place.reception

    def _taken(self) -> bool:
        place = self._place = _place_of(self._upload.handle)
        with place.changed:
            if not place.changed.wait_for(place.is_free, _PATIENCE):
                raise StillWriting(f"Another request is writing {self._upload.name}.")
            if not place.gone:
                place.holder = self
            return not place.gone

    def _make_sure_it_is_mine(self) -> None:
        if self._place.holder is not self:
            raise TurnLost("A newer request went on with this upload.")

    def _give_back(self, *, broken: bool = False) -> None:
        place = self._place
        with place.changed:
            if place.holder is not self:
                return
            try:
                _settle(place, broken=broken)
            finally:
                place.holder, place.heard = None, time.monotonic()
                if place.reception is None:
                    _forget(self._upload.handle, place)
                place.changed.notify_all()


def upload_from(dock: Dock, handle: str) -> Upload:
    """Return an upload this dock began; raises NotFound for anybody else's."""
    upload = (
        Upload.objects.select_related("camera", "dock").filter(handle=handle, dock=dock).first()
    )
    if upload is None:
        raise NotFound("There is no such upload.")
    return upload


def note_position(upload: Upload, position: int, *, lasting: timedelta, at: datetime) -> None:
    """Write down how far an upload is; it now waits for the rest for so long."""
    upload.received, upload.heard_at, upload.expires_at = position, at, at + lasting
    upload.save(update_fields=["received", "heard_at", "expires_at"])


def withdraw(upload: Upload, *, by: Actor, at: datetime) -> None:
    """Clear away an unfinished upload because its sender asks for it."""
    with Turn(upload) as turn:
        turn.abandon()
        discard(upload, "The sender withdrew it.", by=by, at=at)


def discard_expired(at: datetime, *, by: Actor) -> int:
    """Clear away unfinished uploads whose time is over; return how many.

    One that is being written, here or by another process, is left alone, and so
    is one that is sealed already: it arrived whole and waits to be taken in.
    """
    quiet = Upload.objects.filter(heard_at__lte=at - _STILL_GOING)
    gone = 0
    for upload in quiet.filter(state=State.RECEIVING, expires_at__lte=at):
        if strongroom.vault().store.holds(upload.handle):
            continue
        with contextlib.suppress(Refused), Turn(upload) as turn:
            turn.abandon()
            discard(upload, "The sender did not go on with it in time.", by=by, at=at)
            gone += 1
    return gone


def set_apart_what_was_sealed(at: datetime, doors: Collection[str], *, by: Actor) -> int:
    """Put into quarantine what a crash left sealed and unacknowledged at these doors.

    Their senders begin anew, so nobody comes back for it; a row that says too little is
    no reason to lose it. Returns how many files.
    """
    apart = 0
    for upload in sealed_but_unfinished(at - _SURELY_OVER, doors):
        with contextlib.suppress(Refused), Turn(upload) as turn, transaction.atomic():
            received = turn.finish()
            conclude(upload, received, Promise(size=upload.promised_size), by=by, at=at)
            quarantine(upload, _UNACKNOWLEDGED, by=by, at=at)
            apart += 1
    return apart


def sealed_but_unfinished(at: datetime, doors: Collection[str]) -> list[Upload]:
    """Return uploads that arrived whole but that a crash kept from being taken in."""
    quiet = Upload.objects.filter(door__in=doors, state=State.RECEIVING, heard_at__lte=at)
    return [upload for upload in quiet if strongroom.vault().store.holds(upload.handle)]


def _settle(place: _Place, *, broken: bool) -> None:
    """Leave a reception with everything fed sealed, or close one that failed."""
    if place.reception is not None and not broken:
        try:
            place.reception.pause()
        except BaseException:
            place.close()
            raise
    if broken:
        place.close()


def _make_sure_it_is_open(upload: Upload) -> None:
    if not Upload.objects.filter(pk=upload.pk, state=State.RECEIVING).exists():
        raise UploadGone(f"The upload of {upload.name} is over.")


def _place_of(handle: str) -> _Place:
    with _registry:
        _start_sweeping()
        return _places.setdefault(handle, _Place())


def _forget(handle: str, place: _Place) -> None:
    """Take a place off the list; whoever waits for it looks it up again."""
    with _registry:
        place.gone = True
        if _places.get(handle) is place:
            del _places[handle]


def close_idle(idle: float = _IDLE) -> None:
    """Close receptions that nobody asked for lately, so that files and locks are let go."""
    with _registry:
        places = list(_places.items())
    for handle, place in places:
        with place.changed:
            if place.holder is None and time.monotonic() - place.heard > idle:
                place.close()
                _forget(handle, place)


def _start_sweeping() -> None:
    global _sweeper  # noqa: PLW0603 - one a process, started when there is something to sweep
    if _sweeper is None:
        _sweeper = threading.Thread(target=_sweep, name="idle uploads", daemon=True)
        _sweeper.start()


def _sweep() -> None:
    while True:
        time.sleep(_IDLE / 5)
        close_idle()
