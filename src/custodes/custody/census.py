"""Count every subject of the log, and show afterwards that one was counted, or was not.

The count is one pass over the ends of all chains, as of one moment: docks go on
delivering meanwhile, because nothing is locked before the entry is written. What
is held in memory does not grow with the log.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localtime

from custodes.custody.actions import record
from custodes.custody.chains import bring_up
from custodes.custody.events import CensusTaken
from custodes.custody.log import of_kind, subject_of_log
from custodes.custody.models import CensusBlock, Entry
from custodes.custody.rules import Actor, census_is_due
from custodes.kernel.digest import b64u, unb64u
from custodes.kernel.errors import NotFound
from custodes.ledger.census import (
    BLOCK,
    ENDINGS,
    LEAF_BYTES,
    Counted,
    NotCounted,
    Standing,
    block_root,
    path_in,
)
from custodes.ledger.entry import parse_entry
from custodes.ledger.tree import root_of

# How many censuses paths can be made of without counting again.
_KEPT = 2
_BLOCKS_AT_ONCE = 100
_HANDLE_BYTES = 22

# One statement sees one moment of the log, on SQLite and on PostgreSQL. The order is
# that of bytes, which PostgreSQL must be told.
_ENDS = """
    SELECT c.subject, c.next_number, c.leaf, ended.kind,
           (SELECT chained FROM custody_head WHERE id = 1)
    FROM custody_chain c LEFT JOIN (
        SELECT subject, MIN(kind) AS kind FROM custody_entry
        WHERE kind IN ({marks}) AND "index" < (SELECT chained FROM custody_head WHERE id = 1)
        GROUP BY subject
    ) ended ON ended.subject = c.subject
    ORDER BY c.subject{collation}
"""


@dataclass(frozen=True, slots=True)
class Census:
    """A census as its entry has it: its index, how far it counted, how many, the root."""

    entry: int
    size: int
    count: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """What a census says of one subject: the path of its leaf, or the neighbours without it."""

    census: Census
    counted: Counted | None
    absent: NotCounted | None


class _Block(NamedTuple):
    first: str
    root: bytes
    length: int


class _Count(NamedTuple):
    """A count of everything, its leaves in the spool, not yet entered."""

    size: int
    blocks: list[_Block]


def take_census(*, by: Actor, at: datetime) -> Entry:
    """Count every subject and enter the root; returns the entry.

    Keeps the leaves, so that paths can be made, and lets those of older censuses go.
    """
    with TemporaryFile() as spool:
        count = _counted_into(spool)
        with transaction.atomic():
            return _enter(count, spool, by=by, at=at)


def take_census_if_due(*, by: Actor, at: datetime) -> Entry | None:
    """Take the night's census, once; several workers may ask at the same moment."""
    if not _is_due(at):
        return None
    with TemporaryFile() as spool:
        count = _counted_into(spool)
        with transaction.atomic():
            # Another worker may have been quicker.
            return _enter(count, spool, by=by, at=at) if _is_due(at) else None


def newest_census() -> Census | None:
    """Return the newest census of the log, if there is one."""
    entry = of_kind(CensusTaken.kind).first()
    if entry is None:
        return None
    facts = parse_entry(bytes(entry.data)).facts
    return Census(entry.index, facts["z"], facts["c"], unb64u(facts["r"]))


