"""Send a file to a program: whole, or the part it asks for (RFC 9110 section 14)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from custodes.kernel.ranges import Stretch, Unsatisfiable, may_be_partial, stretch_for
from custodes.vault.sealed import SealedReader

_BYTES: Final = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
#: What the document of this door says of an address that answers with a file.
ITS_BYTES: Final = {
    "responses": {
        200: {"description": "The whole file.", "content": _BYTES},
        206: {"description": "The part that was asked for.", "content": _BYTES},
        416: {"description": "It was asked for past the end of the file."},
    }
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something that is to be sent: by what its bytes are known, and the SHA-256 of them in hex.

    ``sha256`` is empty where nobody has taken it of all the bytes.
    """

    handle: str
    size: int
    sha256: str
    name: str

    @property
    def etag(self) -> str:
        """Return its strong tag: what is sealed never changes."""
        return f'"{self.handle}"'


def wanted_of(
    request: HttpRequest, sealed: Sealed, *, at_most: int | None = None
) -> Stretch | None:
    """Return which bytes a program asks for; None when it asks past the end.

    What is asked for without an end is cut to ``at_most``, as the setting says if it is None.
    """
    asked = request.headers.get("Range")
    if not may_be_partial(request.headers.get("If-Range"), sealed.etag):
        asked = None
    try:
        return stretch_for(asked, sealed.size, at_most=at_most or settings.CUSTODES.range_bytes)
    except Unsatisfiable:
        return None


def past_the_end(sealed: Sealed) -> HttpResponse:
    """Answer what asks past the end of a file."""
    size = sealed.size
    return HttpResponse(
        status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        headers={"Content-Range": f"bytes */{size}"},
    )


def send(pieces: Iterator[bytes], sealed: Sealed, stretch: Stretch) -> HttpResponseBase:
    """Answer with the bytes that were asked for."""
    answer = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    answer["Content-Length"] = str(stretch.size)
    answer["Content-Disposition"] = f'attachment; filename="{sealed.name}"'
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = sealed.etag
    if sealed.sha256:
        answer["Repr-Digest"] = f"sha-256=:{_base64(sealed.sha256)}:"  # RFC 9530: of all of it
    if stretch.partial:
        answer.status_code = HTTPStatus.PARTIAL_CONTENT
        end = stretch.end - 1
        answer["Content-Range"] = f"bytes {stretch.start}-{end}/{sealed.size}"
    return answer


def pieces_of(reader: SealedReader, stretch: Stretch) -> Iterator[bytes]:
    """Yield the bytes of a stretch, and close the reader after them."""
    with reader:
        yield from reader.pieces(stretch.start, stretch.end)


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
