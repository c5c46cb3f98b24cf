"""What the log is: how long, about what, under which name, and with which checkpoints.

A log whose end was lost goes on as ``…/custody/2`` (:mod:`recovering`), after the entries
that were left. Checkpoints of the log before stay where they are and are not its own.
"""

from __future__ import annotations

from django.db.models import QuerySet

from custodes.custody.models import Entry, Head, PublishedCheckpoint
from custodes.kernel.ids import new_handle


def size_of_log() -> int:
    """Return how many entries the log has."""
    return Head.objects.values_list("size", flat=True).first() or 0


def subject_of_log() -> str:
    """Return the handle that stands for the log itself, that of its first entry."""
    first = Entry.objects.filter(index=0).values_list("subject", flat=True).first()
    return first or new_handle()


def of_kind(kind: str) -> QuerySet[Entry]:
    """Return the entries of a kind, the newest first."""
    return Entry.objects.filter(kind=kind).order_by("-index")


def own_checkpoints() -> QuerySet[PublishedCheckpoint]:
    """Return the checkpoints under the log's present name, the newest first."""
    # What was signed under a name before ended with the entries that were left of it.
    begun = of_kind("log.genesis").values_list("index", flat=True).first()
    return PublishedCheckpoint.objects.filter(size__gt=begun or 0).order_by("-size")


def number_of(origin: str) -> int:
    """Return 1 for a log, 2 for its successor, and so on."""
    number = origin.partition("/custody")[2].removeprefix("/")
    return int(number) if number.isdigit() else 1


def name_of(origin: str) -> str:
    """Return what a log and its successors have in common."""
    return origin.partition("/custody")[0]


def names_before(origin: str) -> list[str]:
    """Return the names that a log had before this one, the newest first."""
    numbers = range(number_of(origin) - 1, 0, -1)
    return [f"{name_of(origin)}/custody" + (f"/{n}" if n > 1 else "") for n in numbers]
