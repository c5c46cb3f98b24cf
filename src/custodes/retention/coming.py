"""What goes on which day, what waits for a person, and why: for calendars, queues and Today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.timezone import get_current_timezone, localdate

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.granted import granted
from custodes.recordings.many import among
from custodes.recordings.models import Recording
from custodes.recordings.queries import of_known, recordings_for
from custodes.recordings.rules import State
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import HeldRecording, Hold, Outlook, ReleaseAgreement, Review, Sweep
from custodes.retention.queries import holds_in_force
from custodes.retention.rules.decision import Decision, Verdict, decide
from custodes.retention.rules.holds import GRACE, HOLD_NAMES, TOLD_AFTER, HoldKind, latest_look
from custodes.retention.rules.leaving import Leaving, leaves_before
from custodes.retention.rules.schedule import End, Schedule
from custodes.retention.rules.then import Coming, coming_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days of the calendar, and of how many recordings what happens on them.

    ``until`` is the day after the last one, None for all that comes. ``asked_again`` are
    those that a hold or a sample keeps until then, and what waits for a case or a clock.
    """

    begins: date
    until: date | None
    deleted: int
    looked_at: int
    asked_again: int

    @property
    def count(self) -> int:
        """Return of how many recordings anything happens."""
        return self.deleted + self.looked_at + self.asked_again


@dataclass(frozen=True, slots=True)
class GoingSoon:
    """How many recordings go soon, and when the first of them does."""

    count: int
    first: datetime | None


def days_ahead(viewer: Viewer, at: datetime, *, days: int) -> list[Stretch]:
    """Return the days from today on with what happens on each; what is overdue counts today."""
    today = at.astimezone(get_current_timezone()).date()
    return _counted(viewer, [today + timedelta(days=number) for number in range(days + 1)], at)


def day_ahead(viewer: Viewer, day: date, at: datetime) -> Stretch | None:
    """Return what happens on one day; None for who may not see it."""
    return next(iter(_counted(viewer, [day, day + timedelta(days=1)], at)), None)


def months_ahead(viewer: Viewer, at: datetime, *, after: int, months: int) -> list[Stretch]:
    """Return what happens later than so many days from now: by month, and then all that comes.

    The first is what is left of the month in which those days end.
    """
    begins = [at.astimezone(get_current_timezone()).date() + timedelta(days=after)]
    for _ in range(months):
        begins.append((begins[-1].replace(day=1) + timedelta(days=32)).replace(day=1))
    return _counted(viewer, [*begins, None], at)


def _counted(viewer: Viewer, begins: Sequence[date | None], at: datetime) -> list[Stretch]:
    """Count what happens between each of these days and the next, by what was noted.

    One range of the index of what is due for each: to have the database make days of all
    moments takes longer than to count them. A note names the line that reaches furthest.
    """
    if not viewer.may(Permission.SEE_RETENTION):
        return []
    schedule = readable_schedule_at(at)
    goes = [line.code for line in schedule.lines if line.end is End.DISPOSE] if schedule else []
    let_go = Review.objects.filter(keep_until=None).values("recording")
    by_line = Q(verdict=Verdict.DISPOSE) | Q(line__in=goes) | Q(pk__in=let_go)
    asked_again = Q(held=True) | Q(line="")
    today = at.astimezone(get_current_timezone()).date()
    found = []
    for begin, until in pairwise(begins):
        assert begin is not None  # only the last may have no end
        due = Outlook.objects.filter(due_at__isnull=False)
        if begin != today:
            due = due.filter(due_at__gte=_begin(begin))
        if until is not None:
            due = due.filter(due_at__lt=_begin(until))
        counts = due.aggregate(
            all=Count("pk"),
            deleted=Count("pk", filter=~asked_again & by_line),
            again=Count("pk", filter=asked_again),
        )
        looked_at = counts["all"] - counts["deleted"] - counts["again"]
        found.append(Stretch(begin, until, counts["deleted"], looked_at, counts["again"]))
    return found


def over_on(viewer: Viewer, day: date, at: datetime) -> QuerySet[Recording]:
    """Return the recordings whose time is over on a day, as far as the viewer may know of them."""
    if not viewer.may(Permission.SEE_RETENTION):
        return Recording.objects.none()
    found = recordings_for(viewer).filter(outlook__due_at__lt=_begin(day + timedelta(days=1)))
    if day > at.astimezone(get_current_timezone()).date():
        found = found.filter(outlook__due_at__gte=_begin(day))
    found = found.select_related("camera", "wearer", "category")
    return found.order_by("outlook__due_at", "pk")


