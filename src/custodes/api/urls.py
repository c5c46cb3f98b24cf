"""The addresses of this door, and the document that describes them (OpenAPI 3.1)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from custodes.api import cases, packages, recordings, shares
from custodes.api.callers import Bearer, caller_shown
from custodes.api.problems import PROBLEM, TITLES, Problem, problem, tell_of_refusals
from custodes.kernel.clock import now
from custodes.people.refused import is_on_record, is_refused_deletion, put_on_record
from custodes.recordings.actions.watch import deny

_REFUSALS: Final = (400, 401, 403, 404, 409, 422, 429, 503)
_REF: Final = {"$ref": "#/components/schemas/Problem"}


class Door(NinjaAPI):
    """The addresses, and their document with every refusal in it."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:  # noqa: ANN401 - ninja's signature
        """Return the document; each operation may be refused in the same ways."""
        document = super().get_openapi_schema(**given)
        whole = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= whole.pop("$defs") | {"Problem": whole}
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"] |= {
                    status: {"description": TITLES[status], "content": {PROBLEM: {"schema": _REF}}}
                    for status in _REFUSALS
                }
        return document


api = Door(
    title="Custodes",
    version="1",
    description="Cases, recordings and what was shared of them, for whoever shows a token.",
    urls_namespace="api",
    docs_url=None,
    auth=Bearer(),
)
tell_of_refusals(api)
api.add_router("", cases.router)
api.add_router("", recordings.router)
api.add_router("", shares.router)
api.add_router("", packages.router)


@login_not_required
def nothing_here(_request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001 - the address
    """Say that there is nothing at an address of this door."""
    advice = "/api/openapi.json lists what there is."
    return problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.", advice)


def _remembering(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Put on record who asks for something to be deleted; no operation asks for a token then."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answered = view(request, *args, **kwargs)
        denied = is_refused_deletion(str(request.method), request.path, answered.status_code)
        caller = caller_shown(request) if denied and not is_on_record(request) else None
        if caller is not None:
            asked = f"{request.method} {request.path}: nothing is deleted on demand"
            deny(caller.viewer, asked[:300], at=now())
            put_on_record(request)
        return answered

    return answer


def _opened(addresses: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Have the token asked for in place of a session."""
    for each in addresses:
        if isinstance(each, URLPattern):
            each.callback = _remembering(each.callback)
            each.callback.login_required = False  # type: ignore[attr-defined]  # Django reads it
    return addresses


_addresses, _app, _name = api.urls
_nothing = path("<path:rest>", nothing_here, name="nothing")
urlpatterns = [path("api/", (_opened([*_addresses, _nothing]), _app, _name))]
