"""Send a sealed file to a program: whole, or the part it asks for (RFC 9110 section 14)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from custodes.kernel.ranges import Stretch, Unsatisfiable, may_be_partial, stretch_for
from custodes.vault.sealed import SealedReader


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something sealed that is to be sent, with the SHA-256 of its bytes in hex."""

    handle: str
    size: int
    sha256: str
    name: str

    @property
    def etag(self) -> str:
        """Return its strong tag: what is sealed never changes."""
        return f'"{self.handle}"'


def wanted_of(request: HttpRequest, sealed: Sealed) -> Stretch | None:
    """Return which bytes a program asks for; None when it asks past the end."""
    asked = request.headers.get("Range")
    if not may_be_partial(request.headers.get("If-Range"), sealed.etag):
        asked = None
    try:
        return stretch_for(asked, sealed.size, at_most=settings.CUSTODES.range_bytes)
    except Unsatisfiable:
        return None


def past_the_end(sealed: Sealed) -> HttpResponse:
    """Answer what asks past the end of a file."""
    size = sealed.size
    return HttpResponse(
        status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        headers={"Content-Range": f"bytes */{size}"},
    )


def send(reader: SealedReader, sealed: Sealed, stretch: Stretch) -> HttpResponseBase:
    """Answer with the bytes that were asked for."""
    answer = StreamingHttpResponse(
        _pieces(reader, stretch), content_type="application/octet-stream"
    )
    answer["Content-Length"] = str(stretch.size)
    answer["Content-Disposition"] = f'attachment; filename="{sealed.name}"'
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = sealed.etag
    answer["Repr-Digest"] = f"sha-256=:{_base64(sealed.sha256)}:"  # RFC 9530: of all of it
    if stretch.partial:
        answer.status_code = HTTPStatus.PARTIAL_CONTENT
        end = stretch.end - 1
        answer["Content-Range"] = f"bytes {stretch.start}-{end}/{sealed.size}"
    return answer


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()


def _pieces(reader: SealedReader, stretch: Stretch) -> Iterator[bytes]:
    with reader:
        yield from reader.pieces(stretch.start, stretch.end)
