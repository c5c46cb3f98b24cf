"""Receive one file: hash, chunk tree, packet trees and seal in one pass.

Every block goes down its lanes at once: SHA-256, the chunk tree, MD5 where the
protocol wants it, and sealing. No plain copy is written and nothing is held but
a few blocks. The packet trees are made in the sandbox, which follows the sealed
bytes as they grow when it can, or reads them back once at the end.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from custodes.intake.errors import CutShort
from custodes.intake.lanes import Lane
from custodes.intake.rules import Arrival
from custodes.kernel.digest import unb64u
from custodes.kernel.errors import Damaged, Refused
from custodes.media.chunks import ChunkTree
from custodes.vault.sealed import SealedWriter

# Under this size starting threads costs more than they save.
_SMALL = 512 << 10

Commit = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Received:
    """A whole file, sealed and durable, with everything that commits to it."""

    arrival: Arrival
    chunk_root: bytes
    commitment: str
    media_root: bytes | None
    no_clip_proofs: str
    sealed: bool = True


class Hashes:
    """The digests of one file, fed with every byte in order."""

    def __init__(self, *, md5: bool = False) -> None:
        self.sha256 = hashlib.sha256()
        self.chunks = ChunkTree()
        self.md5 = hashlib.md5(usedforsecurity=False) if md5 else None

    def each(self) -> list[Callable[[memoryview], object]]:
        """Return what must see every block, in no order."""
        work: list[Callable[[memoryview], object]] = [self.sha256.update, self.chunks.update]
        return [*work, self.md5.update] if self.md5 else work

    def update(self, block: memoryview) -> None:
        """Take in a block, one digest after the other."""
        for work in self.each():
            work(block)

    def arrival(self, size: int) -> Arrival:
        """Return what arrived."""
        md5 = self.md5.hexdigest() if self.md5 else None
        return Arrival(size=size, sha256=self.sha256.hexdigest(), md5=md5)


class Reception:
    """One file being received. Feed it, then finish or abandon it; never both.

    ``hashes`` have seen everything that the writer already holds (all of it
    again when an upload goes on after a crash). ``size`` is what the sender
    promised, or None when it did not say.
    """

    # Two files at a time get their lanes; with more, each keeps to one thread and
    # all together still use every core, with less memory and less handing over.
    _room_for_lanes = threading.BoundedSemaphore(2)

    def __init__(
        self,
        writer: SealedWriter,
        hashes: Hashes,
        size: int | None,
        *,
        commit: Commit | None = None,
    ) -> None:
        self._writer = writer
        self._hashes = hashes
        self._size = size
        self._fed = writer.position
        self._follower = Follower(writer, commit) if commit else None
        self._work = [*hashes.each(), writer.write]
        self._lanes: list[Lane] = []

    @property
    def position(self) -> int:
        """Return how many bytes have been fed so far."""
        return self._fed

    def feed(self, block: bytes) -> None:
        """Take one block, of any size."""
        view = memoryview(block)
        if self._fed == 0 and self._follower and self._size is not None:
            self._follower.follow_if_there_is_room(self._size)
        self._fed += len(view)
        if self._lanes or self._gets_lanes(len(view)):
            for lane in self._lanes:
                lane.put(view)
        else:
            for work in self._work:
                work(view)

    def pause(self) -> None:
        """Wait until everything fed so far is hashed and sealed; feeding may go on later."""
        lanes = self._let_go_of_lanes()
        for lane in lanes:
            lane.close()

    def finish(self, is_held: Callable[[Arrival], bool] | None = None) -> Received:
        """Make what arrived durable and return what commits to it.

        When ``is_held`` says that these very bytes are held already, nothing is
        kept a second time; ``sealed`` is then False.
        """
        self.pause()
        arrival = self._hashes.arrival(self._fed)
        if is_held is not None and is_held(arrival):
            self.abandon()
            return Received(arrival, self._hashes.chunks.root(), "", None, "", sealed=False)
        if self._follower and self._follower.is_alongside:
            self._writer.flush()  # the disk can work while the sandbox still hashes
        found = self._follower.result(self._fed) if self._follower else {"no_clip_proofs": ""}
        self._writer.finish()
        proved = "no_clip_proofs" not in found
        return Received(
            arrival=arrival,
            chunk_root=self._hashes.chunks.root(),
            commitment=json.dumps(found) if proved else "",
            media_root=unb64u(found["root"]) if proved else None,
            no_clip_proofs=str(found.get("no_clip_proofs", ""))[:300],
        )

    def abandon(self) -> None:
        """Stop without an end; what was sealed stays as an unfinished upload."""
        self._let_go_of_lanes()
        self._writer.abandon()
        if self._follower:
            self._follower.forget()

    def _gets_lanes(self, length: int) -> bool:
        """Start the lanes if the rest is worth it and there is room for them."""
        rest = length + max(0, (self._size or 0) - self._fed)
        if rest <= _SMALL or not self._room_for_lanes.acquire(blocking=False):
            return False
        self._lanes = [Lane(work, f"receive-{n}") for n, work in enumerate(self._work)]
        return True

    def _let_go_of_lanes(self) -> list[Lane]:
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            lane.stop()
        if lanes:
            self._room_for_lanes.release()
        return lanes


class Follower:
    """Make the packet trees in the sandbox, alongside or afterwards."""

    # Apart, so that slow senders whose files are followed keep nobody else waiting.
    _alongside = threading.BoundedSemaphore(2)
    _afterwards = threading.BoundedSemaphore(2)

    def __init__(self, writer: SealedWriter, commit: Commit) -> None:
        self._writer = writer
        self._commit = commit
        self._thread: threading.Thread | None = None
        self._size = 0
        self._found: dict[str, Any] = {"no_clip_proofs": "The packets could not be read."}
        self._damage: Damaged | None = None

    def follow_if_there_is_room(self, size: int) -> None:
        """Start now if a file of so many bytes is worth it and a sandbox is free."""
        if size > _SMALL and self._alongside.acquire(blocking=False):
            self._size = size
            self._thread = threading.Thread(target=self._follow, args=(size,), daemon=True)
            self._thread.start()

    @property
    def is_alongside(self) -> bool:
        """Say whether the sandbox began while the file was still arriving."""
        return self._thread is not None

    def result(self, size: int) -> dict[str, Any]:
        """Return the commitment of a file that has wholly arrived, or why there is none.

        Raises CutShort when it has not, and Damaged when what was sealed does not
        read back: the disk did not keep it, so nobody may be told that we hold it.
        """
        if self._thread is None:
            with self._afterwards:
                self._read(size)
        elif self._size != size:
            raise CutShort(f"{size} of {self._size} bytes arrived.")
        else:
            self._thread.join()
        if self._damage is not None:
            raise self._damage
        return self._found

    def forget(self) -> None:
        """Wait for a reader whose file will never be whole."""
        # The writer is abandoned, so the reader fails and the thread ends.
        if self._thread is not None:
            self._thread.join()

    def _follow(self, size: int) -> None:
        try:
            self._read(size)
        finally:
            self._alongside.release()

    def _read(self, size: int) -> None:
        reader = self._writer.reader(size)
        try:
            self._found = self._commit(reader)
        except Damaged as damage:
            self._damage = damage
        except Refused as refused:
            self._found = {"no_clip_proofs": refused.reason}
        finally:
            reader.close()
