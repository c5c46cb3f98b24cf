"""Sample entries: what an MP4 or QuickTime file says a track is coded as.

ISO/IEC 14496-12 sections 8.5.2 and 12, and Apple's QuickTime File Format for the
older sound descriptions (versions 1 and 2).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from custodes.kernel.digest import b64u
from custodes.media.packets import coding
from custodes.media.packets.boxes import Box, children, number
from custodes.media.packets.coding import Coding

_AVC = {"avc1", "avc2", "avc3", "avc4", "dva1", "dvav"}
_HEVC = {"hvc1", "hev1", "dvh1", "dvhe"}
_MJPEG = {"jpeg", "mjpa", "mjpb", "MJPG"}
#: Bytes of one PCM sample, 0 where the entry's own sample size says it.
_PCM = {"sowt": 0, "twos": 0, "raw ": 0, "NONE": 0, "lpcm": 0, "in24": 3, "in32": 4, "fl32": 4}
_PCM |= {"fl64": 8, "ulaw": 1, "alaw": 1, "ipcm": 0, "fpcm": 0}
_SHOWN = (b"pasp", b"clap", b"colr")
_VISUAL_HEAD = 78
_SOUND_HEAD = 28


@dataclass(slots=True)
class Entry:
    """One sample entry: its name as stored, its coding, and what decides how it is shown.

    ``frame_bytes`` and ``rate`` are those of uncompressed sound, else 0.
    """

    name: str
    coding: Coding
    shown: dict[str, Any] = field(default_factory=dict)
    frame_bytes: int = 0
    rate: int = 0


def read_entry(name: bytes, body: memoryview, handler: str, *, quicktime: bool) -> Entry:
    """Read one entry; ``body`` is what follows its box head.

    ``quicktime`` says that the ``stsd`` is of version 0, where a sound entry of
    version 1 or 2 is QuickTime's and longer.
    """
    text = name.decode("latin-1")
    if handler == "vide" and len(body) >= _VISUAL_HEAD:
        return _visual(text, body)
    if handler == "soun" and len(body) >= _SOUND_HEAD:
        return _sound(text, body, quicktime=quicktime)
    return Entry(text, coding.plain(text, bytes(body)))


def _visual(name: str, body: memoryview) -> Entry:
    inside = Box(body[_VISUAL_HEAD:])
    shown: dict[str, Any] = {"size": [number(body, 24, 2), number(body, 26, 2)]}
    for kind in _SHOWN:
        if found := inside.all(kind):
            shown[kind.decode()] = b64u(bytes(found[0]))
    return Entry(name, _coding(name, body, inside), shown)


def _coding(name: str, body: memoryview, inside: Box) -> Coding:
    def config(kind: bytes) -> bytes:
        return bytes(next(iter(inside.all(kind)), b""))

    if name in _AVC:
        return coding.h264(config(b"avcC"), name)
    if name in _HEVC:
        return coding.hevc(config(b"hvcC"), name)
    if name == "av01":
        return coding.av1(config(b"av1C"))
    if name in _MJPEG:
        return coding.plain("mjpeg")
    if inside.all(b"esds"):
        return coding.described(name, config(b"esds")[4:])
    return coding.plain(name, bytes(body))


def _sound(name: str, body: memoryview, *, quicktime: bool) -> Entry:
    version, channels, bits = number(body, 8, 2), number(body, 16, 2), number(body, 18, 2)
    rate, start, frame = number(body, 24, 4) >> 16, _SOUND_HEAD, 0
    if quicktime and version == 1:
        frame, start = number(body, 36), _SOUND_HEAD + 16
    elif quicktime and version == 2:
        # QTFF, sound sample description version 2: sizes and rate are elsewhere.
        rate = _whole(number(body, 32, 8))
        channels, bits, frame = number(body, 40), number(body, 48), number(body, 56)
        start = _SOUND_HEAD + 36
    shown = {"sound": [channels, rate, bits]}
    if name in _PCM:
        bits = _pcmc_bits(body[start:]) or bits
        frame = frame or channels * (_PCM[name] or (bits + 7) // 8)
        return Entry(name, coding.plain("pcm", bytes(body)), shown, frame, rate)
    return Entry(name, _sound_coding(name, body, Box(body[start:])), shown)


def _sound_coding(name: str, body: memoryview, inside: Box) -> Coding:
    if wave := inside.all(b"wave"):
        inside = Box(wave[0])
    if found := inside.all(b"esds"):
        return coding.described(name, bytes(found[0][4:]))
    if found := inside.all(b"dOps"):
        return coding.opus(bytes(found[0]))
    if found := inside.all(b"dfLa"):
        return coding.flac(bytes(found[0][4:]))
    known = {"ac-3": "ac3", "ec-3": "eac3", ".mp3": "mp3"}
    # What dac3 and dec3 say is in every frame; Matroska does not store it.
    return coding.plain(known[name]) if name in known else coding.plain(name, bytes(body))


def _pcmc_bits(rest: memoryview) -> int:
    # ISO/IEC 23003-5 s4: pcmC is version and flags, format flags, sample size.
    found = next((payload for kind, payload in children(rest) if kind == b"pcmC"), None)
    return found[5] if found is not None and len(found) > 5 else 0


def _whole(bits: int) -> int:
    value: float = struct.unpack(">d", bits.to_bytes(8, "big"))[0]
    return int(value) if 0 < value < 2**32 else 0
