"""The task that takes one picture out of an original, in the sandbox, as PNG.

Nothing is lost: it is the decoded picture, the right way up, at its own size. When it was
filmed stands inside the file as text (PNG, W3C 2003, section 11.3.4).
"""

from __future__ import annotations

import zlib
from datetime import timedelta
from fractions import Fraction
from itertools import chain
from typing import Any, Final

import av
import av.container
import av.error

from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.media.clip.original import CannotCut
from custodes.media.decoding import decoded
from custodes.media.opening import main_video, opened, packets
from custodes.media.pictures import MAX_SIDE, Box, Shaper
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside

NAME: Final = "still.png"
#: As for clips: players round times to milliseconds.
_NEAR: Final = 0.001
#: A camera that makes a picture less often than this is broken off, not slow.
_LONGEST_SHOWN: Final = 10.0
#: Signature and the first chunk, which has 13 bytes (W3C PNG s5.2, s11.2.2).
_HEAD: Final = 8 + 12 + 13


def task(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Write ``still.png`` of what is on the screen ``at`` so many seconds.

    ``started_at`` is when the file began by the camera's clock (RFC 3339), ``ahead`` how
    many milliseconds ours was ahead of it, or None. Raises Refused without such a picture.
    """
    at = float(params["at"])
    with opened(reader) as container:
        video = main_video(container)
        if video is None:
            raise CannotCut("There are no moving pictures in this file.")
        due, frame = _on_screen(container, video, at)
        shaper = Shaper(Box(MAX_SIDE, MAX_SIDE), "rgb24", full_range=True)
        picture = shaper.shaped(frame, video.sample_aspect_ratio)
    moment = parse_rfc3339(params["started_at"]) + timedelta(seconds=due)
    said = {"Filmed (camera's clock)": rfc3339(moment)}
    if params.get("ahead") is not None:
        said["Filmed (UTC)"] = rfc3339(moment + timedelta(milliseconds=params["ahead"]))
    content = _with_text(_png(picture), said)
    outside.write(NAME, content)
    return {
        "name": NAME,
        "at": due,
        "width": picture.width,
        "height": picture.height,
        "said": said,
        "tools": {"av": av.__version__, "ffmpeg": av.ffmpeg_version_info},
    }


def _on_screen(
    container: av.container.InputContainer, video: av.VideoStream, at: float
) -> tuple[float, av.VideoFrame]:
    """Return the last picture that is due at this moment or before, and when it is."""
    _go_to(container, video, at)
    found: tuple[float, av.VideoFrame] | None = None
    pictures = (each for each in packets(container, []) if each.stream_index == video.index)
    for packet in chain(pictures, [None]):
        for frame in decoded(video.codec_context, packet) or ():
            if frame.pts is None or not frame.time_base:
                continue
            due = float(frame.pts * frame.time_base)
            if due > at + _NEAR and found is not None:
                return found
            found = due, frame
    if found is None or at - found[0] > _LONGEST_SHOWN:
        raise CannotCut("The recording shows nothing at this moment.")
    return found


def _go_to(container: av.container.InputContainer, video: av.VideoStream, at: float) -> None:
    try:
        container.seek(int(max(0.0, at) / (video.time_base or Fraction(1))), stream=video)
    except (av.error.FFmpegError, ValueError):
        container.seek(0)


def _png(picture: av.VideoFrame) -> bytes:
    encoder = av.CodecContext.create("png", "w")
    assert isinstance(encoder, av.VideoCodecContext)  # png is a codec of pictures
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "rgb24"
    encoder.time_base = Fraction(1, 25)
    picture.pts = 0
    return b"".join(bytes(each) for each in [*encoder.encode(picture), *encoder.encode(None)])


def _with_text(png: bytes, said: dict[str, str]) -> bytes:
    chunks = b"".join(_text(name, text) for name, text in said.items())
    return png[:_HEAD] + chunks + png[_HEAD:]


def _text(name: str, text: str) -> bytes:
    body = b"tEXt" + name.encode("latin-1") + b"\0" + text.encode("latin-1")
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
