"""Claims ``file`` and ``clip``: the bytes, or the packets, are those of the original."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custodes.kernel import cj1
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u, unb64u
from custodes.ledger.entry import PublicEntry
from custodes.ledger.tree import leaf_hash, root_of
from custodes.media.clip_proof import ClipFault, ClipFound, check_clip
from custodes.media.commitment import MAX_HEADER, salted
from custodes.media.packets.track import MAX_PACKETS
from custodes.package.statement import FileShown
from custodes.verifier.claims import Claim, Making
from custodes.verifier.evidence import Evidence

#: Members of a track header that a check reads, and what they must be.
_NEEDED: Mapping[str, type] = {
    "n": int,
    "timescale": int,
    "root": str,
    "codec": str,
    "handler": str,
    "container": str,
    "params": list,
}
_OPTIONAL: Mapping[str, type] = {
    "enabled": bool,
    "matrix": str,
    "movie_matrix": str,
    "projection": str,
    "elst": str,
    "movie_timescale": int,
    "pasp": str,
    "clap": str,
    "more": list,
    "size": list,
    "delay": int,
    "crop_top": int,
    "crop_bottom": int,
    "crop_left": int,
    "crop_right": int,
    "display_width": int,
    "display_height": int,
    "display_unit": int,
}
#: Pictures and sound are cut at the nearest packet, so not at quite the same moment.
_ONE_CUT = 0.5
_BYTES = ("root", "matrix", "elst", "pasp")


class HeaderWrong(ValueError):
    """A track header is not one."""


def check_file(evidence: Evidence, file: FileShown) -> Claim:
    """Say whether a file is, bit for bit, the original that its entry took in."""
    making = Making("file", file.path)
    entry = _entry_of(evidence, file)
    if entry is None:
        said = f"The entry named for {file.path} did not take in this original."
        return making.contradicted("file.other_entry", said)
    facts = entry.facts
    committed = (facts.get("fc"), facts.get("cc"), facts.get("z"))
    shown = (
        b64u(salted("file", file.salt, file.file_sha256)),
        b64u(salted("chunks", file.salt, file.chunk_root)),
        file.size,
    )
    if committed != shown:
        said = f"The digests given for {file.path} are not the ones its entry committed to."
        return making.contradicted("file.other_commitment", said)
    stored = evidence.opened.files[file.path]
    if (stored.size, evidence.digests[file.path]) != (file.size, file.file_sha256.hex()):
        said = f"{file.path} is not the file that was taken in."
        return making.contradicted("file.differs", said)
    if not evidence.log_proven:
        return making.without_log()
    said = (
        f"{file.path} is, bit for bit, the original that was taken in with entry {file.entry}"
        f" ({stored.size:,} bytes, SHA-256 {file.file_sha256.hex()})."
    )
    return making.proven("file.identical", said)


def check_clip_file(evidence: Evidence, file: FileShown) -> Claim:
    """Say whether every packet of a clip is one of the original, and which are not."""
    making = Making("clip", file.path)
    entry = _entry_of(evidence, file)
    if entry is None or file.clip is None:
        said = f"The entry named for {file.path} did not take in its original."
        return making.contradicted("clip.other_entry", said)
    root = root_of(leaf_hash(header) for header in file.tracks)
    committed = entry.facts.get("m")
    try:
        headers = [read_header(header) for header in file.tracks]
    except HeaderWrong:
        headers = []
    if (
        not headers
        or (file.media_root and root != file.media_root)
        or committed != b64u(salted("media", file.salt, root))
    ):
        said = f"The tracks given for the original of {file.path} are not the ones committed to."
        return making.contradicted("clip.other_commitment", said)
    try:
        found = check_clip(file.clip, headers, evidence.opened.files[file.path])
    except ClipFault as fault:
        say = making.contradicted if fault.contradicts else making.not_proven
        return say(fault.code, f"{file.path}: {fault.sentence}")
    if not evidence.log_proven:
        return making.without_log()
    return _told(making, file, entry, found)


def read_header(data: bytes) -> dict[str, Any]:
    """Return a track header; raises HeaderWrong when it has not the members a check reads."""
    try:
        value = cj1.loads(data, max_bytes=MAX_HEADER)
        if not isinstance(value, dict):
            raise HeaderWrong("it is no object")
        for name, kind in {**_NEEDED, **_OPTIONAL}.items():
            if type(value.get(name, kind())) is not kind or (name in _NEEDED and name not in value):
                raise HeaderWrong(f"{name} is not what it must be")
        for name in _BYTES:
            unb64u(value.get(name, ""))
        if not all(unb64u(each) for each in value["params"]):
            raise HeaderWrong("a parameter is empty")
    except (cj1.NotCanonical, TypeError, AttributeError) as error:
        raise HeaderWrong(str(error)) from None
    except ValueError as error:
        raise HeaderWrong(str(error)) from None
    size = value.get("size", [1, 1])
    if len(size) != 2 or not all(type(side) is int for side in size):
        raise HeaderWrong("size is not two numbers")
    if value["timescale"] <= 0 or not 0 <= value["n"] <= MAX_PACKETS:
        raise HeaderWrong("its clock or its number of packets is impossible")
    return value


def _entry_of(evidence: Evidence, file: FileShown) -> PublicEntry | None:
    entry = evidence.entries.get(file.entry)
    if entry is None or entry.kind != "recording.ingested":
        return None
    fits = (entry.subject, entry.facts.get("o")) == (file.recording, file.original)
    return entry if fits else None


def _told(making: Making, file: FileShown, taken_in: PublicEntry, found: ClipFound) -> Claim:
    details = [
        f"{found.packets:,} packets of pictures and sound; their times are {found.timing.words}.",
        *(f"Cut in the {what} at {at:.3f} s." for what, at in found.cuts),
        *(
            f"Changed {what} from {start:.3f} s to {end:.3f} s."
            for what, start, end in found.changes
        ),
        *(f"Left out: {what}." for what in found.left_out),
    ]
    if found.apart > 0.001:
        apart = f"{found.apart * 1000:.0f} ms"
        details.append(f"Pictures and sound are moved against each other by {apart}.")
    whose = (
        f"from the original whose digest is in entry {file.entry} of the log, written"
        f" {rfc3339(taken_in.at)}"
    )
    if found.changes:
        spans = ", ".join(f"{what} {a:.1f}-{b:.1f} s" for what, a, b in found.changes)
        said = f"{file.path}: {found.own:,} of its {found.packets:,} packets are {whose}."
        return making.proven(
            "clip.with_changes", f"{said} The others were made anew: {spans}.", details
        )
    said = f"{file.path}: all {found.packets:,} of its packets are {whose}"
    if found.cuts:
        moments = ", ".join(f"{at:.1f} s" for at in _moments(found))
        return making.proven(
            "clip.with_cuts", f"{said}. Something was cut out at {moments}.", details
        )
    return making.proven("clip.untouched", f"{said}, in one piece and in their order.", details)


def _moments(found: ClipFound) -> list[float]:
    """Return when there are cuts, each once though it is in pictures and in sound."""
    moments: list[float] = []
    for at in sorted(at for _, at in found.cuts):
        if not moments or at - moments[-1] > _ONE_CUT:
            moments.append(at)
    return moments
