"""The witness as a plain WSGI application, and the server around it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from custodes.kernel.clock import now
from custodes.ledger.witnessing import MOST_BYTES
from custodes.witness.answering import Reply, Witness
from custodes.witness.keys import signers
from custodes.witness.memory import Memory

_HOME = "CUSTODES_WITNESS_HOME"
_CHECKPOINT = re.compile(r"/([0-9a-f]{64})/checkpoint\Z")
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def open_witness(home: Path) -> Witness:
    """Return the witness of a home folder; raises NoKeyYet."""
    return Witness(home, Memory(home), signers(home), now)


def application_of(witness: Witness) -> Application:
    """Return the application that answers for this witness."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        reply = _reply(witness, environ)
        body = reply.body.encode()
        headers = [("Content-Type", reply.kind), ("Content-Length", str(len(body)))]
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", headers)
        return [body]

    return answer


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    """Answer for the witness in the folder that ``serve`` named."""
    return _application(Path(os.environ[_HOME]))(environ, start_response)


@cache
def _application(home: Path) -> Application:
    return application_of(open_witness(home))


def serve(home: Path, host: str, port: int) -> None:
    """Serve until told to stop."""
    from granian import Granian  # noqa: PLC0415 - only the server process needs it
    from granian.constants import Interfaces  # noqa: PLC0415 - the same
    from granian.log import LogLevels  # noqa: PLC0415 - the same

    open_witness(home)  # refuses here rather than at every request
    os.environ[_HOME] = str(home)
    Granian(
        "custodes.witness.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=32,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def _reply(witness: Witness, environ: dict[str, Any]) -> Reply:
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    if path == "/add-checkpoint":
        if method != "POST":
            return Reply(405, "POST a checkpoint here.\n")
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > MOST_BYTES:
            return Reply(400, f"Send a body of at most {MOST_BYTES} bytes, with its length.\n")
        return witness.add_checkpoint(environ["wsgi.input"].read(int(length)))
    match = _CHECKPOINT.match(path)
    if match and method == "GET":
        return witness.published(match[1])
    return Reply(404, "There is nothing here.\n")
