"""One open file of the store: read and written by position, and nothing else."""

from __future__ import annotations

import errno
import fcntl
import os

from custodes.kernel.errors import Damaged
from custodes.vault.errors import NotDurable, OutOfSpace

# EFBIG: the file-size limit of the process or the file system; room, all the same.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFile:
    """An open file by its descriptor. Threads may read while one writes."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self.name = name

    @property
    def size(self) -> int:
        """Return the length of the file in bytes."""
        return os.fstat(self._descriptor).st_size

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill the buffer from the offset; fewer bytes only where the file ends.

        Raises Damaged when the disk cannot read them.
        """
        done = 0
        while done < len(buffer):
            try:
                got = os.preadv(self._descriptor, [buffer[done:]], offset + done)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                raise Damaged(
                    f"The disk cannot read {self.name} at byte {offset + done}."
                ) from error
            if not got:
                break
            done += got
        return done

    def write_at(self, buffer: memoryview, offset: int) -> None:
        """Write all of the buffer; raises OutOfSpace when the disk will not take it."""
        done = 0
        while done < len(buffer):
            try:
                done += os.pwrite(self._descriptor, buffer[done:], offset + done)
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                reason = f"The disk took no more bytes of {self.name}: {error.strerror}."
                raise OutOfSpace(reason) from error

    def truncate(self, size: int) -> None:
        """Cut the file to this many bytes."""
        os.ftruncate(self._descriptor, size)

    def make_durable(self) -> None:
        """Return once the disk says that the bytes are safe; raises NotDurable if it cannot.

        After a failed fsync the kernel may believe the pages clean, so it is
        never tried a second time.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise OutOfSpace(f"The disk is full: {self.name} is not safe on it.") from error
            raise NotDurable(f"The disk did not confirm {self.name}: {error.strerror}.") from error

    def forget_cached(self) -> None:
        """Ask the kernel to read from the disk, not from memory, next time."""
        os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def unlock(self) -> None:
        """Let another writer have the file, even while copies of this one read it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def again(self) -> DiskFile:
        """Return the same open file with a life of its own."""
        return DiskFile(os.dup(self._descriptor), self.name)

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        self.close()
