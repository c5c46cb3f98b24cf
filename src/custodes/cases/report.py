"""What happened to a case, and with the recordings in it, in sentences, for those who may see.

What goes to somebody outside goes by whom it is for, as the papers of a case do
(``rules.audiences``). What is left out, and could not be counted without telling of it, is
named in the same words whether there is any or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from custodes.cases.models import Case, Material
from custodes.cases.queries import case_for, material_of
from custodes.cases.rules.audiences import PAPER_NAMES, Audience, Paper, sees_sensitive
from custodes.cases.rules.material import STATUS_NAMES, Status
from custodes.custody.events import MaterialAssessed, PaperTaken
from custodes.custody.queries import Told, histories_of, history_of, told_at
from custodes.custody.report import Report, Subject, report_of
from custodes.people.rules import Permission, Viewer
from custodes.recordings.kept_apart import (
    looks_of_watchdog,
    recording_in,
    said_of_looks,
    telling_of_withheld,
)
from custodes.recordings.models import Recording
from custodes.recordings.queries import those_within_reach, within_reach
from custodes.recordings.reports import name_of

_LEFT_OUT = "{left} that whoever made this knows of, but whose history they may not read"
#: What is never told of to an audience that may not learn of it, nor counted.
NOT_SENSITIVE = "sensitive unused material, whether there is any or not"


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What is told of a case: which recordings, and how many of those known are left out.

    ``sensitive`` holds the recordings that the one it is for must not learn of.
    """

    case: Case
    recordings: tuple[Recording, ...]
    left_out: int
    sensitive: frozenset[str]

    @property
    def handles(self) -> frozenset[str]:
        """Return whose histories are told: the case's, and those of the recordings."""
        return frozenset({self.case.handle, *(each.handle for each in self.recordings)})


def history_of_case(viewer: Viewer, case: Case) -> Report:
    """Return the history of a case this viewer may know of, but for what a lock keeps apart."""
    case = case_for(viewer, case.handle)
    facts = (("Case", str(case)), ("What it is about", case.about))
    acts = history_of(case.handle)
    hidden = telling_of_withheld(viewer, acts)
    told = (each for each in acts if each.index not in hidden)
    return report_of(f"History of case {case}", facts, [_subject(case)], told)


def report_of_case(viewer: Viewer, case: Case, audience: Audience | None = None) -> Report:
    """Return the custody report of a case: its own history, and that of every recording in it.

    Only of recordings whose history this viewer may read. ``audience``: for whom it is;
    None for the viewer themselves.
    """
    of = told_of(viewer, case, Permission.SEE_CUSTODY, audience)
    acts = histories_of(of.handles)
    looks = looks_of_watchdog(viewer, acts)
    hidden = looks | telling_of_withheld(viewer, acts) | telling_of_sensitive(acts, of, audience)
    kept = () if _learns_all(audience) else (("Not told of", NOT_SENSITIVE),)
    facts = (
        ("Case", str(of.case)),
        ("What it is about", of.case.about),
        ("Recordings told of", str(len(of.recordings))),
        ("Recordings left out", _LEFT_OUT.format(left=of.left_out)),
        *kept,
        *said_of_looks(looks),
    )
    subjects = [_subject(of.case), *(Subject(each.handle, name_of(each)) for each in of.recordings)]
    told = (each for each in acts if each.index not in hidden)
    return report_of(f"Custody report: case {of.case}", facts, subjects, told)


def told_of(
    viewer: Viewer, case: Case, permission: Permission, audience: Audience | None
) -> ToldOf:
    """Return which recordings of a case somebody is told of, whose histories a permission opens."""
    case = case_for(viewer, case.handle)
    sensitive = frozenset[str]() if _learns_all(audience) else _sensitive_in(case)
    material = material_of(viewer, case).exclude(recording__handle__in=sensitive)
    recordings = [each.recording for each in material]
    reached = those_within_reach(viewer, permission, recordings)
    told = tuple(each for each in recordings if each.pk in reached)
    return ToldOf(case, told, len(recordings) - len(told), sensitive)


def telling_of_sensitive(
    acts: Sequence[Told], of: ToldOf, audience: Audience | None
) -> frozenset[int]:
    """Return the indexes of the entries that tell of sensitive unused material to who must not."""
    if _learns_all(audience):
        return frozenset()
    return frozenset(told.index for told in acts if _tells_of_sensitive(told, of))


def telling_of_unopened(viewer: Viewer, acts: Sequence[Told]) -> frozenset[int]:
    """Return the indexes of the entries naming a recording that this viewer opens to nobody."""
    names = {told.index: recording_in(told) for told in acts if recording_in(told)}
    named = list(Recording.objects.filter(handle__in=set(names.values())))
    opens = those_within_reach(viewer, Permission.OPEN_DETAILS, named)
    opened = {each.handle for each in named if each.pk in opens}
    return frozenset(index for index, name in names.items() if name not in opened)


def is_told(viewer: Viewer, case: Case, index: int) -> bool:
    """Say whether the report of a case that this viewer reads tells of an entry."""
    case = case_for(viewer, case.handle)
    told = told_at(index)
    if told is None:
        return False
    if told.subject != case.handle:
        of = material_of(viewer, case).filter(recording__handle=told.subject).first()
        if of is None or not within_reach(viewer, Permission.SEE_CUSTODY, of.recording):
            return False
    return not telling_of_withheld(viewer, [told]) | looks_of_watchdog(viewer, [told])


def _learns_all(audience: Audience | None) -> bool:
    return audience is None or sees_sensitive(audience)


def _tells_of_sensitive(told: Told, of: ToldOf) -> bool:
    """Say whether it names such a recording, said so of one, or took their schedule away."""
    if recording_in(told) in of.sensitive:
        return True
    if told.kind == MaterialAssessed.kind:
        return told.fields.get("status") == STATUS_NAMES[Status.SENSITIVE]
    return told.kind == PaperTaken.kind and told.fields.get("paper") == PAPER_NAMES[Paper.SENSITIVE]


def _sensitive_in(case: Case) -> frozenset[str]:
    """Return the recordings of a case that are sensitive unused material, or were when taken out.

    Whoever asks. What has become an exhibit is none; nor what is in the case again as another.
    """
    exhibited = case.exhibits.filter(voided_at=None).values("recording")
    sensitive: QuerySet[Material] = case.material.filter(status=Status.SENSITIVE)
    others = case.material.filter(taken_out_at=None).exclude(status=Status.SENSITIVE)
    standing = sensitive.exclude(recording__in=exhibited).exclude(
        recording__in=others.values("recording")
    )
    return frozenset(standing.values_list("recording__handle", flat=True))


def _subject(case: Case) -> Subject:
    return Subject(case.handle, f"case {case}")