def shown_by_census(subject: str, census: Census | None = None) -> Shown:
    """Return what the newest census, or the one given, says of a subject.

    Raises NotFound when there is no census, or its leaves are not kept any more.
    """
    census = census or newest_census()
    if census is None:
        raise NotFound("The log was not counted yet.", "Take a census: custodes ledger census.")
    kept = list(
        CensusBlock.objects.filter(census=census.entry)
        .order_by("number")
        .values_list("first", "root")
    )
    if len(kept) != -(-census.count // BLOCK):
        raise NotFound("The leaves of this census are not kept any more.", "Ask a newer one.")
    paths = _Paths(census, [first for first, _ in kept], [bytes(root) for _, root in kept])
    return paths.shown(subject)


class _Paths:
    """Paths of one census from its stored blocks; a block that was read is kept."""

    def __init__(self, census: Census, firsts: list[str], roots: list[bytes]) -> None:
        self._census = census
        self._firsts = firsts
        self._roots = roots
        self._read: dict[int, bytes] = {}

    def shown(self, subject: str) -> Shown:
        place = self._place_of(subject)
        found = self._at(place)
        if found is not None and found.leaf.subject == subject:
            return Shown(self._census, found, None)
        return Shown(self._census, None, NotCounted(self._at(place - 1), found))

    def _place_of(self, subject: str) -> int:
        """Return where the subject stands in the order, or would."""
        number = max(bisect_right(self._firsts, subject) - 1, 0)
        block = self._block(number) if self._firsts else b""
        starts = range(0, len(block), LEAF_BYTES)
        handles = [block[at : at + _HANDLE_BYTES] for at in starts]
        return number * BLOCK + bisect_left(handles, subject.encode())

    def _at(self, place: int) -> Counted | None:
        if not 0 <= place < self._census.count:
            return None
        number, within = divmod(place, BLOCK)
        return path_in(self._block(number), within, number, self._roots)

    def _block(self, number: int) -> bytes:
        if number not in self._read:
            stored = CensusBlock.objects.get(census=self._census.entry, number=number)
            self._read[number] = bytes(stored.leaves)
        return self._read[number]


def _enter(count: _Count, spool: BinaryIO, *, by: Actor, at: datetime) -> Entry:
    subjects = sum(block.length for block in count.blocks) // LEAF_BYTES
    root = root_of(block.root for block in count.blocks)
    taken = CensusTaken(size=count.size, subjects=subjects, root=b64u(root))
    entry = record(taken, subject=subject_of_log(), by=by, at=at)
    spool.seek(0)
    for some in _in_parts(count.blocks):
        CensusBlock.objects.bulk_create(
            CensusBlock(
                census=entry.index,
                number=number,
                first=block.first,
                root=block.root,
                leaves=spool.read(block.length),
            )
            for number, block in some
        )
    newest = of_kind(CensusTaken.kind)
    kept = list(newest.values_list("index", flat=True)[:_KEPT])
    CensusBlock.objects.filter(census__lt=kept[-1]).delete()
    return entry


def _in_parts(blocks: list[_Block]) -> Iterator[list[tuple[int, _Block]]]:
    numbered = enumerate(blocks)
    while some := list(islice(numbered, _BLOCKS_AT_ONCE)):
        yield some


def _counted_into(spool: BinaryIO) -> _Count:
    """Write the leaves to the spool in blocks; return these, and the size of the log."""
    bring_up()
    blocks: list[_Block] = []
    size, block = 0, bytearray()
    for leaf, counted in _leaves():
        size = counted
        block += leaf
        if len(block) == BLOCK * LEAF_BYTES:
            blocks.append(_spooled(block, spool))
            block.clear()
    if block:
        blocks.append(_spooled(block, spool))
    return _Count(size, blocks)


def _spooled(block: bytearray, spool: BinaryIO) -> _Block:
    spool.write(block)
    return _Block(block[:_HANDLE_BYTES].decode(), block_root(bytes(block)), len(block))


def _leaves() -> Iterator[tuple[bytes, int]]:
    """Yield each subject's leaf in the order of handles, and the size of the log counted."""
    collation = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    marks = ", ".join(["%s"] * len(ENDINGS))
    standings = {kind: bytes([standing]) for kind, standing in ENDINGS.items()}
    stands = bytes([Standing.STANDS])
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ENDS.format(marks=marks, collation=collation), list(ENDINGS))
        while rows := cursor.fetchmany(2000):
            for subject, following, last, ended, size in rows:
                number = (following - 1).to_bytes(8, "big")
                standing = standings.get(ended, stands)
                yield subject.encode() + number + bytes(last) + standing, size


def _is_due(at: datetime) -> bool:
    begun = Entry.objects.filter(index=0).values_list("at", flat=True).first()
    counted = of_kind(CensusTaken.kind)
    last = counted.values_list("at", flat=True).first()
    return begun is not None and census_is_due(begun, last, localtime(at))
