"""The films and pictures of a case that a package could hold, each with why it does not.

Reads and decides nothing: rules.content decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Final

from custodes.cases.models import Case, Exhibit
from custodes.cases.queries import material_of
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.checks import Chosen, items_of
from custodes.disclosure.keeping_back import kept_back, said_of
from custodes.disclosure.rules.content import About, Content, holds, why_left_out
from custodes.disclosure.rules.gate import path_of
from custodes.disclosure.rules.names import NATIVE, native_name
from custodes.intake.rules import Kind
from custodes.people.rules import Permission, Viewer
from custodes.recordings.described import read
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.moments import filmed_from
from custodes.recordings.playing import played
from custodes.recordings.queries import those_within_reach
from custodes.recordings.rules import Purpose

_LEFT_OUT: Final = "You left it out."
_NOT_YOURS: Final = "You may not play it and make clips of it."
_NOT_TAKEN: Final = (
    "You may not take whole recordings away. Make a clip of it, or ask the evidence unit."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a package is, and what of it is left to choose.

    ``extra`` are kinds of things that go only when they are asked for; ``without`` the
    keys of films that are left out.
    """

    audience: Audience
    extra: frozenset[Content] = frozenset()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Film:
    """One film or picture: what it is of, where it stands in the package, and why it does not.

    ``copy`` None: the original itself. ``playable`` is the path of a copy that plays where
    the original does not. ``exhibit`` is None for what is packaged because of its recording.
    """

    kind: Content
    original: Original
    copy: Copy | None
    exhibit: Exhibit | None
    title: str
    path: str
    began: datetime
    seconds: float
    playable: Copy | None = None
    why_not: str = ""

    @property
    def key(self) -> str:
        """Return what it is left out by."""
        return self.copy.handle if self.copy else self.original.handle

    @property
    def recording(self) -> Recording:
        """Return the recording it is of."""
        return self.original.recording

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return (self.copy or self.original).size

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of its bytes, in hex."""
        return (self.copy or self.original).sha256

    @property
    def ends(self) -> datetime:
        """Return when it ends, by the camera's clock."""
        return self.began + timedelta(seconds=self.seconds)

    @property
    def is_picture(self) -> bool:
        """Say whether it is a still."""
        return self.copy is not None and self.copy.purpose == Purpose.STILL

    @property
    def frame_rate(self) -> float:
        """Return how many pictures a second it has, as far as anybody knows."""
        pictures = self.copy.about.get("pictures") if self.copy else None
        if isinstance(pictures, int) and pictures and self.seconds > 0:
            return pictures / self.seconds
        return read(self.original.described).frame_rate or 25.0


