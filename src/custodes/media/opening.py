"""Opening a container in the sandbox, so that it can reach nothing but itself.

A playlist with a video's name can make FFmpeg read another file: another
person's evidence. So the list of formats is closed, no protocol is allowed, a
nested open is refused, and the reader has no name to guess a format from.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any, NoReturn

import av
import av.container

# PyAV imports these on first use, when the sandbox opens no file any more.
import av.subtitles.codeccontext
import av.subtitles.stream

from custodes.kernel.errors import Refused
from custodes.media.sandbox.ports import ReadAt

#: Containers, elementary streams and stills that hold their own bytes. Formats
#: that name other files (hls, concat, dash, image2, sdp, imf, webvtt...) are out.
FORMATS = frozenset(
    {
        "aac", "ac3", "aiff", "amr", "asf", "au", "av1", "avi", "caf", "eac3", "flac", "flv",
        "gif", "h264", "hevc", "ivf", "jpeg_pipe", "m4v", "matroska", "mov", "mp3", "mpeg",
        "mpegts", "mpegvideo", "mxf", "obu", "ogg", "png_pipe", "w64", "wav", "webp_pipe",
    }
)  # fmt: skip
_CONTAINERS = {"mov": "MP4", "mpegts": "MPEG-TS", "mpeg": "MPEG-PS", "avi": "AVI", "flv": "FLV",
               "jpeg_pipe": "JPEG", "png_pipe": "PNG", "webp_pipe": "WebP", "gif": "GIF",
               "hevc": "Bare HEVC", "h264": "Bare H.264"}  # fmt: skip
#: One decoded picture may have at most this many pixels (16,384 x 8,192).
MAX_PIXELS = 1 << 27
_READ = 1 << 20
_RETRIES = 50


class ReaderFile:
    """Show a reader to PyAV as a file without a name."""

    def __init__(self, reader: ReadAt) -> None:
        self._reader = reader
        self._at = 0

    def read(self, length: int) -> bytes:
        """Return the next bytes, none at the end."""
        piece = self._reader.read_at(self._at, length)
        self._at += len(piece)
        return piece

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move, and return the new position."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._reader.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the position."""
        return self._at


@contextlib.contextmanager
def opened(reader: ReadAt) -> Iterator[av.container.InputContainer]:
    """Open the bytes as media; raises Refused when they are none we know."""
    if reader.size == 0:
        raise Refused("The file is empty.")
    options = {
        "format_whitelist": ",".join(sorted(FORMATS)),
        "protocol_whitelist": "none",
        "max_pixels": str(MAX_PIXELS),
    }
    try:
        container = av.open(
            ReaderFile(reader),
            mode="r",
            container_options=options,
            metadata_errors="replace",
            buffer_size=_READ,
            io_open=_refuse,
        )
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise Refused(f"No decoder here understands this file ({_words(error)}).") from None
    with container:
        # FFmpeg has been asked; believe only what it then did.
        if not FORMATS & set(container.format.name.split(",")):
            raise Refused(f"Files of the kind {container.format.name} are not opened here.")
        yield container


def packets(container: av.container.InputContainer, faults: list[str]) -> Iterator[av.Packet[Any]]:
    """Give every packet there is, going on after errors and noting them."""
    for _ in range(_RETRIES):
        try:
            for packet in container.demux():
                if packet.size:
                    yield packet
            return
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError, OSError) as error:
            sentence = f"Part of the file could not be read ({_words(error)})."
            if sentence not in faults:
                faults.append(sentence)


def main_video(container: av.container.InputContainer) -> av.VideoStream | None:
    """Return the first moving picture track: not a cover picture, with a decoder."""
    for stream in container.streams.video:
        cover = stream.disposition & av.stream.Disposition.attached_pic
        if not cover and stream.codec_context is not None:
            return stream
    return None


def container_name(reader: ReadAt, container: av.container.InputContainer) -> str:
    """Return the name people know a container by."""
    names = container.format.name.split(",")
    if "matroska" in names:
        # EBML DocType stands within the first bytes of every Matroska file.
        return "WebM" if b"webm" in reader.read_at(0, 64) else "Matroska"
    return _CONTAINERS.get(names[0], names[0])


def _refuse(*_: object) -> NoReturn:
    raise PermissionError("media may not open other files")


def _words(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)[:120]
