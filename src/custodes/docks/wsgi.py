"""The door for cameras: which protocol answers which path, and a database connection each.

No sessions, no cookies, no pages. Every protocol proves who speaks before it
reads a body.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import structlog
from django.db import OperationalError, close_old_connections

from custodes.custody.guard import why_refused
from custodes.docks.http import Answer, Environ, give, in_words

log = structlog.get_logger()

# the start of a path → module and function that answer it, loaded when first asked for
_PROTOCOLS = {
    "/auth/": ("custodes.docks.axis.wsgi", "axis_application"),
    "/v1/": ("custodes.docks.axis.wsgi", "axis_application"),
    "/tus/": ("custodes.docks.tus.wsgi", "tus_application"),
}
DOCK_PATHS: tuple[str, ...] = tuple(_PROTOCOLS)


def dock_application(environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    """Answer one request of a dock; a fault of ours is a 500 and never a crash."""
    close_old_connections()
    try:
        if why := why_refused():
            return give(_nothing_recorded(why), start_response)
        answers = _protocol_of(environ.get("PATH_INFO", ""))
        body: Iterable[bytes] = answers(environ, start_response)
        return body
    except OperationalError as error:
        return give(_for_now(error), start_response)
    except Exception:
        log.exception("dock.request_failed", path=environ.get("PATH_INFO", "")[:200])
        sorry = "Something is wrong here. Nothing was acknowledged; keep your copy and try again."
        return give(in_words(HTTPStatus.INTERNAL_SERVER_ERROR, sorry), start_response)
    finally:
        # Outside Django's request handling nobody else gives the connection back.
        close_old_connections()


def _nothing_recorded(why: str) -> Answer:
    """Say before a byte is read that nothing can be entered, so that the sender keeps its copy."""
    log.warning("dock.log_behind", why=why)
    said = "The custody log takes no entries. Nothing was acknowledged; keep your copy, come again."
    return in_words(HTTPStatus.SERVICE_UNAVAILABLE, said, ("Retry-After", "60"))


def _for_now(error: OperationalError) -> Answer:
    """Say that the database cannot write at the moment: no room, or locked for too long."""
    log.warning("dock.database_cannot_write", error=str(error)[:200])
    # SQLite's SQLITE_FULL and PostgreSQL's disk_full (53100) differ in their words only.
    full = "full" in str(error) or "No space left" in str(error)
    status = HTTPStatus.INSUFFICIENT_STORAGE if full else HTTPStatus.SERVICE_UNAVAILABLE
    why = "The disk is full" if full else "The database is busy"
    said = f"{why}. Nothing was acknowledged; keep your copy and send it again."
    return in_words(status, said, ("Retry-After", "10"))


def _protocol_of(path: str) -> Any:  # noqa: ANN401 - a WSGI application
    for start, (module, name) in _PROTOCOLS.items():
        if path.startswith(start):
            return getattr(importlib.import_module(module), name)
    return _nothing_here


def _nothing_here(_: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    return give(in_words(HTTPStatus.NOT_FOUND, "There is nothing here."), start_response)
