"""The tasks that say what a recording is, without changing it.

``describe`` does in one child and one pass what ``probe``, ``waveform``,
``thumbnail``, ``filmstrip`` and the embedded track do alone. A file that is
broken half way is described as far as it goes, with its faults in sentences.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import av
import av.container

from custodes.kernel.errors import Refused
from custodes.media import browser, faults, filmstrip, pictures
from custodes.media.boxes import (
    claimed_seconds,
    cut_short,
    has_c2pa,
    outer_boxes,
    tables_first,
)
from custodes.media.looking import Seen, look, stream_facts
from custodes.media.opening import container_name, main_video, opened
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside

#: Seconds the filmstrip may take; what is missing then repeats its neighbour.
FILMSTRIP_BUDGET = 20.0


def describe(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Do everything; params: thumbnail_width 480, tile_width 160, tiles 100.

    Writes ``thumbnail.jpg`` and ``filmstrip.jpg`` where there is a picture.
    """
    with opened(reader) as container:
        seen = look(container, reader.size, _share(outside, 0.0, 0.8))
        about = _probe(reader, container, seen)
    with opened(reader) as container:
        strip = _filmstrip(container, about, params, _share(outside, 0.8, 1.0), outside)
    with opened(reader) as container:
        thumb = _thumbnail(container, about, params, outside)
    track = seen.gpmf.track()
    return {
        "probe": about,
        "waveform": _waveform(seen),
        "filmstrip": strip,
        "thumbnail": thumb,
        "track": track.as_json() if track is not None else None,
    }


