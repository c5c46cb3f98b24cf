"""Where sealed bytes lie: a folder on a disk, written once and durably.

    sealed/Ab/AbCd….floe     finished objects, in folders by their first two characters
    incoming/AbCd….floe      unfinished ones, locked while a writer has them open

A finished object is hard-linked into place, so a name is either absent or whole,
and a second object of the same name is refused by the kernel. Nothing here knows
what the bytes mean. The one way to remove a finished object is :meth:`shred`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Protocol

from custodes.kernel.durable import fsync_folder, make_folder
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import is_handle
from custodes.vault.diskfile import DiskFile
from custodes.vault.errors import AlreadyThere, InUse, OutOfSpace

_SUFFIX = ".floe"
_FEW_FOLDERS = 500


class Store(Protocol):
    """What the vault needs of a place to keep objects, each named by its handle."""

    def make_sure_of_room(self, size: int = 0) -> None:
        """Raise OutOfSpace if so many bytes more would eat into the reserve."""

    def begin(self, handle: str) -> DiskFile:
        """Return a new, empty, locked incoming object; raises AlreadyThere."""

    def resume(self, handle: str) -> DiskFile:
        """Return an incoming object, locked; raises NotFound or InUse."""

    def keep(self, handle: str, file: DiskFile) -> None:
        """Make an incoming object durable under its name, for ever; raises AlreadyThere."""

    def settle(self, handle: str) -> None:
        """Finish what a crash cut off right after :meth:`keep` named the object."""

    def holds(self, handle: str) -> bool:
        """Say whether there is a finished object of this name."""

    def open(self, handle: str, *, from_disk: bool = False) -> DiskFile:
        """Return a finished object; ``from_disk`` reads past the cache; raises NotFound."""

    def discard_incoming(self, handle: str) -> bool:
        """Remove an unfinished object; False if there was none; raises InUse."""

    def shred(self, handle: str, *, durable: bool = True) -> None:
        """Remove a finished object; only for disposal; raises NotFound."""

    def make_removals_durable(self) -> None:
        """Make sure that what was shredded with ``durable=False`` stays away after a power cut."""

    def free_bytes(self) -> int:
        """Return how many more bytes the store will take."""

    def sealed_handles(self) -> Iterator[str]:
        """Yield the name of every finished object, in order."""

    def sealed_in_folders(self) -> Iterator[list[str]]:
        """Yield the same names a folder at a time."""

    def is_blank(self) -> bool:
        """Say whether nothing was ever kept here, as on a disk that is not mounted."""

    def written_at(self, handle: str) -> float | None:
        """Return when a finished object was last written (POSIX time); None if there is none."""

    def incoming_handles(self) -> Iterator[str]:
        """Yield the name of every unfinished object."""

    def strange_files(self) -> Iterator[str]:
        """Yield the path, within the store, of everything that is not ours."""


class DiskStore:
    """A store in a folder of a local file system with hard links and honest fsync.

    ``minimum_free`` bytes are never used by new objects: begin refuses before
    the disk is full, so that what is under way can still be finished.
    """

    def __init__(self, folder: Path, *, minimum_free: int = 0) -> None:
        self._folder = folder
        self._sealed = folder / "sealed"
        self._incoming = folder / "incoming"
        self._minimum_free = minimum_free
        self._durable_shards: set[str] = set()
        self._removed_from: set[str] = set()
        make_folder(self._sealed)
        make_folder(self._incoming)

    def free_bytes(self) -> int:
        """Return how many more bytes the disk will take from us."""
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize

    def make_sure_of_room(self, size: int = 0) -> None:
        """Raise OutOfSpace if so many bytes more would eat into the reserve."""
        free = self.free_bytes()
        if free - size < self._minimum_free:
            raise OutOfSpace(
                f"There are {free:,} bytes free; {size:,} more would leave less than the reserve "
                f"of {self._minimum_free:,}."
            )

    def begin(self, handle: str) -> DiskFile:
        """Return a new, empty, locked incoming object; raises AlreadyThere or OutOfSpace."""
        path = self._incoming_path(handle)
        self.make_sure_of_room()
        if self.holds(handle):
            raise AlreadyThere(f"{handle} is sealed already.")
        try:
            return _locked(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            raise AlreadyThere(f"{handle} was begun already.") from None

    def resume(self, handle: str) -> DiskFile:
        """Return an incoming object, locked; raises NotFound or InUse.

        The caller must ask :meth:`holds` after this and before changing a byte:
        between naming an object and forgetting its incoming name, both are one file.
        """
        try:
            return _locked(self._incoming_path(handle), os.O_RDWR)
        except FileNotFoundError:
            raise NotFound(f"No unfinished object is named {handle}.") from None

    def keep(self, handle: str, file: DiskFile) -> None:
        """Make an incoming object durable under its name, for ever; raises AlreadyThere."""
        file.make_durable()
        incoming, sealed = self._incoming_path(handle), self._sealed_path(handle)
        self._make_shard(sealed.parent)
        try:
            os.link(incoming, sealed)
        except FileExistsError:
            raise AlreadyThere(f"{handle} is sealed already.") from None
        self.settle(handle)

    def settle(self, handle: str) -> None:
        """Finish what a crash cut off right after :meth:`keep` named the object."""
        incoming, sealed = self._incoming_path(handle), self._sealed_path(handle)
        self._make_shard(sealed.parent)
        sealed.chmod(0o400)
        fsync_folder(sealed.parent)
        # Only the second name of the sealed file itself goes; never other bytes.
        if incoming.exists() and incoming.samefile(sealed):
            incoming.unlink()

    def holds(self, handle: str) -> bool:
        """Say whether there is a finished object of this name."""
        return self._sealed_path(handle).exists()

    def open(self, handle: str, *, from_disk: bool = False) -> DiskFile:
        """Return a finished object; ``from_disk`` reads past the cache; raises NotFound."""
        path = self._sealed_path(handle)
        try:
            file = DiskFile(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), handle)
        except FileNotFoundError:
            raise NotFound(f"The vault holds no object {handle}.") from None
        if from_disk:
            file.forget_cached()
        return file

    def discard_incoming(self, handle: str) -> bool:
        """Remove an unfinished object; False if there was none; raises InUse."""
        path = self._incoming_path(handle)
        try:
            file = _locked(path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        path.unlink(missing_ok=True)
        file.close()
        fsync_folder(self._incoming)
        return True

    def shred(self, handle: str, *, durable: bool = True) -> None:
        """Remove a finished object. Only disposal may call this, with its reasons recorded.

        What destroys the footage is the end of its key; this frees the room. With
        ``durable=False`` a power cut may bring it back until :meth:`make_removals_durable`.
        """
        try:
            os.unlink(self._sealed_name(handle))  # noqa: PTH108 - half a million in a night
        except FileNotFoundError:
            raise NotFound(f"The vault holds no object {handle}.") from None
        if durable:
            fsync_folder(self._sealed / handle[:2])
        else:
            self._removed_from.add(handle[:2])

    def make_removals_durable(self) -> None:
        """Make sure that what was shredded with ``durable=False`` stays away after a power cut."""
        folders, self._removed_from = self._removed_from, set()
        if len(folders) > _FEW_FOLDERS:
            os.sync()  # one call for all of them; it waits for whatever else the disk has to do
            return
        for folder in folders:
            fsync_folder(self._sealed / folder)

    def sealed_handles(self) -> Iterator[str]:
        """Yield the name of every finished object, in order."""
        return chain.from_iterable(self.sealed_in_folders())

    def sealed_in_folders(self) -> Iterator[list[str]]:
        """Yield the same names a folder at a time."""
        for shard in sorted(os.listdir(self._sealed)):  # noqa: PTH208 - names, not paths
            if (self._sealed / shard).is_dir():
                names = sorted(os.listdir(self._sealed / shard))  # noqa: PTH208
                yield [h for h in _stems(names) if h.startswith(shard) and is_handle(h)]

    def is_blank(self) -> bool:
        """Say whether nothing was ever kept here, as on a disk that is not mounted.

        The folder of an object stays when the object is removed.
        """
        return not any(self._sealed.iterdir())

    def written_at(self, handle: str) -> float | None:
        """Return when a finished object was last written (POSIX time); None if there is none."""
        try:
            return self._sealed_path(handle).stat().st_mtime
        except FileNotFoundError:
            return None

    def incoming_handles(self) -> Iterator[str]:
        """Yield the name of every unfinished object."""
        names = sorted(os.listdir(self._incoming))  # noqa: PTH208 - names, not paths
        yield from filter(is_handle, _stems(names))

    def strange_files(self) -> Iterator[str]:
        """Yield the path, within the store, of everything that is not ours."""
        for folder, folders, names in os.walk(self._folder):
            folders.sort()
            where = Path(folder).relative_to(self._folder)
            for name in sorted(names):
                handle = _handle_of(name)
                ours = (Path("sealed", handle[:2]), Path("incoming")) if handle else ()
                path = Path(folder) / name
                if where not in ours or path.is_symlink() or not path.is_file():
                    yield str(where / name)

    def _make_shard(self, shard: Path) -> None:
        # Once a process, even if the folder is there: who made it may have died
        # before its name was durable.
        if shard.name not in self._durable_shards:
            shard.mkdir(mode=0o700, exist_ok=True)
            fsync_folder(self._sealed)
            self._durable_shards.add(shard.name)

    def _sealed_name(self, handle: str) -> str:
        return f"{self._sealed}/{handle[:2]}/{_file_name(handle)}"

    def _sealed_path(self, handle: str) -> Path:
        return self._sealed / handle[:2] / _file_name(handle)

    def _incoming_path(self, handle: str) -> Path:
        return self._incoming / _file_name(handle)


def _file_name(handle: str) -> str:
    if not is_handle(handle):
        raise NotFound(f"{handle!r} is not the name of an object.")
    return handle + _SUFFIX


def _stems(names: Iterable[str]) -> list[str]:
    return [name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)]


def _handle_of(name: str) -> str | None:
    stem = name.removesuffix(_SUFFIX)
    return stem if name != stem and is_handle(stem) else None


def _locked(path: Path, flags: int) -> DiskFile:
    """Open a file that nobody else has open for writing; the lock ends with the process."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    file = DiskFile(descriptor, path.stem)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse(f"{path.stem} is being written by somebody else.") from None
    return file
