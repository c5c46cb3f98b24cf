"""What the day asks of somebody, by their roles, in sentences with links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import get_current_timezone, localtime

from custodes.cases.queries import my_cases, to_search, waiting_in
from custodes.cases.rules.proceeding import OUTCOMES
from custodes.cases.still_needed import to_look_over
from custodes.custody.health import Fault, log_health
from custodes.disclosure.queries import (
    held_back_since,
    letters_that_failed,
    to_release,
    wishes_waiting,
)
from custodes.disclosure.served import cases_with_news, not_opened_in_time
from custodes.disclosure.waiting import is_asked_to_serve, waiting_to_be_served
from custodes.incidents.queries import not_referred, number_unrecovered
from custodes.incidents.rules import refer_by
from custodes.intake.board import late_docks, quarantine_for
from custodes.kernel.clock import now
from custodes.oversight.queries import due_for
from custodes.people.rules import Permission, Viewer
from custodes.recordings.backlog import (
    Backlog,
    own_without_category,
    still_arriving,
    team_without_category,
)
from custodes.recordings.gaps import open_gaps_for
from custodes.recordings.things import to_return
from custodes.retention.agreeing import waits_for_two
from custodes.retention.category_changes import number_of_changes
from custodes.retention.coming import (
    ending_by_themselves,
    going_after_a_hold,
    going_soon,
    holds_to_look_at,
    let_go_lately,
    number_waiting,
    own_going_soon,
    sweep_that_waits,
)
from custodes.retention.inventory.accepted import waits_for
from custodes.retention.inventory.shown import alarm_for
from custodes.retention.late import late_to_explain
from custodes.retention.notices import number_to_send
from custodes.retention.proposals import number_to_decide
from custodes.retention.rules.holds import HOLD_NAMES, HoldKind
from custodes.retention.undestroyed import undestroyed_for
from custodes.web.words import counted, day, how_long

_ARRIVES_WITHIN = timedelta(hours=12)
_GOES_WITHIN = timedelta(days=7)
_AT_MOST = 5
GOES_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to know. ``needs`` says that somebody has to do something about it."""

    text: str
    link: str
    url: str
    needs: bool = True


def what_needs(viewer: Viewer) -> list[Sentence]:
    """Return what needs this person: a loss before all else, then the most personal first."""
    return [
        *_lost(viewer),
        *_after_incidents(viewer),
        *_to_sort(viewer),
        *_in_cases(viewer),
        *_to_serve(viewer),
        *_of_shares(viewer),
        *_about_keeping(viewer),
        *_undestroyed(viewer),
        *_to_answer(viewer),
        *_missing(viewer),
        *_to_return(viewer),
        *_about_the_log(viewer),
        *_at_the_docks(viewer),
    ]


def _lost(viewer: Viewer) -> Iterator[Sentence]:
    if (sounding := alarm_for(viewer, now())) is not None:
        yield Sentence(sounding.sentence, "Look at the inventory", reverse("inventory"))
    if waits_for(viewer):
        text = "A loss waits for a second person to accept it."
        yield Sentence(text, "Read why", reverse("inventory-loss"))


def _to_answer(viewer: Viewer) -> Iterator[Sentence]:
    today = localtime(now()).date()
    for one in due_for(viewer, today):
        by = f"{one.due_on:%-d %B %Y}"
        had = "had" if one.due_on and one.due_on < today else "has"
        text = f"The {one.get_kind_display()} {one.reference} {had} to be answered by {by}."
        yield Sentence(text, "Look at it", reverse("registered", args=[one.handle]))


def _about_the_log(viewer: Viewer) -> Iterator[Sentence]:
    """What is late of the log, for those who may look at it."""
    if not viewer.may(Permission.SEE_LEDGER):
        return
    for finding in log_health(now()):
        # That nobody witnesses the log at all is said on its page; it is not news every day.
        if finding.fault is not Fault.NO_WITNESS:
            link = "Look at the record"
            yield Sentence(finding.sentence, link, reverse("record"), needs=finding.is_grave)


def _to_sort(viewer: Viewer) -> Iterator[Sentence]:
    own = own_without_category(viewer)
    if own.count:
        verb = "has" if own.count == 1 else "have"
        text = f"{_many(own)} of yours {verb} no category{_oldest(own)}."
        them = "it" if own.count == 1 else "them"
        yield Sentence(text, f"Put {them} in a category", _search(wearer=viewer.handle))
    team = team_without_category(viewer)
    if team.count:
        verb = "has" if team.count == 1 else "have"
        text = f"{_many(team)} of your team {verb} no category{_oldest(team)}."
        yield Sentence(text, "See them", _search())


