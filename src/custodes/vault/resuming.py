"""Going on with an object whose writer was killed, at whatever byte.

1. If the object is finished after all, say so, and tidy up what the kill left.
2. If its header never reached the disk, begin it again from nothing.
3. If the header does not match the key and the name, refuse and change nothing.
4. Prove whole segments from the first on; stop at the first that does not hold.
5. Cut off what follows, and go on from there.
"""

from __future__ import annotations

from collections.abc import Callable

from custodes.kernel.errors import Damaged
from custodes.vault.diskfile import DiskFile
from custodes.vault.floe import HEADER_SIZE, Floe
from custodes.vault.keys import DataKey
from custodes.vault.reading import PLAIN, SEGMENT, SealedReader
from custodes.vault.sealed import SealedWriter
from custodes.vault.store import Store

#: Is given the plaintext that was sealed before, in order. A view is valid only
#: during the call.
OnPlain = Callable[[memoryview], object]

_RUN = 16


def resume_sealing(
    store: Store, handle: str, aad: bytes, key: DataKey, on_plain: OnPlain
) -> SealedWriter:
    """Return a writer that goes on where the killed one stopped.

    Raises NotFound, InUse, or Damaged when the key or the kind is not the one it
    was begun with. If ``on_plain`` raises, nothing is changed.
    """
    if store.holds(handle):
        return _finished(store, handle, aad, key, on_plain)
    file = store.resume(handle)
    try:
        # It may have been finished between the question and the lock, and then
        # this file is the sealed one: not a byte of it may be touched.
        if not store.holds(handle):
            return _resumed(store, handle, file, aad, key, on_plain)
    except BaseException:
        file.close()
        raise
    file.close()
    return _finished(store, handle, aad, key, on_plain)


def _resumed(
    store: Store, handle: str, file: DiskFile, aad: bytes, key: DataKey, on_plain: OnPlain
) -> SealedWriter:
    header = bytearray(HEADER_SIZE)
    if file.read_into(memoryview(header), 0) < HEADER_SIZE or not any(header):
        # After a power failure a file may have its length but not its bytes.
        return begun(store, handle, file, Floe.start(key.secret, aad))
    floe = Floe.open(key.secret, aad, bytes(header))
    segments = _prove(file, floe, on_plain)
    file.truncate(HEADER_SIZE + segments * SEGMENT)
    return SealedWriter(store, handle, file, floe, segments=segments)


def begun(
    store: Store, handle: str, file: DiskFile, floe: Floe, *, patchable_head: bool = False
) -> SealedWriter:
    """Return a writer for an empty file, its header written."""
    file.truncate(0)
    file.write_at(memoryview(floe.header), 0)
    return SealedWriter(store, handle, file, floe, patchable_head=patchable_head)


def _prove(file: DiskFile, floe: Floe, on_plain: OnPlain) -> int:
    """Return how many whole segments from the first on are authentic."""
    sealed = memoryview(bytearray(_RUN * SEGMENT))
    plain = memoryview(bytearray(_RUN * PLAIN))
    proven = 0
    while True:
        found = _read_what_can_be(file, sealed, proven) // SEGMENT
        good = _open_run(floe, proven, sealed[: found * SEGMENT], plain)
        if good:
            on_plain(plain[: good * PLAIN].toreadonly())
        proven += good
        if good < _RUN:
            return proven


def _read_what_can_be(file: DiskFile, sealed: memoryview, position: int) -> int:
    """Read a run of segments, or as many as the disk can read."""
    done = 0
    while done < len(sealed):
        try:
            segment = sealed[done : done + SEGMENT]
            got = file.read_into(segment, HEADER_SIZE + position * SEGMENT + done)
        except Damaged:
            return done
        done += got
        if got < SEGMENT:
            break
    return done


def _open_run(floe: Floe, position: int, sealed: memoryview, plain: memoryview) -> int:
    for n in range(len(sealed) // SEGMENT):
        try:
            floe.open_into(
                position + n,
                sealed[n * SEGMENT : (n + 1) * SEGMENT],
                plain[n * PLAIN : (n + 1) * PLAIN],
            )
        except Damaged:
            return n
    return len(sealed) // SEGMENT


def _finished(
    store: Store, handle: str, aad: bytes, key: DataKey, on_plain: OnPlain
) -> SealedWriter:
    store.settle(handle)
    file = store.open(handle)
    reader = SealedReader(file.again(), key.secret, aad)
    for block in reader.blocks():
        on_plain(memoryview(block))
    last = reader.final_segment()
    header = bytearray(HEADER_SIZE)
    file.read_into(memoryview(header), 0)
    reader.close()
    floe = Floe.open(key.secret, aad, bytes(header))
    return SealedWriter.already_finished(store, handle, file, floe, last)
