"""What came of a simulated year, counted in the tables and not while it was lived."""

from __future__ import annotations

from typing import Any

from custodes.cli.shared import operating_viewer


def totals() -> dict[str, Any]:
    """Return how many recordings there were, what became of them and by which line."""
    from django.db.models import Count

    from custodes.custody.log import size_of_log
    from custodes.fleet.queries import cameras_for
    from custodes.recordings.queries import recordings_for
    from custodes.recordings.rules import State
    from custodes.retention.certificates import deleted_by_line, sweeps_for
    from custodes.retention.coming import kept_by_line
    from custodes.retention.queries import holds_for

    viewer = operating_viewer()
    states = dict(recordings_for(viewer).order_by().values_list("state").annotate(Count("pk")))
    deleted = states.pop(State.DISPOSED, 0)
    cameras = cameras_for(viewer)
    return {
        "recordings": deleted + sum(states.values()),
        "deleted": deleted,
        "kept": sum(states.values()),
        "deleted_by_line": deleted_by_line(viewer),
        "kept_by_line": kept_by_line(viewer),
        "held": recordings_for(viewer).filter(outlook__held=True).count(),
        "holds": dict(holds_for(viewer).order_by().values_list("kind").annotate(Count("pk"))),
        "sweeps": sweeps_for(viewer).exclude(ended_at=None).count(),
        "cameras": cameras.count(),
        "issued": cameras.filter(issues__until=None, issues__isnull=False).count(),
        "entries": size_of_log(),
    }
