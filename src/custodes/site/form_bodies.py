"""Have a form whole before a page sees it, and never wait long or for many at once.

Django reads a form before it knows who sent it, waits for ever for one that never
comes, and writes a file in it to disk. So strangers could hold every thread of the
server, or fill its disk. Here a body that is too long is declined unread, one that
stalls is given up on, and so many at once may be waited for that pages without a
form, and docks, always find a thread.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings

from custodes.docks.http import Body, Declined, Environ, give, in_words

# A form is a few kilobytes; who needs longer than this for it is not typing.
_WITHIN = 5.0

Application = Callable[[Environ, Any], Iterable[bytes]]


class Filled:
    """The pages, each called with its form already read."""

    def __init__(self, pages: Application) -> None:
        self._pages = pages
        self._waiting = threading.BoundedSemaphore(max(1, settings.CUSTODES.threads // 4))

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        """Answer one request for a page."""
        try:
            body = Body(environ)
            if body.length:
                environ["wsgi.input"] = io.BytesIO(self._form(body))
        except Declined as declined:
            return give(in_words(declined.status, declined.in_full()), start_response)
        return self._pages(environ, start_response)

    def _form(self, body: Body) -> bytes:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if (body.length or 0) > most:
            raise Declined(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A form has at most {most:,} bytes."
            )
        if not self._waiting.acquire(blocking=False):
            raise Declined(
                HTTPStatus.SERVICE_UNAVAILABLE, "Too many forms are arriving.", "Send it again."
            )
        try:
            return body.whole(most, _WITHIN)
        finally:
            self._waiting.release()
