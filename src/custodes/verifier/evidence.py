"""What the steps of a verification hand on to one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from custodes.ledger.entry import PublicEntry
from custodes.ledger.note import Note
from custodes.ledger.policy import Held
from custodes.ledger.tree import leaf_hash
from custodes.package.opening import Opened
from custodes.package.statement import CheckpointShown, EntryShown, Statement
from custodes.verifier.trust import Trust


@dataclass(slots=True)
class Evidence:
    """A package under check: its files, what it says, and what the steps have found.

    ``entries`` by index and ``held`` by the size of the checkpoint fill as the log is
    checked; ``log_proven`` is False until all of that step holds. ``digests`` are of the
    files, in hex, as they were read. ``unbroken`` are the subjects whose record is proven.
    """

    opened: Opened
    statement: Statement
    trust: Trust
    digests: dict[str, str]
    entries: dict[int, PublicEntry] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    log_proven: bool = False
    unbroken: set[str] = field(default_factory=set)

    def of_subject(self, handle: str) -> Iterator[tuple[EntryShown, PublicEntry]]:
        """Give the entries of a subject, in the order of the log."""
        for shown in self.statement.entries:
            entry = self.entries.get(shown.index)
            if entry is not None and entry.subject == handle:
                yield shown, entry

    def note(self, checkpoint: CheckpointShown) -> bytes:
        """Return the bytes of a checkpoint's note."""
        return self.opened.read(checkpoint.note, 1 << 20)

    def notes(self, checkpoint: CheckpointShown) -> list[Note]:
        """Return a checkpoint's note, and the one with every line if it stands beside it.

        Raises NoteMalformed.
        """
        found = [self.note(checkpoint)]
        if checkpoint.full_note in self.opened.files:
            found.append(self.opened.read(checkpoint.full_note, 1 << 20))
        return [Note.parse(each) for each in found]

    def leaf(self, shown: EntryShown) -> bytes:
        """Return the leaf hash of an entry."""
        return leaf_hash(shown.data)
