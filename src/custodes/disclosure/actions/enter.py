"""Let the recipient of a share in, who shows by a code that the link has come to them.

What goes wrong is counted and on record before anybody is told so; a refusal is therefore
an answer here, and no exception that would undo the counting.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from custodes.cases.actions.working import locked_case
from custodes.custody.actions import record
from custodes.custody.events import ShareCodeMade, ShareDenied, ShareLeft, ShareOpened
from custodes.disclosure.calls import Call, let_everybody_try, note_call, shut_out
from custodes.disclosure.codes import figures_of, is_right
from custodes.disclosure.errors import ShareRefused
from custodes.disclosure.guests import SOMEBODY, Guest, actor_of, why_closed
from custodes.disclosure.links import digest_of
from custodes.disclosure.models import AccessCode, Share, Sitting
from custodes.disclosure.queries import share_for
from custodes.disclosure.rules.codes import TRIES, WAY_NAMES, Way, lasts_until
from custodes.kernel.digest import b64u
from custodes.people.rules import Permission, Viewer

_KEY_BYTES = 32
# That a closed link is tried again and again is said once an hour.
_SAID_AGAIN_AFTER = timedelta(hours=1)
_LET_OUT = "; whoever was in with the one before was let out"
_NO_CODE = "No code was made that still opens it."
_WRONG = "The code is not right."
_SHUT = (
    "Too many codes from your network were wrong. Try again after {until}; or on another"
    " network, such as your telephone's; or ask the officer who sent the link for a new code."
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a code that was typed: a key for the browser, or why there is none."""

    key: str = ""
    why_not: str = ""


@transaction.atomic
def make_code(viewer: Viewer, given: Share, *, at: datetime) -> str:
    """Make the code that an officer tells the recipient themselves; the one before it is over.

    So is what was begun with it: who makes another may fear that somebody else had it.
    Returns the figures, to be shown once. Raises ShareRefused or NotAllowed.
    """
    given = share_for(viewer, given.handle)
    locked_case(viewer, Permission.SHARE, given.case)
    given = Share.objects.select_for_update().get(pk=given.pk)
    if why := why_closed(given, at):
        raise ShareRefused(why, "No code was made.")
    given.codes.filter(way=Way.HAND, over_at=None).update(over_at=at)
    let_everybody_try(given)
    let_out = _let_out_who_was_told(given, at)
    code = AccessCode.objects.create(
        share=given, way=Way.HAND, made_at=at, until=lasts_until(Way.HAND, at, given.until)
    )
    way = f"to be told them by telephone or in person{_LET_OUT if let_out else ''}"
    made = ShareCodeMade(str(given.case), given.handle, str(given), way)
    record(made, subject=given.case.handle, by=viewer.actor, at=at)
    return figures_of(code)


@transaction.atomic
def enter(given: Share, typed: str, address: str, *, at: datetime) -> Entered:
    """Try a code on a share: let the recipient in, or count that it was wrong and say so."""
    given = Share.objects.select_for_update().get(pk=given.pk)
    if why := why_closed(given, at):
        return _refused_now_and_then(given, why, address, at=at)
    if until := shut_out(given, Call.WRONG, address, at=at):
        # Not even the right one is tried: to be told so would be worth guessing.
        return _refused_now_and_then(given, _SHUT.format(until=until), address, at=at)
    codes = list(given.codes.filter(over_at=None, until__gt=at).order_by("pk"))
    live = [code for code in codes if code.as_rule().opens(at)]
    right = [code for code in live if is_right(code, typed)]
    if not live:
        return _refused_now_and_then(given, _NO_CODE, address, at=at)
    if not right:
        for code in live:
            _count_wrong(code, at)
        note_call(given, Call.WRONG, address, at=at)
        until = shut_out(given, Call.WRONG, address, at=at)
        why = f"{_WRONG} {_SHUT.format(until=until)}" if until else _WRONG
        return _refused(given, why, address, at=at)
    # What was wrong in all is not forgotten: who guesses would begin anew with each visit.
    for code in right:
        code.over_at = at if code.as_rule().is_used_up else None
        code.save(update_fields=["over_at"])
    return _let_in(given, right[0], address, at=at)


@transaction.atomic
def note_closed(given: Share, address: str, *, at: datetime) -> None:
    """Put on record that somebody tried the link of a share that is not open, once an hour."""
    given = Share.objects.select_for_update().get(pk=given.pk)
    if why := why_closed(given, at):
        _refused_now_and_then(given, why, address, at=at)


@transaction.atomic
def leave(guest: Guest, *, at: datetime) -> None:
    """Let the recipient out: the browser opens nothing until a code is entered again."""
    Sitting.objects.filter(pk=guest.sitting.pk).update(left_at=at)
    left = ShareLeft(str(guest.share.case), guest.share.handle)
    record(left, subject=guest.share.case.handle, by=guest.actor, at=at)


def _let_out_who_was_told(given: Share, at: datetime) -> int:
    """End what was begun with a code that an officer told, or nobody knows with which."""
    told = Q(code=None) | Q(code__way=Way.HAND)
    return given.sittings.filter(told, left_at=None, until__gt=at).update(left_at=at)


def _count_wrong(code: AccessCode, at: datetime) -> None:
    code.wrong += 1
    if code.wrong >= TRIES[Way(code.way)]:
        code.over_at = at
    code.save(update_fields=["wrong", "over_at"])


def _let_in(given: Share, code: AccessCode, address: str, *, at: datetime) -> Entered:
    key = b64u(secrets.token_bytes(_KEY_BYTES))
    lasts = at + timedelta(hours=settings.CUSTODES.session_hours)
    until = min(lasts, given.until)
    Sitting.objects.create(
        share=given, code=code, key_digest=digest_of(key), began_at=at, until=until
    )
    if given.opened_at is None:
        given.opened_at = at
        given.save(update_fields=["opened_at"])
    way = WAY_NAMES[Way(code.way)]
    opened = ShareOpened(str(given.case), given.handle, address, way)
    record(opened, subject=given.case.handle, by=actor_of(given), at=at)
    return Entered(key=key)


def _refused_now_and_then(given: Share, why: str, address: str, *, at: datetime) -> Entered:
    """Refuse what no try can open; said once an hour, or whoever tries would fill the record."""
    if given.refused_at and at - given.refused_at < _SAID_AGAIN_AFTER:
        return Entered(why_not=why)
    given.refused_at = at
    given.save(update_fields=["refused_at"])
    return _refused(given, why, address, at=at)


def _refused(given: Share, why: str, address: str, *, at: datetime) -> Entered:
    denied = ShareDenied(str(given.case), given.handle, str(given), address, why)
    record(denied, subject=given.case.handle, by=SOMEBODY, at=at)
    return Entered(why_not=why)
