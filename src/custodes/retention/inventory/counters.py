"""The cameras' own numbers by the record, held against their counters and the gaps on the register.

The record is gone through in the database, camera by camera; what comes here is only
what does not agree, and the runs of numbers that a camera passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from custodes.fleet.models import Camera
from custodes.recordings.models import Gap, Listed
from custodes.retention.inventory import recorded
from custodes.retention.inventory.naming import Named
from custodes.retention.rules.counters import (
    Counted,
    Restart,
    Run,
    Stand,
    not_covered,
    sentences_of,
)
from custodes.retention.rules.inventory import Fault, Kind

# A reading sets where a camera stands, a file moves it: recordings/actions/gaps.py. Each
# statement sees one moment, in which entry and counter were written together.
_STEPS = """
    SELECT {device} AS camera, e."index" AS place, {number} AS number, 0 AS is_read,
        CASE WHEN {previous} IS NULL THEN 1 ELSE 0 END AS begins
    FROM custody_entry e WHERE e.kind = 'recording.ingested' AND {device} IS NOT NULL
    UNION ALL
    SELECT e.subject, e."index", {after}, 1, 0
    FROM custody_entry e WHERE e.kind = 'dock.session' AND {after} IS NOT NULL
"""
_STANDS = """
    WITH steps AS ({steps}), last_read AS (
        SELECT camera, MAX(place) AS place FROM steps WHERE is_read = 1 GROUP BY camera
    ), took AS (
        SELECT s.camera, SUM(s.begins) AS begun,
            MAX(CASE WHEN s.is_read = 0 THEN s.place END) AS last_file,
            MAX(CASE WHEN s.place >= COALESCE(r.place, -1) THEN s.number END) AS highest,
            MAX(CASE WHEN s.place = r.place THEN s.number END) AS counter
        FROM steps s LEFT JOIN last_read r ON r.camera = s.camera GROUP BY s.camera
    )
    SELECT t.camera, t.begun, f.leaf, t.highest, t.counter,
        c.camera_id, c.leaf, c.highest, c.counter
    FROM took t LEFT JOIN fleet_camera m ON m.handle = t.camera
    LEFT JOIN recordings_cameracount c ON c.camera_id = m.id
    LEFT JOIN custody_entry f ON f."index" = t.last_file
    WHERE c.camera_id IS NULL OR t.begun > 1 OR c.leaf {differs} f.leaf
        OR c.highest {differs} t.highest OR c.counter {differs} t.counter
