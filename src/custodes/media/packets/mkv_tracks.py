"""The tracks of a Matroska or WebM file: their committed headers (RFC 9559 section 5.1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from custodes.kernel.digest import b64u
from custodes.media.packets import coding, ebml
from custodes.media.packets.coding import Coding
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import PcmStream, Track, check_track_count

NANOSECONDS: Final = 1_000_000_000
_HANDLERS = {1: "vide", 2: "soun", 3: "cplx", 0x10: "logo", 0x11: "subt", 0x12: "butt"}
_HANDLERS |= {0x20: "ctrl", 0x21: "meta"}
_NAMES = {"A_AAC": "aac", "A_FLAC": "flac"}
_NAMES |= dict.fromkeys(("V_MPEG4/ISO/SP", "V_MPEG4/ISO/ASP", "V_MPEG4/ISO/AP"), "mpeg4")
_NAMES |= dict.fromkeys(("A_PCM/INT/LIT", "A_PCM/INT/BIG", "A_PCM/FLOAT/IEEE"), "pcm")
_BARE = {"A_AC3": "ac3", "A_EAC3": "eac3", "A_MPEG/L3": "mp3", "V_MJPEG": "mjpeg"}
_MAX_NUMBER: Final = 2**53 - 1

# Element ids, RFC 9559 s5.1.4.
_ENTRY, _NUMBER, _TYPE, _ENABLED, _CODEC, _PRIVATE = 0xAE, 0xD7, 0x83, 0xB9, 0x86, 0x63A2
_DEFAULT_DURATION, _SCALE, _DELAY, _PREROLL = 0x23E383, 0x23314F, 0x56AA, 0x56BB
_VIDEO, _AUDIO, _ENCODINGS = 0xE0, 0xE1, 0x6D80
_WIDTH, _HEIGHT, _COLOUR, _PROJECTION = 0xB0, 0xBA, 0x55B0, 0x7670
_RATE, _CHANNELS, _DEPTH = 0xB5, 0x9F, 0x6264
#: Cropping, display size and unit, interlacing, stereo, alpha: all decide what is seen.
_SEEN = {
    0x54AA: "crop_bottom",
    0x54BB: "crop_top",
    0x54CC: "crop_left",
    0x54DD: "crop_right",
    0x54B0: "display_width",
    0x54BA: "display_height",
    0x54B2: "display_unit",
    0x9A: "interlaced",
    0x9D: "field_order",
    0x53B8: "stereo",
    0x53C0: "alpha",
}

_Elements = dict[int, memoryview]
_NONE: Final = memoryview(b"")


@dataclass(slots=True)
class MkvTrack:
    """A track, its number in blocks, and how long a frame lasts if the file says so (ns)."""

    track: Track
    number: int
    frame_lasts: int


def read_tracks(payload: memoryview) -> list[MkvTrack]:
    """Read the Tracks element, in its order."""
    entries = [data for kind, data in ebml.children(payload) if kind == _ENTRY]
    check_track_count(len(entries))
    tracks = [_track(_elements(entry)) for entry in entries]
    if len({track.number for track in tracks}) != len(tracks):
        raise NoClipProofs("Two tracks of this file have the same number.")
    return tracks


def _elements(payload: memoryview) -> _Elements:
    found: _Elements = {}
    for kind, data in ebml.children(payload):
        found.setdefault(kind, data)
    return found


def _track(entry: _Elements) -> MkvTrack:
    if _SCALE in entry and ebml.real(entry[_SCALE]) != 1.0:
        raise NoClipProofs("A track of this file runs on a clock of its own (TrackTimestampScale).")
    name = bytes(entry.get(_CODEC, _NONE)).decode("latin-1").rstrip("\0")
    prefix, sealed = _stripped(entry.get(_ENCODINGS, _NONE))
    sound = _elements(entry.get(_AUDIO, _NONE))
    found = coding.plain(name) if sealed else _coding(name, bytes(entry.get(_PRIVATE, _NONE)))
    header = _header(entry, name, found)
    if sealed:
        header["sealed"] = sealed
    track = Track(header, [found.rule], prefix=prefix)
    if found.codec == "pcm":
        track.pcm = PcmStream(_bytes_per_second(sound))
    lasts = ebml.number(entry.get(_DEFAULT_DURATION, _NONE))
    return MkvTrack(track, ebml.number(entry.get(_NUMBER, _NONE)), min(lasts, 1 << 62))


def _header(entry: _Elements, name: str, found: Coding) -> dict[str, Any]:
    header: dict[str, Any] = {
        "v": 1,
        "container": "mkv",
        "handler": _HANDLERS.get(ebml.number(entry.get(_TYPE, _NONE)), ""),
        "timescale": NANOSECONDS,
        "enabled": _ENABLED not in entry or bool(ebml.number(entry[_ENABLED])),
        "entry": name,
        "codec": found.codec,
        "params": [b64u(param) for param in found.params],
    }
    if _VIDEO in entry:
        header |= _seen(_elements(entry[_VIDEO]))
    if _AUDIO in entry:
        header["sound"] = _sound(_elements(entry[_AUDIO]))
    for kind, word in ((_DELAY, "delay"), (_PREROLL, "preroll")):
        if kind in entry:
            header[word] = min(ebml.number(entry[kind]), _MAX_NUMBER)
    return header


def _seen(video: _Elements) -> dict[str, Any]:
    sides = [ebml.number(video.get(kind, _NONE)) for kind in (_WIDTH, _HEIGHT)]
    seen: dict[str, Any] = {"size": [min(side, _MAX_NUMBER) for side in sides]}
    for kind, word in _SEEN.items():
        if kind in video:
            seen[word] = min(ebml.number(video[kind]), _MAX_NUMBER)
    for kind, word in ((_COLOUR, "colour"), (_PROJECTION, "projection")):
        if kind in video:
            seen[word] = b64u(bytes(video[kind]))
    return seen


def _sound(audio: _Elements) -> list[int]:
    # RFC 9559 s5.1.4.1.29: 8000 Hz and one channel where nothing is said.
    rate = ebml.real(audio[_RATE]) if _RATE in audio else 8000.0
    channels = ebml.number(audio[_CHANNELS]) if _CHANNELS in audio else 1
    depth = ebml.number(audio.get(_DEPTH, _NONE))
    whole = int(rate) if 0 <= rate < 2**32 else 0
    return [min(channels, _MAX_NUMBER), whole, min(depth, _MAX_NUMBER)]


def _coding(name: str, private: bytes) -> Coding:
    if name == "V_MPEG4/ISO/AVC":
        return coding.h264(private, name)
    if name == "V_MPEGH/ISO/HEVC":
        return coding.hevc(private, name)
    if name == "V_AV1":
        return coding.av1(private)
    if name == "A_OPUS":
        return coding.opus(private)
    if name in _BARE:
        return coding.plain(_BARE[name])
    return coding.plain(_NAMES.get(name, name), private.removeprefix(b"fLaC"))


def _bytes_per_second(audio: _Elements) -> int:
    channels, rate, depth = _sound(audio)
    per_second = channels * rate * ((depth + 7) // 8)
    if not 0 < per_second <= 64 << 20:
        raise NoClipProofs("The uncompressed sound of this file claims an impossible rate.")
    return per_second


def _stripped(encodings: memoryview) -> tuple[bytes, str]:
    """Return the bytes stripped from each frame, or what else was done to the frames."""
    # RFC 9559 s5.1.4.1.31. Only header stripping is undone; a frame that is
    # compressed or encrypted is committed as it is stored.
    found = [data for kind, data in ebml.children(encodings) if kind == 0x6240]
    if not found:
        return b"", ""
    one = _elements(found[0])
    compression = _elements(one.get(0x5034, _NONE))
    scope = ebml.number(one[0x5032]) if 0x5032 in one else 1
    encrypts = ebml.number(one.get(0x5033, _NONE)) != 0 or 0x5035 in one
    algorithm = ebml.number(compression.get(0x4254, _NONE))
    if len(found) > 1 or encrypts:
        return b"", "encrypted" if encrypts else "encoded"
    if algorithm == 3 and scope == 1:
        return bytes(compression.get(0x4255, _NONE)), ""
    return b"", f"compressed {min(algorithm, 255)}, scope {min(scope, 255)}"