def _in_cases(viewer: Viewer) -> Iterator[Sentence]:
    """What waits in the cases this person is on."""
    if search := to_search(viewer).count():
        verb = "waits" if search == 1 else "wait"
        text = f"{counted(search, 'case')} {verb} for somebody to look for other cameras."
        yield Sentence(text, "See which", f"{reverse('cases')}?search")
    if look := to_look_over(viewer, now()):
        text = (
            f"Nobody has looked for a year whether what is kept for {counted(len(look), 'case')} "
            "of yours is still needed."
        )
        url = reverse("cases") if len(look) > 1 else reverse("case", args=[look[0].handle])
        yield Sentence(text, "Look, and say so", url)
    mine = [case for case in my_cases(viewer) if case.state not in OUTCOMES]
    waiting = waiting_in(viewer, mine)
    if not waiting:
        return
    number = sum(waiting.values())
    verb = "waits" if number == 1 else "wait"
    text = f"{counted(number, 'recording')} in your cases {verb} for somebody to look."
    [only, *more] = waiting
    handle = next(case.handle for case in mine if case.pk == only)
    url = reverse("cases") if more else reverse("case", args=[handle])
    yield Sentence(text, "Say what becomes of them", url)


def _of_shares(viewer: Viewer) -> Iterator[Sentence]:
    """What recipients have and should not, what they wait for, what waits for a second person."""
    for share, taken in held_back_since(viewer, now())[:_AT_MOST]:
        text = f"Something {share.recipient} was given of case {share.case} is held back since"
        text += "; they had taken it away." if taken else "."
        yield Sentence(text, "See why, and call it back", reverse("share", args=[share.handle]))
    for wish in wishes_waiting(viewer)[:_AT_MOST]:
        text = f"{wish.share.recipient} asks for more of case {wish.share.case}."
        url = reverse("share-wish", args=[wish.share.handle, wish.handle])
        yield Sentence(text, "Answer", url)
    late = not_opened_in_time(viewer, now())
    if (first := late.first()) is not None:
        number = late.count()
        verb = "has" if number == 1 else "have"
        since = day(localtime(first.released_at or first.made_at))
        text = f"{counted(number, 'share')} {verb} not been opened, the oldest since {since}."
        yield Sentence(text, "Ask whether it came", f"{reverse('share', args=[first.handle])}")
    for case, number in cases_with_news(viewer)[:_AT_MOST]:
        verb = "was" if number == 1 else "were"
        text = f"{counted(number, 'clip')} of case {case} {verb} made since something was shared."
        yield Sentence(text, "Share them, too", reverse("case-shares", args=[case.handle]))
    for letter in letters_that_failed(viewer, now() - _GOES_WITHIN)[:_AT_MOST]:
        text = f"An e-mail to {letter.share.recipient}, of case {letter.share.case}, did not go."
        yield Sentence(text, "Look at it", reverse("share", args=[letter.share.handle]))
    for share in to_release(viewer, now())[:_AT_MOST]:
        text = f"What is prepared for {share.recipient}, of case {share.case}, waits for release."
        yield Sentence(text, "Look at it", reverse("share", args=[share.handle]))


def _to_serve(viewer: Viewer) -> Iterator[Sentence]:
    """What waits for the prosecutor: a task of who serves it, news to their supervisor."""
    if not is_asked_to_serve(viewer):
        return
    waiting = waiting_to_be_served(viewer)
    count = waiting.count()
    if not count:
        return
    oldest = waiting[:1].get().made_at
    verb, which = ("waits", "it has") if count == 1 else ("wait", "the oldest has")
    text = (
        f"{counted(count, 'clip')} {verb} to be served on the prosecutor;"
        f" {which} since {day(localtime(oldest))}."
    )
    serves = viewer.may(Permission.SHARE)
    yield Sentence(text, "See which", reverse("clips-waiting"), needs=serves)


