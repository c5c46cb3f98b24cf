"""Read an original's media in the clear: as it is, or decrypted while it is read.

A camera that encrypts end to end sends a ``.key`` file for each of its files.
The original stays as received; only what reads it here sees it opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from custodes.custody.encryption_key import content_key_unwrap
from custodes.intake.rules import Kind
from custodes.kernel.errors import Refused
from custodes.media.axis_encryption import DecryptingReader
from custodes.media.sandbox import ReadAt
from custodes.recordings.models import Original
from custodes.recordings.reading import open_original

_LARGEST_KEY = 1 << 20


class NoKeyYet(Refused):
    """The file looks encrypted, and its key is not here."""

    advice = "It is looked at when its key comes."


@dataclass(frozen=True, slots=True)
class InTheClear:
    """Bytes a decoder can make sense of, and whether they were encrypted."""

    reader: ReadAt
    encrypted: bool

    def watched(self, keep_going: Callable[[], None]) -> ReadAt:
        """Return the reader with a call before every read, which may raise to break off."""
        return _Watched(self.reader, keep_going)


class _Watched:
    def __init__(self, reader: ReadAt, keep_going: Callable[[], None]) -> None:
        self._reader = reader
        self._keep_going = keep_going
        self.size = reader.size

    def read_at(self, offset: int, length: int) -> bytes:
        self._keep_going()
        return self._reader.read_at(offset, length)


@contextmanager
def readable(original: Original) -> Iterator[InTheClear]:
    """Open an original for the sandbox; raises NoKeyYet, or CannotDecrypt for a wrong key."""
    with open_original(original) as reader:
        key = _key_of(original)
        if key is not None:
            opened = DecryptingReader(reader, content_key_unwrap(_whole(key)))
            yield InTheClear(opened, encrypted=True)
        elif original.recording.source == "axis" and _looks_encrypted(reader.read_at(0, 16)):
            raise NoKeyYet(f"{original.name} is encrypted.")
        else:
            yield InTheClear(reader, encrypted=False)


def opened_by(key: Original) -> list[Original]:
    """Return the files of the same recording that a ``.key`` file opens."""
    others = key.recording.originals.exclude(kind=Kind.KEY).select_related("recording")
    return [other for other in others if _belongs(key.name, other.name)]


def _key_of(original: Original) -> Original | None:
    keys = original.recording.originals.filter(kind=Kind.KEY)
    return next((key for key in keys if _belongs(key.name, original.name)), None)


def _belongs(key: str, name: str) -> bool:
    """Say whether a key file goes with a file: named like it, with or without its ending."""
    stem = key.removesuffix(".key")
    return stem in {name, PurePath(name).stem}


def _whole(key: Original) -> bytes:
    if key.size > _LARGEST_KEY:
        raise Refused(f"The key file {key.name} is too large to be one.")
    with open_original(key) as reader:
        return reader.read_at(0, key.size)


def _looks_encrypted(start: bytes) -> bool:
    """Say whether a file begins like nothing such a camera sends in the clear."""
    # Matroska: RFC 8794 s11.2.1; MP4: ISO/IEC 14496-12 s4.3; a track is JSON text.
    return not (
        start.startswith(b"\x1a\x45\xdf\xa3") or start[4:8] == b"ftyp" or start[:1] in {b"{", b"["}
    )
