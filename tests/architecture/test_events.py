"""Every kind of event is used, says what it is, and gives nothing personal away."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from custodes.custody.events import KINDS
from custodes.custody.rules import Law
from custodes.ledger import kinds

SOURCES = Path(__file__).resolve().parents[2] / "src" / "custodes"
STANDARD = {"actor", "actor_handle", "because", "door"}
# The only fields that may stand in a public leaf: handles, commitments, counts, sizes,
# grades and words from closed lists. A name, a place or a serial number is none of these.
MAY_BE_PUBLIC = {
    "origin", "formats", "checked", "sound", "faults", "grade", "size", "device", "source",
    "original", "file", "chunks", "media", "kid", "epoch", "files", "copy", "purpose",
    "subjects", "root",
    "items", "after", "offset", "log", "agent", "why", "missing", "miscounted", "accepted", "first",
    "last",
    "sequence", "previous",
    "before", "entries", "rule",
    "added", "retired", "verifier", "token", "old_origin", "old_size", "old_root",
    # when a recording ended and under which rule it went: an outsider computes its due date
    "ended", "rules", "version", "document", "hold", "until", "policy", "due", "mode", "keys",
    "disposed", "kept", "destroyed", "rewrapped",
    "matter",
    "gone", "days",  # of backups
    "table", "page",  # digests
    "approvals",  # leaf hashes of other entries
    "taken_in", "deleted", "wanted", "held", "forgotten", "surviving", "unexpected", "uncounted",
    "lost", "found",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_is_recorded_somewhere(kind: str) -> None:
    name = KINDS[kind].__name__
    uses = [
        path
        for path in SOURCES.rglob("*.py")
        if path.parent.name != "events" and re.search(rf"\b{name}\(", path.read_text())
    ]

    assert uses, f"nothing ever records {name}"


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_can_be_read_as_a_sentence_from_its_own_fields(kind: str) -> None:
    event = KINDS[kind]
    named = set(re.findall(r"{(\w+)}", event.sentence))

    assert named <= {field.name for field in fields(event)} | STANDARD
    assert event.law in Law


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_personal_stands_in_a_public_leaf(kind: str) -> None:
    assert set(KINDS[kind].public) <= MAY_BE_PUBLIC


def test_a_monitor_outside_knows_every_kind_and_no_kind_that_is_not() -> None:
    assert set(KINDS) == kinds.KINDS
