"""The task that cuts a clip, in the sandbox.

Pictures are cut by the plan; sound by whole packets, of which the edit list shows the
stretch that belongs to the pictures, to the sample. One packet more stands before it,
unheard, from which a decoder takes what the next rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np

from custodes.media.clip.edges import CRF, PRESET, PROFILES, Made, make_anew
from custodes.media.clip.film import Lane, Piece, size_of, written
from custodes.media.clip.original import CannotCut, Source, delay_of, read_film
from custodes.media.clip.plan import Anew, Pictures, Plan, plan
from custodes.media.clip.sets import Avcc, is_idr, read_avcc, record_in, with_record
from custodes.media.packets import NoClipProofs, Window
from custodes.media.packets.boxes import Numbers
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside

NAME: Final = "clip.mp4"
EXACT: Final = "exact"
WHOLE: Final = "whole"
#: Under this a moment counts as the one asked for: players round times to milliseconds.
_NEAR: Final = Fraction(1, 1000)
#: What an edit list may hide of a track (docs/reference/formats/clip-proof.md).
_MOST_HIDDEN: Final = 0.1
#: Cameras make a whole picture every second or two; no edge is anywhere near so long.
_MOST_ANEW: Final = 60
#: How many packets before the first heard one a decoder needs.
_PREROLL: Final = {"aac": 1, "mp3": 2, "opus": 4}
_WRITE: Final = 1 << 20
_NOT_EXACT: Final = "Ask for whole pictures, or for a moment at which one begins."


def task(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Write ``clip.mp4``; params: start and end in seconds of the original, how.

    ``how`` is ``exact`` or ``whole``. Raises CannotCut with a sentence why not.
    """
    start, end = Fraction(str(params["start"])), Fraction(str(params["end"]))
    try:
        return _cut(reader, start, end, str(params.get("how", EXACT)), outside)
    except NoClipProofs as refused:
        raise CannotCut(refused.reason) from None


@dataclass(slots=True)
class _Counted:
    """Of which track of the original a track is, and which of its packets are new."""

    of: int
    codec: str
    packets: int
    runs: list[list[int]]

    def to_value(self) -> dict[str, Any]:
        new = sum(end - at for at, end, *original in self.runs if not original)
        return {
            "of": self.of,
            "codec": self.codec,
            "packets": self.packets,
            "new": new,
            "runs": self.runs,
        }


def _cut(
    reader: ReadAt, start: Fraction, end: Fraction, how: str, outside: Outside
) -> dict[str, Any]:
    film = read_film(reader)
    window = Window(reader)
    video = film.video
    codec = str(video.header["codec"])
    chosen = _plan(window, video, start, end, how)
    _check_as_asked(video, chosen, start, how)
    picture, counted = _pictures(window, video, chosen)
    lanes, counts = [picture], [counted]
    begins, ends = Fraction(chosen.begins, video.timescale), Fraction(chosen.ends, video.timescale)
    for source in film.sounds:
        heard = _uncompressed(source, begins, ends) if source.pcm else _sound(source, begins, ends)
        if heard is not None:
            lanes.append(heard[0])
            counts.append(heard[1])
    size = _write(window, lanes, float(begins), outside)
    made = chosen.before is not None or chosen.after is not None
    return {
        "name": NAME,
        "size": size,
        "how": how,
        "begins": float(begins),
        "ends": float(ends),
        "pictures": len(picture.shown) - chosen.over,
        "encoded": made,
        "tracks": [each.to_value() for each in counts],
        "left_out": list(film.left_out),
        "tools": {
            "av": av.__version__,
            "ffmpeg": av.ffmpeg_version_info,
            "encoder": {"name": "libx264", "preset": PRESET, "crf": CRF} if made else None,
            "codec": codec,
        },
    }


def _plan(window: Window, video: Source, start: Fraction, end: Fraction, how: str) -> Plan:
    if end <= start:
        raise CannotCut("The clip would end before it begins.")
    pictures = Pictures(video.shown, video.duration, video.sync, np.zeros_like(video.sync))
    may_encode = video.header["codec"] == "h264" and len(video.entries) == 1
    if how == EXACT and may_encode:
        pictures = replace(pictures, clean=_clean(window, video, start, end))
    found = plan(
        pictures,
        video.ticks(start + _NEAR),
        video.ticks(end - _NEAR),
        exact=how == EXACT,
        may_encode=may_encode,
    )
    if found is None:
        raise CannotCut("The recording shows nothing between these moments.")
    return found


