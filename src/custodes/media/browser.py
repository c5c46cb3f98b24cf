"""Whether a browser plays a recording straight from the sealed store, and why not.

Rules only. "Plays" means: current Chrome, Edge, Firefox and Safari, by range
requests, without a viewing copy. If in doubt the answer is no: a viewing copy
costs minutes, a black player costs a hearing.
"""

from __future__ import annotations

from dataclasses import dataclass

_NAMES = {"h264": "H.264", "hevc": "HEVC", "av1": "AV1", "vp8": "VP8", "vp9": "VP9", "aac": "AAC",
          "mp3": "MP3", "opus": "Opus", "vorbis": "Vorbis", "mpeg2video": "MPEG-2",
          "mpeg1video": "MPEG-1", "mpeg4": "MPEG-4 part 2", "mjpeg": "Motion JPEG",
          "ac3": "AC-3", "mp2": "MPEG audio layer 2"}  # fmt: skip
_STILLS = {"JPEG", "PNG", "WebP", "GIF"}
_SOUND_FILES = {"mp3", "wav", "flac", "ogg", "aac"}
_PLAIN_420 = {"yuv420p", "yuvj420p"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and the sentence that goes with it."""

    plays: bool
    because: str


def named(codec: str) -> str:
    """Return the name people know a codec by."""
    return _NAMES.get(codec, codec)


def verdict(
    container: str, codec: str | None, profile: str | None, pixels: str | None, sound: str | None
) -> Verdict:
    """Decide from the container's name and the codecs of the first tracks."""
    if codec is None and sound is None:
        return Verdict(False, "There is neither picture nor sound in it that can be decoded")
    if container in _STILLS:
        return Verdict(True, f"A {container} picture shows straight from the sealed store")
    if codec is None and container in _SOUND_FILES:
        return Verdict(True, f"A sound file ({container}) plays straight from the sealed store")
    if container == "WebM":
        return _webm(codec, sound)
    if container != "MP4":
        return Verdict(False, f"{container} does not play in browsers")
    return _mp4(codec, profile, pixels, sound)


def _mp4(codec: str | None, profile: str | None, pixels: str | None, sound: str | None) -> Verdict:
    if codec not in (None, "h264", "av1", "vp9"):
        return Verdict(False, f"{named(codec)} does not play in browsers")
    if codec is not None and pixels not in _PLAIN_420:
        return Verdict(False, f"{named(codec)} with {pixels} pictures does not play in browsers")
    if sound not in (None, "aac", "mp3", "opus", "flac"):
        return Verdict(False, f"{named(sound)} sound does not play in browsers")
    picture = "Sound alone" if codec is None else " ".join(filter(None, [named(codec), profile]))
    with_sound = "without sound" if sound is None else f"with {named(sound)}"
    return Verdict(True, f"{picture} in MP4 {with_sound} plays straight from the sealed store")


def _webm(codec: str | None, sound: str | None) -> Verdict:
    if codec in (None, "vp8", "vp9", "av1") and sound in (None, "opus", "vorbis"):
        return Verdict(True, "WebM plays straight from the sealed store")
    return Verdict(False, "This combination in WebM does not play in browsers")
