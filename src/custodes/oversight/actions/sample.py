"""Draw a sample of what would be deleted next, keep it for the panel, and give it out (RET-19).

Which recordings are drawn nobody can choose: the seed is the root of the checkpoint that
closed the day before, which witnesses hold too. From the day a drawn recording would have
gone, nobody but the panel may see it: that it was sampled is no reason for anything else.
Once something else keeps it, that counts, and the lock goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from custodes.custody.actions import record
from custodes.custody.checkpoints import closed_day
from custodes.custody.events import SampleAllotted, SampleDrawn, SampleJudged
from custodes.custody.rules import Actor
from custodes.kernel import cj1
from custodes.kernel.digest import b64u, sha256
from custodes.kernel.errors import NotFound
from custodes.oversight.errors import ScrutinyRefused
from custodes.oversight.models import Allotment, Sample, Sampled
from custodes.oversight.rules import sample_of
from custodes.people.models import Person
from custodes.people.rules import Permission, Role, Viewer
from custodes.recordings.actions.grant import open_to
from custodes.recordings.actions.lock import Locking, lift_from, lock, name_to
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind, OpenFor, State
from custodes.retention.actions.hold import Wanted, raise_hold
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import Outlook
from custodes.retention.rules.decision import Verdict, decide
from custodes.retention.rules.holds import SCRUTINY, HoldKind, Scope
from custodes.retention.rules.schedule import End

_A_DAY = timedelta(days=1)
_AHEAD = 2 * _A_DAY
_LONGEST = 2000


@transaction.atomic
def draw_if_due(*, by: Actor, at: datetime) -> Sample | None:
    """Draw today's sample, once a day, from what would go by the day after tomorrow.

    It begins where the last one ended, so that nothing goes between two of them. Nothing is
    drawn while ``scrutiny_percent`` is 0, or before yesterday was closed: whoever could wait
    for another day's root could choose.
    """
    percent, day = settings.CUSTODES.scrutiny_percent, localdate(at)
    if not percent or Sample.objects.filter(day=day).exists():
        return None
    seed = closed_day(day - _A_DAY)
    if seed is None or readable_schedule_at(at) is None:
        return None
    strata = _candidates(at)
    drawn = {name: sample_of(seed.root, each, percent) for name, each in strata.items()}
    sample = Sample.objects.create(
        day=day,
        drawn_at=at,
        size=seed.size,
        seed=seed.root,
        percent=percent,
        candidates=sum(map(len, strata.values())),
        document={
            name: {"stood": sorted(each), "drawn": list(drawn[name])}
            for name, each in strata.items()
        },
    )
    told = SampleDrawn(
        size=seed.size,
        entries=sample.candidates,
        checked=sum(map(len, drawn.values())),
        document=b64u(sha256(document_of(sample))),
        day=f"{day:%-d %B %Y}",
    )
    record(told, subject=sample.handle, by=by, at=at)
    for stratum, handles in drawn.items():
        _keep(sample, stratum, handles, by=by, at=at)
    return sample


def document_of(sample: Sample) -> bytes:
    """Return what was drawn from what, byte for byte as the entry about it commits to it."""
    return cj1.dumps(
        {
            "day": sample.day.isoformat(),
            "format": "custodes-sample/v1",
            "percent": sample.percent,
            "seed": b64u(bytes(sample.seed)),
            "size": sample.size,
            "strata": sample.document,
        },
        max_bytes=64 << 20,
    )


def lock_what_is_over(*, by: Actor, at: datetime) -> int:
    """Lock the sampled recordings that are kept for the panel and for nothing else any more.

    Open again those that something else keeps by now. Return how many were locked.
    """
    schedule = readable_schedule_at(at)
    if schedule is None:
        return 0
    drawn = Sampled.objects.exclude(recording__state=State.DISPOSED)
    drawn = drawn.exclude(locked_at=None, hold__until__lte=at).exclude(
        locked_at=None, hold__released_at__isnull=False
    )
    standing = list(drawn.select_related("sample", "recording"))
    facts = facts_of([each.recording_id for each in standing])
    locked = 0
    for sampled in standing:
        known = facts[sampled.recording_id]
        others = [hold for hold in known.holds if hold.kind is not HoldKind.SCRUTINY]
        alone = decide(replace(known, holds=tuple(others)), schedule, at)
        is_over = alone.verdict is Verdict.DISPOSE
        if is_over and sampled.locked_at is None:
            _lock(sampled, by=by, at=at)
            locked += 1
        elif sampled.locked_at is not None and not is_over:
            _open_again(sampled, by=by, at=at)
    return locked


@transaction.atomic
def allot(
    viewer: Viewer, sampled: Sampled, person: Person, days: int, *, at: datetime
) -> Allotment:
    """Give a sampled recording to somebody of the panel, for so many days.

    Raises ScrutinyRefused for who may not, for who is not of the panel, or twice.
    """
    if not viewer.may(Permission.ALLOT_SAMPLES):
        raise ScrutinyRefused("None of your roles gives samples to the panel.")
    if not person.grants.filter(role=Role.PANEL).exists():
        raise ScrutinyRefused(f"{person.name} is not of the scrutiny panel.")
    if not 1 <= days <= SCRUTINY.days:
        raise ScrutinyRefused(f"Give it for 1 to {SCRUTINY.days} days.")
    recording = Recording.objects.select_for_update().get(pk=sampled.pk)
    if Allotment.objects.filter(sampled=sampled, person=person, until__gt=at).exists():
        raise ScrutinyRefused(f"{person.name} has this recording already.")
    if recording.state == State.DISPOSED:
        raise NotFound("This recording was deleted: its time for the panel is over.")
    until = at + timedelta(days=days)
    made = Allotment.objects.create(
        sampled=sampled, person=person, by=viewer.name, at=at, until=until
    )
    cause = sampled.sample.handle
    open_to([person.pk], [recording.pk], cause, "the scrutiny panel's sample", at=at, until=until)
    name_to(
        cause, person, OpenFor.SCRUTINY, "it was drawn for the scrutiny panel",
        by=viewer.actor, at=at, until=until, recording=recording,
    )  # fmt: skip
    told = SampleAllotted(person=person.name, days=str(days))
    record(told, subject=recording.handle, by=viewer.actor, at=at)
    return made


@transaction.atomic
def judge(viewer: Viewer, allotment: Allotment, said: str, *, at: datetime) -> None:
    """Keep what somebody of the panel says of a recording while they have it; said once."""
    allotment = Allotment.objects.select_for_update().get(pk=allotment.pk)
    is_over = allotment.until <= at and allotment.said_at is None
    if allotment.person_id != viewer.person or is_over:
        raise NotFound("There is no such recording for you to look at.")
    said = said.strip()
    if not said or len(said) > _LONGEST:
        raise ScrutinyRefused(f"Say what you saw, in up to {_LONGEST:,} characters.")
    if allotment.said_at is not None:
        raise ScrutinyRefused("You have said what you saw of this recording.")
    allotment.said, allotment.said_at = said, at
    allotment.save(update_fields=["said", "said_at"])
    judged = SampleJudged(said=said)
    record(judged, subject=allotment.sampled.recording.handle, by=viewer.actor, at=at)


def _candidates(at: datetime) -> Mapping[str, list[str]]:
    """Return what goes by itself next, by category and team: nobody's name is in a stratum."""
    schedule = readable_schedule_at(at)
    codes = [line.code for line in schedule.lines if line.end is End.DISPOSE] if schedule else []
    last = Sample.objects.order_by("-drawn_at").values_list("drawn_at", flat=True).first()
    notes = Outlook.objects.filter(
        due_at__gt=last + _AHEAD if last else at + _A_DAY,
        due_at__lte=at + _AHEAD,
        line__in=codes,
        held=False,
        recording__state=State.COMPLETE,
        recording__locks=None,
        recording__sampled=None,
    )
    found: dict[str, list[str]] = defaultdict(list)
    rows = notes.values_list(
        "recording__handle", "recording__category__name", "recording__team__name"
    )
    for handle, category, team in rows:
        found[f"{category or 'not sorted'}, {team or 'no team'}"].append(handle)
    return dict(sorted(found.items()))