def _clean(window: Window, video: Source, start: Fraction, end: Fraction) -> Numbers:
    """Return which whole pictures let a decoder forget all before, as H.264 has it (IDR).

    Only at one of these may pictures with other parameter sets end.
    """
    length = read_avcc(record_in(video.entries[0], b"avcC")).length_size
    asked = (video.shown >= video.ticks(start)) & (video.shown < video.ticks(end))
    clean = np.where(asked, video.sync, 0)
    for nth in np.flatnonzero(clean):
        packet = window.peek(int(video.offset[nth]), min(int(video.size[nth]), 1 << 16))
        clean[nth] = is_idr(packet, length)
    return clean


def _check_as_asked(video: Source, chosen: Plan, start: Fraction, how: str) -> None:
    if how != EXACT:
        return
    anew = sum(each.end - each.first for each in _asked(chosen))
    if anew > _MOST_ANEW * video.timescale:
        said = "This recording has no picture near by at which new ones could end."
        raise CannotCut(f"{said} {_NOT_EXACT}")
    asked = video.ticks(start + _NEAR)
    on_screen = int(np.max(video.shown[video.shown <= asked], initial=int(video.shown.min())))
    if chosen.begins != on_screen:
        said = f"No whole picture begins there, and {video.header['codec']} is not encoded here."
        raise CannotCut(f"{said} {_NOT_EXACT}")
    hidden = chosen.over and _hidden(video, chosen)
    if hidden > _MOST_HIDDEN:
        raise CannotCut(f"Pictures after the end are needed to show the last ones. {_NOT_EXACT}")


def _hidden(video: Source, chosen: Plan) -> float:
    over = video.shown[chosen.copied] >= chosen.ends
    return float(video.duration[chosen.copied][over].sum()) / video.timescale


def _pictures(window: Window, video: Source, chosen: Plan) -> tuple[Lane, _Counted]:
    entry = video.entries[0]
    parts: list[Made] = []
    if chosen.before is not None or chosen.after is not None:
        avcc = read_avcc(record_in(entry, b"avcC"))
        _check_profile(avcc)
        parts = [make_anew(window, video, avcc, each) for each in _asked(chosen)]
        if any(each.sets != parts[0].sets for each in parts):
            raise CannotCut(f"The pictures at both ends came out differently. {_NOT_EXACT}")
        entry = with_record(entry, b"avcC", avcc.with_more(parts[0].sets).to_bytes())
    before = parts.pop(0) if chosen.before is not None else Made()
    after = parts.pop(0) if chosen.after is not None else Made()
    kept = chosen.copied
    shown = np.concatenate([_of(before.shown), video.shown[kept], _of(after.shown)])
    lane = Lane(
        header=video.header,
        entries=(entry, *video.entries[1:]),
        entries_version=video.entries_version,
        shown=shown,
        duration=_lasting(shown, video, chosen),
        sync=np.concatenate([_of(before.sync), video.sync[kept], _of(after.sync)]),
        entry=np.concatenate(
            [_of([0] * len(before.shown)), video.entry[kept], _of([0] * len(after.shown))]
        ),
        pieces=[*before.packets, *_places(video, kept), *after.packets],
        begins=chosen.begins,
        ends=chosen.ends,
    )
    runs = _runs(len(before.shown), kept, len(after.shown))
    return lane, _Counted(video.number, str(video.header["codec"]), len(shown), runs)


def _asked(chosen: Plan) -> list[Anew]:
    return [each for each in (chosen.before, chosen.after) if each is not None]


def _check_profile(avcc: Avcc) -> None:
    if avcc.profile not in PROFILES:
        said = f"Pictures of this H.264 profile ({avcc.profile}) are not encoded here."
        raise CannotCut(f"{said} {_NOT_EXACT}")


def _lasting(shown: Numbers, video: Source, chosen: Plan) -> Numbers:
    """Return durations, of which only the last picture's counts: until the clip ends."""
    last = int(shown.max())
    if last < chosen.ends:
        return np.full(len(shown), chosen.ends - last, np.int64)
    return np.full(len(shown), int(video.duration[chosen.copied].min()) or 1, np.int64)


