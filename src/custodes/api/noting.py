"""That a program looked at something is on the record once an hour, as it is of a person.

A page remembers in the session that the entry was written; a program has none, so it is
remembered here, by token. What is forgotten, as when the server starts, is noted once more.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.http import HttpRequest

from custodes.api.callers import caller_of
from custodes.cases.actions.open import look_at_case
from custodes.kernel.clock import now
from custodes.recordings.actions.find import note_search
from custodes.recordings.actions.watch import open_page

if TYPE_CHECKING:
    from custodes.cases.models import Case
    from custodes.recordings.models import Recording

_HOUR = 3600
_AT_MOST = 10_000
_noted: dict[tuple[str, str, str], float] = {}


def make_sure_it_is_looked_at(request: HttpRequest, recording: Recording) -> None:
    """Record once an hour that somebody looked at a recording."""
    if not is_noted(request, "recording", recording.handle):
        open_page(caller_of(request).viewer, recording, at=now())
        remember(request, "recording", recording.handle)


def make_sure_a_case_is_looked_at(request: HttpRequest, case: Case) -> None:
    """Record once an hour that somebody looked at a case."""
    if not is_noted(request, "case", case.handle):
        look_at_case(caller_of(request).viewer, case, at=now())
        remember(request, "case", case.handle)


def make_sure_a_search_is_noted(request: HttpRequest, asked: dict[str, str], found: str) -> None:
    """Record once an hour that somebody looked through this list; its parts count as one."""
    name = repr(sorted(asked.items()))
    if not is_noted(request, "search", name):
        note_search(caller_of(request).viewer, asked, found, at=now())
        remember(request, "search", name)


def is_noted(request: HttpRequest, kind: str, name: str) -> bool:
    """Say whether an entry about this was written for this token within the hour."""
    at = _noted.get((caller_of(request).token, kind, name))
    return at is not None and time.monotonic() - at < _HOUR


def remember(request: HttpRequest, kind: str, name: str) -> None:
    """Remember that the entry was written."""
    if len(_noted) >= _AT_MOST:
        _noted.clear()  # at worst something is noted twice
    _noted[caller_of(request).token, kind, name] = time.monotonic()