"""
_PASSED_OVER = """
    WITH steps AS ({steps}), parts AS (
        SELECT camera, place, number, is_read,
            SUM(is_read) OVER (PARTITION BY camera ORDER BY place) AS part
        FROM steps WHERE number IS NOT NULL
    ), ran AS (
        SELECT camera, place, number, is_read, MAX(number) OVER (
            PARTITION BY camera, part ORDER BY place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS highest FROM parts
    )
    SELECT camera, highest + 1, number - 1 FROM ran
    WHERE is_read = 0 AND number > highest + 1 ORDER BY camera, place
"""
_RESTARTS = """
    SELECT camera, ended, began FROM (
        SELECT e.subject AS camera, e."index" AS place, {before} AS began,
            LAG({after}) OVER (PARTITION BY e.subject ORDER BY e."index") AS ended
        FROM custody_entry e WHERE e.kind = 'dock.session' AND {after} IS NOT NULL
    ) AS readings WHERE ended IS NOT NULL AND began {differs} ended ORDER BY camera, place
"""
_ARRIVED = """
    SELECT {device}, {number} FROM custody_entry e
    WHERE e.kind = 'recording.ingested' AND {number} IS NOT NULL AND {device} IN ({marks})
"""
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
_SHORT = {"device": "d", "number": "q", "previous": "dp", "before": "cb", "after": "ca"}
_NUMBERS = frozenset({"number", "before", "after"})


def disagreements() -> Iterator[Named]:
    """Yield each camera whose numbers do not agree, and each gap that the register has lost."""
    without_gap, restarts = _without_gap(), _restarts()
    stands = {row[0]: row for row in _asked(_STANDS)}
    cameras = sorted(stands.keys() | without_gap.keys() | restarts.keys())
    serials = _serials(cameras)
    for camera in cameras:
        told = _counted(stands.get(camera), without_gap.get(camera), restarts.get(camera))
        if said := sentences_of(told):
            says = f"Camera {serials.get(camera, camera)}: {' '.join(said)}"
            yield Named(camera, Fault.MISCOUNTED, Kind.CAMERA, "", "", says)
    for gap in recorded.gaps_without_a_row():
        says = "The record tells of this gap, and the register of gaps has lost it."
        yield Named(gap, Fault.MISCOUNTED, Kind.GAP, "", "", says)


def _counted(
    row: tuple[Any, ...] | None, without_gap: list[Run] | None, restarts: list[Restart] | None
) -> Counted:
    began, runs = tuple(restarts or ()), tuple(without_gap or ())
    if row is None:  # where it stands now is right
        agreed = Stand(b"", None, None)
        return Counted(agreed, agreed, 0, began, runs)
    _, begun, leaf, highest, counter, there, *here = row
    record = Stand(bytes(leaf or b""), highest, counter)
    stand = None if there is None else Stand(bytes(here[0] or b""), here[1], here[2])
    return Counted(record, stand, begun, began, runs)


def _serials(cameras: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in recorded.in_batches(cameras):
        known = Camera.objects.filter(handle__in=some).order_by()
        found.update(known.values_list("handle", "serial"))
    return found


def _restarts() -> dict[str, list[Restart]]:
    found: dict[str, list[Restart]] = defaultdict(list)
    for camera, ended, began in _asked(_RESTARTS):
        found[camera].append(Restart(ended, began))
    return found


def _without_gap() -> dict[str, list[Run]]:
    """Return the runs of numbers that a camera passed over and that nobody missed."""
    passed: dict[str, list[Run]] = defaultdict(list)
    for camera, first, last in _asked(_PASSED_OVER):
        passed[camera].append((first, last))
    passed = _less(passed, _on_the_register(passed))
    return _less(passed, _arrived(passed)) if passed else passed


def _less(passed: dict[str, list[Run]], covered: dict[str, list[Run]]) -> dict[str, list[Run]]:
    left = {
        camera: [each for run in runs for each in not_covered(run, covered.get(camera, ()))]
        for camera, runs in passed.items()
    }
    return {camera: runs for camera, runs in left.items() if runs}


def _on_the_register(passed: dict[str, list[Run]]) -> dict[str, list[Run]]:
    """Return what was missed, or seen at a dock: that is missed, or came, by its name."""
    found: dict[str, list[Run]] = defaultdict(list)
    for some in recorded.in_batches(sorted(passed)):
        gaps = Gap.objects.filter(camera__handle__in=some, first__isnull=False).order_by()
        for camera, first, last in gaps.values_list("camera__handle", "first", "last"):
            if first is not None:
                found[camera].append((first, first if last is None else last))
        listed = Listed.objects.filter(camera__handle__in=some, number__isnull=False).order_by()
        for camera, number in listed.values_list("camera__handle", "number"):
            if number is not None:
                found[camera].append((number, number))
    return found


def _arrived(passed: dict[str, list[Run]]) -> dict[str, list[Run]]:
    """Return what came out of its order."""
    found: dict[str, list[Run]] = defaultdict(list)
    for some in recorded.in_batches(sorted(passed)):
        marks = ", ".join(["%s"] * len(some))
        for camera, number in _asked(_ARRIVED, marks=marks, values=list(some)):
            if any(first <= number <= last for first, last in passed[camera]):
                found[camera].append((number, number))
    return found


def _asked(asked: str, *, marks: str = "", values: list[str] | None = None) -> Iterator[Any]:
    words = {name: _member(name) for name in _SHORT}
    words |= {"differs": _DIFFERS[connection.vendor], "marks": marks}
    return recorded.rows(asked.format(steps=_STEPS.format(**words), **words), values or [])


def _member(name: str) -> str:
    told = recorded.member(_SHORT[name])
    is_cast = name in _NUMBERS and connection.vendor == "postgresql"
    return f"{told}::bigint" if is_cast else told
