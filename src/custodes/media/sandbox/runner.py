"""The parent's side: start a child, feed it, take its answer, believe none of it.

Everything the child sends is bounded before it is read and checked before it is
used; a child that lies, hangs, swells or dies ends in :class:`SandboxFailed`.
An error of the caller's own reader or sink comes out as it is.
"""

from __future__ import annotations

import json
import math
import signal
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from custodes.kernel.errors import Refused
from custodes.media.sandbox import frames, starting
from custodes.media.sandbox.frames import BadFrame, Kind
from custodes.media.sandbox.ports import PATCHABLE, Limits, ReadAt, Sink
from custodes.media.sandbox.starting import Child

Progress = Callable[[float], None]
_DEATH_WITHIN = 5.0


class SandboxFailed(Refused):
    """The media could not be opened safely, or the task could not be done.

    ``kind`` is one of refused, memory, time, cpu, crash, broken, error.
    """

    advice = "The original is untouched and stays stored; it can be downloaded as it is."

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


def run(
    task: str,
    reader: ReadAt,
    params: dict[str, Any],
    *,
    limits: Limits,
    sink: Sink | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Do the task in a locked-in child and return its JSON result.

    The result carries ``layers``, the walls that stood. Raises SandboxFailed;
    what the sink was given before a failure must be thrown away by the caller.
    """
    ours, child = starting.start(task)
    with ours:
        try:
            talk = _Talk(ours, reader, limits, sink, progress)
            return talk.through(task, params)
        except _Gone:
            raise _death(child, limits) from None
        except BadFrame as error:
            raise SandboxFailed("broken", f"The media reader misbehaved: {error}.") from None
        except TimeoutError:
            says = f"Opening this file took longer than {limits.seconds:g} seconds and was stopped."
            raise SandboxFailed("time", says) from None
        finally:
            child.kill()
            child.wait(_DEATH_WITHIN)
            starting.replace_ready()


class _Gone(Exception):
    """The child closed its end without an answer."""


class _Talk:
    """One conversation with one child."""

    def __init__(
        self,
        link: socket.socket,
        reader: ReadAt,
        limits: Limits,
        sink: Sink | None,
        progress: Progress | None,
    ) -> None:
        self._link = link
        self._reader = reader
        self._limits = limits
        self._sink = sink
        self._progress = progress
        self._seconds_left = limits.seconds
        self._written: dict[str, int] = {}
        self._layers: dict[str, Any] = {}

    def through(self, task: str, params: dict[str, Any]) -> dict[str, Any]:
        """Hold the conversation to its end."""
        start = {
            "task": task,
            "params": params,
            "size": self._reader.size,
            "memory_bytes": self._limits.memory_bytes,
            "cpu_seconds": self._limits.cpu_seconds,
        }
        self._send(Kind.START, json.dumps(start).encode())
        while True:
            kind, body = self._receive()
            match kind:
                case Kind.READ:
                    self._answer_read(body)
                case Kind.BLOB:
                    self._take_blob(body)
                case Kind.PATCH:
                    self._take_patch(body)
                case Kind.PROGRESS:
                    self._take_progress(body)
                case Kind.READY:
                    self._layers = _json_object(body)
                case Kind.FAILED:
                    raise _failure(_json_object(body), self._limits)
                case _:
                    return _json_object(body) | {"layers": self._layers}

    def _answer_read(self, body: memoryview) -> None:
        if len(body) != frames.SPAN.size:
            raise BadFrame("a read that is no read")
        offset, length = frames.SPAN.unpack(body)
        if length > frames.MAX_READ or offset + length > self._reader.size:
            raise BadFrame("a read outside the file")
        self._send(Kind.BYTES, self._reader.read_at(offset, length)[:length])

    def _take_blob(self, body: memoryview) -> None:
        name, data = frames.read_blob(body)
        if self._sink is None:
            raise BadFrame("output nobody asked for")
        self._written[name] = self._written.get(name, 0) + len(data)
        if sum(self._written.values()) > self._limits.output_bytes or len(self._written) > 16:
            raise BadFrame("more output than the run allows")
        self._sink.write(name, data)

    def _take_patch(self, body: memoryview) -> None:
        name, offset, data = frames.read_patch(body)
        if self._sink is None or offset + len(data) > min(PATCHABLE, self._written.get(name, 0)):
            raise BadFrame("a change to output where none is allowed")
        self._sink.patch(name, offset, data)

    def _take_progress(self, body: memoryview) -> None:
        if len(body) != frames.FRACTION.size:
            raise BadFrame("progress that is no number")
        (fraction,) = frames.FRACTION.unpack(body)
        if self._progress is not None and math.isfinite(fraction):
            self._progress(min(1.0, max(0.0, fraction)))

    def _receive(self) -> tuple[int, memoryview]:
        kind, length = frames.HEAD.unpack(self._receive_exactly(frames.HEAD.size))
        limits = frames.UPWARD | {Kind.RESULT: self._limits.result_bytes}
        if kind not in limits or length > limits[kind]:
            raise BadFrame("a message that is unknown or too large")
        return kind, self._receive_exactly(length)

    def _receive_exactly(self, length: int) -> memoryview:
        body = bytearray(length)
        view = memoryview(body)
        while view:
            got = self._timed(partial(self._link.recv_into, view))
            if got == 0:
                raise _Gone
            view = view[got:]
        return memoryview(body)

    def _send(self, kind: Kind, data: bytes) -> None:
        views = [memoryview(frames.HEAD.pack(kind, len(data))), memoryview(data)]
        while views:
            sent = self._timed(lambda: self._link.sendmsg(views))
            while views and sent >= len(views[0]):
                sent -= len(views.pop(0))
            if views:
                views[0] = views[0][sent:]

    def _timed(self, step: Callable[[], int]) -> int:
        if self._seconds_left <= 0:
            raise TimeoutError
        self._link.settimeout(self._seconds_left)
        began = time.monotonic()
        try:
            return step()
        except (BrokenPipeError, ConnectionResetError):
            raise _Gone from None
        finally:
            self._seconds_left -= time.monotonic() - began


def _json_object(body: memoryview) -> dict[str, Any]:
    try:
        value = json.loads(bytes(body), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadFrame("an answer that is not JSON") from None
    if not isinstance(value, dict):
        raise BadFrame("an answer that is not an object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _failure(told: dict[str, Any], limits: Limits) -> SandboxFailed:
    kind = told.get("kind")
    # What a hijacked child says may end up on a page or in a terminal.
    says = "".join(char for char in str(told.get("says", ""))[:500] if char.isprintable())
    if kind == "refused":
        return SandboxFailed("refused", says)
    if kind == "memory":
        return _out_of_memory(limits)
    return SandboxFailed("error", f"This file could not be opened ({says}).")


def _out_of_memory(limits: Limits) -> SandboxFailed:
    says = f"Opening this file needed more than {limits.memory_bytes >> 20} MB and was stopped."
    return SandboxFailed("memory", says)


def _death(child: Child, limits: Limits) -> SandboxFailed:
    code = child.wait(_DEATH_WITHIN)
    if code is None:
        return SandboxFailed("broken", "The media reader stopped answering.")
    if code == -signal.SIGXCPU:
        says = f"Opening this file took more than {limits.cpu_seconds} seconds of computing."
        return SandboxFailed("cpu", says)
    if code < 0:
        return SandboxFailed("crash", f"The media reader crashed on this file (signal {-code}).")
    return SandboxFailed("crash", "The media reader ended without an answer.")
