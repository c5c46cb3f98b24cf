"""The task that makes a clip wholly anew, for originals that not every player shows.

Every picture and all sound is decoded and encoded in the playable profile: H.264 High in
4:2:0 and AAC, upright, at the original's own times and, up to 3840 by 2160, in its own
size. What comes of it is a working copy (law DIS-02): no packet of it is the original's.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import av
import av.container

from custodes.media.clip import cutting
from custodes.media.clip.original import CannotCut
from custodes.media.lanes import PictureLane, SoundLane
from custodes.media.opening import main_video, opened, packets
from custodes.media.pictures import Box, Shaper
from custodes.media.sandbox.ports import BytesReader, ReadAt
from custodes.media.sandbox.tasks import Outside
from custodes.media.viewing_copy import first_moment, shaped

PLAYABLE: Final = "playable"
#: What a film made anew may have; it is held in memory until its tables can be written.
_MOST_BYTES: Final = 500_000_000
_CRF: Final = 18
_BOX: Final = Box(3840, 2160)
#: Decoding begins so many seconds before what is wanted, or at a whole picture before that.
_BACK: Final = 5
#: Containers that give no times of showing: they are read from their begin.
_UNTIMED: Final = frozenset({"avi", "h264", "hevc", "m4v", "mpegvideo"})


def task(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Write ``clip.mp4``; params: start and end in seconds of the original.

    Raises CannotCut with a sentence why not.
    """
    start, end = Fraction(str(params["start"])), Fraction(str(params["end"]))
    if end <= start:
        raise CannotCut("The clip would end before it begins.")
    content, begun = _made(reader, start, end, outside)
    wanted = {"start": float(start - begun), "end": float(end - begun), "how": cutting.EXACT}
    found = cutting.task(BytesReader(content), wanted, outside)
    tracks = [
        {**track, "new": track["packets"], "runs": [[0, track["packets"]]]}
        for track in found["tracks"]
    ]
    return {
        **found,
        "how": PLAYABLE,
        "begins": float(begun) + found["begins"],
        "ends": float(begun) + found["ends"],
        "encoded": True,
        "tracks": tracks,
        "tools": {
            **found["tools"],
            "encoder": {"name": "libx264", "preset": PictureLane.preset, "crf": _CRF},
        },
    }


def _made(
    reader: ReadAt, start: Fraction, end: Fraction, outside: Outside
) -> tuple[bytes, Fraction]:
    """Return what is shown until the end, made anew, and from which moment on."""
    shaper = Shaper(_BOX, "yuv420p", full_range=False, deinterlace=True)
    with opened(reader) as source:
        video = main_video(source)
        if video is None or not shaped(source, video, shaper):
            raise CannotCut("There are no pictures in this recording that can be decoded.")
    with opened(reader) as source:
        timed = not _UNTIMED & set(source.format.name.split(","))
        begun = max(Fraction(0), start - 1) if timed else Fraction(0)
        content = _encoded(source, shaper, begun, end, outside.progress)
    return content, begun


def _encoded(
    source: av.container.InputContainer,
    shaper: Shaper,
    begun: Fraction,
    end: Fraction,
    progress: Callable[[float], None],
) -> bytes:
    video = main_video(source)
    assert video is not None  # the caller has decoded a picture of it
    sounds = [s for s in source.streams.audio if s.codec_context is not None]
    first = first_moment(source, [video, *sounds[:1]])
    begins, ends = first + begun, first + end
    if begun > _BACK:
        source.seek(int((begins - _BACK) * av.time_base))
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        lanes: dict[int, PictureLane | SoundLane] = {
            video.index: PictureLane(output, video, begins, shaper, crf=_CRF)
        }
        for sound in sounds[:1]:
            lanes[sound.index] = SoundLane(output, sound, begins)
        going = set(lanes)
        for packet in packets(source, []):
            if packet.stream_index not in going:
                continue
            at = packet.dts if packet.dts is not None else packet.pts
            if at is not None and at * packet.time_base > ends + 1:
                going.discard(packet.stream_index)
                if not going:
                    break
            lanes[packet.stream_index].take(packet)
            if at is not None:
                progress(
                    min(1.0, max(0.0, float((at * packet.time_base - begins) / (ends - begins))))
                )
            if file.tell() > _MOST_BYTES:
                raise CannotCut("So long a clip grows too large. Make several shorter ones.")
        for lane in lanes.values():
            lane.finish()
        if not lanes[video.index].carried:
            raise CannotCut("The recording shows nothing between these moments.")
    return file.getvalue()
