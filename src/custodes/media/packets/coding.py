"""How a track is coded: its parameter sets, and how its packets come apart.

Containers wrap the same configuration differently. Here it is brought to one
form, so that a copy from one container to another keeps its parameters:
NAL units without padding, AudioSpecificConfig, Opus as in ``dOps``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from custodes.media.packets.nal import UnitRule, av1_digest, nal_digest_of, whole_digest


@dataclass(frozen=True, slots=True)
class Coding:
    """A codec's common name, its parameters, and the rule for its packets."""

    codec: str
    params: tuple[bytes, ...]
    rule: UnitRule


class _Malformed(Exception):
    """The configuration ends before it should."""


def plain(codec: str, *params: bytes) -> Coding:
    """Return the coding of a codec whose packets are one unit each."""
    return Coding(codec, tuple(param for param in params if param), whole_digest)


def h264(config: bytes, otherwise: str) -> Coding:
    """Read an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1).

    Without a readable one the codec is called ``otherwise`` and a packet is one unit.
    """
    if config[:1] != b"\x01":
        return plain(otherwise, config)
    try:
        at, sets = _nals(config, 6, _byte(config, 5) & 31)
        at, pictures = _nals(config, at + 1, _byte(config, at))
        # Profiles with chroma formats go on: three bytes, then SPS extensions.
        extensions: list[bytes] = []
        if config[1] in (100, 110, 122, 144) and len(config) >= at + 4:
            at, extensions = _nals(config, at + 4, config[at + 3])
    except _Malformed:
        return plain(otherwise, config)
    rule = nal_digest_of((config[4] & 3) + 1)
    return Coding("h264", (*sets, *pictures, *extensions), rule)


def hevc(config: bytes, otherwise: str) -> Coding:
    """Read an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 8.3.3.1)."""
    params: list[bytes] = []
    try:
        at = 23
        for _ in range(_byte(config, 22)):
            count = _byte(config, at + 1) << 8 | _byte(config, at + 2)
            at, found = _nals(config, at + 3, count)
            params += found
    except _Malformed:
        return plain(otherwise, config)
    return Coding("hevc", tuple(params), nal_digest_of((config[21] & 3) + 1))


def av1(config: bytes) -> Coding:
    """Return the coding of AV1 with its ``av1C`` record."""
    return Coding("av1", (config,) if config else (), av1_digest)


def opus(config: bytes) -> Coding:
    """Return the coding of Opus from ``dOps`` or from Ogg's ``OpusHead`` as Matroska has it."""
    if config[:8] == b"OpusHead" and len(config) >= 19:
        # RFC 7845 s5.1 is little-endian; Opus in ISOBMFF s4.3.2 is the same, big-endian.
        channels, skip, rate, gain = struct.unpack_from("<BHIh", config, 9)
        config = struct.pack(">BBHIh", 0, channels, skip, rate, gain) + config[18:]
    return plain("opus", config)


def flac(blocks: bytes) -> Coding:
    """Return the coding of FLAC from its metadata blocks, without "fLaC" or version in front."""
    return plain("flac", blocks)


def described(entry: str, descriptor: bytes) -> Coding:
    """Read an ES_Descriptor (ISO/IEC 14496-1 section 7.2.6.5), the payload of ``esds``."""
    found = _decoder_config(descriptor)
    if found is None:
        return plain(entry, descriptor)
    kind, specific = found
    return plain(_OBJECT_TYPES.get(kind, f"{entry}.{kind:02x}"), specific)


#: Object type indications registered by MP4RA that mean one codec.
_OBJECT_TYPES = {
    0x20: "mpeg4",
    0x40: "aac",
    0x66: "aac",
    0x67: "aac",
    0x68: "aac",
    0x69: "mp3",
    0x6B: "mp3",
    0x6C: "mjpeg",
}


def _decoder_config(descriptor: bytes) -> tuple[int, bytes] | None:
    es = _descriptor(descriptor, 3)
    if es is None or len(es) < 3:
        return None
    flags = es[2]
    at = 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
    if flags & 0x40 and len(es) > at:
        at += 1 + es[at]
    config = _descriptor(es[at:], 4)
    if config is None or len(config) < 13:
        return None
    return config[0], _descriptor(config[13:], 5) or b""


def _descriptor(data: bytes, tag: int) -> bytes | None:
    # ISO/IEC 14496-1 s8.3.3: a length in groups of seven bits, at most four.
    if not data or data[0] != tag:
        return None
    length = 0
    for at, byte in enumerate(data[1:5], 2):
        length = length << 7 | byte & 0x7F
        if not byte & 0x80:
            return data[at : at + length] if at + length <= len(data) else None
    return None


def _nals(config: bytes, at: int, count: int) -> tuple[int, list[bytes]]:
    found: list[bytes] = []
    for _ in range(count):
        if len(config) < at + 2:
            raise _Malformed
        end = at + 2 + int.from_bytes(config[at : at + 2], "big")
        if len(config) < end:
            raise _Malformed
        found.append(config[at + 2 : end].rstrip(b"\0"))
        at = end
    return at, found


def _byte(config: bytes, at: int) -> int:
    if len(config) <= at:
        raise _Malformed
    return config[at]
