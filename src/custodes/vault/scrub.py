"""Reading everything again, to see that it is still what was sealed.

The caller brings what should be there; the scrub reads every byte of it from the
disk and says what is changed, cut short, missing, or there without reason. It
repairs nothing and deletes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from custodes.kernel.errors import Damaged, NotFound, Refused
from custodes.ledger.tree import RunningTree
from custodes.vault.keys import WrappedKey
from custodes.vault.sealed import SealedReader
from custodes.vault.vault import Vault

#: Leaves of the chunk tree are this long; the last may be shorter.
CHUNK = 1 << 20
_SPANS_TOLD = 5

#: Is told objects and plaintext bytes done so far, after every chunk.
Progress = Callable[[int, int], object]
#: Is told plaintext bytes of one object done so far.
Within = Callable[[int], object]


class Fault(Enum):
    """What can be wrong with an object."""

    DAMAGED = "damaged"
    DIFFERENT = "different"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NO_KEY = "no key"


@dataclass(frozen=True, slots=True)
class ExpectedObject:
    """What the vault must hold: the facts recorded when it was sealed.

    ``purpose`` is that of the derived key, empty for the recording's own key.
    ``sha256`` and ``chunk_root`` are 32 bytes each, over the plaintext.
    """

    handle: str
    kind: str
    wrapped_key: WrappedKey
    plain_size: int
    sha256: bytes
    chunk_root: bytes | None = None
    purpose: str = ""

    def __post_init__(self) -> None:
        for digest in filter(None, (self.sha256, self.chunk_root)):
            if not isinstance(digest, bytes) or len(digest) != 32:
                raise ValueError(f"{self.handle}: a digest is 32 bytes")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, in a sentence for a person.

    ``handle`` is a path within the store where the file has no object's name.
    """

    handle: str
    fault: Fault
    sentence: str


def scrub(
    vault: Vault,
    expected: Iterable[ExpectedObject],
    *,
    progress: Progress | None = None,
) -> Iterator[Finding]:
    """Check all that is expected and all that is there; yield what is wrong as it is found.

    The store is listed first, so what is sealed meanwhile is not called unknown.
    Memory is about 100 bytes an object.
    """
    listed = set(vault.store.sealed_handles())
    tally = _Tally(progress)
    for one in expected:
        listed.discard(one.handle)
        finding = check_object(vault, one, progress=tally.within)
        tally.done_with(one)
        if finding:
            yield finding
    yield from _unknown(vault, listed)


def check_object(
    vault: Vault,
    expected: ExpectedObject,
    *,
    progress: Within | None = None,
) -> Finding | None:
    """Read one object again, every byte from the disk; None when all of it is as recorded.

    1. Its key unwraps. 2. It is there and opens under its name, kind and key.
    3. It has the recorded size. 4. Every segment is authentic. 5. SHA-256 and
    chunk root of the plaintext are the recorded ones.
    """
    handle = expected.handle
    try:
        key = vault.ring.unwrap(expected.wrapped_key)
    except Refused as refused:
        return Finding(handle, Fault.NO_KEY, f"{handle} cannot be read: {refused.reason}")
    if expected.purpose:
        key = key.derive(expected.purpose)
    try:
        reader = vault.open(handle, expected.kind, key, from_disk=True)
    except NotFound:
        return Finding(handle, Fault.MISSING, f"{handle} should be in the vault and is not there.")
    except Damaged as damaged:
        return Finding(handle, Fault.DAMAGED, f"{handle} does not open: {damaged.reason}")
    with reader:
        return _compare(reader, expected, progress)


def _compare(
    reader: SealedReader,
    expected: ExpectedObject,
    progress: Within | None,
) -> Finding | None:
    handle = expected.handle
    if reader.size != expected.plain_size:
        said = f"{handle} has {reader.size:,} bytes; {expected.plain_size:,} were recorded."
        return Finding(handle, Fault.DIFFERENT, said)
    chunks = RunningTree() if expected.chunk_root is not None else None
    try:
        digest = _hash(reader, chunks, progress)
    except Damaged:
        return Finding(handle, Fault.DAMAGED, _where(reader, handle))
    if digest != expected.sha256:
        said = f"{handle} is intact, but its SHA-256 is not the recorded one."
        return Finding(handle, Fault.DIFFERENT, said)
    if chunks is not None and chunks.root() != expected.chunk_root:
        said = f"{handle} is intact, but its chunk root is not the recorded one."
        return Finding(handle, Fault.DIFFERENT, said)
    return None


def _hash(reader: SealedReader, chunks: RunningTree | None, progress: Within | None) -> bytes:
    digest = hashlib.sha256()
    done = 0
    for chunk in reader.blocks(0, reader.size, CHUNK):
        digest.update(chunk)
        if chunks is not None:
            chunks.add_leaf(chunk)
        done += len(chunk)
        if progress:
            progress(done)
    return digest.digest()


@dataclass(slots=True)
class _Tally:
    """What the whole scrub has done so far."""

    progress: Progress | None
    objects: int = 0
    size: int = 0

    def within(self, done: int) -> None:
        if self.progress:
            self.progress(self.objects, self.size + done)

    def done_with(self, one: ExpectedObject) -> None:
        self.objects += 1
        self.size += one.plain_size
        self.within(0)


def _where(reader: SealedReader, handle: str) -> str:
    spans = reader.damaged_spans()
    told = [f"{start:,} to {end:,}" for start, end in islice(spans, _SPANS_TOLD)]
    if not told:
        return f"{handle} could not be read once, and then could: the disk or memory is failing."
    more = sum(1 for _ in spans)
    rest = f", and {more} more stretches" if more else ""
    return f"{handle} was changed on the disk: bytes {', '.join(told)}{rest} cannot be proven."


def _unknown(vault: Vault, listed: set[str]) -> Iterator[Finding]:
    for handle in sorted(listed):
        # It may have been disposed of, rightly, since it was listed.
        if vault.store.holds(handle):
            said = f"{handle} is in the vault, but nothing in the records names it."
            yield Finding(handle, Fault.UNKNOWN, said)
    for path in vault.store.strange_files():
        said = f"{path} lies in the vault's folder, but is not a file of the vault."
        yield Finding(path, Fault.UNKNOWN, said)
