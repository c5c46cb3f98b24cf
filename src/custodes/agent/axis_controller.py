"""A controller that sends recordings the way an Axis system controller does.

For demonstrations, benchmarks and tests: it takes a connection file, signs in,
tells of users and cameras, and sends whole recordings. It believes a server only
that gives back the MD5 of what it sent, and until then it sends again.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from custodes.kernel.clock import rfc3339
from custodes.kernel.errors import Refused

_BLOCK = 1 << 20
_TIMEOUT = httpx.Timeout(60.0, read=600.0)
_AGAIN = frozenset({401, 408, 500, 502, 503, 504, 507})

Told = dict[str, str]
Body = bytes | Path | Callable[[], Iterable[bytes]]


class NotAcknowledged(Refused):
    """The server did not take something in; the camera keeps it."""

    advice = "Keep the recording and look at what the server answered."

    def __init__(self, what: str, status: int, words: str) -> None:
        super().__init__(f"{what} was answered {status}: {words[:300]}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a recording. A callable body is called anew for every attempt.

    ``size`` is in bytes and needed only for a callable body.
    """

    name: str
    body: Body
    told: Told = field(default_factory=dict)
    size: int | None = None

    @property
    def length(self) -> int:
        """Return the size of the body in bytes."""
        if self.size is not None:
            return self.size
        if isinstance(self.body, Path):
            return self.body.stat().st_size
        if isinstance(self.body, bytes):
            return len(self.body)
        raise ValueError(f"{self.name}: a body that is made needs its size")

    def blocks(self) -> Iterator[bytes]:
        """Yield the body from its start."""
        if isinstance(self.body, bytes):
            yield self.body
        elif isinstance(self.body, Path):
            with self.body.open("rb") as file:
                yield from iter(lambda: file.read(_BLOCK), b"")
        else:
            yield from self.body()


@dataclass(frozen=True, slots=True)
class Filmed:
    """One recording as the camera has it; times are aware, by the camera's clock."""

    wearer: str
    serial: str
    trigger_on: datetime
    started_at: datetime
    ended_at: datetime
    parts: tuple[Part, ...]
    told: Told = field(default_factory=dict)

    @property
    def container(self) -> str:
        """Return the name of its container."""
        return f"{self.wearer}_{self.serial}_{self.trigger_on.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def metadata(self) -> Told:
        """Return what is said of it, less its status."""
        return {
            "ContainerName": self.container,
            "BWCSerialNumber": self.serial,
            "UserID": self.wearer,
            **moment("TriggerOnTime", self.trigger_on),
            **moment("StartTime", self.started_at),
            **moment("StopTime", self.ended_at),
            **self.told,
        }


def moment(key: str, at: datetime) -> Told:
    """Return a time under its two names: seconds since 1970, and RFC 3339."""
    return {key: str(int(at.timestamp())), f"{key}ISO": rfc3339(at)}


def clip(recording_id: str, body: Body, at: datetime, until: datetime, **more: Any) -> Part:  # noqa: ANN401 - Part's own
    """Return a video of a recording, named as the specification names it."""
    suffix = more.pop("container", "mkv")
    told = {**moment("StartTime", at), **moment("StopTime", until), "ContainerType": suffix}
    name = f"{at.astimezone(UTC):%Y%m%d_%H%M%S}_{recording_id}.{suffix}"
    return Part(name, body, {**told, **more.pop("told", {})}, **more)


def bookmark(at: datetime, text: str = "", **told: str) -> Part:
    """Return a bookmark; its category goes in CategoryID and CategoryName."""
    name = f"bookmark_{int(at.timestamp())}_{hashlib.sha256(text.encode()).hexdigest()[:4]}"
    return Part(name, text.encode(), {"StartTime": rfc3339(at), **told})


