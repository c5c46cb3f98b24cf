"""One look at everything: the store, the tables and the record, read along side by side.

Both lists stand in the order of handles, so nothing is asked of the disk one by one but
what seems to be wrong; that is asked again before it is called so, because docks deliver
and sweeps delete meanwhile. Memory is 23 bytes for each object that is
found wrong. Nothing is locked, and nothing is written.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain, islice

from custodes.custody import guard, strongroom
from custodes.custody.beside import asked_beside
from custodes.custody.log import size_of_log
from custodes.kernel.digest import b64u
from custodes.ledger.tree import HASH_SIZE, LeafHashes, leaf_hash
from custodes.retention.inventory import accepted, asked_for, counters, recorded, tallies
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.naming import Named, named
from custodes.retention.inventory.pile import Pile
from custodes.retention.rules.inventory import (
    Fault,
    Folder,
    Kind,
    differences,
    missing_with_folder,
    side_by_side,
)
from custodes.vault.store import Store

#: Is told how many objects were compared so far.
Progress = Callable[[int], object]
#: What a leaf of the list says of an object (docs/reference/formats/inventory.md).
HELD, MISSING = b"\x01", b"\x02"

_CHUNK = 4096
_BLOCK = 256 * HASH_SIZE
# What is nothing but there, or not.
_PLAIN = frozenset({Kind.ORIGINAL, Kind.COPY, Kind.APART})
# A copy is sealed a moment before its row is there; so long it is given to appear.
_A_MOMENT = 2.0


class Look:
    """What one look found: the figures, and every finding by its fault."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.piles = {fault: Pile() for fault in Fault}
        self.whose: dict[str, str] = {}
        self.miscounted: list[Named] = []

    def findings(self, fault: Fault) -> Iterator[Named]:
        """Yield every finding of one fault, with the recording it belongs to where known."""
        if fault is Fault.MISCOUNTED:
            yield from self.miscounted
        for some in self.piles[fault].batches():
            yield from named(fault, some, self.whose)


def look(progress: Progress | None = None) -> Look:
    """Compare what should be held with what is; raises OSError when the store cannot be read."""
    roots = _Roots()
    found = _compared(progress, roots)
    figures = found.figures
    figures.root = b64u(roots.root())
    found.miscounted = list(counters.disagreements())
    figures.miscounted = len(found.miscounted)
    figures.accepted_miscounted = accepted.number_of(found.miscounted)
    figures.gaps_unknown = sum(each.kind is Kind.GAP for each in found.miscounted)
    tallies.count(figures, found.findings(Fault.MISSING))
    return found


def glance() -> Figures:
    """Compare the same for a sweep, which asks for no root, no cameras and no months.

    Raises OSError when the store cannot be read.
    """
    return _compared(None, None).figures


def _compared(progress: Progress | None, roots: _Roots | None) -> Look:
    size = size_of_log()
    with asked_beside(partial(recorded.lost_files, size)) as asked:
        known = dict(asked.result()) if asked.done() else {}
        found = _with_what_is_lost(known, size, progress, roots)
    lost = dict(asked.result())
    if lost == known:
        return found
    # Rarely there is any, and then all is compared again with them.
    if roots:
        roots.begin()
    return _with_what_is_lost(lost, size, progress, roots)


def _with_what_is_lost(
    lost: Mapping[str, str], size: int, progress: Progress | None, roots: _Roots | None
) -> Look:
    found = Look(Figures(size=size, behind=guard.why_refused()))
    found.whose = dict(lost)
    _Comparison(found, strongroom.vault().store, progress, roots).run()
    return found


class _Roots:
    """The root of the list of objects, as it grows: one leaf for each, in order."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin with an empty list."""
        self._leaves = bytearray()
        self._roots = LeafHashes()

    def add(self, handle: str, kind: Kind, standing: bytes) -> None:
        self._leaves += leaf_hash(handle.encode() + bytes((kind,)) + standing)
        if len(self._leaves) == _BLOCK:
            self._close()

    def root(self) -> bytes:
        if self._leaves:
            self._close()
        return self._roots.root()

    def _close(self) -> None:
        self._roots.append(LeafHashes(self._leaves).root())
        self._leaves = bytearray()


