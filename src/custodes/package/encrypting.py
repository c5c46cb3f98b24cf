"""Encrypting a package to who gets it, while it is sent: age (age-encryption.org/v1).

Only who has the key that belongs to a recipient can open it, whatever becomes of the stick or
the mailbox it travels in. It is encrypted anew each time, so a download of it cannot go on
where it broke off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from queue import Empty, Full, Queue, SimpleQueue
from threading import Thread

import pyrage

from custodes.kernel.errors import Refused

_MOST_WAITING = 2


class NoKey(Refused):
    """What was given is no public key that something can be encrypted to."""

    advice = (
        "Nothing was handed over. Give the public key of who gets it: it begins with age1, or"
        " with ssh-ed25519 or ssh-rsa. Never ask for the secret one."
    )


def recipient_with(key: str) -> object:
    """Return whom something is encrypted to, by their public key; raises NoKey."""
    kind = pyrage.ssh if key.strip().startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(key.strip())
    except pyrage.RecipientError:
        raise NoKey("This is no public key of age or SSH.") from None


def in_words(keys: Sequence[str]) -> str:
    """Return what the record says of a package that is encrypted to these public keys."""
    return f"as a ZIP file encrypted to {', '.join(key.strip()[:40] for key in keys)}"


def encrypted(pieces: Iterable[bytes], recipients: Sequence[object]) -> Iterator[bytes]:
    """Yield the pieces encrypted; each of the recipients alone can open them.

    Pieces are asked for here and encrypted in a thread beside, a few at a time. Where one
    fails, the error is raised, and what was sent by then does not open as if it were whole.
    """
    work = _Encryption(recipients)
    try:
        for piece in pieces:
            yield from work.take(piece)
        yield from work.finish()
    finally:
        work.stop()


class _Encryption:
    """An encryption under way: pieces go in at one end and come out at the other."""

    def __init__(self, recipients: Sequence[object]) -> None:
        self._waiting: Queue[bytes | None] = Queue(_MOST_WAITING)
        self._done: SimpleQueue[bytes | None] = SimpleQueue()
        self._left = b""
        self._stopped = False
        self._failed: Exception | None = None
        self._thread = Thread(target=self._run, args=(list(recipients),), daemon=True)
        self._thread.start()

    def take(self, piece: bytes) -> Iterator[bytes]:
        """Encrypt one more piece; yield what is ready."""
        self._hand_over(piece)
        while True:
            try:
                yield self._done.get_nowait() or b""
            except Empty:
                return

    def finish(self) -> Iterator[bytes]:
        """Yield the rest."""
        self._hand_over(None)
        while (block := self._done.get()) is not None:
            yield block
        self._thread.join()
        if self._failed:
            raise self._failed

    def stop(self) -> None:
        """Let the thread go, whether or not all was encrypted."""
        self._stopped = True
        while self._thread.is_alive():
            try:
                self._waiting.put(None, timeout=0.1)
            except Full:
                continue
            self._thread.join(0.1)

    def _hand_over(self, piece: bytes | None) -> None:
        """Wait until the thread takes it; raise what it failed with, if it will take nothing."""
        while True:
            if self._failed:
                raise self._failed
            try:
                return self._waiting.put(piece, timeout=1)
            except Full:
                continue

    def _run(self, recipients: list[object]) -> None:
        try:
            pyrage.encrypt_io(self, self, recipients)
        except Exception as error:  # noqa: BLE001 - raised again where the pieces are asked for
            self._failed = error
        self._done.put(None)

    def read(self, size: int) -> bytes:
        """Return the next bytes to be encrypted; asked by the library."""
        while not self._left:
            piece = self._waiting.get()
            if piece is None or self._stopped:
                return b""
            self._left = piece
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def write(self, block: bytes) -> int:
        """Take a block that was encrypted; called by the library."""
        self._done.put(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Have nothing left to write; called by the library."""
