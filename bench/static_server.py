"""The plainest file server on the same web server as Custodes: the baseline of playback.

No sessions, no sealing, no record: one file, by range, in blocks of 256 KiB, each
answer to an open-ended range as long as Custodes makes it. Run as a program:
``static_server.py PORT FILE``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from custodes.site.config import Config

_BLOCK = 256 << 10
_AT_MOST: int = Config.model_fields["range_bytes"].default


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    """Answer one range request for the one file."""
    path = os.environ["STATIC_FILE"]
    size = Path(path).stat().st_size
    first, _, last = environ.get("HTTP_RANGE", "bytes=0-").removeprefix("bytes=").partition("-")
    start = int(first)
    end = min(int(last) + 1 if last else start + _AT_MOST, size)
    told = [
        ("Content-Length", str(end - start)),
        ("Content-Range", f"bytes {start}-{end - 1}/{size}"),
    ]
    start_response("206 Partial Content", told)
    return _blocks(path, start, end)


def _blocks(path: str, start: int, end: int) -> Iterator[bytes]:
    with Path(path).open("rb", buffering=0) as file:
        file.seek(start)
        while start < end:
            block = file.read(min(_BLOCK, end - start))
            start += len(block)
            yield block


class StaticServer:
    """The server in a process of its own; use it with ``with``."""

    def __init__(self, port: int, file: Path) -> None:
        command = [sys.executable, __file__, str(port), str(file)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self._port = port

    def __enter__(self) -> StaticServer:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError("the static server does not answer")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def _serve(port: int, file: str) -> None:
    os.environ["STATIC_FILE"] = file
    Granian(
        "static_server:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=8,
        working_dir=Path(__file__).parent,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
