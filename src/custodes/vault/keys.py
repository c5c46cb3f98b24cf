"""Keys: one for each recording, wrapped by a key-encryption key of an epoch.

A data key never lies on disk unwrapped. Destroying an epoch key destroys every
data key still wrapped by it, in every backup of the database there ever was;
that is how footage is destroyed for good. The key ring reads its files each time
it needs them, so an epoch destroyed by one process is gone for all.

It leaves to others the count of what is wrapped by which epoch: whoever destroys
an epoch must know that every live key was re-wrapped and none is being made.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from custodes.kernel.durable import fsync_folder, make_folder, write_new
from custodes.kernel.errors import Damaged
from custodes.kernel.ids import new_handle
from custodes.vault.errors import CurrentEpoch, DamagedWrap, KeysExposed, UnknownEpoch

KEY_SIZE = 32
_FILE = re.compile(r"epoch-(\d{6,})\.key\Z")


@dataclass(frozen=True, slots=True)
class DataKey:
    """The 32 secret bytes that seal one recording. Never shown, never pickled."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_SIZE:
            raise ValueError(f"a data key has {KEY_SIZE} bytes, not {len(self.secret)}")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a data key is never pickled: it would outlive the recording")

    def derive(self, purpose: str) -> DataKey:
        """Return the key of something made from the recording, which dies with it.

        HKDF-SHA-256 (RFC 5869) without salt; the same purpose gives the same key.
        """
        info = b"custodes-key/v1\n" + purpose.encode()
        return DataKey(HKDF(SHA256(), KEY_SIZE, None, info).derive(self.secret))


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as the database may hold it: AES key wrap (RFC 3394), 40 bytes.

    ``kid`` is a random handle that names the key, so that its absence from a
    later inventory can be shown.
    """

    kid: str
    epoch: int
    wrapped: bytes


class KeyRing:
    """The epoch keys in one folder, each in a file only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def open_or_create(cls, folder: Path) -> KeyRing:
        """Open the folder, with a first epoch if it has none.

        Raises KeysExposed when a key file is readable by others, Damaged when
        one is not a key.
        """
        make_folder(folder)
        ring = cls(folder)
        if not ring.epochs():
            ring._create(1)
        for epoch in ring.epochs():
            ring._epoch_key(epoch)
        return ring

    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose keys exist, oldest first; the last is the current one."""
        try:
            found = os.listdir(self._folder)  # noqa: PTH208 - asked for every key
        except FileNotFoundError:
            return ()
        names = map(_FILE.match, found)
        return tuple(sorted(int(match[1]) for match in names if match))

    def new_key(self) -> tuple[DataKey, WrappedKey]:
        """Return a fresh data key and the form of it to be stored."""
        key = DataKey(secrets.token_bytes(KEY_SIZE))
        return key, self._wrap(new_handle(), key)

    def new_keys(self, count: int) -> list[WrappedKey]:
        """Return the stored form of so many fresh data keys; the epoch's key is read once."""
        epoch = self._current()
        key = self._epoch_key(epoch)
        return [
            WrappedKey(new_handle(), epoch, aes_key_wrap(key, secrets.token_bytes(KEY_SIZE)))
            for _ in range(count)
        ]

    def unwrap(self, wrapped: WrappedKey) -> DataKey:
        """Return the data key; raises UnknownEpoch or DamagedWrap."""
        try:
            return DataKey(aes_key_unwrap(self._epoch_key(wrapped.epoch), bytes(wrapped.wrapped)))
        except (InvalidUnwrap, ValueError):
            raise DamagedWrap(
                f"Key {wrapped.kid} does not open with the key of epoch {wrapped.epoch}: it was "
                "changed, or it comes from another installation."
            ) from None

    def rewrap(self, wrapped: WrappedKey) -> WrappedKey:
        """Return the same data key, wrapped by the current epoch."""
        return self._wrap(wrapped.kid, self.unwrap(wrapped))

    def rewrap_many(self, keys: Sequence[tuple[int, bytes]], *, into: int) -> list[bytes]:
        """Return data keys, each given with its epoch, wrapped by another, in order.

        A million in seconds (vault/rewrapping.py). Raises UnknownEpoch, or DamagedWrap
        when one does not open: then none is returned.
        """
        # It takes numpy, and a tenth of a second to be there; who opens one key need not wait.
        from custodes.vault.rewrapping import WRAPPED, rewrap  # noqa: PLC0415

        new = self._epoch_key(into)
        found: dict[int, bytes] = {}
        for epoch in {epoch for epoch, _ in keys}:
            places = [place for place, (was, _) in enumerate(keys) if was == epoch]
            packed = b"".join(keys[place][1] for place in places)
            again = rewrap(packed, self._epoch_key(epoch), new)
            found |= {
                place: again[at : at + WRAPPED]
                for place, at in zip(places, range(0, len(again), WRAPPED), strict=True)
            }
        return [found[place] for place in range(len(keys))]

    def begin_epoch(self) -> int:
        """Make a new current epoch and return its number."""
        epoch = self._current() + 1
        self._create(epoch)
        return epoch

    def destroy_epoch(self, epoch: int) -> None:
        """Destroy an epoch's key, and with it every data key still wrapped by it.

        The caller must have re-wrapped every live key, and must let no other
        process wrap one between that and this. Overwriting before unlinking is an
        effort, not a proof: a journal, a snapshot or a flash disk may keep bytes.
        """
        if epoch not in self.epochs():
            raise UnknownEpoch(f"There is no key of epoch {epoch} to destroy.")
        if epoch == self._current():
            raise CurrentEpoch(f"Epoch {epoch} is the current one.")
        path = self._path(epoch)
        with path.open("r+b", buffering=0) as file:
            file.write(secrets.token_bytes(KEY_SIZE))
            os.fsync(file.fileno())
        path.unlink()
        fsync_folder(self._folder)

    def _wrap(self, kid: str, key: DataKey) -> WrappedKey:
        epoch = self._current()
        return WrappedKey(kid, epoch, aes_key_wrap(self._epoch_key(epoch), key.secret))

    def _current(self) -> int:
        epochs = self.epochs()
        if not epochs:
            raise UnknownEpoch(f"There is no epoch key in {self._folder}.")
        return epochs[-1]

    def _create(self, epoch: int) -> None:
        # Two processes may begin the same epoch; the first file stays, both use it.
        write_new(self._path(epoch), secrets.token_bytes(KEY_SIZE))

    def _epoch_key(self, epoch: int) -> bytes:
        path = self._path(epoch)
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise UnknownEpoch(f"The key of epoch {epoch} is not in this key ring.") from None
        try:
            mode = os.fstat(file).st_mode
            if mode & 0o077:
                raise KeysExposed(
                    f"Key file {path} has mode {mode & 0o777:03o}; others can use it."
                )
            key = os.read(file, KEY_SIZE + 1)
        finally:
            os.close(file)
        if len(key) != KEY_SIZE:
            raise Damaged(f"Key file {path} does not hold {KEY_SIZE} bytes.")
        return key

    def _path(self, epoch: int) -> Path:
        return self._folder / f"epoch-{epoch:06d}.key"
