"""The vault: a store, a key ring, and the three ways to a sealed object."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.vault.floe import Floe
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.resuming import OnPlain, begun, resume_sealing
from custodes.vault.sealed import SealedReader, SealedWriter, aad_of
from custodes.vault.store import Store


def _nobody(_: memoryview) -> None:
    """Take no notice of the plaintext."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Where footage is sealed. ``handle`` names an object, ``kind`` says what it is.

    Both are bound into the ciphertext: an object opens only under the name, the
    kind and the key it was begun with.
    """

    store: Store
    ring: KeyRing

    def begin(
        self, handle: str, kind: str, key: DataKey, *, patchable_head: bool = False
    ) -> SealedWriter:
        """Begin a new object; raises AlreadyThere or OutOfSpace.

        With ``patchable_head`` its first 64 KiB may be patched until it is
        finished; killed, such an object has to be written again from the start.
        """
        floe = Floe.start(key.secret, aad_of(handle, kind))
        file = self.store.begin(handle)
        try:
            return begun(self.store, handle, file, floe, patchable_head=patchable_head)
        except BaseException:
            file.close()
            self.store.discard_incoming(handle)
            raise

    def resume(
        self, handle: str, kind: str, key: DataKey, on_plain: OnPlain = _nobody
    ) -> SealedWriter:
        """Go on with an unfinished object; its ``position`` says from which byte.

        ``on_plain`` is given all bytes up to there, proven, so that a hash can be
        taken up again. An object that was finished just before the kill is
        returned as such: its position is its size and ``finish`` has no more to do.
        Raises NotFound, InUse, or Damaged when it was begun with another key or kind.
        """
        return resume_sealing(self.store, handle, aad_of(handle, kind), key, on_plain)

    def open(
        self, handle: str, kind: str, key: DataKey, *, from_disk: bool = False
    ) -> SealedReader:
        """Open a finished object; raises NotFound, or Damaged if it is not what was sealed.

        ``from_disk`` asks for the bytes on the disk rather than those in memory.
        """
        file = self.store.open(handle, from_disk=from_disk)
        return SealedReader(file, key.secret, aad_of(handle, kind))