def probe(reader: ReadAt, _params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Say what is in the file, by reading all of it."""
    with opened(reader) as container:
        return _probe(reader, container, look(container, reader.size, outside.progress))


def waveform(reader: ReadAt, _params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Return the peaks of the first sound track."""
    with opened(reader) as container:
        return _waveform(look(container, reader.size, outside.progress))


def thumbnail(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Write ``thumbnail.jpg``; raises Refused when there is no picture.

    ``params`` may carry the ``probe`` result, which saves a pass over the file.
    """
    about = params.get("probe") or probe(reader, {}, outside)
    with opened(reader) as container:
        made = _thumbnail(container, about, params, outside)
    if made is None:
        raise Refused("There is no picture in this file that can be decoded.")
    return made


def filmstrip_task(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Write ``filmstrip.jpg``; params as for :func:`thumbnail`."""
    about = params.get("probe") or probe(reader, {}, outside)
    with opened(reader) as container:
        made = _filmstrip(container, about, params, outside.progress, outside)
    if made is None:
        raise Refused("There is no picture in this file that can be decoded.")
    return made


def _share(outside: Outside, start: float, end: float) -> Callable[[float], None]:
    return lambda fraction: outside.progress(start + (end - start) * fraction)


def _probe(reader: ReadAt, container: av.container.InputContainer, seen: Seen) -> dict[str, Any]:
    boxes = outer_boxes(reader)
    video = main_video(container)
    tracks = [_track(s, video, seen) for s in container.streams if s.index in seen.tallies]
    timed = [t for t in tracks if t["kind"] in ("video", "audio") and t["seconds"] is not None]
    starts_at = min((t["starts_at"] for t in timed), default=None)
    ends_at = max((t["starts_at"] + t["seconds"] for t in timed), default=None)
    # A header counts subtitles and telemetry in; the length of the recording does not.
    last = max((t.ends_at for t in seen.tallies.values() if t.ends_at is not None), default=None)
    about: dict[str, Any] = {
        "container": container_name(reader, container),
        "tables_first": tables_first(boxes),
        "bytes": reader.size,
        "seconds": _between(starts_at, ends_at) if timed else _reckoned(container, seen),
        "timed": bool(timed),
        "claimed_seconds": claimed_seconds(reader, boxes) or _claimed(container),
        "starts_at": starts_at,
        "recorded_at": container.metadata.get("creation_time"),
        "tracks": tracks,
        "signatures": sorted(seen.signatures.found) + ["C2PA"] * has_c2pa(reader, boxes),
        "pictures_decoded": seen.taste.decoded,
        "decode_errors": seen.taste.errors,
    }
    about["signed"] = "signed, not checked" if about["signatures"] else "not signed"
    about["browser"] = _verdict(about)
    about["faults"] = seen.faults + faults.sentences(
        about,
        cut_short=cut_short(reader, boxes),
        past_the_end=_past_the_end(container, reader.size),
        sound_errors=seen.ear.errors if seen.ear else 0,
        sizes_changed=seen.taste.sizes_changed,
        fed=seen.taste.fed,
        lasts=(last or 0.0) - (starts_at or 0.0) if timed else about["seconds"],
    )
    return about


def _track(stream: av.stream.Stream, video: av.VideoStream | None, seen: Seen) -> dict[str, Any]:
    facts = stream_facts(stream, seen.tallies[stream.index])
    if isinstance(stream, av.VideoStream) and stream.codec_context is not None:
        main = video is not None and stream.index == video.index
        width, height = stream.codec_context.width, stream.codec_context.height
        size = seen.taste.size if main and seen.taste.size else (width, height)
        facts |= {"width": size[0], "height": size[1], "main": main}
        facts["pixels"] = seen.taste.format if main else stream.codec_context.pix_fmt
        facts["rotation"] = pictures.degrees(seen.taste.turn) if main else 0
    return facts


def _between(start: float | None, end: float | None) -> float:
    return (end or 0.0) - (start or 0.0)


def _claimed(container: av.container.InputContainer) -> float | None:
    return container.duration / 1_000_000 if container.duration else None


def _reckoned(container: av.container.InputContainer, seen: Seen) -> float | None:
    video = main_video(container)
    if video is None or not video.guessed_rate:
        return None
    return seen.tallies[video.index].packets / float(video.guessed_rate)


def _past_the_end(container: av.container.InputContainer, size: int) -> bool:
    """Say whether a sample table points beyond the end of the file."""
    for stream in container.streams:
        if stream.type in ("video", "audio") and "mov" in container.format.name:
            last = max((e.pos + e.size for e in stream.index_entries), default=0)
            if last > size:
                return True
    return False


def _verdict(about: dict[str, Any]) -> dict[str, Any]:
    video = next((t for t in about["tracks"] if t.get("main")), None)
    sound = next((t for t in about["tracks"] if t["kind"] == "audio" and t["packets"]), None)
    seen = video if about["pictures_decoded"] else None
    if video is not None and seen is None:
        return {"plays": False, "because": "No picture in it could be decoded"}
    decision = browser.verdict(
        about["container"],
        seen["codec"] if seen else None,
        seen["profile"] if seen else None,
        seen["pixels"] if seen else None,
        sound["codec"] or "unknown" if sound else None,
    )
    return {"plays": decision.plays, "because": decision.because}


def _waveform(seen: Seen) -> dict[str, Any]:
    ear = seen.ear
    if ear is None or not ear.peaks.values:
        return {"sound": "none", "peaks_per_second": 0, "peaks": [], "starts_at": None}
    return {
        "sound": "silent" if ear.peaks.silent else "heard",
        "peaks_per_second": ear.peaks.per_second,
        "peaks": ear.peaks.listed(),
        "starts_at": ear.starts_at,
    }


def _filmstrip(
    container: av.container.InputContainer,
    about: dict[str, Any],
    params: dict[str, Any],
    progress: Callable[[float], None],
    outside: Outside,
) -> dict[str, Any] | None:
    video = main_video(container)
    if video is None or not about["pictures_decoded"]:
        return None
    strip = filmstrip.strip_for(about["seconds"] or 0.0, int(params.get("tiles", 100)))
    shaper = filmstrip.shaper_for(max(32, min(320, int(params.get("tile_width", 160)))))
    shape = video.sample_aspect_ratio
    tiles: dict[int, filmstrip.Picture] = {}
    frames = filmstrip.key_pictures(container, video, about["starts_at"], strip, FILMSTRIP_BUDGET)
    for index, frame in frames:
        tiles[index] = filmstrip.to_picture(shaper, frame, shape)
        progress(index / strip.count)
    sheet = filmstrip.sprite(strip, tiles)
    if sheet is None or shaper.size is None:
        return None
    outside.write("filmstrip.jpg", pictures.jpeg(sheet))
    return {
        "name": "filmstrip.jpg",
        "tiles": strip.count,
        "decoded": len(tiles),
        "columns": strip.columns,
        "rows": strip.rows,
        "interval": strip.interval,
        "tile_width": shaper.size[0],
        "tile_height": shaper.size[1],
    }


def _thumbnail(
    container: av.container.InputContainer,
    about: dict[str, Any],
    params: dict[str, Any],
    outside: Outside,
) -> dict[str, Any] | None:
    video = main_video(container)
    if video is None or not about["pictures_decoded"]:
        return None
    shaper = filmstrip.shaper_for(max(64, min(1280, int(params.get("thumbnail_width", 480)))))
    # A tenth of the way in; if that is a black picture, further on.
    strip = filmstrip.Strip(10, (about["seconds"] or 0.0) / 10)
    best = None
    for index, frame in filmstrip.key_pictures(container, video, about["starts_at"], strip, 5.0):
        best = filmstrip.to_picture(shaper, frame, video.sample_aspect_ratio)
        if index >= 1 and best.std() > 8:
            break
    if best is None or shaper.size is None:
        return None
    outside.write("thumbnail.jpg", pictures.jpeg(best, quality=4))
    return {"name": "thumbnail.jpg", "width": shaper.size[0], "height": shaper.size[1]}
