"""Who calls: the person whose token a program shows (RFC 6750), and whether it changes things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.people.address import address_of
from custodes.people.errors import NotAllowed
from custodes.people.queries import token_shown
from custodes.people.rules import Permission, Viewer

DOOR: Final = "api"
# As many as sign-in allows from one address before it makes somebody wait.
_WRONG_AT_MOST, _SECONDS = 10, 60


class NoToken(Refused):
    """A program showed no token, or one that opens nothing."""

    advice = "Nothing was changed. Show a token that is good: its person makes one in Custodes."


class TooManyWrong(Refused):
    """An address has shown so many wrong tokens that it has to wait."""

    advice = "Nothing was changed. Wait a minute, and show a token that is good."


@dataclass(frozen=True, slots=True)
class Caller:
    """The viewer a program acts for, and the handle of the token it showed."""

    viewer: Viewer
    token: str


class Bearer(HttpBearer):
    """Let in whoever shows a good token.

    Wrong ones are slowed down by the address they come from. A good one always gets in:
    nobody guesses 256 bits, and a neighbour's broken program must not shut out another's.
    """

    reads = True

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return who calls; raises NoToken, TooManyWrong, or NotAllowed for one that only reads."""
        found = token_shown(token, now())
        if found is None:
            raise _wrong(request)
        caller = Caller(found.person.as_viewer(DOOR), found.handle)
        request.auth = caller  # type: ignore[attr-defined]  # who was refused is known
        if found.reads_only and not self.reads:
            raise NotAllowed(
                "This token reads, and changes nothing.",
                "Nothing was changed. Make one that may do whatever you may.",
            )
        return caller


class Writer(Bearer):
    """Let in whoever shows a good token that may change something."""

    reads = False


def caller_shown(request: HttpRequest) -> Caller | None:
    """Return who calls, at an address that asked for no token; None without a good one."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = token_shown(secret, now()) if scheme.lower() == "bearer" else None
    return Caller(found.person.as_viewer(DOOR), found.handle) if found else None


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the person for whom a program asks."""
    return caller_of(request).viewer


def viewer_with(request: HttpRequest, permission: Permission) -> Viewer:
    """Return the person for whom a program asks, if a role of theirs carries the permission."""
    viewer = viewer_of(request)
    if not viewer.may(permission):
        raise NotAllowed("None of your roles opens this.")
    return viewer


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls."""
    return cast("Caller", request.auth)  # type: ignore[attr-defined]


def _wrong(request: HttpRequest) -> Refused:
    key = f"custodes.api.wrong:{address_of(request)}"
    cache.add(key, 0, _SECONDS)
    try:
        number = cache.incr(key)
    except ValueError:  # its minute ended between the two
        number = 1
    if number > _WRONG_AT_MOST:
        return TooManyWrong("Too many wrong tokens came from this address.")
    return NoToken("This token opens nothing: it is wrong, over, or was revoked.")
