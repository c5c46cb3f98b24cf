"""The two doors cameras come in by, spoken to header by header."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
from tests.hostile.place import Place
from tests.world.waiting import PATIENCE

WEARER = "6f1d9e0a-okonkwo-wearer"
SERIAL = "SERIALQX1"
TIMES = {"TriggerOnTime": "1715688000", "StartTime": "1715687970", "StopTime": "1715688060"}


def meta(kind: str, told: dict[str, str]) -> dict[str, str]:
    return {f"X-{kind}-Meta-{key}": quote(value, safe="") for key, value in told.items()}


def new_container(wearer: str = WEARER, serial: str = SERIAL) -> str:
    """Return the name of a recording nobody has heard of yet."""
    seconds = uuid.uuid4().int % 86_400
    clock = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"
    return f"{wearer}_{serial}_202405{uuid.uuid4().int % 28 + 1:02d}T{clock}Z"


@dataclass
class Axis:
    """A signed-in controller."""

    place: Place
    dock: str = "Brixton yard"
    http: httpx.Client = field(init=False)
    storage: str = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=PATIENCE)
        credentials = {"X-Auth-User": self.dock, "X-Auth-Key": self.place.keys[self.dock]}
        answer = self.http.get(f"{self.place.url}/auth/v1.0", headers=credentials)
        assert answer.status_code == 200, answer.text
        self.storage = answer.headers["X-Storage-Url"]
        self.token = answer.headers["X-Auth-Token"]

    @property
    def path(self) -> str:
        return self.storage.removeprefix(self.place.url)

    def ask(self, method: str, name: str, body: bytes = b"", **headers: str) -> httpx.Response:
        sent = {"X-Auth-Token": self.token, **headers}
        url = f"{self.storage}/{name}"
        return self.http.request(method, url, content=body, headers=sent)

    def introduce(self, name: str = "S. Okonkwo", number: str = "77110") -> Axis:
        person = {"Active": "True", "Name": name, "UserID": number}
        self.place.personal |= {WEARER, *name.split()[1:]}
        assert self.ask("PUT", f"Users/{WEARER}", **meta("Object", person)).status_code == 201
        camera = {"Active": "True", "Name": "Chest", "Model": "W102"}
        assert self.ask("PUT", f"Devices/{SERIAL}", **meta("Object", camera)).status_code == 201
        return self

    def announce(self, container: str, **told: str) -> httpx.Response:
        self.place.personal.add(container)
        headers = meta("Container", {**TIMES, **told})
        return self.ask("PUT", quote(container), **headers)

    def put(self, container: str, name: str, body: bytes, **told: str) -> httpx.Response:
        self.place.personal.add(name)
        path = f"{quote(container)}/{quote(name)}"
        return self.ask("PUT", path, body, **meta("Object", told))

    def complete(self, container: str) -> httpx.Response:
        headers = meta("Container", {"Status": "Complete"})
        return self.ask("POST", quote(container), **headers)

    def delivered(self, body: bytes, name: str, **told: str) -> str:
        """Deliver a recording of one file and return the recording's handle."""
        container = new_container()
        assert self.announce(container, **told).status_code == 201
        answer = self.put(container, name, body)
        assert answer.status_code == 201, answer.text
        assert self.complete(container).status_code == 204
        return handle_of(self.place, container)


@dataclass
class Tus:
    """A tus client with the key of an agent's dock."""

    place: Place
    dock: str = "Soho desk"
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.place.url, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
        sent = {
            "Tus-Resumable": "1.0.0",
            "Authorization": f"Bearer {self.place.keys[self.dock]}",
            **headers,
        }
        return self.http.request(method, path, content=body, headers=sent)

    def create(self, size: int | str, **said: str) -> httpx.Response:
        told = {"camera": SERIAL, "started_at": "2026-02-03T04:05:06Z", **said}
        self.place.personal |= {value for key, value in told.items() if key == "filename"}
        pairs = (f"{key} {_b64(value)}" for key, value in told.items())
        headers = {"Upload-Length": str(size), "Upload-Metadata": ",".join(pairs)}
        return self.ask("POST", "/tus/files", **headers)

    def begin(self, size: int, **said: str) -> str:
        answer = self.create(size, **said)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def patch(self, at: str, offset: int | str, body: bytes, **headers: str) -> httpx.Response:
        sent = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            **headers,
        }
        return self.ask("PATCH", at, body, **sent)

    def offset(self, at: str) -> int:
        return int(self.ask("HEAD", at).headers["Upload-Offset"])

    def delivered(self, body: bytes, filename: str, **said: str) -> str:
        """Deliver a recording of one file and return the recording's handle."""
        said.setdefault("recording", uuid.uuid4().hex)
        at = self.begin(len(body), filename=filename, **said)
        if body:
            answer = self.patch(at, 0, body)
            assert answer.status_code == 204, answer.text
        return handle_of(self.place, said["recording"])


def handle_of(place: Place, key: str) -> str:
    rows = place.ask("SELECT handle FROM recordings_recording WHERE source_key = ?", key)
    assert len(rows) == 1, f"{key}: {rows}"
    handle: str = rows[0][0]
    return handle


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
