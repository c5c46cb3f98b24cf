"""A camera's storage as a folder, and the tus door in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from custodes.agent.client import Client
from custodes.agent.finding import Group, find
from custodes.agent.offload import Offload, Outcome
from custodes.agent.state import State
from custodes.custody import strongroom
from custodes.custody.rules import SYSTEM
from custodes.docks.tus.wsgi import tus_application
from custodes.fleet.actions import add_dock, enrol_camera
from custodes.fleet.rules import DockKind
from custodes.intake import resumable
from custodes.intake.receipts import receipt_key
from custodes.kernel.clock import now
from custodes.ledger.note import VerifierKey
from custodes.recordings.models import Original

FILMED = 1_790_000_000  # 21 September 2026


class Killed(BaseException):
    """The agent was killed here; nothing after this point ran."""


class Wire(httpx.WSGITransport):
    """The connection to the server; ``step`` is called around every request."""

    def __init__(self) -> None:
        super().__init__(app=tus_application)
        self.step: Callable[[str, httpx.Request], None] = lambda _, __: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.step("before", request)
        answer = super().handle_request(request)
        answer.read()
        self.step("after", request)
        return answer


@dataclass
class World:
    """A camera on a dock PC, and the server."""

    camera: Path
    state: State
    wire: Wire
    dock_key: str

    def film(self, name: str, content: bytes, mtime: int = FILMED) -> Path:
        path = self.camera / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (mtime, mtime))
        return path

    def groups(self) -> tuple[Group, ...]:
        return find(self.camera).groups

    def offload(self, key: VerifierKey | None = None, **settings: Any) -> list[Outcome]:
        """Run the agent once, without waiting for files to settle."""
        key = key or VerifierKey.parse(receipt_key())
        client = Client("http://server", self.dock_key, patience=(0, 0, 0), transport=self.wire)
        with self.state.alone(), client:
            return list(Offload(client, self.state, key, **settings).run(self.groups()))

    def left(self) -> list[str]:
        return sorted(p.name for p in self.camera.rglob("*") if p.is_file())

    def receipts(self) -> list[Path]:
        return sorted((self.state.folder / "receipts").glob("*.receipt"))


@pytest.fixture
def world(tmp_path: Path, transactional_db: None) -> Iterator[World]:
    _, key = add_dock("Brixton PC 1", DockKind.AGENT, by=SYSTEM, at=now())
    enrol_camera("CAM1", by=SYSTEM, at=now())
    camera = tmp_path / "DCIM"
    camera.mkdir()
    yield World(camera, State(tmp_path / "state", "http://server", "CAM1"), Wire(), key)
    resumable.close_idle(idle=-1)


def stored(name: str) -> bytes:
    """Return the bytes the server holds under a name; fails unless there is exactly one."""
    original = Original.objects.get(name=name)
    key = strongroom.ring().unwrap(original.key)
    with strongroom.vault().open(original.handle, "original", key) as sealed:
        return sealed.read_at(0, sealed.size)
