"""The process that children are forked from, so that a small file costs no start of Python.

Started by ``starting`` as ``python -I -m custodes.media.sandbox.zygote FD``. It
imports what its tasks need and then only waits: it never sees a byte of media, so
what it hands on by forking holds nothing of anybody's evidence. Every job gets a
child of its own, which locks itself in exactly like one that was started fresh.

Over FD comes one datagram a job with two descriptors: the child's link to the
server, and a line for reports. Down that line goes how the child ended; when the
server closes it, the child is killed. When FD closes, everything ends.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import NoReturn

from custodes.media.sandbox import child, tasks

#: The tasks that are worth forking for: many, short, and without a decoder in C.
WARM = ("commit",)
#: How a child ended: its exit status, or minus the signal that killed it.
ENDED = struct.Struct("<i")
#: Said once, when everything is imported.
READY = b"r"


def main(control: socket.socket) -> None:
    """Fork a child for each job until the server is gone."""
    for name in WARM:
        tasks.load(name)
    gc.collect()
    gc.freeze()  # so that collecting in a child copies no page of ours
    os.close(os.pidfd_open(os.getpid()))  # without these there can be no zygote
    jobs = _Jobs(control)
    control.send(READY)
    while jobs.wait():
        pass


class _Jobs:
    """The children that run, each with a descriptor of its process and its line."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._alive: set[int] = set()
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(control, selectors.EVENT_READ, None)

    def wait(self) -> bool:
        """Wait for something to happen, and see to it; False when the server is gone."""
        for key, _ in self._waiting.select():
            if key.data is None:
                if not self._take_job():
                    return False
            elif key.data[0] in self._alive:
                self._see_to(*key.data)
        return True

    def _take_job(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        if not message:
            return False
        if len(descriptors) == 2:
            self._fork(*descriptors)
        return True

    def _fork(self, link: int, line: int) -> None:
        pid = os.fork()
        if pid == 0:
            _become_child(link)
        os.close(link)
        self._alive.add(pid)
        report, ended = socket.socket(fileno=line), os.pidfd_open(pid)
        for fileobj in (report, ended):
            self._waiting.register(fileobj, selectors.EVENT_READ, (pid, ended, report))

    def _see_to(self, pid: int, ended: int, report: socket.socket) -> None:
        """Report the end of a child; kill it first if the server no longer wants it."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # ours until waitpid, so it can be nobody else's
        _, status = os.waitpid(pid, 0)
        self._alive.discard(pid)
        for fileobj in (report, ended):
            self._waiting.unregister(fileobj)
        with suppress(OSError):
            report.send(ENDED.pack(os.waitstatus_to_exitcode(status)))
        report.close()
        os.close(ended)


def _become_child(link: int) -> NoReturn:
    try:
        os.setsid()
        sys.argv[1:] = [str(link)]
        child.main()
    finally:
        os._exit(1)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as line:
        main(line)