def _keep(sample: Sample, stratum: str, handles: Iterable[str], *, by: Actor, at: datetime) -> None:
    scope = Scope(recordings=frozenset(handles))
    if scope.is_empty:
        return
    until = SCRUTINY.after(at)
    wanted = Wanted(
        HoldKind.SCRUTINY, f"drawn on {sample.day:%-d %B %Y}", localdate(until), scope, until=until
    )
    hold = raise_hold(wanted, by=by, at=at)
    Sampled.objects.bulk_create(
        Sampled(sample=sample, recording=held.recording, stratum=stratum[:200], hold=hold)
        for held in hold.held.select_related("recording")
    )


@transaction.atomic
def _lock(sampled: Sampled, *, by: Actor, at: datetime) -> None:
    because = "its time is over, and it is kept for the scrutiny panel only"
    locking = Locking(sampled.sample.handle, LockKind.SCRUTINY, because)
    lock([sampled.recording], locking, by=by, at=at)
    sampled.locked_at = at
    sampled.save(update_fields=["locked_at"])


@transaction.atomic
def _open_again(sampled: Sampled, *, by: Actor, at: datetime) -> None:
    because = "it is not kept for the scrutiny panel only any more"
    lift_from(sampled.recording, sampled.sample.handle, because, by=by, at=at)
    sampled.locked_at = None
    sampled.save(update_fields=["locked_at"])