def waiting_for(viewer: Viewer) -> QuerySet[Recording]:
    """Return the recordings that wait for somebody to look, the oldest first."""
    if not viewer.may(Permission.SEE_RETENTION):
        return Recording.objects.none()
    found = recordings_for(viewer).filter(outlook__verdict=Verdict.REVIEW)
    return found.select_related("camera", "wearer", "category").order_by("started_at", "pk")


def waiting_one(viewer: Viewer, handle: str) -> Recording:
    """Return one recording that waits for somebody to look; raises NotFound."""
    recording = waiting_for(viewer).filter(handle=handle).first()
    if recording is None:
        raise NotFound("No such recording waits for review.")
    return recording


def kept_by_line(viewer: Viewer) -> dict[str, int]:
    """Return how many recordings are kept, by the line of the schedule noted of them.

    Of those that nothing was noted of yet, nothing is said.
    """
    if not viewer.may(Permission.SEE_RETENTION):
        return {}
    return dict(sorted(Outlook.objects.order_by().values_list("line").annotate(Count("pk"))))


def names_of_lines(at: datetime) -> dict[str, str]:
    """Return what the lines of the schedule in force are called, by code; they are no secret."""
    schedule = readable_schedule_at(at)
    return {line.code: line.name for line in schedule.lines} if schedule is not None else {}


def reasons_of(recordings: Iterable[Recording], at: datetime) -> dict[int, Decision]:
    """Return what the rules say of recordings a viewer was given; nothing without a schedule."""
    schedule = readable_schedule_at(at)
    if schedule is None:
        return {}
    facts = facts_of([each.pk for each in recordings])
    return {pk: decide(each, schedule, at) for pk, each in facts.items()}


def coming_to(recordings: Iterable[Recording], at: datetime) -> dict[int, Coming]:
    """Return what happens to recordings a viewer was given on the day each is due."""
    schedule = readable_schedule_at(at)
    if schedule is None:
        return {}
    facts = facts_of([each.pk for each in recordings])
    found = {pk: coming_of(each, schedule, at) for pk, each in facts.items()}
    return {pk: coming for pk, coming in found.items() if coming is not None}


def own_going_soon(viewer: Viewer, at: datetime, within: timedelta) -> GoingSoon:
    """Return how many of the viewer's own recordings go soon and have no category."""
    if not viewer.may(Permission.CATEGORISE):
        return GoingSoon(0, None)
    own = Outlook.objects.filter(
        recording__wearer=viewer.person,
        recording__category=None,
        due_at__lt=at + within,
        verdict=Verdict.KEEP,
        held=False,
    )
    known = own.filter(of_known(viewer))
    found = known.aggregate(count=Count("pk"), first=Min("due_at"))
    return GoingSoon(found["count"], found["first"])


def going_soon(viewer: Viewer, at: datetime, within: timedelta) -> QuerySet[Recording]:
    """Return what is deleted by itself soon, of the viewer's own and of cases they work on.

    What a hold keeps until a day, and nothing after it, is among them; what a person has to
    look at first is not.
    """
    # As two searches of an index: joined, all that goes soon would be looked through.
    theirs = Q(wearer=viewer.person) | (granted(viewer) or Q(pk__in=[]))
    return _going(recordings_for(viewer).filter(theirs), at, within)


def going_after_a_hold(viewer: Viewer, at: datetime, within: timedelta) -> QuerySet[Recording]:
    """Return what is deleted soon after a hold on it was released (HOLD-04), or ends by itself."""
    if not viewer.may(Permission.SEE_RETENTION):
        return Recording.objects.none()
    ends = Q(hold__until__gt=at - within, hold__until__lt=at + within, hold__released_at=None)
    lets_go = HeldRecording.objects.filter(ends | Q(hold__released_at__gt=at - within))
    return _going(recordings_for(viewer).filter(pk__in=lets_go.values("recording")), at, within)


def how_they_go(
    recordings: Iterable[Recording], at: datetime, within: timedelta
) -> dict[int, Leaving]:
    """Return when and why recordings go that a viewer was told go soon; by their keys."""
    schedule = readable_schedule_at(at)
    if schedule is None:
        return {}
    facts = facts_of([each.pk for each in recordings])
    found = {}
    for pk, known in facts.items():
        decision = decide(known, schedule, at)
        if any(hold.binds(at) for hold in known.holds):
            leaving = leaves_before(known, schedule, at, at + within)
        else:
            leaving = Leaving(decision.due, decision.reasons) if decision.due else None
        if leaving is not None:
            found[pk] = leaving
    return found


