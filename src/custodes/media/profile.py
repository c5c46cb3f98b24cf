"""The task that says quickly whether a film is in the playable profile.

Reads heads and the first pictures, not the whole film: asked for every clip that is made.
"""

from __future__ import annotations

from typing import Any, Final

import av
import av.container

from custodes.media.boxes import outer_boxes, tables_first
from custodes.media.decoding import decoded
from custodes.media.opening import container_name, main_video, opened, packets
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside

#: Pictures that are decoded, across the joint of a clip that begins with new ones.
_TRIED: Final = 12
#: Up to here no audience asks for a film in parts.
_SMALL: Final = 400_000_000


def task(reader: ReadAt, _params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Say what the film is; of a large one also where its whole pictures stand.

    ``whole`` has, for each, its second and how many bytes of packets come before it.
    """
    with opened(reader) as container:
        video = main_video(container)
        # Asked for while the container is open: a stream is nothing without it.
        pictures = video.index if video is not None else None
        tracks = [_track(stream) for stream in container.streams]
        tried = _try(container, video)
        found = {
            "container": container_name(reader, container),
            "tables_first": tables_first(outer_boxes(reader)),
            "tracks": tracks,
            **tried,
        }
        if video is not None:
            shown = next(t for t in tracks if t["index"] == pictures)
            shown["pixels"] = video.codec_context.pix_fmt
    if reader.size > _SMALL and pictures is not None:
        with opened(reader) as container:
            found["whole"] = _whole(container, pictures, reader.size, outside)
    return found


def _track(stream: av.stream.Stream) -> dict[str, Any]:
    context = stream.codec_context
    return {
        "index": stream.index,
        "kind": stream.type,
        "codec": context.codec.canonical_name if context is not None else None,
        "profile": stream.profile,
    }


def _try(container: av.container.InputContainer, video: av.VideoStream | None) -> dict[str, int]:
    fed = shown = errors = 0
    for packet in packets(container, []) if video is not None else ():
        if video is None or packet.stream_index != video.index:
            continue
        frames = decoded(video.codec_context, packet)
        fed += 1
        shown += len(frames or ())
        errors += frames is None
        if fed == _TRIED:
            break
    if video is not None:
        shown += len(decoded(video.codec_context, None) or ())
    return {"pictures_decoded": shown, "decode_errors": errors}


def _whole(
    container: av.container.InputContainer, video: int, size: int, outside: Outside
) -> list[list[float]]:
    before = 0
    found: list[list[float]] = []
    for packet in packets(container, []):
        if packet.stream_index == video and packet.is_keyframe and packet.pts is not None:
            found.append([float(packet.pts * packet.time_base), before])
        before += packet.size
        outside.progress(min(1.0, before / size))
    return found
