"""Start a child: a fresh process, or for tasks that are many and short a forked one.

Both end in ``child.main`` with one socket and lock themselves in alike. A forked
child comes from the zygote (see there) in a few milliseconds instead of some
hundred; where there can be no zygote, every child is fresh. A server at which people
wait keeps one fresh child ready (``keep_ready``): started like any other, with the
code of the tasks imported, and for one job like any other.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from typing import Protocol

from custodes.media.sandbox import zygote

#: How a child is started; a test may name another program, nothing else may.
CHILD = (sys.executable, "-I", "-m", "custodes.media.sandbox.child")
ZYGOTE = (sys.executable, "-I", "-m", "custodes.media.sandbox.zygote")
WARM = frozenset(zygote.WARM)
#: What somebody at a page waits for: a child that is kept ready has the code of these imported.
AWAITED = ("clip", "playable", "still", "profile")

# All of their environment. Threads that numpy's BLAS starts would not live on in a forked
# child, and nothing needs them.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_IMPORTED_WITHIN = 30.0
_ENDED_WITHIN = 5.0


class Child(Protocol):
    """A process that can be ended, and tells how it did."""

    def kill(self) -> None:
        """End it, whatever it is doing; one that ended already is no harm."""

    def wait(self, seconds: float) -> int | None:
        """Return its exit status (minus a signal), or None when it does not end in time."""


def start(task: str) -> tuple[socket.socket, Child]:
    """Start a child for the task; return our end of the socket to it, and the child."""
    ready = None if task in WARM else _standby.take()
    if ready is not None:
        return ready
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            forked = _nursery.fork(theirs) if task in WARM else None
            return ours, forked or _Fresh(theirs)
        except BaseException:
            ours.close()
            raise


def keep_ready() -> None:
    """Have a fresh child wait from now on, in this process but in none forked from it."""
    _standby.keep()


def replace_ready() -> None:
    """Start the next child that waits, if the last was taken; called when a job is over."""
    _standby.fill()


class _Fresh:
    """A child with a start of Python of its own."""

    def __init__(self, link: socket.socket, imports: Iterable[str] = ()) -> None:
        self._process = _started(CHILD, link, imports)

    @property
    def lives(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None


class _Forked:
    """A child of the zygote, known to us by the line that reports its end."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._ended: int | None = None

    def kill(self) -> None:
        # The zygote kills a child whose line has nobody at its other end.
        if self._ended is None:
            self._line.shutdown(socket.SHUT_WR)

    def wait(self, seconds: float) -> int | None:
        if self._ended is None:
            self._line.settimeout(seconds)
            try:
                told = self._line.recv(zygote.ENDED.size)
            except TimeoutError:
                return None
            # A zygote that died took its children with it (PR_SET_PDEATHSIG).
            whole = len(told) == zygote.ENDED.size
            self._ended = zygote.ENDED.unpack(told)[0] if whole else -signal.SIGKILL
            self._line.close()
        return self._ended


class _Nursery:
    """The one zygote of this process: started when first needed, and again when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._pid = 0
        self._possible = True

    def fork(self, link: socket.socket) -> Child | None:
        """Have a child forked with this end of a socket; None where there is no zygote."""
        with self._lock:
            for _ in range(2):
                control = self._ready()
                if control is None:
                    return None
                ours, theirs = socket.socketpair()
                with theirs:
                    try:
                        socket.send_fds(control, [b"j"], [link.fileno(), theirs.fileno()])
                    except OSError:
                        ours.close()
                        self._forget()
                        continue
                return _Forked(ours)
            return None

    def close(self) -> None:
        """Let the zygote end, and its children with it."""
        with self._lock:
            self._forget()

    def _ready(self) -> socket.socket | None:
        # A fork of this process must not share its parent's zygote.
        if self._possible and (self._control is None or self._pid != os.getpid()):
            self._control, self._pid = _new_zygote(), os.getpid()
            self._possible = self._control is not None
        return self._control

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None


_nursery = _Nursery()


class _Standby:
    """The one fresh child that waits for a job; it ends when this process does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pid = 0  # of the process that keeps one: a fork must not share its parent's
        self._waiting: tuple[socket.socket, _Fresh] | None = None

    def keep(self) -> None:
        """Keep one from now on."""
        self._pid = os.getpid()
        self.fill()

    def take(self) -> tuple[socket.socket, Child] | None:
        """Return the child that waits and our end of its socket, or None: none does."""
        with self._lock:
            if self._pid != os.getpid() or self._waiting is None:
                return None
            (ours, child), self._waiting = self._waiting, None
        if child.lives:
            return ours, child
        ours.close()
        return None

    def fill(self) -> None:
        """Start a child to wait, where one is kept and none waits."""
        with self._lock:
            if self._pid != os.getpid() or self._waiting is not None:
                return
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    self._waiting = ours, _Fresh(theirs, AWAITED)
                except OSError:  # the next job starts its own, and says what is wrong
                    ours.close()

    def close(self) -> None:
        """Keep none any more, and end the one that waits."""
        self._pid = 0
        if self._waiting is not None:
            (ours, child), self._waiting = self._waiting, None
            ours.close()
            child.kill()
            child.wait(_ENDED_WITHIN)


_standby = _Standby()


def _new_zygote() -> socket.socket | None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = _started(ZYGOTE, theirs)
    threading.Thread(target=process.wait, name="zygote", daemon=True).start()
    ours.settimeout(_IMPORTED_WITHIN)
    try:
        if ours.recv(1) == zygote.READY:
            ours.settimeout(None)
            return ours
    except OSError:
        pass
    ours.close()
    return None


def _started(
    program: tuple[str, ...], link: socket.socket, imports: Iterable[str] = ()
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 a fixed program, no shell
        [*program, str(link.fileno()), *imports],
        env=_ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[link.fileno()],
        start_new_session=True,
    )
