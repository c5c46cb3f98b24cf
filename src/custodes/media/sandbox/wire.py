"""Frames over a blocking file descriptor, with plain read and write only.

The child uses nothing but ``read``, ``readv``, ``write`` and ``writev`` on it,
so its filter can refuse every socket call.
"""

from __future__ import annotations

import os

from custodes.media.sandbox.frames import HEAD


class Closed(Exception):
    """The other side is gone."""


def send(fd: int, kind: int, *parts: bytes | memoryview) -> None:
    """Send one frame, whole; raises Closed."""
    length = sum(len(part) for part in parts)
    views = [memoryview(HEAD.pack(kind, length)), *(memoryview(part) for part in parts)]
    while views:
        sent = _write(fd, views)
        while views and sent >= len(views[0]):
            sent -= len(views.pop(0))
        if views:
            views[0] = views[0][sent:]


def receive_head(fd: int) -> tuple[int, int]:
    """Return kind and body length of the next frame; raises Closed."""
    head = bytearray(HEAD.size)
    receive_into(fd, memoryview(head))
    kind, length = HEAD.unpack(head)
    return kind, length


def receive_into(fd: int, view: memoryview) -> None:
    """Fill the view from the descriptor; raises Closed when it ends before."""
    while view:
        try:
            got = os.readv(fd, [view])
        except OSError as error:
            raise Closed from error
        if got == 0:
            raise Closed
        view = view[got:]


def _write(fd: int, views: list[memoryview]) -> int:
    try:
        return os.writev(fd, views)
    except OSError as error:
        raise Closed from error