def _about_keeping(viewer: Viewer) -> Iterator[Sentence]:
    """What goes soon, and what waits for somebody before it may go or stay."""
    at = now()
    soon = own_going_soon(viewer, at, _GOES_WITHIN)
    if soon.first is not None:
        verb, goes = ("goes", "it goes") if soon.count == 1 else ("go", "the first goes")
        text = (
            f"{counted(soon.count, 'recording')} of yours {verb} within a week without a category; "
            f"{goes} on {day(localtime(soon.first))}."
        )
        yield Sentence(text, "Look before that", _search(wearer=viewer.handle))
    yield from _going_soon(viewer, at, soon.count)
    if (sweep := sweep_that_waits(viewer)) is not None:
        why = "it waits for two people" if waits_for_two(sweep) else "something is in doubt"
        text = f"A sweep of {counted(sweep.due, 'recording')} stopped: {why}."
        yield Sentence(text, "Read what it found", reverse("sweep", args=[sweep.handle]))
    if proposed := number_to_decide(viewer):
        said = (
            "1 proposed schedule waits" if proposed == 1 else f"{proposed} proposed schedules wait"
        )
        yield Sentence(f"{said} for a second person.", "Read them", reverse("proposals"))
    if owed := number_to_send(viewer):
        verb = "is" if owed == 1 else "are"
        text = f"{counted(owed, 'notice')} {verb} to be sent to who was given a recording."
        yield Sentence(text, "Read and send them", reverse("notices"))
    if waiting := number_waiting(viewer):
        text = f"{counted(waiting, 'recording')} {'waits' if waiting == 1 else 'wait'} for review."
        yield Sentence(text, "Look at them", reverse("review"))
    if changed := number_of_changes(viewer):
        verb = "waits" if changed == 1 else "wait"
        text = f"{counted(changed, 'change')} of category {verb} for a second person."
        yield Sentence(text, "Look at them", reverse("category-changes"))
    if come := holds_to_look_at(viewer, at).count():
        said = "1 hold is" if come == 1 else f"{come:,} holds are"
        yield Sentence(f"{said} to be looked at again.", "See the holds", reverse("holds"))


def _undestroyed(viewer: Viewer) -> Iterator[Sentence]:
    """What an old backup still opens: for those who answer for deletion, or for the server."""
    answers = (Permission.RUN_RETENTION, Permission.MANAGE_PEOPLE)
    if not any(viewer.may(each) for each in answers):
        return
    if (waiting := undestroyed_for(viewer, now())) is not None:
        page = "sweeps" if viewer.may(Permission.SEE_RETENTION) else "inventory"
        url = f"{reverse(page)}#not-destroyed"
        yield Sentence(waiting.sentence, "Read what to do", url, needs=waiting.is_late)


def _going_soon(viewer: Viewer, at: datetime, told: int) -> Iterator[Sentence]:
    """What goes within two weeks beside what was told already, and what came too late."""
    going = going_soon(viewer, at, GOES_SOON).count()
    if going > told:
        text = (
            f"{counted(going, 'recording')} of yours or of your cases "
            f"{'goes' if going == 1 else 'go'} within two weeks."
        )
        yield Sentence(text, "See which, and why", reverse("going-soon"), needs=False)
    if released := going_after_a_hold(viewer, at, GOES_SOON).count():
        text = (
            f"{counted(released, 'recording')} that a hold kept, or keeps until a day, "
            f"{'goes' if released == 1 else 'go'} within two weeks."
        )
        yield Sentence(text, "See which, and why", reverse("going-soon"), needs=False)
    yield from _let_go(viewer, at)
    yield from _ending(viewer, at)
    if late := late_to_explain(viewer).count():
        was = "was" if late == 1 else "were"
        text = f"{counted(late, 'recording')} {was} docked late; nobody has said why."
        yield Sentence(text, "Look at them while they are here", reverse("late"))


def _let_go(viewer: Viewer, at: datetime) -> Iterator[Sentence]:
    """What became of holds that somebody placed, or agreed to release, told to them alone."""
    for gone in let_go_lately(viewer, at)[:_AT_MOST]:
        released = day(localtime(gone.hold.released_at))
        until = day(localtime(gone.stays_until))
        text = (
            f"The hold for {gone.what} was released on {released} by {gone.hold.released_by}; "
            f"what it kept stays at least until {until}."
        )
        if gone.is_over:
            text = (
                f"The time of grace after the hold for {gone.what}, released on {released}, ended "
                f"on {until}: what it kept goes by the schedule."
            )
        sees = viewer.may(Permission.SEE_RETENTION)
        url = reverse("hold", args=[gone.hold.handle]) if sees else reverse("going-soon")
        yield Sentence(text, "Read why" if sees else "See what goes soon", url, needs=False)