def ending_by_themselves(viewer: Viewer, at: datetime, within: timedelta) -> list[Hold]:
    """Return the holds this very person placed that end by themselves soon, the first first.

    One that keeps nothing that is still here is left out.
    """
    if viewer.person is None:
        return []
    ends = Hold.objects.filter(
        placer=viewer.person, released_at=None, until__gt=at, until__lt=at + within
    )
    return list(ends.filter(Exists(_still_here())).order_by("until", "pk"))


@dataclass(frozen=True, slots=True)
class LetGo:
    """A hold that was released: what it kept stays until ``stays_until``, or stayed until then."""

    hold: Hold
    what: str
    stays_until: datetime
    is_over: bool


def let_go_lately(viewer: Viewer, at: datetime) -> list[LetGo]:
    """Return the holds of this very person whose grace runs or ended this week (HOLD-04).

    Theirs are those they placed and those whose release they agreed to. One that kept
    nothing that is still here is left out; one that ended by itself has no grace to tell of.
    """
    if viewer.person is None:
        return []
    theirs = Q(placer=viewer.person) | Exists(
        ReleaseAgreement.objects.filter(hold=OuterRef("pk"), person=viewer.person, voided_at=None)
    )
    since = at - timedelta(days=GRACE.days) - TOLD_AFTER
    released = Hold.objects.filter(theirs, released_at__gt=since, released_at__lte=at)
    still_here = released.filter(Exists(_still_here()))
    return [_let_go(hold, at) for hold in still_here.order_by("released_at", "pk")]


def _still_here() -> QuerySet[HeldRecording]:
    """Return what a hold keeps, or kept, and is still here: to be asked of each hold."""
    kept = HeldRecording.objects.filter(hold=OuterRef("pk"))
    return kept.exclude(recording__state=State.DISPOSED)


def _let_go(hold: Hold, at: datetime) -> LetGo:
    stays_until = GRACE.after(hold.released_at or at)
    return LetGo(hold, HOLD_NAMES[HoldKind(hold.kind)], stays_until, at >= stays_until)


def _going(known: QuerySet[Recording], at: datetime, within: timedelta) -> QuerySet[Recording]:
    schedule = readable_schedule_at(at)
    lines = schedule.lines if schedule is not None else ()
    goes = [line.code for line in lines if line.end is End.DISPOSE]
    let_go = Q(reviews__isnull=False, reviews__keep_until=None)
    soon = known.filter(outlook__due_at__lt=at + within)
    soon = soon.exclude(outlook__verdict=Verdict.REVIEW)
    by_clock = Q(outlook__held=False) & (Q(outlook__line__in=goes) | let_go)
    with_hold = _going_with_a_hold(soon, schedule, at, within) if schedule is not None else []
    soon = soon.filter(by_clock | Q(pk__in=among(with_hold))).distinct()
    return soon.select_related("camera", "wearer", "category").order_by("outlook__due_at", "pk")


def _going_with_a_hold(
    soon: QuerySet[Recording], schedule: Schedule, at: datetime, within: timedelta
) -> list[int]:
    """Return which of them go because a hold ends by itself: of the held, no note says that."""
    held = soon.filter(outlook__held=True).order_by().values_list("pk", flat=True).distinct()
    facts = facts_of(list(held))
    until = at + within
    return [pk for pk, each in facts.items() if leaves_before(each, schedule, at, until)]


def number_waiting(viewer: Viewer) -> int:
    """Return how many recordings wait for review, for those who review."""
    if not viewer.may(Permission.REVIEW):
        return 0
    return Outlook.objects.filter(verdict=Verdict.REVIEW).count()


def holds_to_look_at(viewer: Viewer, at: datetime) -> QuerySet[Hold]:
    """Return the holds whose review date has come, for those who release holds.

    So are those whose date lies further ahead than one may: they were placed when any date
    was taken. Not those that are over, nor those that keep nothing and reach for nothing to come.
    """
    if not viewer.may(Permission.RELEASE_HOLD):
        return Hold.objects.none()
    keeps = Q(standing=True) | Exists(_still_here())
    today = localdate(at)
    come = Q(review_on__lte=today) | Q(review_on__gt=latest_look(today))
    return holds_in_force(viewer, at).filter(keeps, come)


def sweep_that_waits(viewer: Viewer) -> Sweep | None:
    """Return the newest sweep if it stopped and waits for people, for those who may agree."""
    if not viewer.may(Permission.RUN_RETENTION):
        return None
    newest = Sweep.objects.first()
    stopped = newest is not None and newest.stopped and newest.begun_at is None
    return newest if stopped else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())
