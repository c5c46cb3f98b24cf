"""Send sealed bytes to a browser: by range, never sniffed, never kept longer than allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from custodes.kernel.ranges import Unsatisfiable, cut_to, may_be_partial, stretch_for
from custodes.package.encrypting import encrypted
from custodes.package.sending import Parcel
from custodes.vault.sealed import SealedReader

# Only these go out inline; everything else is bytes to be saved.
_INLINE = {"video/mp4", "video/webm", "image/jpeg", "image/png", "application/json"}
_BYTES = "application/octet-stream"
# Whatever the bytes are, as a page of their own they can do nothing.
_POLICY = "default-src 'none'; media-src 'self'; img-src 'self'; sandbox"
_PLAIN = re.compile(r"[^A-Za-z0-9._ -]")


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something sealed that is to be sent: opened, with its tag, its type and a file name."""

    reader: SealedReader
    handle: str
    media_type: str
    name: str
    cache: str = "no-store"

    @property
    def etag(self) -> str:
        """Return its strong tag: what is sealed never changes, so its name will do."""
        return f'"{self.handle}"'


def send(request: HttpRequest, sealed: Sealed, *, piecemeal: bool = False) -> HttpResponseBase:
    """Answer GET or HEAD for something a page shows, in part if a part was asked for.

    ``piecemeal``: no answer to GET carries more than a stretch, whatever was asked for, so
    that whether it may still be had is asked again before the next.
    """
    if request.headers.get("If-None-Match") == sealed.etag:
        sealed.reader.close()
        return _with_headers(HttpResponse(status=304), sealed)
    asked = request.headers.get("Range")
    if not may_be_partial(request.headers.get("If-Range"), sealed.etag):
        asked = None
    size = sealed.reader.size
    try:
        stretch = stretch_for(asked, size, at_most=settings.CUSTODES.range_bytes)
    except Unsatisfiable:
        sealed.reader.close()
        refused = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _with_headers(refused, sealed)
    if piecemeal and request.method != "HEAD":
        stretch = cut_to(stretch, settings.CUSTODES.range_bytes)
    answer = _streamed(request, sealed, stretch.start, stretch.end)
    if stretch.partial:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {stretch.start}-{stretch.end - 1}/{size}"
    return answer


def send_away(request: HttpRequest, sealed: Sealed) -> HttpResponseBase:
    """Answer with the whole file, to be saved and not shown."""
    answer = _streamed(request, sealed, 0, sealed.reader.size)
    answer["Content-Type"] = _BYTES
    answer["Content-Disposition"] = disposition("attachment", marked(sealed.name))
    return answer


def send_pdf(pdf: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to be saved, its name marked as the force marks things."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = disposition("attachment", marked(name))
    return answer


def send_receipt(text: str, share: str) -> HttpResponse:
    """Answer with the receipt of a share as a file, which names nobody and needs no marking."""
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = disposition("attachment", f"receipt-{share}.txt")
    return answer


def send_parcel(made: Parcel, name: str) -> HttpResponseBase:
    """Answer with a package as a ZIP file that is made while it is sent."""
    answer = StreamingHttpResponse(made.pieces(), content_type="application/zip")
    answer["Content-Length"] = str(made.size)
    answer["Content-Disposition"] = disposition("attachment", marked(name))
    return answer


def send_parcel_encrypted(
    made: Parcel, recipients: Sequence[object], name: str
) -> HttpResponseBase:
    """Answer with a package that only these recipients can open."""
    pieces = encrypted(made.pieces(), recipients)
    answer = StreamingHttpResponse(pieces, content_type=_BYTES)
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = disposition("attachment", marked(name))
    return answer


def send_parcel_in_parts(
    request: HttpRequest, made: Parcel, name: str, tag: str
) -> HttpResponseBase:
    """Answer with a package that can be sent again, in part if a part was asked for.

    ``tag`` names its bytes. A part goes to its end however long: no player waits for it.
    """
    etag, asked = f'"{tag}"', request.headers.get("Range")
    if not may_be_partial(request.headers.get("If-Range"), etag):
        asked = None
    answer: HttpResponseBase
    try:
        stretch = stretch_for(asked, made.size, at_most=made.size)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{made.size}"})
    if request.method == "HEAD":
        answer = HttpResponse()
    else:
        answer = StreamingHttpResponse(made.pieces(stretch.start, stretch.end))
    if stretch.partial:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {stretch.start}-{stretch.end - 1}/{made.size}"
    answer["Content-Type"] = "application/zip"
    answer["Content-Length"] = str(stretch.size)
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = disposition("attachment", marked(name))
    return answer


def marked(name: str) -> str:
    """Return a file name that carries the protective marking, where one is set."""
    marking = settings.CUSTODES.marking
    return f"{marking} {name}" if marking else name


def disposition(kind: str, name: str) -> str:
    """Return a Content-Disposition for any name (RFC 6266 with the fallback of its appendix D)."""
    return f"{kind}; filename=\"{_PLAIN.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def _streamed(request: HttpRequest, sealed: Sealed, start: int, end: int) -> HttpResponseBase:
    answer: HttpResponseBase
    if request.method == "HEAD":
        sealed.reader.close()
        answer = HttpResponse()
    else:
        answer = StreamingHttpResponse(_pieces(sealed.reader, start, end))
    answer["Content-Length"] = str(end - start)
    return _with_headers(answer, sealed)


def _pieces(reader: SealedReader, start: int, end: int) -> Iterator[bytes]:
    with reader:
        yield from reader.pieces(start, end)


def _with_headers(answer: HttpResponseBase, sealed: Sealed) -> HttpResponseBase:
    inline = sealed.media_type in _INLINE
    answer["Content-Type"] = sealed.media_type if inline else _BYTES
    answer["Content-Disposition"] = disposition("inline" if inline else "attachment", sealed.name)
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = sealed.etag
    answer["Cache-Control"] = sealed.cache
    answer["Vary"] = "Cookie"  # what is sent depends on who asks
    answer["Content-Security-Policy"] = _POLICY
    return answer
