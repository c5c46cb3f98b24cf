"""Find recordings, as far as the one who asks may know of them.

Hidden and missing look the same: whoever may not see a recording gets the
answer of one that was never there.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from custodes.fleet.models import Dock
from custodes.intake.models import Upload
from custodes.intake.rules import Kind
from custodes.intake.rules import State as UploadState
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.errors import NO_SUCH_RECORDING, Withheld
from custodes.recordings.granted import granted, granted_among, is_granted
from custodes.recordings.locks import answer_of_locks, look_up_locks, not_shut_to, opened_to
from custodes.recordings.models import Category, Copy, Lock, Original, Recording


def recordings_for(viewer: Viewer) -> QuerySet[Recording]:
    """Return the recordings this viewer may know of, in no order."""
    reached = _by_roles_and_grants(viewer) & not_shut_to(viewer)
    opened = opened_to(viewer)
    if opened is not None:
        reached |= Q(pk__in=opened.values("pk"))
    return Recording.objects.filter(reached)


def of_known(viewer: Viewer, path: str = "recording") -> Exists:
    """Return the condition that a row is of a recording this viewer may know of.

    ``path`` leads from the row to it. Asked of each row that is found otherwise: before
    ``recording__in``, SQLite lists all that somebody of the whole force may know of.
    """
    return Exists(recordings_for(viewer).filter(pk=OuterRef(path)))


def _by_roles_and_grants(viewer: Viewer) -> Q:
    """Return the recordings that this viewer would reach if nothing were locked."""
    reach = viewer.reach(Permission.SEARCH)
    if reach is Reach.ALL:
        return Q()
    if reach is Reach.NONE:
        return Q(pk__in=[])
    known = granted(viewer) or Q(pk__in=[])
    if reach >= Reach.OWN:
        known |= Q(wearer_id=viewer.person)
    # A supervisor without a team sees their own: "no team" is nobody's team.
    if reach is Reach.TEAM and viewer.team is not None:
        known |= Q(team_id=viewer.team)
    return known


def recording_for(viewer: Viewer, handle: str) -> Recording:
    """Return the recording, if this person may know that it exists."""
    recording = (
        recordings_for(viewer)
        .select_related("camera", "wearer", "team", "category", "place", "dock", "announced")
        .filter(handle=handle)
        .first()
    )
    if recording is None:
        raise _no_such_recording(handle)
    return recording


def _no_such_recording(handle: str) -> NotFound:
    """Return the refusal of what is not there, or of what a lock keeps from all not named."""
    is_locked = Lock.objects.filter(recording__handle=handle, lifted_at=None).exists()
    return Withheld(handle) if is_locked else NotFound(NO_SUCH_RECORDING)


def original_for(viewer: Viewer, handle: str, number: int) -> Original:
    """Return one file of a recording, if this person may know that it exists.

    Asked for every stretch a player plays, so it is one query when all is well.
    """
    found = Original.objects.select_related("recording", "recording__camera")
    original = found.filter(recording__handle=handle, number=number).first()
    if original is not None and within_reach(viewer, Permission.SEARCH, original.recording):
        return original
    recording_for(viewer, handle)  # refuses a hidden recording as it does a missing one
    raise NotFound("There is no such file in this recording.")


def film_for(viewer: Viewer, handle: str, number: int | None) -> Original:
    """Return the file of a recording that something is cut of: its first film, if none is named.

    Cameras send pictures and lists beside their films, and those may come first.
    """
    if number is None:
        films = recording_for(viewer, handle).originals.filter(kind=Kind.VIDEO)
        number = films.order_by("number").values_list("number", flat=True).first() or 1
    return original_for(viewer, handle, number)


def copy_for(viewer: Viewer, handle: str, number: int, purpose: str) -> Copy:
    """Return a copy made of one file, if this person may know that it exists."""
    copy = original_for(viewer, handle, number).copies.filter(purpose=purpose).first()
    if copy is None:
        raise NotFound("There is no such copy.")
    return copy


def within_reach(viewer: Viewer, permission: Permission, recording: Recording) -> bool:
    """Say whether a permission of this viewer reaches this recording."""
    if (by_locks := answer_of_locks(viewer, permission, recording)) is not None:
        return by_locks
    by_role = _reached_by_role(viewer, permission, recording)
    return by_role or is_granted(viewer, permission, recording.pk)


def those_within_reach(
    viewer: Viewer, permission: Permission, recordings: Collection[Recording]
) -> frozenset[int]:
    """Return the keys of those recordings that a permission of this viewer reaches."""
    look_up_locks(viewer, recordings)
    by_locks = {each: answer_of_locks(viewer, permission, each) for each in recordings}
    opened = {each.pk for each, answer in by_locks.items() if answer}
    if viewer.reach(permission) is Reach.NONE:
        return frozenset(opened)
    unlocked = [each for each, answer in by_locks.items() if answer is None]
    by_role = {each.pk for each in unlocked if _reached_by_role(viewer, permission, each)}
    rest = {each.pk for each in unlocked} - by_role
    return frozenset(opened | by_role | (granted_among(viewer, rest) if rest else frozenset()))


def _reached_by_role(viewer: Viewer, permission: Permission, recording: Recording) -> bool:
    own = recording.wearer_id == viewer.person
    match viewer.reach(permission):
        case Reach.ALL:
            return True
        case Reach.TEAM:
            return own or (viewer.team is not None and recording.team_id == viewer.team)
        case Reach.OWN:
            return own
        case _:
            return False


def delivered_recording(source: str, source_key: str) -> Recording:
    """Return the recording a dock speaks of by its own name; a dock is no viewer."""
    known = Recording.objects.select_related("camera").filter(source=source, source_key=source_key)
    recording = known.first()
    if recording is None:
        raise NotFound("No recording was announced under this name.")
    return recording


def recording_sent_by(dock: Dock, source: str, source_key: str) -> Recording:
    """Return a recording to the dock that announced it or sent a file of it; else NotFound."""
    recording = delivered_recording(source, source_key)
    if not has_delivered(dock, recording):
        raise NotFound("No recording was announced under this name.")
    return recording


def has_delivered(dock: Dock, recording: Recording) -> bool:
    """Say whether a dock announced a recording, or gave us a file of it that was taken in or held.

    What went to quarantine shows no acquaintance: anybody can send anything under a name.
    """
    if recording.dock_id == dock.pk:
        return True
    sent = Upload.objects.filter(
        dock=dock, camera_id=recording.camera_id, source_key=recording.source_key
    )
    held_already = Q(state=UploadState.DISCARDED) & ~Q(sha256="")
    return sent.filter(Q(state=UploadState.ACCEPTED) | held_already).exists()


def delivered_file(recording: Recording, name: str) -> Original:
    """Return one file of a recording that a dock speaks of."""
    original = recording.originals.filter(name=name).first()
    if original is None:
        raise NotFound("No file of this name was delivered.")
    return original


def categories_to_find() -> list[Category]:
    """Return every category a recording may be in: those on offer first, then what cameras sent."""
    return list(Category.objects.order_by("-is_offered", "order", "name"))


def categories_on_offer() -> list[Category]:
    """Return the categories cameras and people choose from, in their order."""
    return list(Category.objects.filter(is_offered=True).order_by("order", "name"))
