"""Put a log together again from its entries, and hold every promise against it.

The inner loop is written for speed, a few microseconds an entry: bytes stay bytes,
and only the kinds that a rule asks about are parsed further. An entry that cannot
be read still has its place in the tree, so that one bad entry does not hide others.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterable

from custodes.ledger.census import ENDINGS, Standing
from custodes.ledger.entry import EntryInvalid
from custodes.ledger.kinds import KINDS
from custodes.ledger.monitor import deletions
from custodes.ledger.monitor.counts import Claim, Counts, Ends
from custodes.ledger.monitor.deletions import Deletions
from custodes.ledger.monitor.devices import Devices
from custodes.ledger.monitor.exported import ExportedLog
from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.names import Earlier, Names
from custodes.ledger.monitor.quiet import Quiet
from custodes.ledger.monitor.seen import Seen, Wrong, moment_of
from custodes.ledger.monitor.stock import Stock
from custodes.ledger.monitor.strict import read_entry, read_facts
from custodes.ledger.tiles import Tile
from custodes.ledger.tree import HASH_SIZE, LeafHashes, RunningTree, leaf_hash

_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
_STANDS = bytes([Standing.STANDS])
Rule = Callable[[Seen], None]


class Replay:
    """One pass over an exported log, up to the size its checkpoint states."""

    def __init__(self, log: ExportedLog, findings: Findings) -> None:
        self._log = log
        self._findings = findings
        self._ends: Ends = {}
        self._at = b""
        self._tree = RunningTree()  # over whole bundles: each is a node of the log's tree
        self._devices = Devices(findings)
        self._deletions = Deletions(findings)
        self._counts = Counts(findings)
        self._quiet = Quiet(findings)
        self._stock = Stock(findings)
        self._rules = self._table()
        self._standings = {k.encode(): bytes([standing]) for k, standing in ENDINGS.items()}
        self._names = Names(findings, self._root_of_first)
        self._size = 0
        self.entries = 0

    @property
    def subjects(self) -> int:
        """Return how many subjects the entries are about."""
        return len(self._ends)

    @property
    def origin(self) -> str:
        """Return the name the log gives itself."""
        return self._names.origin

    def has_had(self, origin: str) -> bool:
        """Say whether the log has this name, or had it before it went on under another."""
        return self._names.has_had(origin)

    @property
    def last_at(self) -> str:
        """Return the time of the last entry."""
        return self._at.decode()

    def run(self, size: int, earlier: Earlier | None = None) -> bytes:
        """Replay the entries and return the root over them; raises exported.Missing."""
        self._size = size
        same = True
        for first, entries in self._log.bundles(size):
            leaves = self._bundle(first, entries)
            self._compare_with_tile(first, leaves)
            if earlier is not None and first <= earlier.size < first + len(entries):
                same = earlier.root == self._root_with(leaves[: (earlier.size - first) * HASH_SIZE])
            self._tree.add_leaf_hash(LeafHashes(leaves).root())
            self.entries = first + len(entries)
        root = self._tree.root()
        if earlier is not None and earlier.size == size:
            same = earlier.root == root
        if earlier is not None:
            self._names.compare(earlier, same=same)
        if self._at:
            self._devices.ended(moment_of(self.last_at))
        self._quiet.ended()
        self._stock.ended()
        return root

    def _bundle(self, first: int, entries: Iterable[bytes]) -> bytearray:
        """Hold the promises against one bundle; return its leaf hashes, packed."""
        ends, rules, standings = self._ends, self._rules, self._standings
        at, fault, leaves = self._at, self._findings.fault, bytearray()
        for index, data in enumerate(entries, first):
            leaf = leaf_hash(data)
            leaves += leaf
            try:
                kind, number, previous, subject, now, public = read_entry(data)
                # x is checked even where no rule asks for it.
                facts = {} if public == b"{}" else read_facts(public)
            except EntryInvalid as invalid:
                fault("entry", index, f"it is not a public entry: {invalid}.")
                continue

            # n and p: the subject's entries follow each other without a hole.
            end = ends.get(subject, b"")
            count = int(number)
            standing = end[40:] or _STANDS
            if end:
                follows = count == int.from_bytes(end[:8], "big") + 1 and previous == _hash_in(end)
            else:
                follows = not count and not previous
            if not follows:
                fault("chain", index, _why_not_next(subject, count, end))
            if kind in standings and standing == _STANDS:
                standing = standings[kind]
            ends[subject] = count.to_bytes(8, "big") + leaf + standing

            # t: never earlier than that of any entry before.
            if now < at:
                fault("time", index, f"its time {now.decode()} is before that of an earlier entry.")
            elif now[:16] == at[:16] or self._tick(index, now):
                at = now

            if kind in rules:
                who, when = subject.decode(), now.decode()
                self._hold(rules[kind], Seen(index, kind.decode(), who, when, leaf, facts))
            elif kind not in _KNOWN:
                fault("kind", index, f"the kind {kind.decode()} is not in the closed list.")
        self._at = at
        return leaves

    def _hold(self, rules: tuple[Rule, ...], seen: Seen) -> None:
        """Hold what an entry says against the rules that its kind has."""
        try:
            for rule in rules:
                rule(seen)
        except (Wrong, ValueError, OverflowError) as wrong:
            sentence = f"a {seen.kind} that cannot be read: {wrong}."
            self._findings.fault("member", seen.index, sentence)

    def _table(self) -> dict[bytes, tuple[Rule, ...]]:
        """Return which promises each kind of entry is held against."""
        table: dict[str, tuple[Rule, ...]] = {
            "log.genesis": (self._begun,),
            "log.recovered": (self._recovered,),
            "census": (self._census,),
            "heartbeat": (lambda _: self._quiet.beat(),),
            "dock.session": (self._devices.session,),
            "gap.opened": (self._devices.gap_opened,),
            "gap.explained": (self._devices.gap_closed,),
            "gap.arrived": (self._devices.gap_closed,),
            "policy.publish": (self._deletions.policy,),
            "hold.placed": (self._deletions.hold_placed,),
            "hold.released": (self._deletions.hold_released,),
            "recording.deleted": (self._stock.deleted, self._deletions.deleted),
            "inventory.taken": (self._stock.total,),
            **dict.fromkeys(deletions.CLOCKS, (self._deletions.clock,)),
            **dict.fromkeys(deletions.USES, (self._deletions.used,)),
        }
        ingested = (self._stock.taken_in, self._deletions.clock, self._devices.ingested)
        table["recording.ingested"] = ingested
        return {kind.encode(): rules for kind, rules in table.items()}

    def _begun(self, seen: Seen) -> None:
        self._names.begun(seen)
        self._devices.forget()

    def _recovered(self, seen: Seen) -> None:
        """Entries were put back from a mirror; the database knows nothing of what they say."""
        self._devices.forget()
        self._findings.notice(
            "recovered", seen.index, "entries before this were put back from a mirror."
        )

    def _tick(self, index: int, now: bytes) -> bool:
        """Tell the log's clock of another minute; returns whether it is one."""
        try:
            self._quiet.ticked(index, now.decode())
        except ValueError:
            self._findings.fault("time", index, f"{now.decode()} is not a time.")
            return False
        return True

    def _census(self, seen: Seen) -> None:
        self._quiet.counted()
        claim = self._counts.claimed(seen)
        if claim is not None:
            # This entry's own end is in the mapping by now; it was not when it was counted.
            self._counts.compare(claim, seen, self._ends, self._before(claim, seen.index))

    def _before(self, claim: Claim, index: int) -> Ends:
        """Return how the chains ended at a census's size, of those that went on since.

        An entry names the number and the hash of the one before it: that is the end.
        """
        before: Ends = {}
        for first, entries in self._log.bundles(self._size, start=claim.size):
            for place, data in enumerate(entries, first):
                if not claim.size <= place <= index:
                    continue
                try:
                    kind, number, previous, subject, _, _ = read_entry(data)
                except EntryInvalid:
                    continue
                if subject not in before:
                    standing = self._ends.get(subject, b"")[40:] or _STANDS
                    before[subject] = _end_before(previous, int(number), standing)
                if kind in self._standings and before[subject]:
                    before[subject] = before[subject][:40] + _STANDS
            if first + len(entries) > index:
                break
        return before

    def _compare_with_tile(self, first: int, leaves: bytearray) -> None:
        """Name the entries that are not those of the exported tree, where its tile is there."""
        width = len(leaves) // HASH_SIZE
        hashes = self._log.hashes(Tile(0, first // 256, width))
        if hashes is None or hashes == leaves:
            return
        for place in range(width):
            own = slice(place * HASH_SIZE, (place + 1) * HASH_SIZE)
            if hashes[own] != leaves[own]:
                self._findings.fault(
                    "altered", first + place, "it is not the entry whose hash the tree has."
                )

    def _root_with(self, leaves: bytearray) -> bytes:
        """Return the root over the whole bundles so far and these leaves."""
        tree = self._tree.copy()
        if leaves:
            tree.add_leaf_hash(LeafHashes(leaves).root())
        return tree.root()

    def _root_of_first(self, size: int) -> bytes:
        tree = RunningTree()
        for first, entries in self._log.bundles(self._size):
            if first >= size:
                break
            leaves = bytearray().join(map(leaf_hash, entries[: size - first]))
            tree.add_leaf_hash(LeafHashes(leaves).root())
        return tree.root()


def _hash_in(end: bytes) -> bytes:
    """Return the leaf hash in the end of a chain as ``p`` of an entry has it."""
    return binascii.b2a_base64(end[8:40])[:43].translate(_TO_URL)


def _end_before(previous: bytes, number: int, standing: bytes) -> bytes:
    if not number or not previous:
        return b""
    leaf = binascii.a2b_base64(previous.translate(_FROM_URL) + b"=")
    return (number - 1).to_bytes(8, "big") + leaf + standing


def _why_not_next(subject: bytes, number: int, end: bytes) -> str:
    who = subject.decode()
    if not end:
        return f"the entries of {who} begin with number {number}: those before are missing."
    expected = int.from_bytes(end[:8], "big") + 1
    if number != expected:
        return f"number {number} of {who} comes where number {expected} should."
    return f"number {number} of {who} names another entry than the one before it."


_KNOWN = frozenset(kind.encode() for kind in KINDS)