def _ending(viewer: Viewer, at: datetime) -> Iterator[Sentence]:
    """What somebody keeps until a day that is near: told to who placed the hold alone."""
    for hold in ending_by_themselves(viewer, at, GOES_SOON)[:_AT_MOST]:
        text = (
            f"Your hold for {HOLD_NAMES[HoldKind(hold.kind)]} ends by itself on "
            f"{day(localtime(hold.until))}: what it keeps goes by the schedule from then on, "
            "with no days of grace."
        )
        sees = viewer.may(Permission.SEE_RETENTION)
        url = reverse("hold", args=[hold.handle]) if sees else reverse("going-soon")
        link = "Look whether it is still needed" if sees else "See what goes soon"
        yield Sentence(text, link, url, needs=False)


def _after_incidents(viewer: Viewer) -> Iterator[Sentence]:
    """What a death or serious injury asks of whoever looks after the procedure."""
    at = now()
    for incident, out in number_unrecovered(viewer, at):
        verb = "has" if out == 1 else "have"
        text = (
            f"{counted(out, 'camera')} of the incident {incident} {verb} not been docked "
            "for more than 12 hours."
        )
        url = reverse("incident", args=[incident.handle])
        yield Sentence(text, "See which, and have them brought in", f"{url}#out")
    for incident in not_referred(viewer):
        due = refer_by(incident.clear_at, get_current_timezone())
        last = day(localtime(due - timedelta(minutes=1)))
        passed = "had to" if at >= due else "must"
        text = f"The incident {incident} {passed} be referred to the IOPC by the end of {last}."
        yield Sentence(text, "Open it", reverse("incident", args=[incident.handle]))


def _missing(viewer: Viewer) -> Iterator[Sentence]:
    count = open_gaps_for(viewer).count()
    if count:
        oldest = open_gaps_for(viewer)[:1].get().opened_at
        verb = "is" if count == 1 else "are"
        text = (
            f"{counted(count, 'gap')} {verb} open: footage that should be here and is not, "
            f"the oldest since {day(localtime(oldest))}."
        )
        explains = viewer.may(Permission.EXPLAIN_GAPS)
        yield Sentence(text, "See what is missing", reverse("gaps"), needs=explains)


def _to_return(viewer: Viewer) -> Iterator[Sentence]:
    """What was seized, has been copied, and is still here: PACE 1984 s.22(4)."""
    waiting = to_return(viewer, localtime(now()).date())
    count = waiting.count()
    if count:
        oldest = day(localtime(waiting[:1].get().since))
        verb, which = ("waits", "copied") if count == 1 else ("wait", "the oldest copied")
        text = f"{counted(count, 'seized thing')} {verb} to be returned; {which} on {oldest}."
        gives_back = viewer.may(Permission.RETURN_THINGS)
        link = "Give back, or say why not" if gives_back else "See what it is"
        yield Sentence(text, link, reverse("things"), needs=gives_back)


def _at_the_docks(viewer: Viewer) -> Iterator[Sentence]:
    if not viewer.may(Permission.SEE_DOCKS):
        return
    at = now()
    for dock in late_docks(viewer, at=at)[:5]:
        if dock.heard_at is not None:
            text = f"Dock {dock.name} has not been heard from for {how_long(at - dock.heard_at)}."
            yield Sentence(text, "Look at the dock board", reverse("docks"))
    if not viewer.may(Permission.MANAGE_DEVICES):
        return
    if apart := quarantine_for(viewer).count():
        text = f"{counted(apart, 'file')} {'is' if apart == 1 else 'are'} in quarantine."
        yield Sentence(text, "See why", reverse("docks") + "#quarantine")
    waiting = still_arriving(viewer, at - _ARRIVES_WITHIN)
    if waiting.count:
        text = f"{_many(waiting)} announced more than 12 hours ago still wait for files."
        yield Sentence(text, "See which", f"{reverse('recordings')}?state=arriving")


def _many(backlog: Backlog) -> str:
    if backlog.more:
        return f"More than {backlog.count - 1:,} recordings"
    return counted(backlog.count, "recording")


def _oldest(backlog: Backlog) -> str:
    if backlog.oldest is None:
        return ""
    which = "it is" if backlog.count == 1 else "the oldest is"
    return f"; {which} from {day(localtime(backlog.oldest))}"


def _search(**more: str) -> str:
    return f"{reverse('recordings')}?{urlencode({'category': 'none', **more})}"
