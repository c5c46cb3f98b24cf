"""Which requests stand in the record once they are refused, although no page says so in words.

Two doors can answer one request; each leaves a note on it once its refusal is on record, so
that there is one entry.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest

_NOT_DONE: Final = frozenset(
    {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
)


def is_refused_deletion(method: str, path: str, status: int) -> bool:
    """Say whether somebody asked for something to be deleted, and was told no (RET-02).

    No address of ours deletes anything, for anybody. Who tries is found in the record, whether
    the address knew their method or not.
    """
    last = path.rstrip("/").rpartition("/")[2]
    asks = method == "DELETE" or (method == "POST" and last == "delete")
    return asks and status in _NOT_DONE


def put_on_record(request: HttpRequest) -> None:
    """Note that the refusal of this request has its entry."""
    request.custodes_on_record = True  # type: ignore[attr-defined]


def is_on_record(request: HttpRequest) -> bool:
    """Say whether the refusal of this request has its entry already."""
    return getattr(request, "custodes_on_record", False)
