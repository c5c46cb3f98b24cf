"""After an older database was put back: get lost entries from a mirror, or begin a successor.

Both are done at the server, by a named person, with a reason, and both are entered in
the log. Neither brings back what is not public: the private bodies of the lost
entries, and whatever else the database held of them, stay lost, and are said to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from custodes.custody import bodies, guard, strongroom
from custodes.custody.actions import record
from custodes.custody.appending import NO_ENTRY, ends_of, lock_end
from custodes.custody.checkpoints import checkpoint_of
from custodes.custody.events import LogBegun, LogRecovered
from custodes.custody.genesis import FORMATS
from custodes.custody.log import subject_of_log
from custodes.custody.models import Entry, Head, Outsider, Tile
from custodes.custody.outside import longest_seen
from custodes.custody.rules import Actor
from custodes.custody.tiles import StoredTiles, tree_of_log
from custodes.kernel.digest import b64u
from custodes.kernel.errors import Refused
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.entry import EntryInvalid, PublicEntry, parse_entry
from custodes.ledger.growing import grown_by
from custodes.ledger.mirror import Mirror, MirrorUnreadable
from custodes.ledger.note import NoteInvalid, open_note
from custodes.ledger.tree import leaf_hash

_AT_ONCE = 4096


class CannotRecover(Refused):
    """The mirror does not have what was lost, or is not of this log."""

    advice = "Nothing was changed. Try another mirror; without one, custodes ledger successor."


class NothingToMend(Refused):
    """The log is not behind, so there is nothing to recover or succeed."""

    advice = "Nothing was changed. custodes doctor says how the log stands."


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was put back: entries from ``first`` to before ``size``, about so many subjects."""

    first: int
    size: int
    subjects: int


def recover_from(source: str, *, by: Actor, because: str, at: datetime) -> Recovered:
    """Put back the public entries and the tree that a mirror has and the database has not.

    1. Our own key must have signed the mirror's checkpoint, and it must be longer than the log.
    2. It must reach as far as the last checkpoint that was published here, and as far as
    anybody outside who answers has seen.
    3. What it has must follow what is here: each entry its subject's chain, all of them the root.

    Raises CannotRecover, and changes nothing, if any of it does not hold. What was found
    outside to be wrong still refuses entries: :func:`outside.look_outside` lifts that.
    """
    mirror = Mirror(source)
    target = _signed_checkpoint(mirror)
    seen, who = longest_seen()
    if seen > target.size:
        raise CannotRecover(
            f"The mirror ends after {target.size:,} entries, but {who} has seen {seen:,}."
        )
    return _put_back(mirror, target, source, by=by, because=because, at=at)


@transaction.atomic
def _put_back(
    mirror: Mirror, target: Checkpoint, source: str, *, by: Actor, because: str, at: datetime
) -> Recovered:
    head = lock_end()
    _demand_useful(target, head.size)
    first, subjects, lost = head.size, set[str](), _Lost(head)
    entries = mirror.entries(first, target.size)
    try:
        while some := list(islice(entries, _AT_ONCE)):
            subjects |= lost.put_back(some)
    except (MirrorUnreadable, EntryInvalid, ValueError) as error:
        raise CannotRecover(f"The mirror cannot be used: {error}.") from None
    if tree_of_log(target.size).root() != target.root:
        raise CannotRecover("What the mirror has does not continue the log as it is here.")

    event = LogRecovered(first=first, size=target.size, mirror=source)
    with guard.lifted():
        record(event, subject=subject_of_log(), by=by, at=at, because=because)
    return Recovered(first, target.size, len(subjects))


@transaction.atomic
def begin_successor(*, by: Actor, because: str, at: datetime) -> str:
    """Go on under a new name, naming the old log's last published checkpoint; return the name.

    The entries that are left stay where they are, at the start of the new log. What the
    old one had beyond them is lost, and its name is never signed for again. Entries that
    no checkpoint had are the new log's alone.
    """
    if not guard.why_refused():
        raise NothingToMend("The log is not behind.")
    head, old = lock_end(), strongroom.origin()
    # Others hold the one that was kept; without one, what is left is all we know.
    known = guard.last_kept_of(old) or checkpoint_of(head.size)
    guard.set_refusal("")
    # Nobody outside has seen or vouched for anything under the new name yet.
    Outsider.objects.update(size=0, vouched_at=None, since=at, trouble="")
    begun = LogBegun(
        origin=guard.next_name(old),
        formats=FORMATS,
        old_origin=old,
        old_size=known.size,
        old_root=b64u(known.root),
    )
    with guard.lifted():
        record(begun, subject=subject_of_log(), by=by, at=at, because=because)
    return begun.origin


class _Lost:
    """Entries that are put back at the end of the log, in the order of their index."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._keys: dict[str, int] = {}

    def put_back(self, some: list[bytes]) -> set[str]:
        """Store the next entries, without bodies; return their subjects."""
        publics = [parse_entry(data) for data in some]
        leaves = [leaf_hash(data) for data in some]
        rows = list(self._rows(publics, some, leaves))
        for tile, hashes in grown_by(StoredTiles(), self._head.size, leaves):
            Tile.objects.update_or_create(
                level=tile.level, number=tile.number, defaults={"hashes": hashes}
            )
        Entry.objects.bulk_create(rows)
        self._head.size += len(rows)
        self._head.at = publics[-1].at
        self._head.save()
        return {public.subject for public in publics}

    def _rows(
        self, publics: list[PublicEntry], some: list[bytes], leaves: list[bytes]
    ) -> Iterator[Entry]:
        subjects = {public.subject for public in publics}
        with connection.cursor() as cursor:
            chains = ends_of(subjects, cursor)
        for place, public in enumerate(publics):
            end = chains.get(public.subject, NO_ENTRY)
            if (public.number, public.previous) != end:
                raise EntryInvalid(f"entry {self._head.size + place} does not follow its subject's")
            chains[public.subject] = public.number + 1, leaves[place]
            yield Entry(
                index=self._head.size + place,
                subject=public.subject,
                number=public.number,
                kind=public.kind,
                at=public.at,
                data=some[place],
                leaf=leaves[place],
                body=b"",
                body_key_id=self._key(public.at),
            )

    def _key(self, at: datetime) -> int:
        month = f"{at:%Y-%m}"
        if month not in self._keys:
            self._keys[month] = bodies.key_for(at).pk
        return self._keys[month]


def _signed_checkpoint(mirror: Mirror) -> Checkpoint:
    try:
        return Checkpoint.parse(open_note(mirror.checkpoint(), *strongroom.verifiers()))
    except (MirrorUnreadable, NoteInvalid, ValueError) as error:
        raise CannotRecover(f"The mirror's checkpoint cannot be used: {error}.") from None


def _demand_useful(target: Checkpoint, size: int) -> None:
    if target.origin != strongroom.origin():
        raise CannotRecover(f"The mirror is of the log {target.origin}.")
    if target.size <= size:
        raise NothingToMend(f"The mirror has {target.size:,} entries, the log {size:,}.")
    known = guard.last_kept()
    if known and known.origin == target.origin and known.size > target.size:
        raise CannotRecover(
            f"The mirror ends after {target.size:,} entries, but {known.size:,} were published."
        )
