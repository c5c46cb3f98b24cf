"""One tus request, signed in, and the answers every verb gives."""

from __future__ import annotations

import base64
import binascii
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings

from custodes.custody.errors import LogBehind
from custodes.custody.rules import Actor
from custodes.docks.http import Answer, Body, Declined, Environ, in_words
from custodes.fleet.actions import dock_of_token, dock_with_key, hear_from
from custodes.fleet.errors import DockRefused, UnknownCamera
from custodes.fleet.rules import DockKind
from custodes.intake.errors import Busy, NeverStorable, Quarantined, UploadGone
from custodes.intake.resumable import StillWriting, TurnLost
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound, Refused
from custodes.recordings.actions.deliver import Sender
from custodes.vault.errors import InUse, OutOfSpace

if TYPE_CHECKING:
    from custodes.fleet.models import Dock

VERSION = "1.0.0"
PATH = "/tus/files"
OCTETS = "application/offset+octet-stream"
_AGAIN = ("Retry-After", "10")

# How each refusal is told in HTTP; the first that fits. The checksum extension
# made 460 up, so it has no name in the standard library.
CHECKSUM_MISMATCH = 460
_STATUS: tuple[tuple[type[Refused], int], ...] = (
    (DockRefused, HTTPStatus.UNAUTHORIZED),
    (NotFound, HTTPStatus.NOT_FOUND),
    (UploadGone, HTTPStatus.GONE),
    (UnknownCamera, HTTPStatus.BAD_REQUEST),
    (NeverStorable, HTTPStatus.BAD_REQUEST),
    (Quarantined, HTTPStatus.UNPROCESSABLE_ENTITY),
    (StillWriting, HTTPStatus.LOCKED),
    (TurnLost, HTTPStatus.LOCKED),
    (InUse, HTTPStatus.LOCKED),
    (Busy, HTTPStatus.SERVICE_UNAVAILABLE),
    (LogBehind, HTTPStatus.SERVICE_UNAVAILABLE),
    (OutOfSpace, HTTPStatus.INSUFFICIENT_STORAGE),
)


class Mismatch(Refused):
    """The bytes of a request are not those its checksum is of."""

    advice = "Nothing of this request was taken in. Send it again."


@dataclass(frozen=True, slots=True)
class Request:
    """A request and when it came. ``method`` has X-HTTP-Method-Override in it."""

    environ: Environ
    method: str
    path: str
    body: Body
    at: datetime = field(default_factory=now)

    @classmethod
    def of(cls, environ: Environ) -> Request:
        """Read what the server was given."""
        method = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE") or environ["REQUEST_METHOD"]
        path = environ.get("PATH_INFO", "").rstrip("/")
        return cls(environ, method.upper(), path, Body(environ))

    def header(self, name: str) -> str | None:
        """Return a request header by its name, or None."""
        value: str | None = self.environ.get("HTTP_" + name.upper().replace("-", "_"))
        return value

    def is_octets(self) -> bool:
        """Say whether the body is marked as bytes of an upload."""
        said: str = self.environ.get("CONTENT_TYPE", "")
        return said.partition(";")[0].strip().lower() == OCTETS


def sender_of(request: Request) -> Sender:
    """Return who is sending; raises DockRefused. People's sessions can be let in here."""
    name, key = _credential(request.header("Authorization") or "")
    try:
        dock = dock_with_key(key, name=name)
    except DockRefused:
        # A token a dock signed in for is as good, but the key's refusal says more.
        with contextlib.suppress(DockRefused):
            signed_in = dock_of_token(key, at=request.at)
            if signed_in.kind == DockKind.AGENT:
                return _sending(signed_in, request)
        raise
    return _sending(dock, request)


def _sending(dock: Dock, request: Request) -> Sender:
    hear_from(dock, at=request.at)
    return Sender("tus", Actor(dock.handle, dock.name, "tus"), dock, lasting())


def lasting() -> timedelta:
    """Return how long an unfinished upload waits for the rest."""
    return timedelta(hours=settings.CUSTODES.upload_expiry_hours)


def expires(at: datetime) -> tuple[str, str]:
    """Return the Upload-Expires header (RFC 9110 section 5.6.7)."""
    return "Upload-Expires", format_datetime(at, usegmt=True)


def no_content(*headers: tuple[str, str]) -> Answer:
    """Answer with headers alone."""
    return Answer(HTTPStatus.NO_CONTENT, headers=headers)


def refusal(refused: Refused) -> Answer:
    """Say no, with the status a client acts on and the sentence a person reads."""
    if isinstance(refused, Declined):
        return in_words(refused.status, refused.reason)
    if isinstance(refused, Mismatch):
        return in_words(CHECKSUM_MISMATCH, refused.in_full())
    status = next((s for kind, s in _STATUS if isinstance(refused, kind)), None)
    if status is None:
        raise refused
    return in_words(status, refused.in_full(), *_extra(status))


def _extra(status: int) -> list[tuple[str, str]]:
    if status == HTTPStatus.UNAUTHORIZED:
        return [("WWW-Authenticate", 'Bearer, Basic realm="Custodes docks"')]
    if status in (HTTPStatus.LOCKED, HTTPStatus.SERVICE_UNAVAILABLE):
        return [_AGAIN]
    return []


def _credential(authorization: str) -> tuple[str | None, str]:
    """Return the name, where one is given, and the key."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return None, rest.strip()
    if scheme.lower() == "basic":
        try:
            name, _, key = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            raise DockRefused("The Authorization header is not Basic.") from None
        return name, key
    raise DockRefused("Sign in with the dock's key: Authorization: Bearer KEY.")
