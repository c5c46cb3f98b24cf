"""The viewing copy: the same recording in a form every browser plays.

H.264 High 4:2:0 with AAC in MP4, the right way up, at most 720 lines. Where
packets already are what a browser plays and only the container is odd, they are
copied untouched, at their own size. Times are kept: sound and picture start as
far apart as they did, and a variable picture rate stays variable.

A viewing copy is never evidence by itself; the original is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Any

import av
import av.container

from custodes.kernel.errors import Refused
from custodes.media.decoding import decoded
from custodes.media.lanes import CopyLane, Lane, PictureLane, SoundLane
from custodes.media.muxing import SinkFile
from custodes.media.opening import main_video, opened, packets
from custodes.media.pictures import Box, Shaper
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside

NAME = "viewing_copy.mp4"
_PLAIN = {"yuv420p", "yuvj420p"}
_COPIED_SOUND = {"aac", "mp3"}
#: Containers whose packets carry both times a copy needs.
_TIMED = {"mov", "matroska", "mpegts", "flv"}
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with which track of the source."""

    video: int | None
    sound: int | None
    copy_video: bool
    copy_sound: bool
    shaper: Shaper


def task(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Write ``viewing_copy.mp4``; params: height 720, sound_track 0, reencode False.

    Raises Refused when there is neither picture nor sound that can be decoded.
    """
    plan = _plan(reader, params)
    faults: list[str] = []
    file = SinkFile(outside, NAME)
    with opened(reader) as source, av.open(file, "w", format="mp4", buffer_size=1 << 20) as output:
        lanes = _lanes(source, output, plan)
        for packet in packets(source, faults):
            outside.progress(min(1.0, (packet.pos or 0) / reader.size))
            if lane := lanes.get(packet.stream_index):
                lane.take(packet)
        for lane in lanes.values():
            lane.finish()
        sound_tracks = len(source.streams.audio)
    file.finish()
    if not any(lane.carried for lane in lanes.values()):
        raise Refused("Nothing in this file could be decoded.")
    return _result(plan, lanes, faults, sound_tracks)


def _result(
    plan: Plan, lanes: dict[int, Lane], faults: list[str], sound_tracks: int
) -> dict[str, Any]:
    video = lanes.get(-1 if plan.video is None else plan.video)
    sound = lanes.get(-1 if plan.sound is None else plan.sound)
    return {
        "name": NAME,
        "video": _how(plan.copy_video) if video else None,
        "sound": _how(plan.copy_sound) if sound else None,
        "pictures": video.carried if video else 0,
        "sound_packets": sound.carried if sound else 0,
        "decode_errors": sum(lane.errors for lane in lanes.values()),
        "left_out": sum(lane.left_out for lane in lanes.values()),
        "width": plan.shaper.size[0] if plan.shaper.size else None,
        "height": plan.shaper.size[1] if plan.shaper.size else None,
        "sound_tracks": sound_tracks,
        "faults": faults,
    }


def _how(copied: bool) -> str:
    return "copied" if copied else "encoded"


def _plan(reader: ReadAt, params: dict[str, Any]) -> Plan:
    height = max(120, min(2160, int(params.get("height", 720))))
    again = bool(params.get("reencode", False))
    shaper = Shaper(Box(height * 16 // 9, height), "yuv420p", full_range=False, deinterlace=True)
    with opened(reader) as source:
        sounds = [s for s in source.streams.audio if s.codec_context is not None]
        wanted = int(params.get("sound_track", 0))
        sound = sounds[min(max(0, wanted), len(sounds) - 1)] if sounds else None
        timed = bool(_TIMED & set(source.format.name.split(",")))
        video = main_video(source)
        copy_sound = sound is not None and sound.codec_context.name in _COPIED_SOUND
        copy_video = video is not None and _plays_already(video)
        if video is not None and not shaped(source, video, shaper):
            video = None
        if video is None and sound is None:
            raise Refused("There is neither picture nor sound in this file that can be decoded.")
        return Plan(
            None if video is None else video.index,
            None if sound is None else sound.index,
            timed and copy_video and not again,
            timed and copy_sound and not again,
            shaper,
        )


def _plays_already(video: av.VideoStream) -> bool:
    context = video.codec_context
    return context.codec.canonical_name == "h264" and context.pix_fmt in _PLAIN


def shaped(source: av.container.InputContainer, video: av.VideoStream, shaper: Shaper) -> bool:
    """Let the first picture that decodes set the output's size; say whether one did."""
    of_video = (p for p in packets(source, []) if p.stream_index == video.index)
    for packet in chain(of_video, [None]):
        for frame in decoded(video.codec_context, packet) or ():
            shaper.shaped(frame, video.sample_aspect_ratio)
            return True
    return False


def _lanes(
    source: av.container.InputContainer, output: av.container.OutputContainer, plan: Plan
) -> dict[int, Lane]:
    tracks = [index for index in (plan.video, plan.sound) if index is not None]
    start = first_moment(source, [source.streams[index] for index in tracks])
    lanes: dict[int, Lane] = {}
    if plan.video is not None:
        video = source.streams[plan.video]
        assert isinstance(video, av.VideoStream)  # the plan chose it as one
        lanes[plan.video] = (
            CopyLane(output, video, start)
            if plan.copy_video
            else PictureLane(output, video, start, plan.shaper)
        )
    if plan.sound is not None:
        sound = source.streams[plan.sound]
        assert isinstance(sound, av.AudioStream)  # the plan chose it as one
        lanes[plan.sound] = (
            CopyLane(output, sound, start) if plan.copy_sound else SoundLane(output, sound, start)
        )
    return lanes


def first_moment(source: av.container.InputContainer, of: Iterable[av.stream.Stream]) -> Fraction:
    """Return when these tracks begin; zero for a file that keeps its own edit list."""
    if "mov" in source.format.name.split(","):
        return Fraction(0)
    starts = []
    for stream in of:
        if stream.start_time is not None and stream.time_base:
            starts.append(stream.start_time * stream.time_base)
    # Tracks hours apart are a lie in one of them; the copy then begins at zero.
    if not starts or max(starts) - min(starts) > _HOUR:
        return Fraction(0)
    return min(starts)
