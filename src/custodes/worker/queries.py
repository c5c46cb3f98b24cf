"""What background work is stopped, as far as the one who asks may know of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from custodes.kernel.clock import now
from custodes.people.rules import Viewer
from custodes.recordings.queries import recordings_for
from custodes.worker.models import Errand, Trouble, Worker
from custodes.worker.rules import WAITS

_SILENT_FOR = timedelta(minutes=2)
_LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Stuck:
    """A recording whose background work stopped: at what, since when, and why."""

    recording: str
    reaction: str
    said: str
    since: datetime
    tries: int
    next_try: datetime


def stuck_for(viewer: Viewer) -> list[Stuck]:
    """Return the stopped lines of the recordings this viewer may know of, oldest first."""
    stuck = list(_stuck().order_by("made_at"))
    handles = {errand.subject for errand in stuck}
    visible = set(
        recordings_for(viewer).filter(handle__in=handles).values_list("handle", flat=True)
    )
    return [
        Stuck(
            recording=errand.subject,
            reaction=errand.reaction.replace("_", " "),
            said=errand.said,
            since=errand.made_at,
            tries=errand.failures,
            next_try=errand.not_before,
        )
        for errand in stuck
        if errand.subject in visible
    ]


def problems() -> list[str]:
    """Return, in sentences for the operator, what is wrong with background work.

    No names and no recordings: the operator may not know of any.
    """
    at = now()
    said = []
    waiting = Errand.objects.filter(failures__lte=len(WAITS))
    if not Worker.objects.filter(heard_at__gt=at - _SILENT_FOR, has_left=False).exists():
        said.append(
            f"No worker is running; {waiting.count()} pieces of background work wait. "
            "Start one with: custodes worker."
        )
    elif waiting.filter(made_at__lt=at - _LATE_AFTER).exists():
        said.append(
            f"Background work is behind: {waiting.count()} pieces wait, some for over "
            "ten minutes. Start another custodes worker, or raise worker_jobs."
        )
    for errand in _stuck().order_by("made_at")[:20]:
        said.append(
            f"Background work on one recording stopped at custody entry {errand.entry} "
            f"({errand.reaction.replace('_', ' ')}) after {errand.failures} tries: {errand.said} "
            f"It is tried again at {errand.not_before:%H:%M} UTC, and when a worker starts."
        )
    said += _house()
    return said


def _house() -> list[str]:
    """Return what the worker cannot do of its regular work; what fails alike is said once."""
    failing: dict[str, list[Trouble]] = defaultdict(list)
    for trouble in Trouble.objects.order_by("since", "step"):
        failing[trouble.said].append(trouble)
    return [
        f"Of the regular work this fails since {troubles[0].since:%d %B %Y %H:%M} UTC: "
        f"{', '.join(each.step for each in troubles)}. {said.removesuffix('.')}. "
        "It is tried again every minute; the rest goes on."
        for said, troubles in failing.items()
    ]


def _stuck() -> QuerySet[Errand]:
    return Errand.objects.filter(failures__gt=len(WAITS))