def _sound(source: Source, begins: Fraction, ends: Fraction) -> tuple[Lane, _Counted] | None:
    first, end = source.ticks(begins), source.ticks(ends)
    heard = np.flatnonzero((source.shown + source.duration > first) & (source.shown < end))
    if not len(heard):
        return None
    low, high = int(heard[0]), int(heard[-1]) + 1
    room = int(_MOST_HIDDEN * source.timescale)
    for _ in range(_PREROLL.get(str(source.header["codec"]), 0)):
        if low == 0 or source.duration[low - 1] > room:
            break
        low -= 1
        room -= int(source.duration[low])
    kept = np.arange(low, high)
    lane = Lane(
        header=source.header,
        entries=source.entries,
        entries_version=source.entries_version,
        shown=source.shown[kept],
        duration=source.duration[kept],
        sync=source.sync[kept],
        entry=source.entry[kept],
        pieces=_places(source, kept),
        begins=first,
        ends=end,
    )
    return lane, _Counted(source.number, str(source.header["codec"]), len(kept), _runs(0, kept, 0))


def _uncompressed(source: Source, begins: Fraction, ends: Fraction) -> tuple[Lane, _Counted] | None:
    """Cut sound without packets at the whole seconds that proofs count it by."""
    stream = source.pcm
    assert stream is not None  # asked for this source only
    rate = int(source.header["sound"][1]) or source.timescale
    each, step = stream.bytes_per_second // rate, source.timescale // rate
    total = sum(stream.bytes)
    if step * rate != source.timescale or sum(stream.duration) * each != total * step:
        raise CannotCut("The uncompressed sound of this file does not run evenly.")
    delay = delay_of(source.header) + stream.dts[0]
    first, end = source.ticks(begins), source.ticks(ends)
    low = max(0, (first - delay) // source.timescale)
    high = min(-(-total // stream.bytes_per_second), -(-(end - delay) // source.timescale))
    if high <= low:
        return None
    wanted = low * stream.bytes_per_second, min(total, high * stream.bytes_per_second)
    pieces = list(_stretches(source, *wanted))
    lane = Lane(
        header=source.header,
        entries=source.entries,
        entries_version=source.entries_version,
        shown=_of([delay + low * source.timescale]),
        duration=_of([step]),
        sync=_of([1]),
        entry=_of([0]),
        pieces=pieces,
        begins=first,
        ends=end,
        each=each,
        held=[size_of(piece) // each for piece in pieces],
    )
    count = high - low
    return lane, _Counted(source.number, "pcm", count, [[0, count, int(low)]])


def _stretches(source: Source, start: int, end: int) -> Iterator[Piece]:
    """Give where the bytes of a stretch of sound lie."""
    ends = np.cumsum(source.size)
    for nth in range(int(np.searchsorted(ends, start, "right")), len(ends)):
        begin = int(ends[nth] - source.size[nth])
        low, high = max(start, begin), min(end, int(ends[nth]))
        if low >= high:
            return
        yield int(source.offset[nth]) + low - begin, high - low


def _write(window: Window, lanes: list[Lane], seconds_from: float, outside: Outside) -> int:
    head, pieces = written(lanes, seconds_from)
    waiting = bytearray(head)
    size = 0
    for piece in pieces:
        waiting += piece if isinstance(piece, bytes) else window.view(*piece)
        if len(waiting) >= _WRITE:
            outside.write(NAME, bytes(waiting))
            size += len(waiting)
            waiting.clear()
    if waiting:
        outside.write(NAME, bytes(waiting))
    return size + len(waiting)


def _runs(before: int, kept: Numbers, after: int) -> list[list[int]]:
    """Return runs as a clip proof has them: [from, to, original], without it for new ones."""
    runs: list[list[int]] = [[0, before]] if before else []
    at = before
    for part in np.split(kept, np.flatnonzero(np.diff(kept) != 1) + 1) if len(kept) else []:
        runs.append([at, at + len(part), int(part[0])])
        at += len(part)
    if after:
        runs.append([at, at + after])
    return runs


def _places(source: Source, kept: Numbers) -> list[Piece]:
    return list(zip(source.offset[kept].tolist(), source.size[kept].tolist(), strict=True))


def _of(values: list[Any]) -> Numbers:
    return np.array(values, np.int64)
