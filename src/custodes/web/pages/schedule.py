"""The schedule: its lines with who asks for them, in every version, to read and to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from custodes.kernel.digest import b64u, sha256
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission
from custodes.retention.exports import COLUMNS, goes_by, written
from custodes.retention.queries import schedule_version_for, schedules_for
from custodes.retention.rules.schedule import Schedule
from custodes.retention.signed import signed_export
from custodes.web.sending import disposition, marked
from custodes.web.viewer import viewer_of

_NAMES = ("code", "name", "keep", "start", "then", "look", "authority", "proposal")


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Go to the newest version."""
    version = schedules_for(viewer_of(request)).first()
    if version is None:
        raise NotFound("No schedule was published yet: nothing is deleted.")
    return redirect("schedule", version.version)


@require_safe
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version as it was decided on; it prints as the document it is."""
    viewer = viewer_of(request)
    version, said = schedule_version_for(viewer, number)
    files = (("JSON", version.document), ("CSV", version.table), ("HTML", version.page))
    context = {
        "published": version,
        "columns": COLUMNS[: len(_NAMES)],
        "lines": [dict(zip(_NAMES, written(line), strict=True)) for line in said.lines],
        "goes_by": _goes_by(said),
        "digests": [(n, b64u(sha256(text.encode()))) for n, text in files if text],
        "versions": schedules_for(viewer),
        "proposes": viewer.may(Permission.CHANGE_SCHEDULE),
    }
    return render(request, "custodes/schedule.html", context)


@require_safe
def as_csv(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the lines of one version as a table, as the log commits to it."""
    version, _ = schedule_version_for(viewer_of(request), number)
    return _handed(version.table.encode(), number, "csv", "text/csv; charset=utf-8")


@require_safe
def as_html(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out one version as a page to keep, as the log commits to it."""
    version, _ = schedule_version_for(viewer_of(request), number)
    return _handed(version.page.encode(), number, "html", "text/html; charset=utf-8")


@require_safe
def signed(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out one version in every form, with its entry and the proof that it is in the log."""
    packed = signed_export(viewer_of(request), number)
    return _handed(packed, number, "zip", "application/zip")


def _handed(content: bytes, number: int, ending: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    name = marked(f"schedule-version-{number}.{ending}")
    answer["Content-Disposition"] = disposition("attachment", name)
    return answer


def _goes_by(said: Schedule) -> list[dict[str, Any]]:
    """Return which categories, sources and outcomes go by each line."""
    found = {line.code: goes_by(said, line.code) for line in said.lines}
    return [{"code": code, "who": ", ".join(who)} for code, who in found.items() if who]
