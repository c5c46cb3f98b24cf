"""Ask the whole WSGI application, docks, film and pages, as the web server does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def but(self, *names: str) -> dict[str, str]:
        """Return the headers but for some."""
        return {name: value for name, value in self.headers.items() if name not in names}


@contextmanager
def within_the_test() -> Iterator[None]:
    """Let requests use the test's own connection and leave it open, as Django's client does.

    A request takes a transaction that it did not begin for one that was left behind, and
    closes the connection. (A database of SQLite in memory cannot be closed; PostgreSQL's is.)
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def ask(client: Client, path: str, **headers: str) -> Answer:
    """Ask for a page as this browser would, with its cookies."""
    from custodes.site.wsgi import application  # noqa: PLC0415 - only once Django is up

    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "HTTP_COOKIE": cookies,
    } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}  # fmt: skip
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    answer = application(environ, lambda status, told, _=None: begun.append((status, told)))
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    [(status, told)] = begun
    return Answer(int(status[:3]), dict(told), body)
