"""The real child with extra tasks that try to break out; started only by tests."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

from custodes.media.sandbox import child, frames, tasks, wire, zygote


def _tried(what: Any) -> str:
    try:
        what()
    except BaseException as error:  # noqa: BLE001 whatever stops it counts
        return type(error).__name__
    return "done"


def escape(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    libc = ctypes.CDLL(None, use_errno=True)
    return {
        "read_file": _tried(lambda: Path("/etc/hostname").read_text()),
        "write_file": _tried(lambda: Path(params["into"]).write_text("x")),
        "list_folder": _tried(lambda: list(Path("/").iterdir())),
        "proc_environ": _tried(lambda: Path("/proc/self/environ").read_text()),
        "socket": _tried(lambda: socket.socket().connect(("127.0.0.1", 80))),
        "unix_socket": _tried(socket.socketpair),
        "exec": _tried(lambda: os.execv("/bin/true", ["true"])),
        "fork": _tried(os.fork),
        "signal": _tried(lambda: os.kill(os.getppid(), 0)),
        "more_memory": _tried(lambda: __import__("resource").setrlimit(9, (1 << 40, 1 << 40))),
        "ptrace": libc.ptrace(16, os.getpid(), 0, 0),
        "thread": _tried(_one_thread),
        "environment": dict(os.environ),
        "open_descriptors": [n for n in range(64) if _is_open(n)],
        "socket_descriptor": int(sys.argv[1]),
    }


def _is_open(descriptor: int) -> bool:
    try:
        os.lseek(descriptor, 0, os.SEEK_CUR)
    except OSError as error:
        return error.errno == errno.ESPIPE  # a socket; EBADF is none at all
    return True


def _one_thread() -> None:
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(1))
    thread.start()
    thread.join()
    assert seen == [1]


def swell(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    return {"bytes": len(bytearray(params["bytes"]))}


def spin(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    while True:
        pass


def sleep(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    time.sleep(600)
    return {}


def crash(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def pull(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    parts = [reader.read_at(offset, length).hex() for offset, length in params["reads"]]
    return {"parts": parts}


def pull_all(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    offset = 0
    while piece := reader.read_at(offset, 1 << 20):
        offset += len(piece)
        if params.get("echo"):
            outside.write("echo", piece)
    return {"bytes": offset}


def lie(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    fd = int(sys.argv[1])
    match params["how"]:
        case "huge":
            os.write(fd, frames.HEAD.pack(frames.Kind.RESULT, 0xFFFFFFFF))
        case "unknown":
            os.write(fd, frames.HEAD.pack(77, 0))
        case "deep":
            wire.send(fd, frames.Kind.RESULT, b"[" * 100_000)
        case "not_json":
            wire.send(fd, frames.Kind.RESULT, b"\xff\xfe")
        case "outside":
            wire.send(fd, frames.Kind.READ, frames.SPAN.pack(reader.size, 1))
        case "name":
            wire.send(fd, frames.Kind.BLOB, frames.blob("../x", b"x"))
        case "patch":
            wire.send(fd, frames.Kind.BLOB, frames.blob("x", b"1234"))
            wire.send(fd, frames.Kind.PATCH, frames.patch("x", 3, b"56"))
    time.sleep(600)
    return {}


def write(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    outside.write("out", b"0123456789")
    outside.patch("out", 2, b"AB")
    outside.progress(0.5)
    return {}


def leave(reader: Any, params: dict[str, Any], outside: Any) -> dict[str, Any]:
    found = getattr(tasks, "left_behind", None)
    tasks.left_behind = params["mark"]  # type: ignore[attr-defined]
    return {"found": found, "pid": os.getpid()}


module = types.ModuleType("trials")
for trial in (escape, swell, spin, sleep, crash, pull, pull_all, lie, write, leave):
    setattr(module, trial.__name__, trial)
    tasks.TASKS[trial.__name__] = f"trials:{trial.__name__}"
sys.modules["trials"] = module

if __name__ == "__main__":
    if sys.argv[1] == "zygote":
        zygote.main(socket.socket(fileno=int(sys.argv[2])))
    else:
        child.main()
