"""Who speaks: signing in for a token, and knowing the dock a token was given to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings

from custodes.custody.rules import Actor
from custodes.docks.axis.address import Address
from custodes.docks.http import Answer, Declined, Environ, in_words
from custodes.fleet.actions import dock_of_token, sign_in_dock
from custodes.fleet.rules import DockKind
from custodes.kernel.clock import now

if TYPE_CHECKING:
    from custodes.fleet.models import Dock

DOOR = "axis"
_HOST = re.compile(r"[A-Za-z0-9.-]{1,255}(:\d{1,5})?\Z|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?\Z")


@dataclass(frozen=True, slots=True)
class Session:
    """A dock that showed a good token, and what of the store it asks for."""

    dock: Dock
    address: Address
    environ: Environ

    @property
    def actor(self) -> Actor:
        """Return the dock as the one who acts."""
        return Actor(self.dock.handle, self.dock.name, DOOR)


def sign_in(environ: Environ) -> Answer:
    """Answer ``GET /auth/v1.0``; raises DockRefused for bad credentials."""
    if environ["PATH_INFO"].rstrip("/") != "/auth/v1.0":
        raise Declined(HTTPStatus.NOT_FOUND, "There is nothing here.")
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        raise Declined(HTTPStatus.BAD_REQUEST, "Ask for a token with GET.")
    name, key = environ.get("HTTP_X_AUTH_USER", ""), environ.get("HTTP_X_AUTH_KEY", "")
    lasting = timedelta(minutes=settings.CUSTODES.dock_token_minutes)
    dock, token = sign_in_dock(name, key, lasting=lasting, at=now())
    _make_sure_of_kind(dock)
    storage = f"{_our_address(environ)}/v1/{account_of(dock)}"
    headers = {
        "X-Auth-Token": token,
        "X-Storage-Token": token,
        "X-Storage-Url": storage,
        "X-Auth-Token-Expires": str(int(lasting.total_seconds())),
    }
    return in_words(HTTPStatus.OK, f"Welcome, {dock.name}.", *headers.items())


def session_of(environ: Environ, address: Address) -> Session:
    """Return the session of a request; raises DockRefused, or declines another's account."""
    dock = dock_of_token(environ.get("HTTP_X_AUTH_TOKEN", ""), at=now())
    _make_sure_of_kind(dock)
    if address.account != account_of(dock):
        raise Declined(HTTPStatus.FORBIDDEN, "This account belongs to another dock.")
    return Session(dock, address, environ)


def account_of(dock: Dock) -> str:
    """Return the name of a dock's account in its storage address."""
    return f"AUTH_{dock.handle}"


def _make_sure_of_kind(dock: Dock) -> None:
    if dock.kind != DockKind.AXIS:
        raise Declined(HTTPStatus.FORBIDDEN, "This dock is not enrolled for this protocol.")


def _our_address(environ: Environ) -> str:
    """Return where the dock reaches us: as the settings say, else as it just did."""
    host = environ.get("HTTP_HOST", "")
    if settings.CUSTODES.public_url or not _HOST.match(host):
        return str(settings.CUSTODES.address)
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}"
