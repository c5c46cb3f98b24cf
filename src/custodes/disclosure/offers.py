"""What of a case can be shared: clips and stills that were made, and exhibits as they play."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from custodes.cases.models import Case
from custodes.cases.queries import exhibits_of, material_of
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.checks import Chosen
from custodes.disclosure.keeping_back import kept_back, said_of
from custodes.disclosure.models import Item
from custodes.disclosure.rules.serving import TO_TAKE_AWAY, Thing, why_not_to
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.moments import filmed_from
from custodes.recordings.playing import played
from custodes.recordings.queries import those_within_reach
from custodes.recordings.rules import MADE_BY_PEOPLE, Purpose


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that something is of. ``kept_back``: why it goes to nobody at the moment.

    ``status`` is what :func:`said_of` its recording, ``whole`` the references under which
    all of it is an exhibit.
    """

    original: Original
    status: Status
    whole: tuple[str, ...]
    kept_back: str

    @property
    def recording(self) -> Recording:
        """Return the recording the file belongs to."""
        return self.original.recording


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that could be shared. ``copy`` is empty where the original itself plays.

    ``exhibits`` are the references under which it is an exhibit itself.
    """

    kind: Thing
    of: Origin
    copy: str
    media_type: str
    size: int
    sha256: str
    filmed_at: datetime
    seconds: float
    exhibits: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what it is chosen by."""
        return f"{self.kind}:{self.copy or self.of.original.handle}"

    @property
    def asked(self) -> Chosen:
        """Return it as the gate is asked about it: a whole recording is its original."""
        return Chosen(self.of.original.handle, self.copy if self.kind in TO_TAKE_AWAY else "")

    @property
    def title(self) -> str:
        """Return what the recipient reads: what it is of and when, and nobody's name."""
        begins, ends = localtime(self.filmed_at), localtime(self.filmed_at + self._lasting)
        when = f"{begins:%-d %B %Y}, {begins:%H:%M:%S}"
        until = f" to {ends:%H:%M:%S}" if self.seconds else ""
        if self.exhibits:
            name = f"{', '.join(self.exhibits)}: {_NAMES[self.kind]}"
        elif self.of.whole:
            name = f"{_NAMES[self.kind].capitalize()} of {', '.join(self.of.whole)}"
        else:
            name = _NAMES[self.kind].capitalize()
        return f"{name}, {when}{until} {begins:%Z}"

    def why_not_to(self, audience: Audience) -> str:
        """Return why it may not go to somebody; empty when it may."""
        exhibited = bool(self.exhibits or self.of.whole)
        return self.of.kept_back or why_not_to(audience, self.of.status, exhibited=exhibited)

    @property
    def _lasting(self) -> timedelta:
        return timedelta(seconds=self.seconds)


_NAMES = {Thing.CLIP: "clip", Thing.STILL: "picture", Thing.RECORDING: "recording"}


def asked_of(item: Item) -> Chosen:
    """Return something that was shared as the gate is asked about it."""
    return Chosen(item.original, item.copy if Thing(item.kind) in TO_TAKE_AWAY else "")


def on_offer(viewer: Viewer, case: Case) -> list[Offer]:
    """Return what this viewer could share of a case they may know of, in the order filmed.

    Only of recordings that they may play and make clips of.
    """
    recordings = [each.recording for each in material_of(viewer, case)]
    reached = those_within_reach(viewer, Permission.PLAY, recordings)
    reached &= those_within_reach(viewer, Permission.MAKE_CLIPS, recordings)
    within = [each for each in recordings if each.pk in reached]
    status = said_of(case, [each.pk for each in within])
    known = _Known(status, _references(viewer, case), kept_back(within))
    originals = Original.objects.filter(recording__in=within)
    originals = originals.select_related("recording").prefetch_related("copies")
    offers = [offer for original in originals for offer in _made_of(original, known)]
    return sorted(offers, key=lambda each: (each.filmed_at, each.kind, each.key))


@dataclass(frozen=True, slots=True)
class _Known:
    status: Mapping[int, Status]
    exhibits: Mapping[tuple[int, str], tuple[str, ...]]
    kept_back: Mapping[int, str]


def _references(viewer: Viewer, case: Case) -> Mapping[tuple[int, str], tuple[str, ...]]:
    """Return the references that stand, by recording and clip; without a clip: of all of it."""
    found: dict[tuple[int, str], tuple[str, ...]] = defaultdict(tuple)
    for each in exhibits_of(viewer, case).filter(voided_at=None):
        found[each.recording_id, each.clip] += (str(each),)
    return dict(found)


def _made_of(original: Original, known: _Known) -> Iterator[Offer]:
    cut = [copy for copy in original.copies.all() if copy.purpose in MADE_BY_PEOPLE]
    of = _origin(original, known)
    playing = played(original) if of.whole else None
    if not cut and playing is None:
        return
    began = filmed_from(original)
    for copy in cut:
        own = known.exhibits.get((original.recording_id, copy.handle), ())
        yield _cut(copy, began, of, own)
    if playing is not None:
        played_from = playing.copy or original
        yield Offer(
            kind=Thing.RECORDING,
            of=of,
            copy=playing.copy.handle if playing.copy else "",
            media_type=playing.media_type,
            size=played_from.size,
            sha256=played_from.sha256,
            filmed_at=began,
            seconds=original.seconds or 0.0,
            exhibits=of.whole,
        )


def _cut(copy: Copy, began: datetime, of: Origin, exhibits: tuple[str, ...]) -> Offer:
    begins, ends = float(copy.about.get("begins", 0)), float(copy.about.get("ends", 0))
    return Offer(
        kind=Thing.CLIP if copy.purpose == Purpose.CLIP else Thing.STILL,
        of=of,
        copy=copy.handle,
        media_type=copy.media_type,
        size=copy.size,
        sha256=copy.sha256,
        filmed_at=began + timedelta(seconds=begins),
        seconds=ends - begins,
        exhibits=exhibits,
    )


def _origin(original: Original, known: _Known) -> Origin:
    pk = original.recording_id
    return Origin(
        original=original,
        status=known.status[pk],
        whole=known.exhibits.get((pk, ""), ()),
        kept_back=known.kept_back.get(pk, ""),
    )
