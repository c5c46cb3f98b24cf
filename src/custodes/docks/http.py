"""What the dock protocols need of HTTP: answers, refusals with a status, counted bodies.

Plain WSGI: Django's request handling would spool a whole upload to disk before
anybody saw its first byte. A body is read in blocks of one mebibyte and never
past the length its sender declared.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from custodes.kernel.errors import Refused

Environ = dict[str, Any]
BLOCK = 1 << 20
# A block that takes longer than this to arrive is given up on (a floor of 9 kB/s).
IDLE_SECONDS = 120.0
# How much of a body is read past a refusal, so that the refusal is seen; for how long
# it is waited for, and for how many at once. Whoever is refused may be anybody, and
# one who never sends it must not hold the request.
_LINGER = 4 << 20
_LINGER_SECONDS = 2.0
_lingering = threading.BoundedSemaphore(16)


class Declined(Refused):
    """The request cannot be answered with anything but this status."""

    advice = "Nothing was changed."

    def __init__(self, status: HTTPStatus, reason: str, advice: str | None = None) -> None:
        super().__init__(reason, advice)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back. ``length`` is for HEAD: the size of a body that is not sent."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None


def in_words(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    """Answer with one or two sentences of plain text."""
    plain = ("Content-Type", "text/plain; charset=utf-8")
    return Answer(status, f"{text}\n".encode(), (plain, *headers))


def give(answer: Answer, start_response: Any) -> list[bytes]:  # noqa: ANN401 - WSGI's own type
    """Send an answer the way WSGI wants it."""
    status = HTTPStatus(answer.status)
    length = len(answer.body) if answer.length is None else answer.length
    size = [] if status == HTTPStatus.NO_CONTENT else [("Content-Length", str(length))]
    start_response(f"{status.value} {status.phrase}", [*answer.headers, *size])
    return [answer.body]


class Body:
    """The body of a request: how long it says it is, and its blocks, counted.

    A client that dies looks like the end of the body, so whoever reads must
    compare what came with ``length``. One that stalls is declined with 408.
    """

    def __init__(self, environ: Environ) -> None:
        self._input = environ.get("wsgi.input")
        self._left = 0
        self.length: int | None = None
        self.is_chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
        if declared := environ.get("CONTENT_LENGTH"):
            self.length = self._left = _whole_number(declared)

    def demand_length(self) -> int:
        """Return the declared length; declines with 411 a body that declares none."""
        # A chunked body reads as empty on some servers, which would be taken for a whole one.
        if self.is_chunked or self.length is None:
            raise Declined(
                HTTPStatus.LENGTH_REQUIRED, "Send Content-Length; a chunked body is not taken."
            )
        return self.length

    def blocks(self, within: float | None = None) -> Iterator[bytes]:
        """Yield the body in blocks, at most as many bytes as were declared.

        Declines with 408 when the next block takes longer than ``within`` seconds,
        or IDLE_SECONDS.
        """
        if self._input is None or not self._left:
            return
        ahead = _ReadAhead(self._input, self._left, within or IDLE_SECONDS)
        try:
            while self._left and (block := ahead.next()):
                self._left -= len(block)
                yield block
        finally:
            ahead.stop()

    def whole(self, most: int, within: float | None = None) -> bytes:
        """Return a small body at once; declines one that is longer than ``most`` or cut short."""
        if self.is_chunked:
            self.demand_length()
        if (self.length or 0) > most:
            too_long = HTTPStatus.BAD_REQUEST
            raise Declined(too_long, f"The body has {self.length} bytes; {most} are the most.")
        body = b"".join(self.blocks(within))
        if self._left:
            cut = f"{len(body)} of {self.length} bytes arrived."
            raise Declined(HTTPStatus.REQUEST_TIMEOUT, cut)
        return body

    def linger(self) -> None:
        """Read on a little after a refusal.

        A connection closed on a sender in the middle of a small body loses the answer.
        """
        if not 0 < self._left <= _LINGER or not _lingering.acquire(blocking=False):
            return
        try:
            with contextlib.suppress(Declined):
                _exhaust(self.blocks(_LINGER_SECONDS))
        finally:
            _lingering.release()


class _ReadAhead:
    """Read blocks on a thread of its own, so that a sender who stalls holds no request.

    No server of ours can interrupt a read. The thread of a stalled one waits on
    until its connection ends; what it then reads goes nowhere.
    """

    def __init__(self, stream: Any, size: int, within: float) -> None:  # noqa: ANN401 - wsgi.input
        self._stream = stream
        self._within = within
        self._left = size
        self._blocks: queue.Queue[bytes] = queue.Queue(2)
        self._stopped = threading.Event()
        threading.Thread(target=self._run, name="read-ahead", daemon=True).start()

    def next(self) -> bytes:
        """Return the next block, empty at the end; declines with 408 when none comes."""
        try:
            return self._blocks.get(timeout=self._within)
        except queue.Empty:
            stalled = f"Nothing arrived for {self._within:g} seconds."
            raise Declined(
                HTTPStatus.REQUEST_TIMEOUT, stalled, "Nothing was acknowledged. Send it again."
            ) from None

    def stop(self) -> None:
        """Let the thread end at its next block."""
        self._stopped.set()

    def _run(self) -> None:
        while self._left and not self._stopped.is_set():
            try:
                block = self._stream.read(min(BLOCK, self._left))
            except Exception:  # noqa: BLE001 - servers differ in how a lost connection reads
                block = b""
            self._left = self._left - len(block) if block else 0
            self._hand_over(block)

    def _hand_over(self, block: bytes) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._blocks.put(block, timeout=1)
                return


def _exhaust(blocks: Iterable[bytes]) -> None:
    for _ in blocks:
        pass


def _whole_number(text: str) -> int:
    # Python's int() also takes "+1", "1_0" and other scripts' digits; RFC 9110 s8.6 does not.
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise Declined(HTTPStatus.BAD_REQUEST, "Content-Length is not a number.")
    return int(text)
