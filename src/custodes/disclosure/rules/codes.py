"""How long the code lasts that opens a share, and how often it may be got wrong.

Rules only. A code by e-mail is for now; one that an officer hands over by telephone or in
person lasts as long as the share, so that it still works on the day of the hearing. That
another is made means that somebody else may have had it.

Whoever has the link can try it. They are counted by the network they come from, so that who
guesses, or has e-mails sent, shuts their own door and not the recipient's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

DIGITS = 8
BY_MAIL_LASTS = timedelta(minutes=10)
#: So many wrong codes from one network within an hour, or e-mails asked for: shut for an hour.
FROM_ONE = 5
#: So many within a day: shut until the first of them is a day old.
FROM_ONE_A_DAY = 15
#: So many networks are remembered for a share: those that called last.
MOST_NETWORKS = 200
#: So many codes are sent in a day, whoever asks: four networks and more press the button.
SENT_A_DAY = 50
_AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)

#: When each network did something that is counted, the last time last.
Calls = Mapping[str, Sequence[datetime]]


class Way(StrEnum):
    """How a code comes to the recipient."""

    MAIL = "mail"
    HAND = "hand"


WAY_NAMES = {Way.MAIL: "sent by e-mail", Way.HAND: "told by an officer"}
#: So many wrong ones in all, from wherever, and a code is dead. Of 10^8 codes one told by an
#: officer is guessed with a chance of 100 / 10^8, one in a million in all its life (NIST
#: SP 800-63B s5.2.2 allows no more than 100), and killed at once only from 20 networks.
#: Those by e-mail are many: 25 * SENT_A_DAY / 10^8 is one in 80,000 for a day on which 84
#: networks do nothing else and the recipient gets 50 e-mails.
TRIES = {Way.HAND: 100, Way.MAIL: 25}


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was made: how it comes to them, until when it lasts, how often it was missed."""

    way: Way
    until: datetime
    wrong: int
    over: bool

    def opens(self, at: datetime) -> bool:
        """Say whether it opens anything at this moment."""
        return not self.over and at < self.until and self.wrong < TRIES[self.way]

    @property
    def is_used_up(self) -> bool:
        """Say whether opening once is all it does: what was sent through a mailbox is."""
        return self.way is Way.MAIL


def lasts_until(way: Way, at: datetime, share_ends: datetime) -> datetime:
    """Return until when a code lasts that is made now."""
    return min(at + BY_MAIL_LASTS, share_ends) if way is Way.MAIL else share_ends


def in_figures(typed: str) -> str:
    """Return what somebody typed as a code without the gaps they left."""
    return "".join(typed.split()).replace("-", "")[: 2 * DIGITS]


def network_of(address: str) -> str:
    """Return what is counted as one: an address, or of IPv6 the 64 bits that one site has.

    RFC 4291 s2.5.4: within those a device gives itself as many addresses as it likes.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found) >> 64 << 64, 64)))


def shut_until(times: Sequence[datetime], at: datetime) -> datetime | None:
    """Return until when a network is shut out that did something at these times, or None."""
    until = at
    if len(times) >= FROM_ONE and times[-1] - times[-FROM_ONE] < _AN_HOUR:
        until = max(until, times[-1] + _AN_HOUR)
    if len(times) >= FROM_ONE_A_DAY:
        until = max(until, times[-FROM_ONE_A_DAY] + A_DAY)
    return until if until > at else None


def with_one_more(calls: Calls, network: str, at: datetime) -> dict[str, list[datetime]]:
    """Return the calls with this one, and without those that count no more."""
    found = {
        each: [time for time in times if at - time < A_DAY][-FROM_ONE_A_DAY:]
        for each, times in calls.items()
    }
    found[network] = [*found.get(network, []), at][-FROM_ONE_A_DAY:]
    called = sorted((each for each in found if found[each]), key=lambda each: found[each][-1])
    return {each: found[each] for each in called[-MOST_NETWORKS:]}
