"""Making the pictures anew that a cut tore from their group: decode, then encode as H.264.

They are encoded far finer than any camera does, in the original's profile and size, at
the original's times, each without a later one being needed before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av

from custodes.media.clip.original import CannotCut, Source
from custodes.media.clip.plan import Anew
from custodes.media.clip.sets import Avcc, units_of
from custodes.media.decoding import decoded
from custodes.media.packets import Window

#: Profiles of H.264 (ITU-T H.264 annex A) and what the encoder calls them.
PROFILES = {66: "baseline", 77: "main", 100: "high", 110: "high10", 122: "high422"}
CRF = 12
PRESET = "ultrafast"
_SETS = (7, 8)
_SEI = 6


@dataclass(slots=True)
class Made:
    """Pictures made anew: when each is shown, its packet, and whether it is a whole one."""

    shown: list[int] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)
    sync: list[bool] = field(default_factory=list)
    sets: list[bytes] = field(default_factory=list)


def make_anew(window: Window, source: Source, avcc: Avcc, anew: Anew) -> Made:
    """Return the pictures of an edge; raises CannotCut unless every one can be decoded."""
    made = Made()
    due = source.shown[(source.shown >= anew.first) & (source.shown < anew.end)]
    encoder: av.VideoCodecContext | None = None
    for frame in _frames(window, source, avcc, anew):
        if encoder is None:
            encoder = _encoder(frame, source, avcc)
        frame.pict_type = av.video.frame.PictureType.NONE
        _take(made, encoder.encode(frame), avcc)
    if encoder is not None:
        _take(made, encoder.encode(None), avcc)
    if encoder is None or made.shown != sorted(due.tolist()):
        lost = len(due) - len(made.shown)
        raise CannotCut(
            f"{lost} of the {len(due)} pictures at the edge of the clip cannot be decoded: they"
            " are damaged in the original, and would be missing. Ask for whole pictures, which"
            " copies them as they are, or for other moments."
        )
    made.sets = units_of(bytes(encoder.extradata or b""))
    made.sets = [unit for unit in made.sets if unit[0] & 31 in _SETS]
    return made


def _frames(window: Window, source: Source, avcc: Avcc, anew: Anew) -> Iterator[av.VideoFrame]:
    """Give the decoded pictures that are shown from the first on and before the end, in order."""
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = avcc.to_bytes()
    decoder.thread_type, decoder.thread_count = "AUTO", 2
    unit = Fraction(1, source.timescale)
    for nth in [*anew.feed, None]:
        packet = None
        if nth is not None:
            packet = av.Packet(bytes(window.view(int(source.offset[nth]), int(source.size[nth]))))
            packet.pts, packet.time_base = int(source.shown[nth]), unit
            # Before the first, only what others are made from has to be decoded.
            decoder.skip_frame = "NONREF" if packet.pts < anew.first else "DEFAULT"
        for frame in decoded(decoder, packet) or ():
            # What a decoder made up in place of a damaged picture is no picture of the original.
            if frame.pts is None or frame.is_corrupt:
                continue
            if anew.first <= frame.pts < anew.end:
                yield frame


def _encoder(frame: av.VideoFrame, source: Source, avcc: Avcc) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = frame.width, frame.height
    encoder.pix_fmt = frame.format.name.replace("yuvj", "yuv")
    encoder.time_base = Fraction(1, source.timescale)
    encoder.framerate = Fraction(30)
    encoder.max_b_frames = 0
    encoder.color_range = 2 if frame.format.name.startswith("yuvj") else frame.color_range
    encoder.colorspace = frame.colorspace
    encoder.color_primaries, encoder.color_trc = frame.color_primaries, frame.color_trc
    encoder.thread_count = 2
    encoder.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER: the sets go beside, not inside
    encoder.options = {
        "preset": PRESET,
        "crf": str(CRF),
        "profile": PROFILES[avcc.profile],
        "x264-params": f"sps-id={avcc.free_number()}:keyint=250:scenecut=0:bframes=0:stitchable=1",
    }
    try:
        encoder.open()
    except (av.error.FFmpegError, ValueError):
        raise CannotCut(
            f"Pictures of this kind ({frame.format.name}) cannot be made anew."
            " Ask for whole pictures, which encodes nothing."
        ) from None
    return encoder


def _take(made: Made, packets: list[Any], avcc: Avcc) -> None:
    for packet in packets:
        kept = [u for u in units_of(bytes(packet)) if u[0] & 31 not in (*_SETS, _SEI)]
        size = avcc.length_size
        if any(len(unit) >= 1 << 8 * size for unit in kept):
            raise CannotCut("This file writes its pictures too short for new ones to fit.")
        made.packets.append(b"".join(len(unit).to_bytes(size, "big") + unit for unit in kept))
        made.shown.append(int(packet.pts))
        made.sync.append(bool(packet.is_keyframe))
