"""The record itself: how long it is, who vouches for it, its days, and what others need of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from custodes.custody import strongroom
from custodes.custody.checkpoints import (
    Vouched,
    closed_days,
    newest_checkpoint,
    newest_witnessed,
)
from custodes.custody.day_sheet import day_sheet
from custodes.custody.health import log_health
from custodes.custody.log import size_of_log
from custodes.custody.outside import own_policy
from custodes.custody.standing import newest_stamped, proof_of
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission
from custodes.web.sending import disposition
from custodes.web.viewer import viewer_with
from custodes.web.words import how_long

_DAYS = 60


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show the state of the log."""
    viewer = viewer_with(request, Permission.SEE_LEDGER)
    newest = newest_checkpoint()
    context = {
        "origin": strongroom.origin(),
        "size": size_of_log(),
        "newest": newest,
        "age": _age(newest),
        "root": newest.root.hex() if newest else "",
        "findings": log_health(now()),
        "witnessed": _vouched(newest_witnessed(), "witnesses"),
        "stamped": _vouched(newest_stamped(), "stamps"),
        "days": closed_days(_DAYS),
        "may_read_log": viewer.may(Permission.READ_LOG),
        "may_erase": viewer.may(Permission.ERASE_DETAILS),
    }
    return render(request, "custodes/record.html", context)


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Hand out the trust policy: who signs the log, who witnesses it, how many are needed."""
    viewer_with(request, Permission.SEE_LEDGER)
    answer = HttpResponse(str(own_policy()), content_type="text/plain; charset=utf-8")
    name = f"{settings.CUSTODES.force_domain}.tlog-policy"
    answer["Content-Disposition"] = disposition("attachment", name)
    return answer


@require_safe
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Show the sheet of one day, to be printed."""
    viewer_with(request, Permission.SEE_LEDGER)
    try:
        sheet = day_sheet(date.fromisoformat(day))
    except ValueError:
        raise NotFound("There is no such day.") from None
    context = {
        "sheet": sheet,
        "root": sheet.root.hex(),
        "origin": strongroom.origin(),
        "code": mark_safe(sheet.code),  # noqa: S308 - made of a signed note, as squares
    }
    return render(request, "custodes/day_sheet.html", context)


@require_safe
def entry_proof(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the proof of any entry. It holds nothing of what the entry says."""
    viewer_with(request, Permission.SEE_LEDGER)
    return send_proof(number)


def send_proof(number: int) -> HttpResponse:
    """Answer with the proof that an entry is in the log, to be saved."""
    answer = HttpResponse(str(proof_of(number)), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = disposition("attachment", f"{number}.tlog-proof")
    return answer


def _age(newest: Vouched | None) -> str:
    if newest is None:
        return ""
    age = now() - newest.at
    return how_long(age) if age >= timedelta(minutes=1) else "less than a minute"


def _vouched(checkpoint: Vouched | None, by: str) -> dict[str, Any] | None:
    """Return who last vouched for the log, when, and for how much of it."""
    if checkpoint is None:
        return None
    if by == "witnesses":
        who = [{"name": name, "at": at} for name, at in checkpoint.witnesses.items()]
    else:
        who = [{"name": stamp.authority, "at": stamp.at} for stamp in checkpoint.stamps]
    return {"size": checkpoint.size, "who": who}
