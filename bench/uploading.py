"""A plain tus client for benchmarks: one request, the kernel sends the file."""

from __future__ import annotations

import base64
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from custodes.kernel.clock import now, rfc3339

from .installation import Installation


@dataclass(frozen=True, slots=True)
class Sent:
    """When an upload began, when its last byte went out and when the answer came."""

    began: float
    last_byte: float
    answered: float

    @property
    def seconds(self) -> float:
        """Return how long the whole upload took."""
        return self.answered - self.began


class Uploader:
    """Uploads whole files to one server with one dock's key."""

    def __init__(self, port: int, key: str, camera: str) -> None:
        self._port = port
        self._key = key
        self._camera = camera

    def upload(self, file: Path, name: str) -> Sent:
        """Create the upload and send the file in one PATCH."""
        began = time.perf_counter()
        location = self._create(name, file.stat().st_size)
        last_byte = self._patch(location, file)
        return Sent(began, last_byte, time.perf_counter())

    def _create(self, name: str, size: int) -> str:
        told = {
            "filename": name,
            "camera": self._camera,
            # Not to the second: the camera may have been issued in this very one.
            "started_at": rfc3339(now()),
            "kind": "video",
        }
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
        head = f"Upload-Length: {size}\r\nUpload-Metadata: {metadata}\r\nContent-Length: 0\r\n"
        answer, _ = self._ask(f"POST /tus/files/ HTTP/1.1\r\n{head}", None)
        for line in answer.split("\r\n"):
            if line.lower().startswith("location:"):
                return "/tus/" + line.split("/tus/", 1)[1].strip()
        raise RuntimeError(f"no upload was created: {answer}")

    def _patch(self, location: str, file: Path) -> float:
        head = (
            f"PATCH {location} HTTP/1.1\r\nUpload-Offset: 0\r\n"
            f"Content-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {file.stat().st_size}\r\n"
        )
        answer, last_byte = self._ask(head, file)
        if " 204 " not in answer.split("\r\n", 1)[0]:
            raise RuntimeError(f"the upload was not accepted: {answer}")
        return last_byte

    def _ask(self, head: str, file: Path | None) -> tuple[str, float]:
        common = (
            f"Host: 127.0.0.1:{self._port}\r\nTus-Resumable: 1.0.0\r\n"
            f"Authorization: Bearer {self._key}\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self._port)) as connection:
            connection.sendall((head + common).encode())
            if file is not None:
                with file.open("rb") as body:
                    connection.sendfile(body)
            last_byte = time.perf_counter()
            answer = b""
            while block := connection.recv(65536):
                answer += block
        return answer.decode("latin-1"), last_byte


def enrolled(place: Installation, camera: str = "BENCH-1") -> Uploader:
    """Make a dock and a camera known, and return what uploads in their name."""
    key = place.json("dock", "add", "bench", "--kind", "agent")["key"]
    place.run("camera", "add", camera)
    return Uploader(place.port, key, camera)
