"""Every case of the corpus: how it is made, and in what it differs from an honest package."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.verifier import clips
from tests.verifier.clips import HONEST, Bytes, copied, master, packets_of
from tests.verifier.small_log import NOON, ORIGIN, WITNESSES, SmallLog, handle, policy, signer
from tests.verifier.story import (
    CLIP_PATH,
    ORIGINAL_PATH,
    OTHER,
    RECORDING,
    Plot,
    Story,
    footage,
    honest_clip,
    honest_proof,
    minutes,
    other_footage,
    story,
)

from custodes.kernel.digest import sha256
from custodes.ledger.note import Note, sign_note
from custodes.media.clip_proof import ClipProof, Run, TrackProof, prove_clip
from custodes.package.bag import zip_bag
from custodes.package.paths import write_manifest

P, N, C = "PROVEN", "NOT PROVEN", "CONTRADICTED"
NOT_MADE = ("", "")
Key = tuple[str, str]
Said = tuple[str, str]
LOG, SEEN, TIME = ("log", ORIGIN), ("witnessed", ORIGIN), ("time", ORIGIN)
RECORD, TAIL, OPENED = ("record", RECORDING), ("tail", RECORDING), ("opened", "")
WHOLE, PROOF, DELETION = ("whole", ""), ("proof", ""), ("deletion", RECORDING)
FILE, CLIP = ("file", ORIGINAL_PATH), ("clip", CLIP_PATH)


@dataclass(frozen=True)
class Made:
    """A case: ``but`` is what differs from an honest package, ``only`` replaces it all."""

    name: str
    why: str
    build: Callable[[Path], Path]
    but: dict[Key, Said] = field(default_factory=dict)
    only: dict[Key, Said] | None = None
    policy: str = "policy.txt"
    has_clip: bool = True
    has_original: bool = False


ALL: list[Made] = []


def resting(*claims: Key) -> dict[Key, Said]:
    """Return these claims as ones that rest on a log that is not proven."""
    return dict.fromkeys(claims, (N, "needs.log"))


LOG_FAILS = resting(SEEN, TIME, RECORD, TAIL, OPENED, CLIP)


def case(name: str, why: str, **more: Any) -> Callable[[Callable[[], Story]], None]:
    """Enter a case that is one story, written as it is told."""

    def enter(tell: Callable[[], Story]) -> None:
        ALL.append(Made(name, why, lambda folder: tell().write(folder), **more))

    return enter


def clip_case(
    name: str,
    why: str,
    make: Callable[[], bytes],
    said: Said,
    proof: Callable[[], ClipProof] | None = None,
) -> None:
    """Enter a case that differs in its clip. Without ``proof`` an honest prover is asked."""

    def tell() -> Story:
        return story(make(), proof() if proof else None)

    ALL.append(Made(name, why, lambda folder: tell().write(folder), {CLIP: said}))


def changed_after(name: str, why: str, change: Callable[[Path], Path | None], **more: Any) -> None:
    """Enter a case that somebody changed after it was written."""

    def build(folder: Path) -> Path:
        written = story(honest_clip(), honest_proof()).write(folder)
        return change(written) or written

    ALL.append(Made(name, why, build, **more))


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def list_again(folder: Path) -> None:
    """Write the lists of a bag anew, as whoever tampers would."""
    found = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hex()
        for path in folder.rglob("*")
        if path.is_file()
    }
    payload = {path: digest for path, digest in found.items() if path.startswith("data/")}
    (folder / "manifest-sha256.txt").write_bytes(write_manifest(payload))
    found["manifest-sha256.txt"] = sha256(write_manifest(payload)).hex()
    tags = {p: d for p, d in found.items() if p not in payload and p != "tagmanifest-sha256.txt"}
    (folder / "tagmanifest-sha256.txt").write_bytes(write_manifest(tags))


# Honest


case("honest clip", "A clip made by copying packets.")(lambda: story(honest_clip()))
case("honest original", "The whole original.", has_clip=False, has_original=True)(
    lambda: story(original=True)
)
case("honest both", "An original and a clip of it.", has_original=True)(
    lambda: story(honest_clip(), original=True)
)


def _zipped(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    zip_bag(folder, target)
    return target


changed_after("honest zip", "The same as one file.", _zipped)

for _name in ("mkv", "fragmented", "mkv and back", "ts and back", "whole"):
    clip_case(
        f"honest clip {_name}",
        "Copied through another container; every packet is still the original's.",
        HONEST[_name],
        (P, "clip.untouched"),
    )
clip_case(
    "honest cuts",
    "Two parts of the original, one after the other.",
    lambda: copied(master(), (1.0, 3.0), (5.0, 7.0)),
    (P, "clip.with_cuts"),
)
clip_case(
    "honest muted",
    "A second of sound was replaced, and the proof says so.",
    lambda: copied(master(), (0.0, 5.0), edit=clips.muted),
    (P, "clip.with_changes"),
)
case(
    "no policy",
    "Nobody to believe: all that needs a policy is not proven.",
    policy="",
    but={**LOG_FAILS, LOG: (N, "policy.none"), SEEN: (N, "policy.none"), TIME: (N, "policy.none")},
)(lambda: story(honest_clip(), honest_proof()))
case(
    "no census",
    "The log was never counted: the end of the record is not shown.",
    but={TAIL: (N, "tail.no_census")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census=False)))
case(
    "no witness asked",
    "A policy without witnesses.",
    policy="no-witness.txt",
    but={SEEN: (N, "witness.none_asked"), TIME: (N, "time.no_outside_clock")},
)(lambda: story(honest_clip(), honest_proof()))


def _first_only() -> Story:
    told = story(honest_clip(), honest_proof())
    return told.but(checkpoints=told.statement.checkpoints[1:])


case(
    "no earlier checkpoint",
    "Only later bounds are shown; nothing is wrong.",
    but={TIME: (P, "time.upper_only")},
)(_first_only)


def _flip_signature(folder: Path) -> None:
    for size in (2, 5, 9):
        path = folder / f"checkpoints/{size}.note"
        text = path.read_text()
        line = next(each for each in text.split("\n") if each.startswith(f"— {ORIGIN} "))
        at = line.rindex(" ") + 20
        wrong = line[:at] + ("A" if line[at] != "A" else "B") + line[at + 1 :]
        path.write_text(text.replace(line, wrong))
        for proof in folder.glob("proofs/*.tlog-proof"):
            proof.write_text(proof.read_text().replace(line, wrong))


# Bytes changed after the package was written

changed_after(
    "bit flip in clip",
    "One bit of the media file.",
    lambda folder: flip(folder / CLIP_PATH, 9000),
    but={WHOLE: (C, "whole.differs"), CLIP: (C, "clip.not_of_original")},
)
changed_after(
    "bit flip in readme",
    "One bit of a file that proves nothing.",
    lambda folder: flip(folder / "README.txt", 30),
    but={WHOLE: (C, "whole.differs")},
)
changed_after(
    "bit flip in signature",
    "One bit of the log's signature.",
    _flip_signature,
    but={
        **LOG_FAILS,
        WHOLE: (C, "whole.differs"),
        LOG: (C, "note.bad_signature"),
    },
)


changed_after(
    "file missing",
    "The clip is gone; the proof cannot be read without it.",
    lambda folder: (folder / CLIP_PATH).unlink(),
    only={WHOLE: (C, "whole.missing"), PROOF: (N, "proof.malformed")},
)


def _add(folder: Path) -> None:
    (folder / "data" / "extra.mp4").write_bytes(b"not listed")


changed_after("file added", "A file that is in no list.", _add, but={WHOLE: (C, "whole.unlisted")})


def _no_proof(folder: Path) -> None:
    (folder / "proof.json").unlink()
    list_again(folder)


changed_after(
    "no proof",
    "A bag like any other.",
    _no_proof,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.missing")},
)


def _spaced(folder: Path) -> None:
    path = folder / "proof.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))
    list_again(folder)


changed_after(
    "proof not canonical",
    "The same values, written in another way.",
    _spaced,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)


def _doubled(folder: Path) -> None:
    path = folder / "proof.json"
    path.write_text(path.read_text().replace('{"by":', '{"by":"somebody","by":', 1))
    list_again(folder)


changed_after(
    "proof with a member twice",
    "Two readers could take either.",
    _doubled,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)


def _next_version(folder: Path) -> None:
    path = folder / "proof.json"
    path.write_text(path.read_text().replace("custodes-package/v1", "custodes-package/v9"))
    list_again(folder)


changed_after(
    "another version",
    "A format this program does not know.",
    _next_version,
    only={WHOLE: (P, "whole.complete"), PROOF: (N, "proof.malformed")},
)


def _broken_list(folder: Path) -> None:
    path = folder / "manifest-sha256.txt"
    path.write_text(path.read_text().replace("data/", "../data/"))


changed_after(
    "list leads out",
    "A list that names a file outside the package.",
    _broken_list,
    only={WHOLE: (N, "whole.malformed")},
)


def _compressed(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(folder.parent).as_posix())
    return target


changed_after(
    "compressed zip",
    "What is compressed could unpack to anything.",
    _compressed,
    only={WHOLE: (N, "whole.malformed")},
)


def _policy_inside(folder: Path) -> None:
    (folder / "policy.txt").write_text(policy(None, log=signer(ORIGIN, seed="the forger")))
    list_again(folder)


def _forged(folder: Path) -> Path:
    """Sign the whole log with another key, and bring a policy that believes it."""
    told = story(honest_clip(), honest_proof())
    forger = signer(ORIGIN, seed="the forger")
    tags = {
        path: sign_note(Note.parse(note).text, forger).encode() for path, note in told.tags.items()
    }
    written = replace(told, tags=tags).write(folder)
    _policy_inside(written)
    return written


ALL.append(
    Made(
        "forged policy inside",
        "The package brings its own keys: nobody may look at them.",
        _forged,
        {**LOG_FAILS, LOG: (N, "note.not_signed")},
    )
)
changed_after(
    "honest with a policy inside",
    "A policy in the package is one more file.",
    _policy_inside,
)


# The log

case(
    "another log's policy",
    "The policy does not name this log.",
    policy="another-log.txt",
    but={**LOG_FAILS, LOG: (N, "log.unknown")},
)(lambda: story(honest_clip(), honest_proof()))
case(
    "unknown key",
    "The log is signed by a key that the policy does not name.",
    policy="another-key.txt",
    but={**LOG_FAILS, LOG: (N, "note.not_signed")},
)(lambda: story(honest_clip(), honest_proof()))
case(
    "quorum not met",
    "Two cosigned; the policy asks for three.",
    policy="all-three.txt",
    but={SEEN: (N, "witness.quorum_not_met"), TIME: (N, "time.no_outside_clock")},
)(lambda: story(honest_clip(), honest_proof()))


def _bad_witness() -> Story:
    told = story(honest_clip(), honest_proof())
    key = WITNESSES["newspaper"]
    other = sign_note(f"{ORIGIN}\n1\n{'A' * 43}=\n", key, at=NOON)
    path = told.statement.head.note
    note = Note.parse(told.tags[path]).with_lines(Note.parse(other).signatures)
    return replace(told, tags={**told.tags, path: str(note).encode()})


case(
    "known witness with a bad signature",
    "A third witness's line is over something else; the quorum would be met without it.",
    but={**LOG_FAILS, LOG: (C, "note.bad_signature")},
)(_bad_witness)
case(
    "note with a tab",
    "A control character in a note.",
    but={**LOG_FAILS, LOG: (N, "note.malformed")},
)(lambda: story(honest_clip(), honest_proof()).with_note(b"\n9\n", b"\t\n9\n"))
case(
    "note of another size",
    "The note does not say what the package says of it.",
    but={**LOG_FAILS, LOG: (C, "log.checkpoint_differs")},
)(lambda: story(honest_clip(), honest_proof()).with_note(b"\n9\n", b"\n10\n"))


def _other_root() -> Story:
    """The log is rewritten after its first checkpoint was seen."""
    told = story(honest_clip(), honest_proof())
    rewritten = SmallLog()
    rewritten.append(handle("the log"), "log.genesis", NOON - minutes(1))
    rewritten.append(OTHER, "recording.opened", NOON + minutes(1))
    rewritten.checkpoint(NOON + minutes(2))
    tags = {**told.tags, "checkpoints/2.note": rewritten.notes[2]}
    return replace(told, tags=tags)


case(
    "rewritten history",
    "The head does not begin with what witnesses saw before.",
    but={**LOG_FAILS, LOG: (C, "log.inconsistent")},
)(_other_root)


def _swap_index() -> Story:
    told = story(honest_clip(), honest_proof())
    first, second = told.statement.entries[0], told.statement.entries[1]
    swapped = (
        replace(first, data=second.data),
        replace(second, data=first.data),
        *told.statement.entries[2:],
    )
    return told.but(entries=swapped)


case(
    "entries exchanged",
    "Two entries at each other's place.",
    but={
        **LOG_FAILS,
        LOG: (C, "log.not_included"),
        TIME: (C, "time.runs_backwards"),
        RECORD: (C, "record.hole"),
        OPENED: (C, "opened.differs"),
        CLIP: (C, "clip.other_entry"),
    },
)(_swap_index)


def _rewritten_entry() -> Story:
    told = story(honest_clip(), honest_proof())
    data = told.statement.entries[2].data.replace(b"T12:10:00.000Z", b"T12:09:00.000Z")
    return told.with_entry(2, data=data)


case(
    "entry changed",
    "The time of an entry was changed by a minute.",
    but={
        **LOG_FAILS,
        LOG: (C, "log.not_included"),
        RECORD: (C, "record.broken"),
        TAIL: (C, "tail.disagrees"),
    },
)(_rewritten_entry)
case(
    "entry not canonical",
    "An entry with a space in it.",
    but={
        **LOG_FAILS,
        LOG: (N, "log.entry_malformed"),
        RECORD: (C, "record.hole"),
        TAIL: (C, "tail.missing"),
        OPENED: (C, "opened.differs"),
    },
)(
    lambda: story(honest_clip(), honest_proof()).with_entry(
        2,
        data=story(honest_clip(), honest_proof())
        .statement.entries[2]
        .data.replace(b'"b":', b'"b": '),
    )
)


def _proof_file(folder: Path) -> None:
    path = folder / "proofs/3.tlog-proof"
    path.write_text(path.read_text().replace("index 3", "index 2"))
    list_again(folder)


changed_after(
    "proof file differs",
    "What other programs are given is another proof.",
    _proof_file,
    but={**LOG_FAILS, LOG: (C, "log.proof_file_differs")},
)


# Time

case(
    "backdated",
    "The entry says it was written before the log had a place for it.",
    but={
        TIME: (C, "time.runs_backwards"),
    },
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(ingested_at=minutes(0.5))))
case(
    "postdated",
    "Witnesses saw the entry minutes before the time it claims.",
    but={TIME: (C, "time.too_late")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(ingested_at=minutes(9.5))))
case(
    "clock slow",
    "The whole log's clock is hours behind its witnesses'.",
    but={TIME: (C, "time.too_early")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(cosigned_late=timedelta(hours=3), viewed_at=minutes(10)),
    )
)


# The record and its tail

case(
    "entry left out",
    "An entry in the middle is missing.",
    but={RECORD: (C, "record.hole"), TAIL: (C, "tail.missing")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(holes=(5,))))
case(
    "census leaves the recording out",
    "The log was counted without it, and the package shows just that.",
    but={TAIL: (C, "tail.omitted")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census_leaves_out=RECORDING)))


def _tail_cut() -> Story:
    told = story(honest_clip(), honest_proof(), plot=Plot(after_census=False))
    kept = tuple(each for each in told.statement.entries if each.index != 5)
    return told.but(entries=kept)


case(
    "last entry left out",
    "The last entry before the count is missing: the chain is whole, the count is not.",
    but={TAIL: (C, "tail.missing"), OPENED: (P, "opened.as_written")},
)(_tail_cut)


def _census_of_another() -> Story:
    told = story(honest_clip(), honest_proof())
    census = told.log.census_of(told.statement.entries[3].index, OTHER)
    return told.but(subjects=(replace(told.statement.subjects[0], census=census),))


case(
    "census of another",
    "The path in the count is another recording's.",
    but={TAIL: (C, "tail.census_differs")},
)(_census_of_another)


def _not_a_census() -> Story:
    told = story(honest_clip(), honest_proof())
    subject = told.statement.subjects[0]
    assert subject.census is not None
    census = replace(subject.census, entry=told.ingested)
    return told.but(subjects=(replace(subject, census=census),))


case(
    "not a census",
    "What is called a count of the log is none.",
    but={TAIL: (N, "tail.census_malformed")},
)(_not_a_census)


def _not_adjacent() -> Story:
    told = story(honest_clip(), honest_proof(), plot=Plot(census_leaves_out=RECORDING))
    subject = told.statement.subjects[0]
    census = told.log.census_of(told.statement.entries[3].index, RECORDING)
    second = told.log.path_in(census.entry, 1).to_value()
    census = replace(census, before=None, after=second)
    return told.but(subjects=(replace(subject, census=census),))


case(
    "census neighbours apart",
    "The two leaves between which it would stand are not side by side.",
    but={TAIL: (C, "tail.census_not_adjacent")},
)(_not_adjacent)
case(
    "census of before",
    "The log was last counted before there was a recording.",
    but={TAIL: (N, "tail.not_yet"), TIME: (P, "time.upper_only")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census=False, early_census=True)))
case(
    "census that is stale",
    "The count knows fewer entries than there were.",
    but={TAIL: (C, "tail.uncounted")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census_forgets=5)))
case(
    "deleted while held",
    "A hold stood, and it was deleted all the same.",
    but={DELETION: (C, "deletion.held")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(
                ("hold.placed", {"h": handle("hold")}),
                ("recording.deleted", {"ap": ["one", "another"], "mode": "order"}),
            )
        ),
    )
)
case(
    "deleted unapproved",
    "One person approved a deletion by hand, twice.",
    but={DELETION: (C, "deletion.unapproved")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(
                ("hold.placed", {"h": handle("hold")}),
                ("hold.released", {"h": handle("hold")}),
                ("recording.deleted", {"ap": ["one", "one"], "mode": "manual"}),
            )
        ),
    )
)
case(
    "deleted early",
    "It was deleted before the day its own entry names.",
    but={DELETION: (C, "deletion.early")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(("recording.deleted", {"due": "2026-12-14T00:00:00.000Z", "mode": "scheduled"}),)
        ),
    )
)
case(
    "deleted when due",
    "Nothing speaks against the deletion; that it was right is not shown.",
    but={DELETION: (N, "deletion.policy_not_given")},
)(
    lambda: story(
        honest_clip(),
        honest_proof(),
        plot=Plot(
            extra=(("recording.deleted", {"due": "2026-11-01T00:00:00.000Z", "mode": "scheduled"}),)
        ),
    )
)


# Opened fields


def _lying_field() -> Story:
    told = story(honest_clip(), honest_proof())
    entry = told.statement.entries[2]
    opened = entry.open[0].replace(b"preparing an interview", b"curiosity, nothing more")
    return told.with_entry(2, open=(opened,))


case(
    "field says something else",
    "An opened field is not what was written.",
    but={OPENED: (C, "opened.differs")},
)(_lying_field)


def _without_closed() -> Story:
    told = story(honest_clip(), honest_proof())
    return told.with_entry(2, closed=told.statement.entries[2].closed[1:])


case(
    "withheld field left out",
    "That there is one more field is hidden.",
    but={OPENED: (C, "opened.differs")},
)(_without_closed)
case(
    "field not a disclosure",
    "What opens a field is something else.",
    but={OPENED: (N, "opened.malformed")},
)(lambda: story(honest_clip(), honest_proof()).with_entry(2, open=(b'["AA","because"]',)))


# Whole files

case(
    "salt of another recording",
    "The file's own digests, under another salt.",
    but={FILE: (C, "file.other_commitment")},
    has_clip=False,
    has_original=True,
)(lambda: story(original=True).with_file(salt=other_footage().salt))


def _other_file() -> Story:
    told = story(original=True)
    return replace(told, media={ORIGINAL_PATH: other_footage().data})


case(
    "another file",
    "Another recording under the name of this one.",
    but={FILE: (C, "file.differs")},
    has_clip=False,
    has_original=True,
)(_other_file)
case(
    "entry of another recording",
    "The file names an entry that did not take it in.",
    but={FILE: (C, "file.other_entry")},
    has_clip=False,
    has_original=True,
)(lambda: story(original=True).with_file(entry=5))
case(
    "recording of another name",
    "The entry took this original in, but for another recording.",
    but={FILE: (C, "file.other_entry")},
    has_clip=False,
    has_original=True,
)(lambda: story(original=True).with_file(recording=OTHER))


def _described() -> Story:
    """Name an entry about the same original that has its commitments and took nothing in."""
    plot = Plot(extra=(("recording.described", footage().facts()),))
    told = story(original=True, plot=plot)
    [index] = [
        n for n, each in enumerate(told.log.entries) if each.public.kind == "recording.described"
    ]
    return told.with_file(entry=index)


case(
    "entry of another kind",
    "The entry is about this original, but did not take it in.",
    but={FILE: (C, "file.other_entry")},
    has_clip=False,
    has_original=True,
)(_described)
case(
    "digest of another file",
    "File and digest agree with each other, and not with the log.",
    but={FILE: (C, "file.other_commitment")},
    has_clip=False,
    has_original=True,
)(
    lambda: replace(
        story(original=True).with_file(
            file_sha256=sha256(other_footage().data), size=len(other_footage().data)
        ),
        media={ORIGINAL_PATH: other_footage().data},
    )
)


# Clips: what was tampered with, and either the truth told of it or a lie

case(
    "clip salt of another recording",
    "The tracks' own root, under another salt.",
    but={CLIP: (C, "clip.other_commitment")},
)(lambda: story(honest_clip(), honest_proof()).with_file(salt=other_footage().salt))
case(
    "clip headers of another recording",
    "Tracks of another original.",
    but={CLIP: (C, "clip.other_commitment")},
)(
    lambda: story(honest_clip(), honest_proof()).with_file(
        tracks=other_footage().tracks, media_root=other_footage().media_root
    )
)
clip_case(
    "clip of another recording",
    "A clip of another original, with a proof made for this one.",
    lambda: copied(other_footage().data, (2.0, 5.0)),
    (C, "clip.not_of_original"),
    honest_proof,
)


def _lie(
    edit: Callable[[list[clips.Moved]], list[clips.Moved]],
) -> tuple[Callable[[], bytes], Callable[[], ClipProof]]:
    def tampered() -> bytes:
        return copied(master(), (0.0, 5.0), edit=edit)

    def proof() -> ClipProof:
        return prove_clip(Bytes(copied(master(), (0.0, 5.0))), packets_of(master()))

    return tampered, proof


for _what, _edit, _truth in (
    ("packets swapped", clips.swapped, (C, "clip.timing_altered")),
    ("packet repeated", clips.repeated, (N, "clip.cut_inside_group")),
    ("groups swapped", clips.groups_swapped, (C, "clip.timing_altered")),
    ("sei stripped", clips.without_sei, (N, "clip.cut_inside_group")),
    ("sound replaced", clips.muted, None),
):
    _make, _false = _lie(_edit)
    clip_case(
        f"{_what}, denied",
        "The proof says nothing of it.",
        _make,
        (C, "clip.not_of_original"),
        _false,
    )
    if _truth:
        clip_case(f"{_what}, told", "An honest prover was asked.", _make, _truth)

_make, _false = _lie(clips.dropped)
clip_case(
    "packet dropped, denied",
    "The proof has one more packet.",
    _make,
    (C, "clip.runs_do_not_tile"),
    _false,
)
clip_case(
    "packet dropped, told",
    "Pictures rest on one that is gone.",
    _make,
    (N, "clip.cut_inside_group"),
)

for _what, _tamper, _said in (
    ("turned", clips.turned, (C, "clip.shown_differently")),
    ("slow motion", clips.slower, (C, "clip.timing_altered")),
    ("sound moved", clips.sound_moved, (C, "clip.timing_altered")),
    ("edit list trims", clips.trimmed, (N, "clip.hides_packets")),
    ("edit list speeds up", clips.rearranged, (C, "clip.edit_list")),
    ("parameter set cropped", clips.cropped, (C, "clip.params_differ")),
    ("two tables", clips.two_tables, (N, "clip.unreadable")),
    ("strange box", clips.strange_box, (N, "clip.unknown_box")),
    ("extra track", clips.with_extra_track, (C, "clip.tracks_differ")),
    ("encoded again, denied", clips.encoded_again, (C, "clip.not_of_original")),
):
    clip_case(
        _what,
        "The packets are the original's; the file around them is not.",
        lambda tamper=_tamper: tamper(honest_clip()),  # type: ignore[misc]
        _said,
        honest_proof,
    )
clip_case(
    "encoded again, told",
    "Every picture is new.",
    lambda: clips.encoded_again(honest_clip()),
    (C, "clip.params_differ"),
)
clip_case(
    "mpeg-ts",
    "A container that is not read: it must be copied into MP4 first.",
    lambda: copied(master(), (2.0, 5.0), container="ts"),
    (N, "clip.unreadable"),
    honest_proof,
)


def _with_tracks(
    change: Callable[[TrackProof], TrackProof], nth: int = 0
) -> Callable[[], ClipProof]:
    def proof() -> ClipProof:
        tracks = list(honest_proof().tracks)
        tracks[nth] = change(tracks[nth])
        return ClipProof(tuple(tracks))

    return proof


def _overlapping(track: TrackProof) -> TrackProof:
    (run,) = track.runs
    assert run.original is not None
    return replace(track, runs=(run, Run(run.end - 10, run.end, run.original)))


def _twice(track: TrackProof) -> TrackProof:
    (run,) = track.runs
    assert run.original is not None
    half = (run.end - run.start) // 2
    return replace(
        track,
        runs=(
            Run(0, half, run.original),
            Run(half, run.end, run.original),
        ),
    )


for _what, _change, _said in (
    ("runs overlap", _overlapping, (C, "clip.runs_do_not_tile")),
    ("original shown twice", _twice, (C, "clip.runs_out_of_order")),
    ("times unreadable", lambda t: replace(t, times=b"\0"), (N, "clip.times_malformed")),
    (
        "sibling changed",
        lambda t: replace(t, siblings=(bytes(32), *t.siblings[1:])),
        (C, "clip.not_of_original"),
    ),
    (
        "sibling left over",
        lambda t: replace(t, siblings=(*t.siblings, bytes(32))),
        (C, "clip.not_of_original"),
    ),
    ("sibling lacking", lambda t: replace(t, siblings=t.siblings[1:]), (C, "clip.not_of_original")),
    ("two tracks of one", lambda t: replace(t, of=1), (C, "clip.tracks_differ")),
    ("track that is not there", lambda t: replace(t, of=7), (C, "clip.tracks_differ")),
    (
        "all called changed",
        lambda t: TrackProof(0, (Run(0, t.runs[0].end),)),
        (N, "clip.all_changed"),
    ),
):
    clip_case(
        _what,
        "An honest clip with a proof that was tampered with.",
        honest_clip,
        _said,
        _with_tracks(_change),
    )
