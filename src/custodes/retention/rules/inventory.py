"""What is missing and what is too much, and what that means: a loss, or a store that is not there.

Rules only: the caller brings two lists in the order of their handles. Nothing here ever
says that something may be removed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Kind(IntEnum):
    """What a sealed object is, or why there should be one; or what else is counted."""

    NOBODYS = 0
    ORIGINAL = 1
    COPY = 2
    APART = 3
    FORGOTTEN = 4
    CAMERA = 5
    GAP = 6


class Fault(StrEnum):
    """What can be wrong with one object of the inventory, or with the numbers of one camera."""

    MISSING = "missing"
    FORGOTTEN = "forgotten"
    SURVIVING = "surviving"
    UNEXPECTED = "unexpected"
    MISCOUNTED = "miscounted"


class Verdict(StrEnum):
    """What the inventory as a whole comes to."""

    WHOLE = "whole"
    ODD = "odd"
    LOSS = "loss"
    MISCOUNT = "miscount"
    ACCEPTED = "accepted"
    PARTS_AWAY = "parts-away"
    STORE_AWAY = "store-away"
    OLD_DATABASE = "old-database"


#: With no more objects than this, that all of them are gone says nothing about the disk.
FEW = 20
#: A folder of the store in which so many should be and none is, is not there.
A_FOLDERFUL = 4
#: The worker looks this often; with the time a look takes, a loss is told within the hour.
LOOK_EVERY = timedelta(minutes=30)
#: And enters the signed total this often.
TOTAL_EVERY = timedelta(days=1)
#: So long without a look, and something is wrong: with the worker, or with the store.
LATE = timedelta(minutes=55)


def side_by_side(
    wanted: Iterable[list[tuple[str, Kind]]], there: Iterable[list[str]]
) -> Iterator[tuple[list[tuple[str, Kind]], list[str]]]:
    """Yield both lists in stretches that end at the same handle, to be compared on their own.

    Both come some at a time, in the order of their bytes: raises ValueError when some
    begin before the last ones ended.
    """
    asked = _Rest(wanted, lambda row: row[0], "wanted")
    present = _Rest(there, str, "there")
    while ends := [*asked.fill(), *present.fill()]:
        yield asked.until(min(ends)), present.until(min(ends))


class _Rest(Generic[T]):
    """What is left of a list that comes some at a time."""

    def __init__(self, parts: Iterable[list[T]], handle_of: Callable[[T], str], name: str) -> None:
        self._parts = iter(parts)
        self._handle_of = handle_of
        self._name = name
        self._some: list[T] = []
        self._last = ""

    def fill(self) -> list[str]:
        """Read on if nothing is left of what came last; return its last handle, if any came."""
        while not self._some and (part := next(self._parts, None)) is not None:
            if part and (first := self._handle_of(part[0])) < self._last:
                raise ValueError(_not_in_order(first, self._last, self._name))
            # What two lists ask for may come in two parts, and counts once.
            self._some = part[bisect_right(part, self._last, key=self._handle_of) :]
        return [self._handle_of(self._some[-1])] if self._some else []

    def until(self, end: str) -> list[T]:
        """Take what stands no later than this handle."""
        number = bisect_right(self._some, end, key=self._handle_of)
        taken, self._some = self._some[:number], self._some[number:]
        self._last = end
        return taken


def differences(
    wanted: Iterable[tuple[str, Kind]], there: Iterable[str]
) -> Iterator[tuple[str, Kind, bool]]:
    """Yield each handle once: what it is, and whether it is there; NOBODYS when nobody asks for it.

    Both lists are in the order of their bytes, which is read along once: raises
    ValueError when one is not, because losses would be found that are none.
    """
    present = _in_order(there)
    have = next(present, None)
    last = ""
    for handle, kind in wanted:
        if handle <= last:
            if handle == last:
                continue  # asked for twice, as by a table and by the record
            raise ValueError(_not_in_order(handle, last, "wanted"))
        last = handle
        while have is not None and have < handle:
            yield have, Kind.NOBODYS, True
            have = next(present, None)
        is_there = have == handle
        yield handle, kind, is_there
        if is_there:
            have = next(present, None)
    if have is not None:
        yield have, Kind.NOBODYS, True
    for following in present:
        yield following, Kind.NOBODYS, True


def _in_order(there: Iterable[str]) -> Iterator[str]:
    last = ""
    for handle in there:
        if handle <= last:
            raise ValueError(_not_in_order(handle, last, "there"))
        last = handle
        yield handle


def _not_in_order(handle: str, last: str, name: str) -> str:
    return f"{handle} stands after {last}: what is {name} is not in order"


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of the store: how many objects should be in it and how many are."""

    wanted: int
    held: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What was counted, as far as it decides what to call it.

    ``behind``: others have seen more of the custody log than this database has.
    ``is_blank``: the store has no folders at all. ``in_lost_folders`` is how many of the
    missing lay in folders that are not there. ``miscounted`` is how many cameras' numbers, and
    gaps, do not agree with the record. ``accepted``: something is lost that two people accepted;
    that is in none of the other numbers.
    """

    wanted: int
    missing: int
    forgotten: int
    surviving: int
    unexpected: int
    in_lost_folders: int
    is_blank: bool
    behind: bool
    miscounted: int = 0
    accepted: bool = False


def missing_with_folder(folder: Folder) -> int:
    """Return how many objects went with a folder that is not there; 0 if it is."""
    return folder.wanted if folder.wanted >= A_FOLDERFUL and not folder.held else 0


def verdict(balance: Balance) -> Verdict:
    """Say what the inventory comes to; what would explain a loss away comes before the loss.

    A disk that is not mounted and a database that is older than the store both look
    like a great loss, and are told apart from it here.
    """
    missing = balance.missing
    odd = balance.unexpected or balance.miscounted
    if balance.behind and (missing or balance.forgotten or odd):
        return Verdict.OLD_DATABASE
    if missing and missing == balance.wanted and (balance.is_blank or missing > FEW):
        return Verdict.STORE_AWAY
    if missing and 10 * balance.in_lost_folders >= 9 * missing:
        return Verdict.PARTS_AWAY
    if missing or balance.forgotten:
        return Verdict.LOSS
    return _with_every_object(balance)


def _with_every_object(balance: Balance) -> Verdict:
    if balance.miscounted:
        return Verdict.MISCOUNT
    if balance.surviving or balance.unexpected:
        return Verdict.ODD
    return Verdict.ACCEPTED if balance.accepted else Verdict.WHOLE


def look_is_due(last: datetime | None, at: datetime) -> bool:
    """Say whether the regular look is due; a clock that was put back makes it due too."""
    return last is None or not timedelta(0) <= at - last < LOOK_EVERY


def total_is_due(last: datetime | None, at: datetime) -> bool:
    """Say whether the signed total of the day is due."""
    return last is None or not timedelta(0) <= at - last < TOTAL_EVERY


def look_is_late(last: datetime, at: datetime) -> bool:
    """Say whether nobody has looked for too long."""
    return at - last > LATE