class _Comparison:
    """Reads both lists along; counts, and puts what differs on its pile."""

    def __init__(
        self, found: Look, store: Store, progress: Progress | None, roots: _Roots | None
    ) -> None:
        self._found = found
        self._store = store
        self._progress = progress
        self._roots = roots
        self._more = Pile()
        self._any_accepted = accepted.is_any()
        self._folders: dict[str, list[int]] = {}

    def run(self) -> None:
        """Compare everything."""
        compared = 0
        for wanted, there in side_by_side(self._wanted(), self._store.sealed_in_folders()):
            if _PLAIN.issuperset(kind for _, kind in wanted) and [h for h, _ in wanted] == there:
                self._count_whole(wanted)
            else:
                self._count(list(differences(wanted, there)))
            compared += len(wanted)
            if self._progress:
                self._progress(compared)
        self._look_at_folders()
        for some in self._more.batches():
            self._explain({handle for handle, _ in some})
        self._ask_the_record()

    def _wanted(self) -> Iterator[list[tuple[str, Kind]]]:
        lost = sorted(self._found.whose)
        if not lost:
            return asked_for.wanted()
        named = chain.from_iterable(asked_for.wanted())
        return _some_of(heapq.merge(named, ((handle, Kind.FORGOTTEN) for handle in lost)))

    def _count(self, chunk: list[tuple[str, Kind, bool]]) -> None:
        figures, folders = self._found.figures, self._folders
        back, gone = self._asked_again([each for each in chunk if not each[2]])
        settled = self._accepted({h for h, kind, _ in chunk if h in gone or kind not in _PLAIN})
        missing, forgotten = (self._found.piles[f] for f in (Fault.MISSING, Fault.FORGOTTEN))
        for handle, kind, was_there in chunk:
            if kind is Kind.NOBODYS:
                self._more.add(handle, kind)
                continue
            is_there = was_there or handle in back
            if not is_there and handle not in gone:
                continue  # disposed of, rightly, since the list was made
            figures.wanted += 1
            is_settled = not is_there and (handle, Fault.MISSING) in settled
            if not is_settled:  # what was accepted says nothing about the disk
                folder = folders.setdefault(handle[:2], [0, 0])
                folder[0] += 1
                folder[1] += is_there
            if kind is Kind.FORGOTTEN:
                forgotten.add(handle, kind)
                figures.forgotten += 1
                figures.accepted_forgotten += is_settled or (handle, Fault.FORGOTTEN) in settled
            if not is_there:
                missing.add(handle, kind)
                figures.count_missing(kind)
                figures.accepted_missing += is_settled
            if self._roots:
                self._roots.add(handle, kind, HELD if is_there else MISSING)
        figures.held = figures.wanted - figures.missing

    def _count_whole(self, chunk: list[tuple[str, Kind]]) -> None:
        """Count a stretch in which everything is as it should be: nearly every one is."""
        self._found.figures.wanted += len(chunk)
        self._found.figures.held += len(chunk)
        for folder, number in Counter(handle[:2] for handle, _ in chunk).items():
            counts = self._folders.setdefault(folder, [0, 0])
            counts[0] += number
            counts[1] += number
        if self._roots:
            for handle, kind in chunk:
                self._roots.add(handle, kind, HELD)

    def _asked_again(self, absent: list[tuple[str, Kind, bool]]) -> tuple[set[str], set[str]]:
        """Return what is there after all, and what is really gone."""
        back = {handle for handle, _, _ in absent if self._store.holds(handle)}
        gone = {handle for handle, kind, _ in absent if kind is Kind.FORGOTTEN}
        asked = [handle for handle, _, _ in absent if handle not in gone]
        for some in recorded.in_batches(asked):
            gone |= asked_for.still_wanted(some)
        return back, gone - back

    def _accepted(self, handles: set[str]) -> set[tuple[str, str]]:
        return accepted.among(handles) if self._any_accepted else set()

    def _look_at_folders(self) -> None:
        figures = self._found.figures
        for wanted, held in self._folders.values():
            if went := missing_with_folder(Folder(wanted, held)):
                figures.lost_folders += 1
                figures.in_lost_folders += went
        figures.is_blank = self._store.is_blank()

    def _explain(self, handles: set[str]) -> None:
        """Say of objects that nobody asked for why they are there."""
        asked = sorted(handles)
        removed = asked_for.being_removed(asked)
        self._found.figures.waiting += len(removed)
        under_way, over = asked_for.left_of_uploads(asked)
        for handle, recording in over.items():
            if handle not in removed:
                self._survives(handle, recording)
        unknown = handles - removed - under_way - set(over) - asked_for.still_wanted(asked)
        for handle in sorted(unknown):
            self._found.piles[Fault.UNEXPECTED].add(handle, Kind.NOBODYS)

    def _survives(self, handle: str, recording: str) -> None:
        self._found.piles[Fault.SURVIVING].add(handle, Kind.NOBODYS)
        self._found.whose[handle] = recording
        self._found.figures.surviving += 1

    def _ask_the_record(self) -> None:
        """Look whether the record knows of what the tables do not, once all of it is there."""
        unexpected, figures = self._found.piles[Fault.UNEXPECTED], self._found.figures
        unknown = {handle for some in unexpected.batches() for handle, _ in some}
        if not unknown:
            return
        if any(self._is_new(handle) for handle in islice(sorted(unknown), _CHUNK)):
            time.sleep(_A_MOMENT)
        for some in recorded.in_batches(sorted(unknown)):
            unknown -= asked_for.still_wanted(some)
        told = recorded.told_of(unknown)
        settled = self._accepted(unknown)
        self._found.piles[Fault.UNEXPECTED] = Pile()
        for handle in sorted(unknown):
            if handle not in told:
                self._found.piles[Fault.UNEXPECTED].add(handle, Kind.NOBODYS)
                figures.unexpected += 1
            elif told[handle].deleted:
                self._survives(handle, told[handle].recording)
            else:
                self._found.piles[Fault.FORGOTTEN].add(handle, Kind.COPY)
                self._found.whose[handle] = told[handle].recording
                figures.forgotten += 1
                figures.accepted_forgotten += (handle, Fault.FORGOTTEN) in settled

    def _is_new(self, handle: str) -> bool:
        written = self._store.written_at(handle)
        return written is not None and time.time() - written < _A_MOMENT


def _some_of(wanted: Iterator[tuple[str, Kind]]) -> Iterator[list[tuple[str, Kind]]]:
    while some := list(islice(wanted, _CHUNK)):
        yield some
