"""A small tus 1.0.0 client: begin, ask how far, send the rest; memory stays flat.

Only what an agent needs of the protocol. A connection that breaks is no error:
the next question is how far the server is.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TypeVar
from urllib.parse import urljoin

import httpx

from custodes.agent.errors import FileChanged, ServerGone, ServerSaidNo
from custodes.agent.finding import Found, opened
from custodes.agent.saying import BLOCK

_PATIENCE = (0.2, 0.5, 1, 2, 5, 10, 20)
# The last byte of a long file is answered after the server has made its packet trees.
_TIMEOUT = httpx.Timeout(30, read=900)
_COME_AGAIN = frozenset({408, 409, 423, 429, 460, 500, 502, 503, 504})

Progress = Callable[[int], None]
_Answer = TypeVar("_Answer")


class _Again(Exception):
    """The server or the connection failed in a way that may pass."""


class _Gone(Exception):
    """The server has no such upload, any more."""


class Client:
    """One server, spoken to as one dock; use it with ``with``."""

    def __init__(
        self,
        server: str,
        key: str,
        *,
        patience: tuple[float, ...] = _PATIENCE,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.server = server.rstrip("/")
        self._patience = patience
        headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
        self._http = httpx.Client(headers=headers, timeout=_TIMEOUT, transport=transport)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._http.close()

    def key(self) -> str:
        """Return the public key the server says it signs receipts with."""
        return self._patiently(lambda: self._get("/tus/key")).strip()

    def begin(self, size: int, said: Mapping[str, str]) -> str:
        """Begin an upload and return where it is."""
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
        told = {"Upload-Length": str(size), "Upload-Metadata": metadata, "Content-Length": "0"}

        def post() -> str:
            try:
                answer = self._ask("POST", f"{self.server}/tus/files", told)
            except _Gone as gone:
                raise ServerSaidNo(f"{self.server} takes no tus uploads.") from gone
            return urljoin(f"{self.server}/tus/files", answer.headers["Location"])

        return self._patiently(post)

    def tell_session(self, said: Mapping[str, object]) -> None:
        """Say what lies on the camera before anything is sent.

        A server of an older release does not listen; nothing is lost by that.
        """
        content = json.dumps(said).encode()
        told = {"Content-Type": "application/json", "Content-Length": str(len(content))}

        def post() -> None:
            try:
                self._ask("POST", f"{self.server}/tus/sessions", told, iter([content]))
            except _Gone:
                return

        self._patiently(post)

    def offset(self, url: str) -> int | None:
        """Return how many bytes the server has, or None when it has no such upload."""

        def head() -> int | None:
            try:
                answer = self._ask("HEAD", url, {})
            except _Gone:
                return None
            return int(answer.headers["Upload-Offset"])

        return self._patiently(head)

    def send(self, url: str, found: Found, progress: Progress) -> bool:
        """Send what the server lacks of a file; False when it has no such upload any more.

        Raises ServerGone when nothing got through for a while, however long the
        file takes as a whole, and ServerSaidNo when it is refused.
        """
        tries, best = 0, -1
        while (offset := self.offset(url)) is not None:
            progress(offset)
            if offset >= found.size:
                return True
            tries = 0 if offset > best else tries + 1
            best = max(best, offset)
            if tries:
                self._wait(tries - 1, "The server takes no bytes.")
            try:
                self._patch(url, found, offset, progress)
            except _Again:
                continue
            except _Gone:
                return False
        return False

    def receipt(self, url: str) -> str:
        """Return the receipt of an upload that was taken in."""
        return self._patiently(lambda: self._get(f"{httpx.URL(url).path}/receipt"))

    def _patch(self, url: str, found: Found, offset: int, progress: Progress) -> None:
        told = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(found.size - offset),
        }
        self._ask("PATCH", url, told, _bytes_of(found, offset, progress))

    def _get(self, path: str) -> str:
        try:
            return self._ask("GET", self.server + path, {}).text
        except _Gone as gone:
            raise ServerSaidNo(f"The server has nothing at {path}.") from gone

    def _ask(
        self, method: str, url: str, told: dict[str, str], content: Iterator[bytes] | None = None
    ) -> httpx.Response:
        try:
            answer = self._http.request(method, url, headers=told, content=content)
        except httpx.LocalProtocolError as error:
            raise FileChanged("The file changed while it was being sent.") from error
        except httpx.TransportError as error:
            raise _Again(str(error)) from error
        if answer.is_success:
            return answer
        reason = answer.text.strip() or f"The server answered {answer.status_code}."
        if answer.status_code in (404, 410):
            raise _Gone(reason)
        if answer.status_code in _COME_AGAIN:
            raise _Again(reason)
        raise ServerSaidNo(reason)

    def _patiently(self, ask: Callable[[], _Answer]) -> _Answer:
        tries = 0
        while True:
            try:
                return ask()
            except _Again as error:
                self._wait(tries, f"The server cannot be reached or is busy: {error}")
                tries += 1

    def _wait(self, tries: int, reason: str) -> None:
        if tries >= len(self._patience):
            raise ServerGone(reason)
        time.sleep(self._patience[tries])


def _bytes_of(found: Found, offset: int, progress: Progress) -> Iterator[bytes]:
    with opened(found) as file:
        file.seek(offset)
        while block := file.read(BLOCK):
            yield block
            offset += len(block)
            progress(offset)