class AxisController:
    """A signed-in controller. Use it in a ``with``; one controller is one thread's.

    ``attempts`` is how often something is sent before giving up; ``most_wait``
    is the longest it waits in between, in seconds, whatever the server asks.
    """

    def __init__(
        self, connection: Mapping[str, Any], *, attempts: int = 8, most_wait: float = 10.0
    ) -> None:
        self._connection = connection
        self._attempts = attempts
        self._most_wait = most_wait
        self._http = httpx.Client(timeout=_TIMEOUT, verify=_trusting(connection))
        self._token = self._storage = ""

    def __enter__(self) -> AxisController:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def sign_in(self) -> None:
        """Get a token; raises NotAcknowledged for credentials the server does not know."""
        user, key = self._connection["BlobAPIUserName"], self._connection["BlobAPIKey"]
        answer = self._http.get(
            self._connection["AuthenticationTokenURI"][0],
            headers={"X-Auth-User": user, "X-Auth-Key": key},
        )
        if answer.status_code not in (200, 204):
            raise NotAcknowledged("Signing in", answer.status_code, answer.text)
        self._token = answer.headers["X-Auth-Token"]
        self._storage = answer.headers["X-Storage-Url"].rstrip("/")

    def published(self, name: str) -> bytes:
        """Return an object the server publishes, such as Capabilities.json."""
        answer = self._send("GET", f"System/{name}")
        # A published object that does not match its ETag counts as corrupt.
        if answer.headers.get("ETag") != _md5(answer.content):
            raise NotAcknowledged(name, answer.status_code, "object corrupt")
        return answer.content

    def tell_of_user(self, uuid: str, name: str, user_id: str = "", *, active: bool = True) -> None:
        """Tell of somebody who wears cameras."""
        told = {"Active": str(active), "Name": name, "UserID": user_id}
        self._tell("Users", uuid, told)

    def tell_of_camera(self, serial: str, name: str, model: str, *, active: bool = True) -> None:
        """Tell of a camera."""
        self._tell("Devices", serial, {"Active": str(active), "Name": name, "Model": model})

    def send(self, filmed: Filmed) -> dict[str, str]:
        """Send a whole recording; returns the MD5 of every part, as acknowledged.

        Raises NotAcknowledged when the server refuses for good or too often. Sending
        the same again does no harm.
        """
        told = filmed.metadata()
        self.announce(filmed.container, {**told, "Status": "Transferring"})
        acknowledged = {part.name: self.put(filmed.container, part) for part in filmed.parts}
        self._send("POST", filmed.container, "Container", {**told, "Status": "Complete"})
        return acknowledged

    def announce(self, container: str, told: Told) -> None:
        """Create a container, or tell of it again."""
        self._send("PUT", container, "Container", told)

    def put(self, container: str, part: Part) -> str:
        """Send one object until it is acknowledged; returns its MD5."""
        sent = _Counted(part)
        answer = self._send("PUT", f"{container}/{part.name}", "Object", part.told, sent)
        etag = str(answer.headers.get("ETag", ""))
        if etag != sent.md5:
            raise NotAcknowledged(part.name, answer.status_code, f"with {etag}, not {sent.md5}")
        return etag

    def _tell(self, container: str, name: str, told: Told) -> None:
        self._send("PUT", container, "Container", {})
        self._send("PUT", f"{container}/{name}", "Object", told)

    def _send(
        self, method: str, path: str, kind: str = "", told: Told | None = None,
        body: _Counted | None = None,
    ) -> httpx.Response:  # fmt: skip
        """Ask until the answer is one; raises NotAcknowledged when it is a refusal."""
        status, words = 0, "never asked"
        for attempt in range(self._attempts):
            try:
                answer = self._attempt(method, path, _headers(kind, told or {}), body)
            except httpx.TransportError as lost:
                status, words = 0, str(lost) or type(lost).__name__
                self._wait(None, attempt)
                continue
            if answer.is_success:
                return answer
            status, words = answer.status_code, answer.text
            if status not in _AGAIN:
                break
            self._get_ready_again(answer, attempt)
        raise NotAcknowledged(f"{method} {path}", status, words)

    def _attempt(
        self, method: str, path: str, headers: dict[str, str], body: _Counted | None
    ) -> httpx.Response:
        if not self._token:
            self.sign_in()
        size = body.part.length if body else 0
        return self._http.request(
            method,
            f"{self._storage}/{quote(path)}",
            headers={**headers, "X-Auth-Token": self._token, "Content-Length": str(size)},
            content=iter(body) if body else b"",
        )

    def _get_ready_again(self, answer: httpx.Response, attempt: int) -> None:
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = ""
        else:
            self._wait(answer.headers.get("Retry-After"), attempt)

    def _wait(self, asked: str | None, attempt: int) -> None:
        # A server that answers nothing may be shutting its door on the middle of a body.
        self._token = "" if asked is None else self._token
        wanted = float(asked) if asked and asked.isdigit() else 0.1 * 2**attempt
        if attempt + 1 < self._attempts:
            time.sleep(min(wanted, self._most_wait))


class _Counted:
    """A part on its way, with the MD5 of the attempt that is under way or was the last."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.md5 = ""

    def __iter__(self) -> Iterator[bytes]:
        digest = hashlib.md5(usedforsecurity=False)
        for block in self.part.blocks():
            digest.update(block)
            yield block
        self.md5 = digest.hexdigest()


def _headers(kind: str, told: Told) -> dict[str, str]:
    return {f"X-{kind}-Meta-{key}": quote(value, safe="") for key, value in told.items()}


def _trusting(connection: Mapping[str, Any]) -> ssl.SSLContext | bool:
    """Trust the certificates in the connection file and no others; if it has none, as usual."""
    certificates = connection.get("HTTPSCertificate")
    if not certificates:
        return True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=b"".join(map(base64.b64decode, certificates)))
    return context


def _md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
