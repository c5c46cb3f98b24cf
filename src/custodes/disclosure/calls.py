"""What each network did at the door of a share within the day, and whether it is shut out.

Of a network no more is kept here than a digest under this installation's secret: to count
it takes no address. Whoever calls has locked the share.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime

from custodes.disclosure.models import Share
from custodes.disclosure.rules.codes import network_of, shut_until, with_one_more
from custodes.kernel.clock import parse_rfc3339, rfc3339

_SALT = "custodes.disclosure.network"


class Call(StrEnum):
    """What is counted."""

    WRONG = "wrong"
    ASKED = "asked"


def shut_out(given: Share, what: Call, address: str, *, at: datetime) -> str:
    """Return until when who calls from there is shut out, in words, or nothing."""
    until = shut_until(_calls(given, what).get(_name_of(address), []), at)
    # The minute is over when it says so.
    return f"{localtime(until + timedelta(minutes=1)):%-d %B, %H:%M}" if until else ""


def note_call(given: Share, what: Call, address: str, *, at: datetime) -> None:
    """Count one more call from there."""
    calls = with_one_more(_calls(given, what), _name_of(address), at)
    given.calls[what] = {each: [rfc3339(time) for time in calls[each]] for each in calls}
    given.save(update_fields=["calls"])


def let_everybody_try(given: Share) -> None:
    """Forget what was wrong: it was said of a code that is over."""
    given.calls.pop(Call.WRONG, None)
    given.save(update_fields=["calls"])


def _calls(given: Share, what: Call) -> dict[str, list[datetime]]:
    kept = given.calls.get(what, {})
    return {each: [parse_rfc3339(time) for time in kept[each]] for each in kept}


def _name_of(address: str) -> str:
    return salted_hmac(_SALT, network_of(address), algorithm="sha256").hexdigest()[:32]
