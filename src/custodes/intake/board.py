"""What is arriving at the docks now, what arrived lately, and what lies in quarantine.

The dock board is asked for every two seconds by every wall display, so it takes
the same few queries whatever the number of docks and cameras.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from custodes.fleet.models import CameraIssue, Dock
from custodes.fleet.queries import docks_for
from custodes.fleet.rules import is_late
from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.kernel.errors import NotFound
from custodes.people.queries import names_for
from custodes.people.rules import Permission, Viewer

SOMEBODY = "A colleague"
Names = frozenset[str] | None
LATELY = timedelta(minutes=15)
STALLED = timedelta(minutes=1)
_SHOWN = 400
_QUARANTINE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Lane:
    """One camera at a dock: what it is giving us, or gave us last.

    ``rate`` is bytes a second and 0 when nothing moves. ``left`` counts the
    files that have begun and are not whole.
    """

    camera: str
    who: str
    name: str
    state: State
    received: int
    promised: int | None
    rate: int
    left: int
    done: int
    heard_at: datetime
    stalled: bool

    @property
    def percent(self) -> int | None:
        """Return how far the file has come, where the sender said how large it is."""
        if self.state is not State.RECEIVING:
            return 100
        return min(99, self.received * 100 // self.promised) if self.promised else None


@dataclass(frozen=True, slots=True)
class DockCard:
    """One dock with its lanes. ``dock`` is None for files that came without one."""

    dock: Dock | None
    late: bool
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """What was kept apart of one recording: one file, or several that came together."""

    files: tuple[Upload, ...]

    @property
    def reasons(self) -> list[str]:
        """Return why, each reason once."""
        return list(dict.fromkeys(file.reason for file in self.files))


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the dock board shows at one moment."""

    cards: tuple[DockCard, ...]
    quarantine: Sequence[Apart]
    in_quarantine: int


def board_for(viewer: Viewer, *, at: datetime) -> Board:
    """Return the dock board, empty for somebody who may not see docks."""
    docks = list(docks_for(viewer))
    if not viewer.may(Permission.SEE_DOCKS):
        return Board((), (), 0)
    uploads = _moving(at)
    lanes = _lanes(uploads, _wearers(uploads, at), at, names_for(viewer))
    late_after = timedelta(minutes=settings.CUSTODES.late_minutes)
    cards = [
        DockCard(dock, is_late(dock.heard_at, at, late_after), tuple(lanes.pop(dock.pk, ())))
        for dock in docks
    ]
    if without := lanes.pop(None, []):
        cards.append(DockCard(None, late=False, lanes=tuple(without)))
    apart = quarantine_for(viewer)
    shown = list(apart[: _QUARANTINE_SHOWN + 1])
    counted = len(shown) if len(shown) <= _QUARANTINE_SHOWN else apart.count()
    return Board(tuple(cards), together(shown[:_QUARANTINE_SHOWN]), counted)


def together(uploads: Iterable[Upload]) -> list[Apart]:
    """Group what a sender sent under one recording's name, in the order of the first of each."""
    groups: dict[object, list[Upload]] = defaultdict(list)
    for upload in uploads:
        groups[upload.dock_id, upload.camera_id, upload.source_key or upload.handle].append(upload)
    return [Apart(tuple(files)) for files in groups.values()]


def quarantine_for(viewer: Viewer) -> QuerySet[Upload]:
    """Return what lies in quarantine, newest first, if this viewer may see docks."""
    if not viewer.may(Permission.SEE_DOCKS):
        return Upload.objects.none()
    apart = Upload.objects.filter(state=State.QUARANTINED)
    return apart.select_related("camera", "dock").order_by("-heard_at")


def quarantined_for(viewer: Viewer, handle: str) -> Upload:
    """Return one thing in quarantine with all that was said of it, for those who sort it out."""
    if not viewer.may(Permission.MANAGE_DEVICES):
        raise NotFound("There is nothing of that name in quarantine.")
    upload = quarantine_for(viewer).filter(handle=handle).first()
    if upload is None:
        raise NotFound("There is nothing of that name in quarantine.")
    return upload


def late_docks(viewer: Viewer, *, at: datetime) -> list[Dock]:
    """Return the docks that were heard of before and have been silent for too long."""
    allowed = timedelta(minutes=settings.CUSTODES.late_minutes)
    return list(docks_for(viewer).filter(heard_at__lt=at - allowed))


def _moving(at: datetime) -> list[Upload]:
    """Return what is arriving or arrived lately, newest first."""
    lately = Q(state__in=[State.RECEIVED, State.ACCEPTED], heard_at__gt=at - LATELY)
    moving = Upload.objects.filter(Q(state=State.RECEIVING) | lately)
    return list(
        moving.select_related("camera", "person")
        .only(
            "dock_id", "camera__serial", "camera__name", "person__name", "name", "state",
            "received", "promised_size", "rate", "heard_at",
        )
        .order_by("-heard_at")[:_SHOWN]
    )  # fmt: skip


def _wearers(uploads: Iterable[Upload], at: datetime) -> dict[int, str]:
    """Return who has each camera now."""
    cameras = {upload.camera_id for upload in uploads if upload.camera_id}
    now_issued = Q(until__isnull=True) | Q(until__gt=at)
    issues = CameraIssue.objects.filter(now_issued, camera_id__in=cameras, since__lte=at)
    return dict(issues.order_by("since").values_list("camera_id", "person__name"))


def _lanes(
    uploads: Iterable[Upload], wearers: dict[int, str], at: datetime, names: Names
) -> dict[int | None, list[Lane]]:
    """Return the lanes of each dock, one a camera, the ones that move first."""
    by_camera: dict[tuple[int | None, int | None], list[Upload]] = defaultdict(list)
    for upload in uploads:
        by_camera[upload.dock_id, upload.camera_id].append(upload)
    lanes: dict[int | None, list[Lane]] = defaultdict(list)
    for (dock, camera), files in by_camera.items():
        lanes[dock].append(_lane(files, wearers.get(camera or 0, ""), at, names))
    for of_dock in lanes.values():
        of_dock.sort(key=lambda lane: (lane.state is not State.RECEIVING, lane.camera))
    return lanes


def _lane(files: list[Upload], wearer: str, at: datetime, names: Names) -> Lane:
    receiving = [upload for upload in files if upload.state == State.RECEIVING]
    shown = (receiving or files)[0]
    stalled = bool(receiving) and at - shown.heard_at > STALLED
    who = shown.who or wearer or (shown.person.name if shown.person else "")
    is_named = names is None or who in names
    # A camera is often called after its wearer, so it too goes by its number then.
    camera = shown.camera and (str(shown.camera) if is_named or not who else shown.camera.serial)
    return Lane(
        camera=camera or "a camera not known",
        who=who if is_named or not who else SOMEBODY,
        name=shown.name,
        state=State(shown.state),
        received=shown.received,
        promised=shown.promised_size,
        rate=0 if stalled or not receiving else sum(upload.rate for upload in receiving),
        left=len(receiving),
        done=len(files) - len(receiving),
        heard_at=shown.heard_at,
        stalled=stalled,
    )
