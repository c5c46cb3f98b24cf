"""What a player is told about a track, beside its packets: coding and picture.

The same packets can be made to show something else by other parameter sets, a turn, a
crop or a stretch. docs/reference/formats/clip-proof.md, section "What a player is told".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from custodes.kernel.digest import unb64u

Header = Mapping[str, Any]
_UPRIGHT: Final = (0x10000, 0, 0, 0x10000)
_CROPS: Final = ("crop_top", "crop_bottom", "crop_left", "crop_right")
#: An explicit "no SBR" at the end of an AudioSpecificConfig (ISO/IEC 14496-3 s1.6.5.2),
#: which some programs leave out.
_NO_SBR: Final = bytes.fromhex("56e500")
_MOST_ASPECT_ERROR: Final = 0.01
H264_SETS: Final = frozenset({7, 8, 13, 15})
HEVC_SETS: Final = frozenset({32, 33, 34})


def holds_parameters(codec: str, unit: bytes) -> bool:
    """Say whether a NAL unit is a parameter set."""
    if codec == "h264":
        return unit[0] & 31 in H264_SETS
    return codec == "hevc" and unit[0] >> 1 & 63 in HEVC_SETS


def is_filling(codec: str, unit: bytes) -> bool:
    """Say whether a NAL unit is a delimiter or filler, which carries no picture."""
    if codec == "h264":
        return unit[0] & 31 in (9, 12)
    return codec == "hevc" and unit[0] >> 1 & 63 in (35, 38)


def passed_over(original: Header) -> Callable[[bytes], bool]:
    """Return what says whether ``bare`` leaves a NAL unit out: filling, and the original's sets."""
    codec, params = original["codec"], frozenset(unb64u(each) for each in original["params"])
    return lambda unit: unit in params or is_filling(codec, unit)


def coding_fault(clip: Header, original: Header, *, changed: bool) -> str:
    """Return what of the coding differs from the original's, or nothing.

    ``changed`` says that the track has changed packets, which may bring parameter
    sets of their own, under numbers of their own.
    """
    for member in ("codec", "handler"):
        if clip[member] != original[member]:
            return f"its {member} is {clip[member]!r}, the original's {original[member]!r}"
    if clip.get("more", []) != original.get("more", []):
        return "it has other further sample entries"
    ours, theirs = _params(clip), _params(original)
    if ours == theirs:
        return ""
    extra = _further(ours, theirs)
    if extra is None or not changed or clip["codec"] != "h264":
        return "its parameter sets are not the original's"
    taken = {set_number(each) for each in theirs}
    for each in extra:
        if set_number(each) is None or set_number(each) in taken:
            return "a further parameter set takes the place of one of the original's"
        taken.add(set_number(each))
    return ""


def picture_fault(clip: Header, original: Header) -> str:
    """Return what of the picture is shown differently, or nothing."""
    if clip["handler"] != "vide":
        return ""
    if clip.get("size") != original.get("size"):
        return f"its size is {clip.get('size')}, the original's {original.get('size')}"
    if _turn(clip) != _turn(original):
        return "it is turned or mirrored"
    if _crop(clip) != _crop(original):
        return "it is cropped"
    ours, theirs = _aspect(clip), _aspect(original)
    if abs(ours - theirs) > _MOST_ASPECT_ERROR * theirs:
        return "its sides are stretched"
    return ""


def _further(ours: list[bytes], theirs: list[bytes]) -> list[bytes] | None:
    """Return what the clip has beside the original's sets; None unless it has all, in order."""
    left = list(theirs)
    further = []
    for each in ours:
        if left and each == left[0]:
            left.pop(0)
        else:
            further.append(each)
    return None if left else further


def _params(header: Header) -> list[bytes]:
    found = [unb64u(each) for each in header["params"]]
    if header["codec"] == "hevc":
        return [each for each in found if each and each[0] >> 1 & 63 in HEVC_SETS]
    if header["codec"] == "aac":
        return [each.removesuffix(_NO_SBR) for each in found]
    return found


def _turn(header: Header) -> tuple[object, ...]:
    matrix = unb64u(header.get("matrix", ""))
    numbers = struct.unpack(">9i", matrix) if len(matrix) == 36 else (0x10000, 0, 0, 0, 0x10000)
    turned = (numbers[0], numbers[1], numbers[3], numbers[4])
    return (turned, header.get("movie_matrix"), header.get("projection"))


def _crop(header: Header) -> tuple[object, ...]:
    return (header.get("clap"), *(header.get(side, 0) for side in _CROPS))


def _aspect(header: Header) -> float:
    width, height = header.get("size", (1, 1))
    pasp = unb64u(header.get("pasp", ""))
    across, down = struct.unpack_from(">II", pasp) if len(pasp) >= 8 else (1, 1)
    shown = (header.get("display_width", 0), header.get("display_height", 0))
    if header.get("display_unit", 0) in (0, 3) and all(shown):
        width, height, across, down = *shown, 1, 1
    return float(width * across / max(1, height * down))


def set_number(unit: bytes) -> tuple[int, int] | None:
    """Return (type, number) of an H.264 SPS or PPS; None for other units."""
    kind = unit[0] & 31 if unit else 0
    if kind not in (7, 8):
        return None
    # ITU-T H.264 s7.3.2.1.1: an SPS has three bytes before its number, a PPS none.
    skip = 4 if kind == 7 else 1
    number = _exp_golomb(_without_emulation(unit[: skip + 12])[skip : skip + 8])
    return None if number is None else (kind, number)


def _without_emulation(unit: bytes) -> bytes:
    return unit.replace(b"\0\0\3", b"\0\0")


def _exp_golomb(data: bytes) -> int | None:
    bits = "".join(f"{byte:08b}" for byte in data)
    zeros = len(bits) - len(bits.lstrip("0"))
    code = bits[zeros : 2 * zeros + 1]
    return int(code, 2) - 1 if len(code) == zeros + 1 else None


def kept_enabled(clips: Sequence[Header], nth: int, original: Header) -> bool:
    """Say whether a track that the original shows is still shown by the clip."""
    clip = clips[nth]
    others = (each for at, each in enumerate(clips) if at != nth)
    same = any(each["handler"] == clip["handler"] and each["enabled"] for each in others)
    return clip["enabled"] or not original.get("enabled", False) or same
