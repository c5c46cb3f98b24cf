"""The log: its entries, its checkpoints, and who signed them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.verifier.cases.entering import (
    CLIP,
    LOG,
    LOG_FAILS,
    OPENED,
    RECORD,
    SEEN,
    TAIL,
    TIME,
    C,
    N,
    case,
    changed_after,
    list_again,
)
from tests.verifier.small_log import NOON, ORIGIN, WITNESSES, SmallLog, handle
from tests.verifier.story import OTHER, Story, honest_clip, honest_proof, minutes, story

from custodes.ledger.note import Note, sign_note

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


def _another_name(*, beside: bool) -> Story:
    """Give the log's own line another name; its key's number stays."""
    told = story(honest_clip(), honest_proof())
    tags = {}
    for path, data in told.tags.items():
        note = Note.parse(data)
        renamed = tuple(replace(each, name="another.example") for each in note.signatures[:1])
        kept = note.signatures if beside else note.signatures[1:]
        tags[path] = str(Note(note.text, (*kept, *renamed))).encode()
    return replace(told, tags=tags)


case(
    "same number, another name, beside",
    "A line with the number of the log's key under another name is nobody's that is known.",
)(lambda: _another_name(beside=True))
case(
    "same number, another name, alone",
    "The log's own line bears another name: the log has not signed.",
    but={**LOG_FAILS, LOG: (N, "note.not_signed")},
)(lambda: _another_name(beside=False))
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
