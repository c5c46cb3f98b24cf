"""Ask the gate of a case: what is known of what was chosen, and what the rules say of it.

A viewer sees only what they may know of. What is asked about the case as a whole, such as
whether every camera is accounted for, is asked of all of it, whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime

from custodes.cases.coverage import what_is_open_in
from custodes.cases.models import Case, Exhibit
from custodes.cases.queries import exhibits_of, material_of
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status, fault_of_description
from custodes.disclosure.keeping_back import said_of
from custodes.disclosure.rules.gate import judge, open_among
from custodes.disclosure.rules.lines import AboutTheCase, Item, Line, Redaction
from custodes.intake.rules import Kind
from custodes.media.playable import why_not_playable
from custodes.people.rules import Viewer
from custodes.recordings.clips import described
from custodes.recordings.models import Copy, Original
from custodes.recordings.moments import filmed_from
from custodes.recordings.reports import name_of
from custodes.recordings.rules import MADE_BY_PEOPLE, Purpose

_UNUSED = (Status.UNUSED, Status.SENSITIVE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to give: a clip or still, or, without ``copy``, a whole file.

    Both are handles. A viewing copy stands for the whole file it was made of.
    """

    original: str
    copy: str = ""

    @property
    def key(self) -> str:
        """Return what lines and pages know it by."""
        return f"{self.original}:{self.copy}" if self.copy else self.original


def exhibits_to_give(viewer: Viewer, case: Case, references: Collection[str] = ()) -> list[Chosen]:
    """Return the exhibits that stand in a case, as far as this viewer knows of them.

    With ``references``: only those.
    """
    found: dict[Chosen, None] = {}
    for exhibit in exhibits_of(viewer, case).filter(voided_at=None):
        if references and str(exhibit) not in references:
            continue
        for original in _files_of(exhibit):
            found[Chosen(original, exhibit.clip)] = None
    return list(found)


def _files_of(exhibit: Exhibit) -> Iterable[str]:
    originals = Original.objects.filter(recording=exhibit.recording_id)
    if exhibit.clip:
        originals = originals.filter(copies__handle=exhibit.clip)
    else:
        originals = originals.filter(kind=Kind.VIDEO)
    return originals.order_by("number").values_list("handle", flat=True)


def gate(
    viewer: Viewer, case: Case, chosen: Iterable[Chosen], audience: Audience
) -> tuple[Line, ...]:
    """Return every line of the gate for what was chosen of a case this viewer may know of."""
    policy = settings.CUSTODES.redaction.get(audience, Redaction.WARN)
    return judge(items_of(viewer, case, chosen), _about(viewer, case), audience, policy)


def open_lines(
    viewer: Viewer, case: Case, chosen: Iterable[Chosen], audience: Audience
) -> tuple[Line, ...]:
    """Return the lines that keep what was chosen from being given; none: it is ready."""
    return open_among(gate(viewer, case, chosen, audience))


def items_of(viewer: Viewer, case: Case, chosen: Iterable[Chosen]) -> list[Item]:
    """Return what is known of what was chosen; what is not there, or hidden, has no size."""
    wanted = list(chosen)
    known = _Known.of(viewer, case, wanted)
    return [known.item(each) for each in wanted]


def _about(viewer: Viewer, case: Case) -> AboutTheCase:
    return AboutTheCase(str(case), what_is_open_in(case), tuple(_undescribed(viewer, case)))


