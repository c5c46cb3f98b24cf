"""The schedule: its lines with who asks for them, in every version, to read and to take away."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from custodes.kernel.digest import b64u, sha256
from custodes.kernel.errors import NotFound
from custodes.retention.queries import schedule_version_for, schedules_for
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger
from custodes.web.sending import disposition, marked
from custodes.web.viewer import viewer_of

_FROM = {
    Trigger.RECORDING_END: "the end of the recording",
    Trigger.CASE_LINKED: "the end of the recording, or when it was put to a case",
    Trigger.OUTCOME: "the outcome of the case",
    Trigger.LAST_EVENT: "the last event that counts",
    Trigger.MATTER_OPENED: "the opening of the matter",
}
_THEN = {End.DISPOSE: "deleted by itself", End.REVIEW: "a person looks"}
_COLUMNS = ("Code", "Kind of recording", "Kept for", "Counted from", "Then", "Looked at every",
            "Who asks for it", "Proposal")  # fmt: skip


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
    context = {
        "published": version,
        "columns": _COLUMNS,
        "lines": [_written(line) for line in said.lines],
        "goes_by": _goes_by(said),
        "digest": b64u(sha256(version.document.encode())),
        "versions": schedules_for(viewer),
    }
    return render(request, "custodes/schedule.html", context)


@require_safe
def as_csv(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the lines of one version as a table."""
    _, said = schedule_version_for(viewer_of(request), number)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = marked(f"schedule-version-{number}.csv")
    answer["Content-Disposition"] = disposition("attachment", name)
    rows = csv.writer(answer)
    rows.writerow([*_COLUMNS, "Categories and sources"])
    by_code = _goes_by(said)
    for line in said.lines:
        who = next((each["who"] for each in by_code if each["code"] == line.code), "")
        rows.writerow([*_written(line).values(), who])
    return answer


def _written(line: Line) -> dict[str, str]:
    return {
        "code": line.code,
        "name": line.name,
        "keep": str(line.keep),
        "start": _FROM[line.trigger],
        "then": _THEN[line.end],
        "look": str(line.look_every),
        "authority": line.authority,
        "proposal": "proposal" if line.proposal else "",
    }


def _goes_by(said: Schedule) -> list[dict[str, Any]]:
    """Return which categories, sources and outcomes go by each line."""
    named = [("recordings without a category", said.uncategorised)]
    named += [(f"category {category}", code) for category, code in said.by_category]
    named += [(f"source {source}", code) for source, code in said.by_source]
    named += [(f"outcome {outcome.value}", code) for outcome, code in said.by_outcome]
    named += [(f"MoPI group {group}", code) for group, code in said.by_group]
    codes = [line.code for line in said.lines]
    found = {code: [who for who, by in named if by == code] for code in codes}
    return [{"code": code, "who": ", ".join(who)} for code, who in found.items() if who]
