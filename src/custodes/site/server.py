"""The web server: granian around the WSGI application, run as its own process."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

from custodes.media import sandbox

# mallopt(3): arenas at most, and from which sizes memory goes back to the kernel.
_ARENA_MAX, _TRIM_THRESHOLD, _MMAP_THRESHOLD = -8, -1, -3


def main() -> None:
    """Serve until told to stop."""
    django.setup()
    from granian import Granian  # noqa: PLC0415 - only this process needs the server
    from granian.constants import Interfaces  # noqa: PLC0415 - the same
    from granian.log import LogLevels  # noqa: PLC0415 - the same

    config = settings.CUSTODES
    _keep_memory_at_hand()
    server = Granian(
        "custodes.site.server:application",
        factory=True,
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        workers=1,
        # A stalled player or dock holds a thread, so there are many (they are cheap).
        blocking_threads=config.threads,
        log_level=LogLevels.warning,
        ssl_cert=config.tls_certificate,
        ssl_key=config.tls_key,
        websockets=False,
        workers_kill_timeout=10,
    )
    logging.getLogger("_granian").addFilter(_is_news)
    server.serve()


def application() -> Callable[..., Any]:
    """Return what answers requests, in the process that does; called there by granian."""
    from custodes.site.wsgi import application  # noqa: PLC0415 - sets Django up

    sandbox.keep_ready()  # somebody waits at a page for what it makes
    return application


def _keep_memory_at_hand() -> None:
    """Have the C library keep a little freed memory for the next block of an upload.

    Left to itself it gives every mebibyte back and has the next one zeroed page by
    page, which costs more processor time than hashing it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # musl has none
        mallopt(_ARENA_MAX, 4)
        mallopt(_MMAP_THRESHOLD, 4 << 20)
        mallopt(_TRIM_THRESHOLD, 32 << 20)


def _is_news(said: logging.LogRecord) -> bool:
    """Leave out the advice to have few threads: ours mostly wait for somebody's network."""
    return "Python threads" not in said.getMessage()


if __name__ == "__main__":
    main()
