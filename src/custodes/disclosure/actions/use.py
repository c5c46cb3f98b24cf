"""What a recipient does with what they were given: look, take away, acknowledge, ask for more.

Each is an entry with the case, and with the recording it is of, before anything goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from custodes.cases.actions.working import locked_case
from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import (
    Event,
    ShareAcknowledged,
    ShareAnswered,
    ShareDownloaded,
    ShareSeen,
    ShareStreamed,
    ShareWished,
)
from custodes.disclosure.actions.letters import put_on_the_way
from custodes.disclosure.errors import NoLonger, ShareRefused
from custodes.disclosure.guests import Guest, item_for, why_closed
from custodes.disclosure.models import Item, Share, Sitting, Wish
from custodes.disclosure.queries import share_for
from custodes.disclosure.rules.letters import About
from custodes.disclosure.rules.serving import TO_TAKE_AWAY, Thing
from custodes.disclosure.rules.watching import adds_to, in_words, merged, stretches_in
from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.people.rules import Permission, Viewer

# Going on within the hour is the same look, as it is for everybody else.
_ONE_LOOK = timedelta(hours=1)
_LONGEST_WISH = 2000
_MOST_WISHES = 20


@transaction.atomic
def begin_looking(guest: Guest, item: Item, *, at: datetime) -> None:
    """Record that the recipient looks at something, once an hour while they do."""
    sitting = Sitting.objects.select_for_update().get(pk=guest.sitting.pk)
    last = sitting.playing.get(str(item.number))
    if last is not None and at - parse_rfc3339(last) < _ONE_LOOK:
        return
    sitting.playing[str(item.number)] = rfc3339(at)
    sitting.save(update_fields=["playing"])
    Item.objects.filter(pk=item.pk, opened_at=None).update(opened_at=at)
    _tell(guest, item, ShareStreamed(_urn(guest), guest.share.handle, item.title), at=at)


@transaction.atomic
def note_seen(guest: Guest, number: int, said: object, *, at: datetime) -> None:
    """Add what a player says was watched, if it was not before.

    What is no stretch of the film is passed over. That somebody looked again is entered by
    :func:`begin_looking`; the same report sent again and again would fill the record.
    """
    item = Item.objects.select_for_update().get(pk=item_for(guest, number, at).pk)
    watched = stretches_in(said, item.seconds)
    if not adds_to(item.seen, watched):
        return
    item.seen = [list(each) for each in merged([*item.seen, *watched])]
    item.save(update_fields=["seen"])
    words = in_words(watched)
    _tell(guest, item, ShareSeen(_urn(guest), guest.share.handle, item.title, words), at=at)


@transaction.atomic
def take_away(guest: Guest, number: int, *, at: datetime) -> Item:
    """Record that the recipient takes a clip or a still away; returns it to be read."""
    item = item_for(guest, number, at)
    if Thing(item.kind) not in TO_TAKE_AWAY:
        raise NoLonger(
            "A whole recording is watched here and not taken away.",
            "Ask the officer who sent it to you for a clip, or for a package.",
        )
    Item.objects.filter(pk=item.pk, taken_at=None).update(taken_at=at)
    taken = ShareDownloaded(_urn(guest), guest.share.handle, item.title, item.sha256)
    _tell(guest, item, taken, at=at)
    return item


@transaction.atomic
def acknowledge(guest: Guest, *, at: datetime) -> Share:
    """Record that the recipient says they received what was shared. Twice is as good as once."""
    given = Share.objects.select_for_update().get(pk=guest.share.pk)
    if why := why_closed(given, at):
        raise NoLonger(why)
    if given.acknowledged_at is not None:
        return given
    items = list(given.items.select_related("recording"))
    of: dict[str, list[Item]] = {given.case.handle: items}
    for item in items:
        of.setdefault(item.recording.handle, []).append(item)
    entries = record_all(
        (Happening(_acknowledged(given, own), subject) for subject, own in of.items()),
        by=guest.actor,
        at=at,
    )
    # The first is the case's, which has all of it: the receipt names that one.
    given.acknowledged_at, given.acknowledged_entry = at, entries[0]
    given.save(update_fields=["acknowledged_at", "acknowledged_entry"])
    return given


@transaction.atomic
def wish(guest: Guest, text: str, *, at: datetime) -> Wish:
    """Keep what the recipient asks for beyond what they have; the officers of the case see it."""
    given = Share.objects.select_for_update().get(pk=guest.share.pk)
    if why := why_closed(given, at):
        raise NoLonger(why)
    text = text.strip()
    if not text or len(text) > _LONGEST_WISH:
        raise ShareRefused("Say in at most 2,000 characters what you need.", "Nothing was sent.")
    if given.wishes.filter(answered_at=None).count() >= _MOST_WISHES:
        raise ShareRefused("Much of what you asked waits for an answer.", "Nothing was sent.")
    asked = ShareWished(_urn(guest), given.handle, text)
    record(asked, subject=given.case.handle, by=guest.actor, at=at)
    return Wish.objects.create(share=given, text=text, asked_at=at)


@transaction.atomic
def answer(viewer: Viewer, asked: Wish, text: str, *, at: datetime) -> Wish:
    """Answer what a recipient asked for; they read it where they asked."""
    given = share_for(viewer, asked.share.handle)
    locked_case(viewer, Permission.SHARE, given.case)
    given = Share.objects.select_for_update().get(pk=given.pk)
    asked = Wish.objects.select_for_update().get(pk=asked.pk)
    text = text.strip()
    if not text or len(text) > _LONGEST_WISH:
        raise ShareRefused("Answer in at most 2,000 characters.", "Nothing was sent.")
    if asked.answered_at is not None:
        raise ShareRefused("This was answered already.", "Nothing was changed.")
    asked.answer, asked.answered_by, asked.answered_at = text, viewer.name, at
    asked.save(update_fields=["answer", "answered_by", "answered_at"])
    said = ShareAnswered(str(given.case), given.handle, str(given), text)
    record(said, subject=given.case.handle, by=viewer.actor, at=at)
    put_on_the_way(given, About.ANSWER, at=at)
    return asked


def _acknowledged(given: Share, items: Sequence[Item]) -> ShareAcknowledged:
    named = "; ".join(f"{each.title} (SHA-256 {each.sha256})" for each in items)
    return ShareAcknowledged(len(items), str(given.case), given.handle, named)


def _tell(guest: Guest, item: Item, event: Event, *, at: datetime) -> None:
    subjects = (guest.share.case.handle, item.recording.handle)
    record_all((Happening(event, subject) for subject in subjects), by=guest.actor, at=at)


def _urn(guest: Guest) -> str:
    return str(guest.share.case)
