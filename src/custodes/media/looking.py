"""One pass over every packet of a recording, noting what is really there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import av
import av.container

from custodes.media import pictures
from custodes.media.decoding import decoded
from custodes.media.opening import main_video, packets
from custodes.media.signatures import SignatureWatch
from custodes.media.sound import Ear
from custodes.media.tally import Tally
from custodes.media.track.gpmf import GpmfWatch

#: Enough pictures to know that a decoder understands them; never more pixels
#: than about a hundred 1080p pictures have.
_TASTED = 100
_TASTED_PIXELS = 200_000_000


@dataclass(slots=True)
class Taste:
    """What decoding the first pictures showed."""

    fed: int = 0
    decoded: int = 0
    errors: int = 0
    pixels: int = 0
    size: tuple[int, int] | None = None
    format: str | None = None
    turn: pictures.Turn = pictures.UPRIGHT
    sizes_changed: bool = False

    @property
    def enough(self) -> bool:
        """Say whether enough has been decoded."""
        return self.fed >= _TASTED or self.pixels >= _TASTED_PIXELS

    def take(self, decoder: av.VideoCodecContext, packet: av.Packet[Any] | None) -> None:
        """Decode one packet, or with None what the decoder still holds."""
        self.fed += packet is not None
        frames = decoded(decoder, packet)
        if frames is None:
            self.errors += 1
            return
        for frame in frames:
            self.decoded += 1
            self.pixels += frame.width * frame.height
            self.sizes_changed |= self.size not in (None, (frame.width, frame.height))
            self.size = frame.width, frame.height
            self.format = frame.format.name
            self.turn = pictures.turn_of(frame)


@dataclass(slots=True)
class Seen:
    """Everything one pass over the packets brought to light."""

    tallies: dict[int, Tally]
    taste: Taste = field(default_factory=Taste)
    signatures: SignatureWatch = field(default_factory=SignatureWatch)
    gpmf: GpmfWatch = field(default_factory=GpmfWatch)
    ear: Ear | None = None
    faults: list[str] = field(default_factory=list)


def look(
    container: av.container.InputContainer, size: int, progress: Callable[[float], None]
) -> Seen:
    """Read the recording from its first packet to its last."""
    seen = Seen({s.index: Tally(s.time_base) for s in container.streams if s.time_base})
    video = main_video(container)
    sounds = [s for s in container.streams.audio if s.codec_context is not None]
    seen.ear = Ear(sounds[0]) if sounds else None
    datas = {s.index for s in container.streams if s.type == "data"}
    for packet in packets(container, seen.faults):
        index = packet.stream_index
        if tally := seen.tallies.get(index):
            lasts = packet.duration or 0
            tally.count(packet.pts, lasts, packet.size, key=packet.is_keyframe)
        if video is not None and index == video.index:
            _watch(seen, video, packet)
        elif seen.ear is not None and index == seen.ear.index:
            seen.ear.hear(packet)
        elif index in datas:
            seen.gpmf.see(packet, packet.pts, packet.time_base)
        progress(min(1.0, (packet.pos or 0) / size) if size else 0.0)
    if video is not None and not seen.taste.enough:
        seen.taste.take(video.codec_context, None)
    if seen.ear is not None:
        seen.ear.hear(None)
    return seen


def _watch(seen: Seen, video: av.VideoStream, packet: av.Packet[Any]) -> None:
    if seen.signatures.wants_more:
        seen.signatures.see(bytes(packet))
    if not seen.taste.enough:
        seen.taste.take(video.codec_context, packet)
        if seen.taste.enough:
            seen.taste.take(video.codec_context, None)


def stream_facts(stream: av.stream.Stream, tally: Tally) -> dict[str, Any]:
    """Describe one track: what its header says it is, and what was counted."""
    context = stream.codec_context
    facts: dict[str, Any] = {
        "index": stream.index,
        "kind": stream.type,
        "codec": context.codec.canonical_name if context is not None else None,
        "profile": stream.profile,
        "language": stream.language if stream.language != "und" else None,
        "name": (stream.metadata.get("handler_name") or "").strip()[:100] or None,
        "packets": tally.packets,
        "packets_promised": _promised(stream),
        "keyframes": tally.keyframes,
        "bytes": tally.bytes,
        "starts_at": tally.starts_at,
        "seconds": tally.seconds,
        "has_decoder": context is not None,
    }
    if isinstance(stream, av.AudioStream) and context is not None:
        facts |= {
            "rate": stream.codec_context.sample_rate,
            "channels": stream.codec_context.channels,
        }
    if stream.type == "video":
        facts["per_second"] = tally.per_second
    return facts


def _promised(stream: av.stream.Stream) -> int | None:
    """Return how many packets an MP4's sample table lists, edits applied."""
    if "mov" not in stream.container.format.name or not stream.frames:
        return None
    # A list edited at the start has fewer entries than samples, never more.
    return int(min(stream.frames, len(stream.index_entries) or stream.frames))
