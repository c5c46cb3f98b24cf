"""Decode one packet, and outlive one that cannot be decoded."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import av
import av.error

Frame = TypeVar("Frame")


class Decoder(Protocol[Frame]):
    """What decodes the packets of one track: PyAV's codec context."""

    def decode(self, packet: av.Packet[Any] | None = None, /) -> list[Frame]:
        """Return the frames that come of a packet, or with None those still held."""
        ...


def decoded(decoder: Decoder[Frame], packet: av.Packet[Any] | None) -> list[Frame] | None:
    """Return the frames that come of a packet; None when it cannot be decoded.

    With None for the packet: what the decoder still holds. Raises MemoryError: that
    is the sandbox's wall, not the packet's fault.
    """
    try:
        return decoder.decode(packet)
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError):
        return None
