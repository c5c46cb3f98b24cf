"""Checkpoints that stand twice: with their short signature lines, and with every one beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.verifier.cases.entering import LOG, LOG_FAILS, C, N, case
from tests.verifier.small_log import LOG_KEY, LONG_KEY, NOON
from tests.verifier.story import Story, honest_clip, honest_proof, story

from custodes.ledger.note import Note, sign_note


def _with_full_notes(change: Callable[[Note], str] = str) -> Story:
    """Tell the story with the long lines of every note in a file beside it."""
    told = story(honest_clip(), honest_proof())
    full = {}
    for shown in told.statement.checkpoints:
        note = Note.parse(told.tags[shown.note])
        long = Note.parse(sign_note(note.text, LONG_KEY, at=NOON)).signatures
        full[shown.full_note] = change(note.with_lines(long)).encode()
    return replace(told, tags={**told.tags, **full})


def _of_another_root(note: Note) -> str:
    origin, size, _ = note.text.splitlines()
    return sign_note(f"{origin}\n{size}\n{'A' * 43}=\n", LONG_KEY, LOG_KEY, at=NOON)


def _long_line_broken(note: Note) -> str:
    *others, long = note.signatures
    flipped = bytes([*long.rest[:-1], long.rest[-1] ^ 1])
    return str(Note(note.text, (*others, replace(long, rest=flipped))))


case("full notes", "Every signature stands beside; the short ones suffice.")(_with_full_notes)
case(
    "full notes under the long key",
    "The policy believes the ML-DSA-44 key alone, whose lines stand in the full notes.",
    policy="long-key.txt",
)(_with_full_notes)
case("full notes under both keys", "The policy names both.", policy="both-keys.txt")(
    _with_full_notes
)
case(
    "long key without full notes",
    "The policy believes the ML-DSA-44 key alone, and its lines are not here.",
    policy="long-key.txt",
    but={**LOG_FAILS, LOG: (N, "note.not_signed")},
)(lambda: story(honest_clip(), honest_proof()))
case(
    "full note with a bad signature",
    "The short lines hold; a line of the full note, by a key that is known, does not.",
    policy="both-keys.txt",
    but={**LOG_FAILS, LOG: (C, "note.bad_signature")},
)(lambda: _with_full_notes(_long_line_broken))
case(
    "full note of another history",
    "The note with every line has another root, under the log's own keys.",
    policy="both-keys.txt",
    but={**LOG_FAILS, LOG: (C, "log.checkpoint_differs")},
)(lambda: _with_full_notes(_of_another_root))
case(
    "full note malformed",
    "The note with every line is none.",
    but={**LOG_FAILS, LOG: (N, "note.malformed")},
)(lambda: _with_full_notes(lambda note: note.text))
