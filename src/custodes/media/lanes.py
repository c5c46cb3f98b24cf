"""The lanes of a viewing copy: each carries one track from source to output.

A lane copies packets, or decodes and encodes them. Damage is counted and passed
over, never raised: a viewing copy of a damaged recording shows what there is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, Protocol

import av
import av.container
import av.filter

from custodes.media.decoding import decoded
from custodes.media.pictures import Shaper

TICKS = Fraction(1, 90_000)
_MOST_REORDERED = 32
_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)


class Lane(Protocol):
    """One track on its way; ``carried`` and ``lost`` count packets, frames or errors."""

    carried: int
    errors: int
    left_out: int

    def take(self, packet: av.Packet[Any]) -> None:
        """Carry one packet."""
        ...

    def finish(self) -> None:
        """Carry what is still held back."""
        ...


class CopyLane:
    """Copy packets as they are, only their times moved to start at zero."""

    def __init__(
        self, output: av.container.OutputContainer, stream: av.stream.Stream, start: Fraction
    ) -> None:
        self.carried = self.errors = self.left_out = 0
        self._output = output
        self._out = output.add_stream_from_template(stream, opaque=True)
        self._shift = round(start / (stream.time_base or TICKS))
        self._last: int | None = None
        self._waiting: list[av.Packet[Any]] = []

    def take(self, packet: av.Packet[Any]) -> None:
        """Copy one packet; one without a time, or back in time, is left out."""
        if packet.pts is None:
            self.left_out += 1
            return
        if packet.dts is None and self._last is None and len(self._waiting) < _MOST_REORDERED:
            self._waiting.append(packet)
            return
        if packet.dts is None:
            packet.dts = packet.pts if self._last is None else self._last + 1
        self._let_go(packet.dts)
        self._copy(packet)

    def finish(self) -> None:
        """Copy what still waits."""
        if self._waiting:
            self._let_go(min(packet.pts or 0 for packet in self._waiting))

    def _let_go(self, before: int) -> None:
        """Copy the packets that came before the first known decoding time.

        Matroska stores no decoding times; FFmpeg knows them only once it has seen
        as many packets as pictures can be out of order. The first is a key picture.
        """
        waiting, self._waiting = self._waiting, []
        for number, packet in enumerate(waiting):
            step = packet.duration or 1
            packet.dts = min(before - (len(waiting) - number) * step, packet.pts or 0)
            self._copy(packet)

    def _copy(self, packet: av.Packet[Any]) -> None:
        dts, pts = packet.dts or 0, packet.pts or 0
        if self._last is not None and dts <= self._last:
            self.left_out += 1
            return
        self._last = dts
        packet.pts, packet.dts = max(pts, dts) - self._shift, dts - self._shift
        packet.stream = self._out
        self._output.mux_one(packet)
        self.carried += 1


class PictureLane:
    """Decode, turn, size and encode pictures as H.264, keeping their times."""

    preset: Final = "veryfast"

    def __init__(
        self,
        output: av.container.OutputContainer,
        stream: av.VideoStream,
        start: Fraction,
        shaper: Shaper,
        *,
        crf: int = 23,
    ) -> None:
        self.carried = self.errors = self.left_out = 0
        self._crf = crf
        self._output, self._source, self._start, self._shaper = output, stream, start, shaper
        self._rate = stream.guessed_rate or stream.average_rate or Fraction(25)
        if not 1 <= self._rate <= 240:
            self._rate = Fraction(25)
        if not stream.codec_context.is_open:
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = 2
        self._out = self._encoder()
        self._last = -1
        self._untimed = stream.container.format.name == "avi"

    def take(self, packet: av.Packet[Any] | None) -> None:
        """Decode one packet and encode what comes of it."""
        # AVI and bare streams give no times of showing: their pictures are counted.
        self._untimed |= packet is not None and packet.pts is None
        frames = decoded(self._source.codec_context, packet)
        if frames is None:
            self.errors += 1
            return
        for frame in frames:
            self._carry(frame)

    def finish(self) -> None:
        """Carry the pictures decoder and encoder still hold."""
        self.take(None)
        self._output.mux(self._out.encode(None))

    def _carry(self, frame: av.VideoFrame) -> None:
        tick = self._last + round(1 / self._rate / TICKS) if self._last >= 0 else 0
        # Pictures a decoder gives up at the end come without their unit of time.
        unit = frame.time_base or self._source.time_base
        if frame.pts is not None and unit is not None and not self._untimed:
            tick = round((frame.pts * unit - self._start) / TICKS)
        if tick <= self._last or tick < 0:
            self.left_out += 1
            return
        self._last = tick
        shaped = self._shaper.shaped(frame, self._source.sample_aspect_ratio)
        shaped.pts, shaped.time_base = tick, TICKS
        self._output.mux(self._out.encode(shaped))
        self.carried += 1

    def _encoder(self) -> av.VideoStream:
        assert self._shaper.size is not None  # the first picture set it
        options = {"preset": self.preset, "crf": str(self._crf), "threads": "2", "g": "60"}
        out: av.VideoStream = self._output.add_stream("libx264", rate=self._rate, options=options)
        out.width, out.height = self._shaper.size
        out.pix_fmt = "yuv420p"
        out.codec_context.profile = "High"
        out.codec_context.time_base = TICKS
        out.time_base = TICKS
        return out


class SoundLane:
    """Decode sound and encode it as AAC; gaps become silence, so that it stays in step."""

    def __init__(
        self, output: av.container.OutputContainer, stream: av.AudioStream, start: Fraction
    ) -> None:
        self.carried = self.errors = self.left_out = 0
        self._output, self._source, self._start = output, stream, start
        context = stream.codec_context
        self._rate = context.sample_rate if context.sample_rate in _RATES else 48_000
        self._layout = "mono" if context.channels == 1 else "stereo"
        self._out = output.add_stream("aac", rate=self._rate, layout=self._layout)
        self._out.bit_rate = 96_000 if self._layout == "stereo" else 64_000
        self._graph: av.filter.Graph | None = None
        self._shape: tuple[object, ...] | None = None
        self._next = Fraction(0)
        self._last = -1

    def take(self, packet: av.Packet[Any] | None) -> None:
        """Decode one packet and encode what comes of it."""
        frames = decoded(self._source.codec_context, packet)
        if frames is None:
            self.errors += 1
            return
        for frame in frames:
            self._push(frame)

    def finish(self) -> None:
        """Carry the sound decoder, filter and encoder still hold."""
        self.take(None)
        self._drain()
        self._output.mux(self._out.encode(None))

    def _push(self, frame: av.AudioFrame) -> None:
        if not frame.samples or not frame.sample_rate:
            return
        unit = frame.time_base or self._source.time_base
        if frame.pts is None or unit is None:
            frame.pts, unit = round(self._next * frame.sample_rate), Fraction(1, frame.sample_rate)
        frame.time_base = unit
        self._next = (frame.pts or 0) * unit + Fraction(frame.samples, frame.sample_rate)
        shape = (frame.sample_rate, frame.format.name, frame.layout.name, frame.time_base)
        if self._graph is None or shape != self._shape:
            self._drain()
            self._graph, self._shape = self._built(frame), shape
        self._graph.push(frame)
        self._pull()

    def _drain(self) -> None:
        if self._graph is not None:
            self._graph.push(None)
            self._pull()
            self._graph = None

    def _pull(self) -> None:
        assert self._graph is not None  # both callers have one
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if isinstance(frame, av.AudioFrame):
                self._carry(frame)

    def _carry(self, frame: av.AudioFrame) -> None:
        pts, unit = frame.pts or 0, frame.time_base or Fraction(1, self._rate)
        at = round((pts * unit - self._start) * self._rate)
        if at <= self._last or at < -self._rate:
            self.left_out += 1
            return
        self._last = at
        frame.pts, frame.time_base = at, Fraction(1, self._rate)
        self._output.mux(self._out.encode(frame))
        self.carried += 1

    def _built(self, frame: av.AudioFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        graph.threads = 1
        source = graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format.name,
            layout=frame.layout.name,
            time_base=frame.time_base,
        )
        steps = [
            graph.add("aresample", f"{self._rate}:async=1"),
            graph.add(
                "aformat",
                f"sample_fmts=fltp:sample_rates={self._rate}:channel_layouts={self._layout}",
            ),
            graph.add("asetnsamples", "n=1024:p=0"),
        ]
        graph.link_nodes(source, *steps, graph.add("abuffersink")).configure()
        return graph
