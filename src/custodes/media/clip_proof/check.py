"""Check a clip against its proof and the headers of the original.

The steps are numbered as the codes of docs/reference/formats/clip-proof.md stand there;
each looks at all tracks before the next begins, so that two programs give one answer.
The caller has made sure that the headers are the committed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from custodes.kernel.digest import unb64u
from custodes.media.clip_proof import shown
from custodes.media.clip_proof.edits import Clock, clock_of, same_edits
from custodes.media.clip_proof.fold import DoesNotFold, fold
from custodes.media.clip_proof.times import TimesInvalid, unpack_times
from custodes.media.clip_proof.timing import TimedTrack, Timing, coarser, timing_of
from custodes.media.clip_proof.value import ClipProof, Run, TrackProof
from custodes.media.commitment import TrackPackets, leaf_hashes_at, read_packets
from custodes.media.packets import NoClipProofs, Window
from custodes.media.packets.mp4 import is_mp4, outermost
from custodes.media.packets.nal import UnitRule, units_under, without
from custodes.media.packets.track import Times

if TYPE_CHECKING:
    from custodes.media.sandbox.ports import ReadAt

Header = Mapping[str, Any]
_BOXES: Final = frozenset(
    b"ftyp styp moov mdat moof mfra sidx free skip wide uuid pdin prft emsg".split()
)
_MOST_HIDDEN: Final = 0.1
_SYNC: Final = 1
_HANDLERS: Final = {"vide": "picture", "soun": "sound"}


class ClipFault(Exception):
    """A clip breaks a rule. ``contradicts``: it is not only unproven but wrong."""

    def __init__(self, code: str, sentence: str, *, contradicts: bool = True) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.contradicts = code, sentence, contradicts


@dataclass(slots=True)
class ClipFound:
    """What was found of a clip that breaks no rule. Times are seconds into the clip.

    ``own`` of its ``packets`` are the original's.
    """

    packets: int = 0
    own: int = 0
    timing: Timing = Timing.EXACT
    apart: float = 0.0
    cuts: list[tuple[str, float]] = field(default_factory=list)
    changes: list[tuple[str, float, float]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Track:
    """One track under check."""

    nth: int
    packets: TrackPackets
    proof: TrackProof
    header: Header
    has_sets: set[bytes]
    times: Times = field(default_factory=Times)

    @property
    def name(self) -> str:
        return f"track {self.nth + 1}"

    def times_of(self, run: Run) -> Times:
        """Return the original's times of one run."""
        before = sum(len(each) for each in self.proof.proven if each.start < run.start)
        rows = slice(before, before + len(run))
        found = self.times
        return Times(found.dts[rows], found.pts[rows], found.duration[rows], found.flags[rows])


def check_clip(proof: ClipProof, headers: Sequence[Header], reader: ReadAt) -> ClipFound:
    """Return what was found; raises ClipFault with the code of the first rule that is broken."""
    has_sets: dict[int, set[bytes]] = {}
    packets = _read(proof, headers, reader, has_sets)
    _check_boxes(reader)
    _check_tracks(packets, proof, headers)
    tracks = [
        _Track(nth, each, of, headers[of.of], has_sets.get(nth, set()))
        for nth, (each, of) in enumerate(zip(packets, proof.tracks, strict=True))
    ]
    for step in (
        _each(_check_tiles),
        _each(_check_order),
        _each(_take_times),
        _each(_check_leaves),
        _each(_check_coding),
        _each(_check_picture),
        _check_enabled,
        _each(_check_edits),
    ):
        step(tracks)
    found = ClipFound(sum(len(track.packets) for track in tracks))
    found.own = sum(len(run) for track in tracks for run in track.proof.proven)
    found.timing, found.apart = _check_timing(tracks)
    for track in tracks:
        _check_hidden(track)
    for track in tracks:
        _note_cuts(track, found)
    for track in tracks:
        _check_some(track)
    used = {track.proof.of for track in tracks}
    found.left_out = [_named(headers, nth) for nth in range(len(headers)) if nth not in used]
    return found


def _each(step: Callable[[_Track], None]) -> Callable[[Sequence[_Track]], None]:
    def steps(tracks: Sequence[_Track]) -> None:
        for track in tracks:
            step(track)

    return steps


