"""How this door says no: a problem document (RFC 9457) with the three sentences of the house."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from custodes.api.callers import Caller, NoToken, TooManyWrong
from custodes.custody.errors import LogBehind
from custodes.kernel.clock import now
from custodes.kernel.errors import Damaged, NotFound, Refused
from custodes.people.errors import NotAllowed
from custodes.people.refused import put_on_record
from custodes.recordings.actions.lock import note_withheld
from custodes.recordings.actions.watch import deny
from custodes.recordings.errors import NeedsAReason, NotYours, Unusable, Withheld

PROBLEM: Final = "application/problem+json"
_UNCHANGED = "Nothing was changed."
_STATUS: Final[dict[type[Refused], int]] = {
    NoToken: HTTPStatus.UNAUTHORIZED,
    TooManyWrong: HTTPStatus.TOO_MANY_REQUESTS,
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotYours: HTTPStatus.FORBIDDEN,
    NeedsAReason: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unusable: HTTPStatus.UNPROCESSABLE_ENTITY,
    Damaged: HTTPStatus.INTERNAL_SERVER_ERROR,
    LogBehind: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLES: Final[dict[int, str]] = {
    400: "This cannot be read",
    401: "A token is needed",
    403: "You may not do this",
    404: "Not found",
    409: "A rule forbids this",
    422: "Something is missing or wrong",
    429: "Too many wrong tokens",
    500: "Damaged",
    503: "Nothing can be recorded",
}
_ELSE = "Request refused"


class Fault(Schema):
    """One thing that is wrong with what was sent."""

    where: str
    says: str


class Problem(Schema):
    """A refusal: ``detail`` says what was refused, ``advice`` that nothing changed and what next.

    ``faults`` name what is wrong with what was sent, where it is that.
    """

    type: str
    title: str
    status: int
    detail: str
    advice: str
    faults: list[Fault]


def tell_of_refusals(api: NinjaAPI) -> None:
    """Have this door answer every refusal with a problem document."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(AuthenticationError, _no_token)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(HttpError, _not_read)


def problem(
    status: int, detail: str, advice: str, faults: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return a problem document; its advice always says that nothing changed."""
    if not advice.startswith("Nothing "):
        advice = f"{_UNCHANGED} {advice}"
    said = {"type": "about:blank", "title": TITLES.get(status, _ELSE), "status": int(status)}
    said |= {"detail": detail, "advice": advice, "faults": faults or []}
    answer = JsonResponse(said, status=status, content_type=PROBLEM)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["Retry-After"] = "60"
    return answer


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    """Answer a refusal, and put on record that somebody asked for what they may not have."""
    caller = getattr(request, "auth", None)
    asked = f"{request.method} {request.path}"
    if isinstance(caller, Caller):
        if isinstance(refused, NotYours | NotAllowed):
            deny(caller.viewer, f"{asked}: {refused.reason}"[:300], at=now())
            put_on_record(request)
        if isinstance(refused, Withheld):
            note_withheld(caller.viewer, refused.recording, asked, at=now())
    status = next((code for kind, code in _STATUS.items() if isinstance(refused, kind)), 409)
    return problem(status, refused.reason, refused.advice)


def _no_token(_request: HttpRequest, _error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    return problem(HTTPStatus.UNAUTHORIZED, "No token was shown.", NoToken.advice)


def _not_valid(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    """Say what is wrong where, and nothing of what was sent: it may be about somebody."""
    faults = [
        {"where": ".".join(map(str, each["loc"])), "says": str(each["msg"])}
        for each in error.errors
    ]
    detail = "What was sent is not what this address takes."
    return problem(422, detail, "Mend what is named in faults and send it again.", faults)


def _not_read(_request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ANN401 - ninja's signature
    return problem(error.status_code, "What was sent is no JSON.", "Send JSON in UTF-8.")