def films_of(
    viewer: Viewer, case: Case, exhibits: Sequence[Exhibit], asked: Asked
) -> Iterator[Film]:
    """Yield what there is of the exhibits of a case this viewer may know of, and of originals."""
    known = _Known.of(viewer, case, asked)
    originals = Original.objects.filter(recording__in=list(known.recordings))
    originals = originals.select_related("recording", "recording__camera")
    of: dict[int, list[Original]] = {}
    for original in originals.prefetch_related("copies").order_by("recording", "number"):
        original.recording = known.recordings[original.recording_id]
        of.setdefault(original.recording_id, []).append(original)
    exhibited = list(_exhibited(exhibits, of))
    items = items_of(viewer, case, [Chosen(film.handle, e.clip) for e, film, _ in exhibited])
    for (exhibit, original, copy), item in zip(exhibited, items, strict=True):
        begins = float(copy.about.get("begins", 0)) if copy else 0.0
        playing = None if copy else played(original)
        film = Film(
            kind=Content.CLIPS,
            original=original,
            copy=copy,
            exhibit=exhibit,
            title=f"{exhibit}: {exhibit.item}",
            path=path_of(item) if copy else _native_path(str(exhibit), original),
            began=filmed_from(original) + timedelta(seconds=begins),
            seconds=item.seconds,
            playable=playing.copy if playing else None,
            why_not=known.why_not(Content.CLIPS, original, exhibit, whole=copy is None),
        )
        yield _left_out_if_asked(film, known.asked)
    if Content.NATIVE in holds(known.asked.audience, known.asked.extra):
        yield from _natives(exhibits, of, known)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up at once of every recording of a case."""

    asked: Asked
    status: Mapping[int, Status]
    recordings: Mapping[int, Recording]
    kept_back: Mapping[int, str]
    watched: frozenset[int]
    taken: frozenset[int]

    @classmethod
    def of(cls, viewer: Viewer, case: Case, asked: Asked) -> _Known:
        recordings = [each.recording for each in material_of(viewer, case)]
        plays = those_within_reach(viewer, Permission.PLAY, recordings)
        clips = those_within_reach(viewer, Permission.MAKE_CLIPS, recordings)
        takes = those_within_reach(viewer, Permission.FETCH_ORIGINAL, recordings)
        return cls(
            asked=asked,
            status=said_of(case, [each.pk for each in recordings]),
            recordings={each.pk: each for each in recordings},
            kept_back=kept_back(recordings),
            watched=frozenset(plays & clips),
            taken=frozenset(takes),
        )

    def why_not(
        self, kind: Content, film: Original, exhibit: Exhibit | None, *, whole: bool
    ) -> str:
        """Return why a film is not in the package; empty when it is."""
        pk = film.recording_id
        within, said = (self.taken, _NOT_TAKEN) if whole else (self.watched, _NOT_YOURS)
        about = About(
            kind=kind,
            status=self.status.get(pk, Status.NOT_LOOKED_AT),
            is_exhibit=exhibit is not None,
            kept_back=self.kept_back.get(pk, ""),
            out_of_reach="" if pk in within else said,
            nothing_to_hide=bool(exhibit and exhibit.unhidden_because),
        )
        return why_left_out(about, self.asked.audience)


def _exhibited(
    exhibits: Sequence[Exhibit], of: Mapping[int, list[Original]]
) -> Iterator[tuple[Exhibit, Original, Copy | None]]:
    """Yield what each exhibit is: a clip or still of a file, or the whole of each film."""
    for exhibit in exhibits:
        for original in of.get(exhibit.recording_id, ()):
            made = [each for each in original.copies.all() if each.handle == exhibit.clip]
            for copy in made:
                copy.original = original
                yield exhibit, original, copy
            if not exhibit.clip and original.kind == Kind.VIDEO:
                yield exhibit, original, None


def _natives(
    exhibits: Sequence[Exhibit], of: Mapping[int, list[Original]], known: _Known
) -> Iterator[Film]:
    """Yield originals: for the watchdog of every recording, else of those exhibited as clips."""
    first = {each.recording_id: each for each in reversed(exhibits)}
    whole = {each.recording_id for each in exhibits if not each.clip}
    everything = known.asked.audience is Audience.WATCHDOG
    for pk, originals in of.items():
        if not everything and (pk not in first or pk in whole):
            continue
        for original in originals:
            recording = original.recording
            label = f"{recording.started_at:%Y%m%d-%H%M%S} {recording.camera.serial}"
            yield _left_out_if_asked(
                Film(
                    kind=Content.NATIVE,
                    original=original,
                    copy=None,
                    exhibit=first.get(pk),
                    title=f"The whole recording of {recording.camera.serial}, {original.name}",
                    path=_native_path(label, original),
                    began=filmed_from(original),
                    seconds=original.seconds or 0.0,
                    why_not=known.why_not(Content.NATIVE, original, first.get(pk), whole=True),
                ),
                known.asked,
            )


def _native_path(label: str, original: Original) -> str:
    """Return where an original stands; not by its own name, which may name a person."""
    ending = PurePath(original.name).suffix[:8]
    return f"{NATIVE}/{native_name(label, f'original-{original.number:02d}{ending}')}"


def _left_out_if_asked(film: Film, asked: Asked) -> Film:
    if film.why_not or film.key not in asked.without:
        return film
    return replace(film, why_not=_LEFT_OUT)