def _read(
    proof: ClipProof, headers: Sequence[Header], reader: ReadAt, has_sets: dict[int, set[bytes]]
) -> list[TrackPackets]:
    def rule_for(nth: int, rule: UnitRule) -> UnitRule:
        if nth >= len(proof.tracks) or proof.tracks[nth].of >= len(headers):
            return rule
        track, header = proof.tracks[nth], headers[proof.tracks[nth].of]
        used = without(rule, shown.passed_over(header)) if track.bare else rule
        if track.changed:
            return _noting(used, rule, header["codec"], has_sets.setdefault(nth, set()))
        return used

    try:
        return read_packets(reader, rule_for=rule_for)
    except NoClipProofs as refused:
        raise ClipFault("clip.unreadable", str(refused), contradicts=False) from None


def _noting(used: UnitRule, plain: UnitRule, codec: str, into: set[bytes]) -> UnitRule:
    def digest(packet: memoryview) -> bytes:
        found = used(packet)
        units = units_under(plain, packet)
        # What cannot be taken apart here may be by a player, with whatever sets it holds.
        if units is None or any(shown.holds_parameters(codec, unit) for unit in units):
            into.add(found)
        return found

    return digest


def _check_boxes(reader: ReadAt) -> None:
    window = Window(reader)
    if not is_mp4(window.peek(0, 16)):
        return
    at = 0
    for kind, _, _, end in outermost(window, 0):
        if kind not in _BOXES:
            said = f"It has a part of a kind that is not known here ({kind.decode('latin-1')})."
            raise ClipFault("clip.unknown_box", said, contradicts=False)
        at = end
    if at != reader.size:
        said = "It has bytes that belong to no part of it."
        raise ClipFault("clip.unknown_box", said, contradicts=False)


def _check_tracks(
    packets: Sequence[TrackPackets], proof: ClipProof, headers: Sequence[Header]
) -> None:
    of = [track.of for track in proof.tracks]
    if len(packets) != len(of):
        said = f"It has {len(packets)} tracks, its proof is of {len(of)}."
        raise ClipFault("clip.tracks_differ", said)
    if len(set(of)) != len(of) or any(each >= len(headers) for each in of):
        said = "Its proof names a track of the original twice, or one that is not there."
        raise ClipFault("clip.tracks_differ", said)


def _check_tiles(track: _Track) -> None:
    at = 0
    for run in track.proof.runs:
        if run.start != at or run.end <= run.start:
            break
        at = run.end
    else:
        if at == len(track.packets):
            return
    said = f"The runs of {track.name} do not cover its packets one after the other."
    raise ClipFault("clip.runs_do_not_tile", said)


def _check_order(track: _Track) -> None:
    at = 0
    for run in track.proof.proven:
        start, end = run.span
        if start < at or end > track.header["n"]:
            said = f"{track.name.capitalize()} shows packets twice or out of their order."
            raise ClipFault("clip.runs_out_of_order", said)
        at = end


def _take_times(track: _Track) -> None:
    rows = sum(len(run) for run in track.proof.proven)
    try:
        track.times = unpack_times(track.proof.times, rows)
    except TimesInvalid as fault:
        said = f"The times of {track.name} cannot be read: {fault}."
        raise ClipFault("clip.times_malformed", said, contradicts=False) from None


def _check_leaves(track: _Track) -> None:
    runs = track.proof.proven
    if not runs and not track.proof.siblings and not track.proof.times:
        return
    digests = b"".join(track.packets.digests[32 * run.start : 32 * run.end] for run in runs)
    indexes = [index for run in runs for index in range(*run.span)]
    leaves = leaf_hashes_at(indexes, track.times, digests)
    spans = [run.span for run in runs]
    try:
        root = fold(track.header["n"], spans, leaves, track.proof.siblings)
    except DoesNotFold:
        root = b""
    if root != unb64u(track.header["root"]):
        said = f"The packets of {track.name} are not the ones the original has there."
        raise ClipFault("clip.not_of_original", said)


