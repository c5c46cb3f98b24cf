"""A process that makes films and receives them, for one core: hash, commit, seal, make durable.

It writes no row: uploads are begun before and delivered after, by the one process that
does. Forked once, before anything is open, and gone with its parent.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from custodes.media.commitment import commit
from custodes.simulation.films import film_of

if TYPE_CHECKING:
    from custodes.intake.models import Upload
    from custodes.intake.reception import Received
    from custodes.media.sandbox import ReadAt

_PR_SET_PDEATHSIG = 1


class Job(NamedTuple):
    """A film to be made and received; ``again`` when a run that was killed may have begun."""

    upload: Upload
    look: float
    again: bool


class Lane:
    """One such process. Hand it jobs, then take what came of them; one batch at a time."""

    def __init__(self, films: tuple[bytes, ...], *, sandbox: bool) -> None:
        self._link, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(
            target=_serve, args=(theirs, films), kwargs={"sandbox": sandbox}, daemon=True
        )
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Return the id of the process."""
        return self._process.pid or 0

    def send(self, jobs: Sequence[Job]) -> None:
        """Hand over jobs; it begins at once."""
        self._link.send(jobs)

    def take(self) -> list[Received]:
        """Wait for what was received, in the order of the jobs; raises what went wrong."""
        answer = self._link.recv()
        if isinstance(answer, BaseException):
            raise answer
        received: list[Received] = answer
        return received

    def close(self) -> None:
        """End the process, whatever it is at: what it leaves is gone on with."""
        self._process.kill()
        self._process.join()


def _serve(link: Connection, films: tuple[bytes, ...], *, sandbox: bool) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        jobs = link.recv()
        answer: object
        try:
            answer = [_received(job, films, sandbox=sandbox) for job in jobs]
        except Exception as error:  # noqa: BLE001 - raised again where the year is lived
            answer = error
        link.send(answer)


def _received(job: Job, films: tuple[bytes, ...], *, sandbox: bool) -> Received:
    """Make the film and receive it, or what is missing of it, as a dock would send it."""
    from custodes.intake.actions import go_on, open_reception
    from custodes.intake.commitment import commit_in_sandbox

    make_trees = commit_in_sandbox if sandbox else commit_own_film
    film = film_of(films, job.look, job.upload.source_key)
    receive = go_on if job.again else open_reception
    reception = receive(job.upload, commit=make_trees)
    if film[reception.position :]:
        reception.feed(film[reception.position :])
    return reception.finish()


def commit_own_film(reader: ReadAt) -> dict[str, Any]:
    """Return the media commitment of a film this very process made.

    Outside the sandbox, which is for what others made: there it costs a process a file.
    """
    return dict(commit(reader).to_cj1())
