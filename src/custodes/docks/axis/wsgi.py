"""Which request of a controller is answered by what, and how refusals are said.

A refusal that is for good (400) is entered in the record: a force must be able to
see what its cameras offered and did not get rid of. One that will pass (503, 507)
is not; the controller comes again.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import OperationalError

from custodes.custody.errors import LogBehind
from custodes.docks.axis import containers, files, registry, rejected
from custodes.docks.axis.address import REGISTERS, Address, address_of
from custodes.docks.axis.session import Session, session_of, sign_in
from custodes.docks.http import Answer, Body, Declined, Environ, give, in_words
from custodes.fleet.errors import DockRefused, UnknownCamera, UnknownWearer
from custodes.intake.actions import refuse_arrival
from custodes.intake.errors import Busy, CutShort, NeverStorable, Quarantined
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound, Refused
from custodes.vault.errors import OutOfSpace

Verb = Callable[[Session, Body], Answer]
_RETRY_AFTER = "5"

_STATUS: dict[type[Refused], HTTPStatus] = {
    DockRefused: HTTPStatus.UNAUTHORIZED,
    UnknownCamera: HTTPStatus.BAD_REQUEST,
    UnknownWearer: HTTPStatus.BAD_REQUEST,
    NeverStorable: HTTPStatus.BAD_REQUEST,
    NotFound: HTTPStatus.NOT_FOUND,
    # The sender stopped; 400 would tell the controller never to try again.
    CutShort: HTTPStatus.REQUEST_TIMEOUT,
    # Swift's answer to an ETag that is not the MD5 of what arrived.
    Quarantined: HTTPStatus.UNPROCESSABLE_ENTITY,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    LogBehind: HTTPStatus.SERVICE_UNAVAILABLE,
    OutOfSpace: HTTPStatus.INSUFFICIENT_STORAGE,
}


def axis_application(environ: Environ, start_response: Any) -> list[bytes]:  # noqa: ANN401
    """Answer one request of a controller."""
    try:
        body = Body(environ)
    except Declined as declined:
        return give(in_words(declined.status, declined.in_full()), start_response)
    answer = _answer(environ, body)
    body.linger()
    if environ["REQUEST_METHOD"] == "HEAD" and answer.length is None:
        answer = Answer(answer.status, b"", answer.headers, length=len(answer.body))
    return give(answer, start_response)


def _answer(environ: Environ, body: Body) -> Answer:
    try:
        if environ["PATH_INFO"].startswith("/auth/"):
            return sign_in(environ)
        return _in_session(session_of(environ, address_of(environ["PATH_INFO"])), body)
    except Refused as refused:
        return _refusal(refused)
    except OperationalError:
        # The database is locked for longer than anybody should wait, or is away.
        return _refusal(Busy("The database is busy."))


def _in_session(session: Session, body: Body) -> Answer:
    try:
        return _verb(session.environ["REQUEST_METHOD"], session.address)(session, body)
    except Refused as refused:
        if _status(refused) == HTTPStatus.BAD_REQUEST:
            _enter(session, refused)
        raise


def _verb(method: str, address: Address) -> Verb:
    """Return what answers this method at this address; declines what nothing does."""
    if not address.container:
        verbs: dict[str, Verb] = {"GET": _account, "HEAD": _account, "POST": _account}
    elif not address.object:
        verbs = _container_verbs(address)
    else:
        verbs = _object_verbs(address)
    if method not in verbs:
        raise Declined(
            HTTPStatus.FORBIDDEN, f"{method} is not done here: footage comes in, never out."
        )
    return verbs[method]


def _container_verbs(address: Address) -> dict[str, Verb]:
    if address.container in REGISTERS:
        there = Answer(HTTPStatus.NO_CONTENT)
        known = dict.fromkeys(("GET", "HEAD", "POST"), _always(there))
        return {**known, "PUT": _always(Answer(HTTPStatus.ACCEPTED))}
    room = rejected if address.is_rejected_content else containers
    return {
        "PUT": room.put_container,
        "POST": room.post_container,
        "GET": room.get_container,
        "HEAD": room.get_container,
    }


def _object_verbs(address: Address) -> dict[str, Verb]:
    if address.container in REGISTERS:
        get = registry.get_entry
        return {"PUT": registry.put_entry, "POST": registry.post_entry, "GET": get, "HEAD": get}
    room = rejected if address.is_rejected_content else files
    return {"PUT": room.put_file, "POST": room.post_file, "HEAD": room.head_file}


def _always(answer: Answer) -> Verb:
    return lambda _session, _body: answer


def _account(_session: Session, _body: Body) -> Answer:
    return Answer(HTTPStatus.NO_CONTENT)


def _status(refused: Refused) -> HTTPStatus:
    if isinstance(refused, Declined):
        return refused.status
    known = (status for kind, status in _STATUS.items() if isinstance(refused, kind))
    return next(known, HTTPStatus.INTERNAL_SERVER_ERROR)


def _refusal(refused: Refused) -> Answer:
    status = _status(refused)
    passing = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}
    headers = (("Retry-After", _RETRY_AFTER),) if status in passing else ()
    return in_words(status, refused.in_full(), *headers)


def _enter(session: Session, refused: Refused) -> None:
    """Record that the dock offered something that was refused for good."""
    address = session.address
    offered = "/".join(filter(None, (address.container, address.object)))
    name = "".join(char if char.isprintable() else "\ufffd" for char in offered[:300])
    refuse_arrival(
        name, refused.reason[:500], subject=session.dock.handle, by=session.actor, at=now()
    )
