"""What a reaction is told, in whose name it acts, and how it is asked to stop."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from custodes.custody.rules import Actor
from custodes.kernel.digest import b64u

#: Whom the record names when the house acts by itself.
BY = Actor(handle="", name="Custodes", door="worker")


class Stopping(Exception):
    """The worker was told to stop; what it was doing is done later from the start."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an entry asks of a reaction.

    ``facts`` are the entry's public members. ``secret`` was chosen at random
    before the first try and is the same after a crash. A reaction calls
    ``keep_going`` now and then: it raises Stopping when the worker is to stop.
    ``last_try`` says that after this failure the line stops.
    """

    entry: int
    kind: str
    subject: str
    facts: Mapping[str, Any]
    secret: bytes
    last_try: bool
    keep_going: Callable[[], None]

    def handle_for(self, *what: str) -> str:
        """Return a handle for something made here: random, but the same after a crash.

        So that what a killed run left half done can be found again.
        """
        return b64u(hmac.digest(self.secret, "/".join(what).encode(), "sha256")[:16])


class Stop:
    """Whether this worker is to stop. One a process."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ask(self) -> None:
        """Ask for everything to stop."""
        self._event.set()

    @property
    def asked(self) -> bool:
        """Say whether it was asked for."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait that long or until it is asked for; say whether it was."""
        return self._event.wait(seconds)

    def keep_going(self) -> None:
        """Raise Stopping once it was asked for."""
        if self._event.is_set():
            raise Stopping


STOP = Stop()
