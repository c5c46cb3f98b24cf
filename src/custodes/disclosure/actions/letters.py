"""E-mails to recipients: put on the way with what they are about, and sent by the worker.

What is on the way is in the database; what it says is made when it is sent, so that no
link and no code lies there. One that was sent is an entry. A crash between sending and
entering sends it twice, which does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from custodes.custody.actions import record
from custodes.custody.events import ShareCodeMade, ShareDenied, ShareMailed
from custodes.custody.rules import Actor
from custodes.disclosure import mailing
from custodes.disclosure.calls import Call, note_call, shut_out
from custodes.disclosure.codes import figures_of
from custodes.disclosure.guests import SOMEBODY, why_closed
from custodes.disclosure.links import link_of
from custodes.disclosure.mailing import NotSent
from custodes.disclosure.models import AccessCode, Letter, Share
from custodes.disclosure.rules.codes import A_DAY, SENT_A_DAY, Way, lasts_until
from custodes.disclosure.rules.letters import (
    ABOUT_NAMES,
    About,
    Facts,
    is_given_up,
    subject_of,
    text_of,
    wait_after,
)

Post = Callable[[str, str, str], None]

_AT_ONCE = 50
_AN_HOUR = timedelta(hours=1)
_TOO_LATE = "It was not needed any more."
_TOO_OFTEN = (
    "Too many codes were asked for within a day. Ask the officer who sent it to tell you one."
)
_SHUT = (
    "Too many codes were asked for from your network. Ask again after {until}; or on another"
    " network, such as your telephone's; or have the officer who sent the link tell you a code."
)

log = structlog.get_logger()


def put_on_the_way(given: Share, about: About, *, at: datetime) -> None:
    """Have an e-mail sent, in the transaction of what it tells of; not to who has no address."""
    if given.email and mailing.is_set_up():
        Letter.objects.create(share=given, about=about, made_at=at, next_try=at)


@transaction.atomic
def send_code(given: Share, address: str, *, at: datetime) -> str:
    """Have a code sent to the recipient; return why none is, or nothing. The refusal is entered."""
    given = Share.objects.select_for_update().get(pk=given.pk)
    if why := why_closed(given, at):
        return why
    if not given.email or not mailing.is_set_up():
        return "No code can be sent by e-mail."
    if until := shut_out(given, Call.ASKED, address, at=at):
        return _not_sent(given, _SHUT.format(until=until), address, at=at)
    if given.codes.filter(way=Way.MAIL, made_at__gt=at - A_DAY).count() >= SENT_A_DAY:
        return _not_sent(given, _TOO_OFTEN, address, at=at)
    note_call(given, Call.ASKED, address, at=at)
    # The one before may still be on its way: whichever comes, opens.
    code = AccessCode.objects.create(
        share=given, way=Way.MAIL, made_at=at, until=lasts_until(Way.MAIL, at, given.until)
    )
    Letter.objects.create(share=given, about=About.CODE, code=code, made_at=at, next_try=at)
    made = ShareCodeMade(str(given.case), given.handle, str(given), "to be sent by e-mail")
    record(made, subject=given.case.handle, by=SOMEBODY, at=at)
    return ""


def _not_sent(given: Share, why: str, address: str, *, at: datetime) -> str:
    """Say why no code is sent; on record once an hour, or whoever asks would fill it."""
    if given.refused_at is None or at - given.refused_at >= _AN_HOUR:
        given.refused_at = at
        given.save(update_fields=["refused_at"])
        denied = ShareDenied(str(given.case), given.handle, str(given), address, why)
        record(denied, subject=given.case.handle, by=SOMEBODY, at=at)
    return why


def send_what_is_due(post: Post, *, by: Actor, at: datetime) -> int:
    """Try every e-mail that is due once; return how many went."""
    due = Letter.objects.filter(sent_at=None, given_up_at=None, next_try__lte=at)
    keys = list(due.order_by("next_try", "pk").values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_try(key, post, by=by, at=at) for key in keys)


def _try(key: int, post: Post, *, by: Actor, at: datetime) -> bool:
    """Send one e-mail, outside of any transaction: a slow server holds nothing up but e-mail.

    It is read only now: while those before it went, its share may have been called back.
    """
    letter = Letter.objects.select_related("share", "share__case", "code").get(pk=key)
    if not _is_still_needed(letter, at):
        Letter.objects.filter(pk=key).update(said=_TOO_LATE, given_up_at=at)
        return False
    about, facts = About(letter.about), _facts(letter)
    try:
        post(letter.share.email, subject_of(about, facts), text_of(about, facts))
    except NotSent as failed:
        log.warning("mail.not_sent", letter=letter.pk, why=str(failed))
        _note_failure(letter, failed, at)
        return False
    note_sent(letter, by=by, at=at)
    return True


@transaction.atomic
def note_sent(letter: Letter, *, by: Actor, at: datetime) -> None:
    """Enter that an e-mail was taken by the mail server; once."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.sent_at is not None:
        return
    letter.sent_at = at
    letter.tries += 1
    letter.save(update_fields=["sent_at", "tries"])
    given, what = letter.share, ABOUT_NAMES[About(letter.about)]
    sent = ShareMailed(str(given.case), given.handle, str(given), given.email, what)
    record(sent, subject=given.case.handle, by=by, at=at)


def _note_failure(letter: Letter, failed: NotSent, at: datetime) -> None:
    tries = letter.tries + 1
    over = failed.for_good or is_given_up(letter.made_at, at)
    Letter.objects.filter(pk=letter.pk).update(
        tries=tries,
        said=str(failed)[:300],
        next_try=at + wait_after(tries),
        given_up_at=at if over else None,
    )


def _is_still_needed(letter: Letter, at: datetime) -> bool:
    match About(letter.about):
        case About.CODE:
            code = letter.code
            return (
                code is not None and code.as_rule().opens(at) and not why_closed(letter.share, at)
            )
        case About.CALLED_BACK:
            return True
        case _:
            return not why_closed(letter.share, at)


def _facts(letter: Letter) -> Facts:
    given = letter.share
    return Facts(
        recipient=given.recipient,
        force=settings.CUSTODES.force_name,
        link=link_of(given),
        until=f"{localtime(given.until):%-d %B %Y, %H:%M %Z}",
        figures=figures_of(letter.code) if letter.code else "",
    )
