"""What is counted beside the objects: recordings by month, deletions, gaps, cameras, scrubs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, Q, Sum

from custodes.fleet.models import Camera
from custodes.kernel.clock import rfc3339
from custodes.recordings.models import CameraCount, Gap
from custodes.recordings.rules import State
from custodes.retention.inventory import recorded
from custodes.retention.inventory.figures import Figures, Month
from custodes.retention.inventory.naming import Named
from custodes.retention.models import Tombstone

_MONTH = {
    "sqlite": "substr(started_at, 1, 7)",
    "postgresql": "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM')",
}
# A recording is there to be held as soon as one file of it was taken in.
_BY_MONTH = """
    SELECT month, SUM(CASE WHEN gone THEN 0 ELSE wanted END), SUM(CASE WHEN gone THEN 1 ELSE 0 END)
    FROM (SELECT {month} AS month, r.state = %s AS gone,
            CASE WHEN r.state = %s OR EXISTS (
                SELECT 1 FROM recordings_original o WHERE o.recording_id = r.id
            ) THEN 1 ELSE 0 END AS wanted
        FROM recordings_recording r) AS filmed
    GROUP BY month ORDER BY month
"""


def count(figures: Figures, missing: Iterable[Named]) -> None:
    """Fill in everything that is not an object of the store."""
    figures.taken_in = recorded.number_of("recording.ingested", figures.size)
    figures.disposed = recorded.number_of("recording.deleted", figures.size)
    stones = Tombstone.objects.filter(entry__lt=figures.size)
    figures.unburied = abs(figures.disposed - stones.count())
    by_line = Tombstone.objects.order_by().values_list("line").annotate(Count("pk"))
    figures.lines = sorted((line, number) for line, number in by_line)
    figures.months = _months(missing, all_gone=figures.missing == figures.wanted)
    _count_gaps(figures)
    scrubbed = recorded.newest_scrub()
    if scrubbed is not None:
        figures.damaged, figures.scrubbed_at = scrubbed[0], rfc3339(scrubbed[1])


def _months(missing: Iterable[Named], *, all_gone: bool) -> list[Month]:
    months: dict[str, Month] = {}
    with connection.cursor() as cursor:
        asked = _BY_MONTH.format(month=_MONTH[connection.vendor])
        cursor.execute(asked, [State.DISPOSED.value, State.COMPLETE.value])
        for name, wanted, disposed in cursor.fetchall():
            months[name] = Month(name, int(wanted), int(disposed))
    if all_gone:  # as when the store is not there: nobody need be asked for a list of everything
        for month in months.values():
            month.missing = month.wanted
        return [months[name] for name in sorted(months)]
    # A recording of which two files are missing is one recording.
    seen = {each.recording or each.handle: each.month for each in missing if each.is_footage}
    for name, number in Counter(seen.values()).items():
        month = months.setdefault(name, Month(name))
        month.missing += number
        # What has no row left should be held all the same; nobody can say when it was filmed.
        month.wanted += 0 if name else number
    return [months[name] for name in sorted(months)]


def _count_gaps(figures: Figures) -> None:
    gaps = Gap.objects.filter(closed_at=None).order_by()
    found = gaps.aggregate(number=Count("pk"), still=Sum("still"))
    figures.gaps = found["number"]
    figures.uncounted = found["still"] or 0
    figures.cameras = Camera.objects.filter(is_active=True).count()
    counting = CameraCount.objects.filter(Q(highest__isnull=False) | Q(counter__isnull=False))
    figures.cameras_counting = counting.count()