def _undescribed(viewer: Viewer, case: Case) -> Iterator[tuple[str, str]]:
    exhibited = case.exhibits.filter(voided_at=None).values("recording")
    rows = case.material.filter(taken_out_at=None, status__in=_UNUSED)
    rows = rows.exclude(recording__in=exhibited).order_by("pk")
    shown = {each.pk: each.recording for each in material_of(viewer, case)}
    for row in rows:
        if said := fault_of_description(row.description):
            recording = shown.get(row.pk)
            if recording is None:
                yield "", f"Of a recording that you may not know of: {said}"
            else:
                yield recording.handle, f"The {name_of(recording)}: {said}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up at once for everything that was chosen."""

    originals: Mapping[str, Original]
    copies: Mapping[str, Copy]
    exhibits: tuple[Exhibit, ...]
    status: Mapping[int, Status]

    @classmethod
    def of(cls, viewer: Viewer, case: Case, wanted: Iterable[Chosen]) -> _Known:
        known = [each.recording_id for each in material_of(viewer, case)]
        names = {each.original for each in wanted}
        originals = Original.objects.filter(handle__in=names, recording__in=known)
        originals = originals.select_related("recording").prefetch_related("copies")
        found = {each.handle: each for each in originals}
        return cls(
            originals=found,
            copies={copy.handle: copy for each in found.values() for copy in each.copies.all()},
            exhibits=tuple(exhibits_of(viewer, case).filter(voided_at=None)),
            status=said_of(case, known),
        )

    def item(self, chosen: Chosen) -> Item:
        original = self.originals.get(chosen.original)
        copy = self.copies.get(chosen.copy)
        if original is None or (chosen.copy and copy is None):
            return self._gone(chosen)
        if copy is not None and copy.purpose in MADE_BY_PEOPLE:
            return self._made(chosen, original, copy)
        return self._whole(chosen, original)

    def _gone(self, chosen: Chosen) -> Item:
        exhibit = next((each for each in self.exhibits if chosen.copy == each.clip != ""), None)
        return Item(
            key=chosen.key,
            label=str(exhibit or "Something that was chosen"),
            recording=exhibit.recording.handle if exhibit else "",
            sha256="",
            status=Status.NOT_LOOKED_AT,
            size=0,
            seconds=0.0,
            exhibit=exhibit.handle if exhibit else "",
        )

    def _made(self, chosen: Chosen, original: Original, copy: Copy) -> Item:
        about = copy.about
        begins, ends = float(about["begins"]), float(about["ends"])
        shown = described(copy)
        profile = about.get("profile") or {}
        return Item(
            key=chosen.key,
            sha256=copy.sha256,
            size=copy.size,
            seconds=ends - begins,
            is_clip=copy.purpose == Purpose.CLIP,
            is_still=copy.purpose == Purpose.STILL,
            covers=_share(ends - begins, original),
            begins=(shown.begins - original.recording.started_at).total_seconds(),
            whole=tuple((float(at), int(before)) for at, before in profile.get("whole", ())),
            not_playable=why_not_playable(profile),
            **self._of(original, copy.handle, f"The {copy.purpose} of", shown.begins),
        )

    def _whole(self, chosen: Chosen, original: Original) -> Item:
        began = filmed_from(original)
        return Item(
            key=chosen.key,
            sha256=original.sha256,
            size=original.size,
            seconds=original.seconds or 0.0,
            name=original.name,
            begins=(began - original.recording.started_at).total_seconds(),
            not_playable=_why_original_does_not_play(original),
            **self._of(original, "", "The recording of", began),
        )

    def _of(self, original: Original, clip: str, what: str, at: datetime) -> dict[str, Any]:
        """Return what the case says of it: the exhibit it is, and what was said of that."""
        pk = original.recording_id
        standing = (each for each in self.exhibits if each.recording_id == pk)
        exhibit = next((each for each in standing if each.clip == clip), None)
        found = {
            "label": f"{what} {localtime(at):%H:%M:%S}",
            "recording": original.recording.handle,
            "status": self.status[pk],
        }
        if exhibit is None:
            return found
        return found | {
            "label": str(exhibit),
            "exhibit": exhibit.handle,
            "item": exhibit.item,
            "whole_because": exhibit.whole_because,
            "unhidden_because": exhibit.unhidden_because,
        }


def _share(seconds: float, original: Original) -> float:
    """Return how much of its recording a stretch is; all of it where nobody knows."""
    whole = max(original.recording.seconds, original.seconds or 0.0)
    return min(1.0, seconds / whole) if whole > 0 else 1.0


def _why_original_does_not_play(original: Original) -> tuple[str, ...]:
    """Return why a whole recording does not play; a viewing copy of it does, being made so.

    Where an original has its tables is as its camera wrote it, and is not held against it.
    """
    if any(copy.purpose == Purpose.VIEWING for copy in original.copies.all()):
        return ()
    probe = (original.described or {}).get("probe")
    return why_not_playable({**probe, "tables_first": True} if probe else None)
