"""A controller for tests: it speaks to the WSGI application in this process, header by header."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from custodes.custody.rules import Actor
from custodes.docks.wsgi import dock_application
from custodes.fleet.actions import add_dock
from custodes.fleet.rules import DockKind
from custodes.kernel.clock import now

CLERK = Actor(handle="", name="the clerk", door="test")
WEARER = "0b8a4b0e-3f1d-4a63-9f0e-0d6b4a8f1c11"
SERIAL = "B8A44F0A1B2C"
CONTAINER = f"{WEARER}_{SERIAL}_20240514T120000Z"
CLIP = "20240514_115930_5F3A.mkv"
TOLD = {
    "ContainerName": CONTAINER,
    "BWCSerialNumber": SERIAL,
    "UserID": WEARER,
    "TriggerOnTime": "1715688000",
    "StartTime": "1715687970",
    "StopTime": "1715688060",
    "TimeZone": "Europe/London",
    "TriggerOnLocation": "+51.4613-000.1156+5.0+1715688000",
    "Status": "Transferring",
}


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def request(
    method: str, path: str, body: Any = b"", headers: dict[str, str] | None = None, **environ: Any
) -> Answered:
    """Make one request the way a WSGI server hands it over (PEP 3333: decoded path, latin-1)."""
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    made: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "HTTP_HOST": "dock.test:8080",
        "wsgi.url_scheme": "http",
        "wsgi.input": stream,
    }
    if isinstance(body, bytes):
        made["CONTENT_LENGTH"] = str(len(body))
    for name, value in (headers or {}).items():
        made["HTTP_" + name.upper().replace("-", "_")] = value
    made.update(environ)
    said: list[Any] = []
    parts = dock_application(made, lambda status, sent, exc=None: said.append((status, sent)))
    content = b"".join(parts)
    status, sent = said[0]
    return Answered(int(status.split()[0]), {k.lower(): v for k, v in sent}, content)


def meta(kind: str, told: dict[str, str]) -> dict[str, str]:
    return {f"X-{kind}-Meta-{key}": quote(value, safe="") for key, value in told.items()}


def md5(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


@dataclass
class Controller:
    """A signed-in controller."""

    name: str = "Brixton 1"
    key: str = ""
    token: str = ""
    account: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @classmethod
    def enrolled(cls, name: str = "Brixton 1") -> Controller:
        _, key = add_dock(name, DockKind.AXIS, by=CLERK, at=now())
        return cls(name, key).signed_in()

    def signed_in(self) -> Controller:
        credentials = {"X-Auth-User": self.name, "X-Auth-Key": self.key}
        answer = request("GET", "/auth/v1.0", headers=credentials)
        assert answer.status == 200, answer.text
        self.token = answer.headers["x-auth-token"]
        self.account = answer.headers["x-storage-url"].rpartition("/")[2]
        return self

    def ask(
        self,
        method: str,
        path: str,
        body: Any = b"",
        headers: dict[str, str] | None = None,
        **environ: Any,
    ) -> Answered:
        token = {"X-Auth-Token": self.token}
        where = f"/v1/{self.account}/{path}" if path else f"/v1/{self.account}"
        return request(method, where, body, {**token, **(headers or {})}, **environ)

    def introduce(self) -> Controller:
        """Tell of the one wearer and the one camera the tests use."""
        person = {"Active": "True", "Name": "Ayo Okafor", "UserID": "4711"}
        camera = {"Active": "True", "Name": "Chest 12", "Model": "W120"}
        assert self.ask("PUT", "Users").status == 202
        assert self.ask("PUT", f"Users/{WEARER}", headers=meta("Object", person)).status == 201
        assert self.ask("PUT", f"Devices/{SERIAL}", headers=meta("Object", camera)).status == 201
        return self

    def announce(self, container: str = CONTAINER, **changes: str) -> Answered:
        return self.ask("PUT", container, headers=meta("Container", {**TOLD, **changes}))

    def put(
        self, name: str, body: Any, told: dict[str, str] | None = None, **more: Any
    ) -> Answered:
        path = more.pop("container", CONTAINER)
        headers = {**meta("Object", told or {}), **more.pop("headers", {})}
        return self.ask("PUT", f"{path}/{name}", body, headers, **more)
