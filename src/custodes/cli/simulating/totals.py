"""What came of a simulated year, counted in the tables and not while it was lived."""

from __future__ import annotations

from typing import Any

from custodes.cli.shared import operating_viewer


def totals() -> dict[str, Any]:
    """Return how many recordings there were, what became of them and by which line."""
    from django.db.models import Count, Sum

    from custodes.cases.queries import cases_for
    from custodes.custody.log import size_of_log
    from custodes.disclosure.queries import shares_for
    from custodes.fleet.queries import cameras_for
    from custodes.oversight.queries import register_for
    from custodes.oversight.rules import Kind
    from custodes.recordings.queries import recordings_for
    from custodes.recordings.rules import State
    from custodes.retention.certificates import deleted_by_line, sweeps_for
    from custodes.retention.coming import kept_by_line
    from custodes.retention.queries import holds_for

    viewer = operating_viewer()
    states = dict(recordings_for(viewer).order_by().values_list("state").annotate(Count("pk")))
    deleted = states.pop(State.DISPOSED, 0)
    cameras = cameras_for(viewer)
    cases, shares = cases_for(viewer).order_by(), shares_for(viewer)
    inside = recordings_for(viewer).filter(material__isnull=False, material__taken_out_at=None)
    return {
        "recordings": deleted + sum(states.values()),
        "deleted": deleted,
        "kept": sum(states.values()),
        "deleted_by_line": deleted_by_line(viewer),
        "kept_by_line": kept_by_line(viewer),
        "held": recordings_for(viewer).filter(outlook__held=True).count(),
        "holds": dict(holds_for(viewer).order_by().values_list("kind").annotate(Count("pk"))),
        "cases": dict(cases.values_list("state").annotate(Count("pk"))),
        "in_cases": inside.distinct().count(),
        "complaints": register_for(viewer).filter(kind=Kind.COMPLAINT).count(),
        "shares": shares.count(),
        "shares_opened": shares.exclude(opened_at=None).count(),
        "shared": shares.aggregate(shared=Sum("number"))["shared"] or 0,
        "sweeps": sweeps_for(viewer).exclude(ended_at=None).count(),
        "cameras": cameras.count(),
        "issued": cameras.filter(issues__until=None, issues__isnull=False).count(),
        "entries": size_of_log(),
    }