def _check_coding(track: _Track) -> None:
    changed = track.proof.changed
    fault = shown.coding_fault(track.packets.header, track.header, changed=bool(changed))
    for run in changed:
        if any(track.packets.digest(nth) in track.has_sets for nth in range(run.start, run.end)):
            fault = "changed packets bring parameter sets, or do not come apart into units"
    if fault:
        raise ClipFault("clip.params_differ", f"Of {track.name}: {fault}.")


def _check_picture(track: _Track) -> None:
    if fault := shown.picture_fault(track.packets.header, track.header):
        raise ClipFault("clip.shown_differently", f"Of {track.name}: {fault}.")


def _check_enabled(tracks: Sequence[_Track]) -> None:
    clips = [track.packets.header for track in tracks]
    for track in tracks:
        if not shown.kept_enabled(clips, track.nth, track.header):
            said = f"{track.name.capitalize()} is switched off, so that players leave it out."
            raise ClipFault("clip.shown_differently", said)


def _check_edits(track: _Track) -> None:
    clip, original = track.packets.header, track.header
    simple = clock_of(clip).simple and clock_of(original).simple
    if not simple and not same_edits(clip, original):
        said = f"The edit list of {track.name} rearranges it, and is not the original's."
        raise ClipFault("clip.edit_list", said)


def _clocks(track: _Track) -> tuple[Clock, Clock]:
    clip, original = clock_of(track.packets.header), clock_of(track.header)
    if clip.simple and original.simple:
        return clip, original
    return (
        clock_of(track.packets.header, without_edits=True),
        clock_of(track.header, without_edits=True),
    )


def _check_timing(tracks: Sequence[_Track]) -> tuple[Timing, float]:
    timed = []
    for track in tracks:
        clip, original = _clocks(track)
        due = [original.seconds(track.times_of(run)) for run in track.proof.proven]
        at = clip.seconds(track.packets.times)
        tick = coarser(clip, original)
        timed.append(TimedTrack(track.header["handler"], track.proof.runs, at, due, tick))
    found, apart = timing_of(timed)
    if found is Timing.ALTERED:
        said = "Its packets are not due when they were: it runs slower, faster or out of step."
        raise ClipFault("clip.timing_altered", said)
    return found, apart


def _check_hidden(track: _Track) -> None:
    clip, original = _clocks(track)
    hidden = clip.hidden(track.packets.times)
    for run in track.proof.proven:
        hidden[run.start : run.end] &= ~original.hidden(track.times_of(run))
    seconds = clip.kept_back(track.packets.times, hidden)
    if seconds > _MOST_HIDDEN:
        said = f"Its edit list or delay keeps {seconds:.3f} s of {track.name} from being shown."
        raise ClipFault("clip.hides_packets", said, contradicts=False)


def _note_cuts(track: _Track, found: ClipFound) -> None:
    clip, _ = _clocks(track)
    at = clip.seconds(track.packets.times)
    lasts = clip.lasting(track.packets.times)
    word = _HANDLERS.get(track.header["handler"], "other content")
    before: Run | None = None
    for run in track.proof.runs:
        if run.original is None:
            span = slice(run.start, run.end)
            found.changes.append(
                (word, float(at[span].min()), float((at[span] + lasts[span]).max()))
            )
        elif before is not None and (before.original is None or before.span[1] != run.original):
            _check_group(track, before, run)
            if before.original is not None:
                found.cuts.append((word, float(at[run.start])))
        before = run


def _check_some(track: _Track) -> None:
    if track.proof.runs and not track.proof.proven:
        said = f"Nothing of {track.name} is the original's."
        raise ClipFault("clip.all_changed", said, contradicts=False)


def _check_group(track: _Track, before: Run, run: Run) -> None:
    """Refuse pictures that were made from others that are no longer there."""
    if track.header["handler"] != "vide" or track.times_of(run).flags[0] & _SYNC:
        return
    led = len(before) == 1 and before.original is not None
    if led and track.times_of(before).flags[0] & _SYNC:
        return  # pictures before the first whole one were left out, as the standards allow
    said = f"After a cut, pictures of {track.name} rest on others that were left out or changed."
    raise ClipFault("clip.cut_inside_group", said, contradicts=False)


def _named(headers: Sequence[Header], nth: int) -> str:
    kind = _HANDLERS.get(headers[nth]["handler"], "other")
    return f"{kind} track {nth + 1} of the original"
