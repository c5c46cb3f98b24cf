"""The tus door: find the verb, check version and sign-in, say no where it must."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings

from custodes.docks.http import Answer, Declined, Environ, give, in_words
from custodes.docks.tus import headers, sessions, verbs
from custodes.docks.tus.request import (
    CHECKSUM_MISMATCH,
    PATH,
    VERSION,
    Request,
    no_content,
    refusal,
    sender_of,
)
from custodes.intake.errors import UploadGone
from custodes.intake.receipts import receipt_key
from custodes.intake.resumable import upload_from
from custodes.intake.rules import State
from custodes.kernel.errors import NotFound, Refused
from custodes.kernel.ids import is_handle

EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"


def tus_application(environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    """Answer one request below /tus/."""
    try:
        request = Request.of(environ)
    except Declined as declined:
        return give(in_words(declined.status, declined.reason), start_response)
    try:
        answer = _answer(request)
    except Refused as refused:
        request.body.linger()
        answer = refusal(refused)
    return _give(answer, request, start_response)


def _answer(request: Request) -> Answer:
    if request.method == "OPTIONS":
        return _options()
    if (request.method, request.path) == ("GET", "/tus/key"):
        return in_words(HTTPStatus.OK, receipt_key())
    # "The Server MUST NOT process the request": a request for a receipt is no tus.
    if request.method != "GET" and request.header("Tus-Resumable") != VERSION:
        return in_words(HTTPStatus.PRECONDITION_FAILED, f"This server speaks tus {VERSION}.")
    return _signed_in(request)


def _signed_in(request: Request) -> Answer:
    sender = sender_of(request)
    if request.path == PATH and request.method == "POST":
        return verbs.create(request, sender)
    if request.path == sessions.PATH and request.method == "POST":
        return sessions.session(request, sender)

    handle, _, rest = request.path.removeprefix(f"{PATH}/").partition("/")
    if sender.dock is None or not is_handle(handle) or rest not in ("", "receipt"):
        raise NotFound("There is nothing here.")
    upload = upload_from(sender.dock, handle)
    if (request.method, rest) == ("GET", "receipt"):
        return verbs.receipt(upload)
    if upload.state == State.RECEIVING and upload.expires_at and upload.expires_at <= request.at:
        raise UploadGone("The time for this upload is over.")
    match request.method, rest:
        case "HEAD", "":
            return verbs.head(upload, sender)
        case "PATCH", "":
            return verbs.patch(request, upload, sender)
        case "DELETE", "":
            return verbs.delete(request, upload, sender)
    raise Declined(HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not for this address.")


def _options() -> Answer:
    return no_content(
        ("Tus-Extension", EXTENSIONS),
        ("Tus-Max-Size", str(settings.CUSTODES.maximum_upload_bytes)),
        ("Tus-Checksum-Algorithm", ",".join(headers.ALGORITHMS)),
    )


def _give(answer: Answer, request: Request, start_response: Any) -> list[bytes]:  # noqa: ANN401
    told = [("Tus-Resumable", VERSION), ("Tus-Version", VERSION), *answer.headers]
    body = b"" if request.method == "HEAD" else answer.body
    if answer.status != HTTPStatus.NO_CONTENT:
        told.append(("Content-Length", str(len(body))))
    start_response(f"{answer.status} {_phrase(answer.status)}", told)
    return [body]


def _phrase(status: int) -> str:
    return "Checksum Mismatch" if status == CHECKSUM_MISMATCH else HTTPStatus(status).phrase
