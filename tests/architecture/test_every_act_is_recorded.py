"""Whoever writes to a stage's tables writes history too, or stands below with the reason.

Read from the sources: an action writes when it, or a function of the house that it
calls, saves, creates, updates or deletes rows; it is recorded when one of them calls
``custody.actions.record``. Calls are followed through the imports of each file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src" / "custodes"
STAGES = ("people", "fleet", "intake", "recordings", "retention", "incidents", "cases",
          "oversight", "disclosure")  # fmt: skip
_WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
           "update_or_create", "execute", "executemany"}  # fmt: skip

# Each changes a row without anything having happened that history should tell.
WITHOUT_AN_ENTRY = {
    "disclosure.actions.hand_over.forget_papers": "it can be made again; who was given it stays",
    "disclosure.actions.hand_over.note_given": "build and release call it, and record",
    "disclosure.actions.letters.put_on_the_way": "what it tells of is recorded, and that it went",
    "recordings.actions.keep_proof.keep_proof": "it follows from bytes that were entered",
    "recordings.actions.gaps.count_of": "a count of nothing yet; what moves it is recorded",
    "fleet.actions.sign_in_dock": "a token ends by itself; what is brought with it is recorded",
    "fleet.actions.see_camera": "what arrived is an entry; when the last of it did is overwritten",
    "fleet.actions.hear_from": "when a dock last spoke is overwritten at its next word",
    "recordings.actions.grant.open_to": "the stage whose matter it is records who was assigned",
    "recordings.actions.grant.close_to_person": "the same, of who was taken off",
    "recordings.actions.grant.close_recording": "the same, of what was taken out",
    "recordings.actions.recipients.note_recipient": "whatever hands it out calls it and records",
    "recordings.actions.dispose.forget_footage": "retention's dispose calls it and records",
    "recordings.actions.forget_record.forget_records": "the erasure of details records it",
    "oversight.actions.handling.open_what_came_late": "it follows from two entries: the hold that"
    " caught it, and who looks into the complaint",
    "retention.actions.outlook.look_ahead": "a note of what the rules say, made anew at will",
    "retention.actions.outlook.look_ahead_at_all": "the same, of many",
    "retention.actions.outlook.look_again_at_due": "the same, of what is due",
    "retention.actions.unlink.unlink_all": "the disposal that put it on the list is recorded",
    "retention.actions.roll.finish_destroying": "the entry is there; a crash cut its act short",
    "fleet.actions.see_cameras": "the same, of many cameras",
    "intake.actions.accept_together": "arrive_together makes the originals and records",
    "intake.actions.begin_uploads": "nothing has arrived; opening the recordings is the entry",
    "intake.actions.begin_upload": "nothing has arrived; opening the recording is the entry",
    "intake.actions.receive_all": "bytes under way are acknowledged to nobody yet",
}


RECORD = {"custody.actions.record", "custody.actions.record_all"}


@dataclass(frozen=True)
class Function:
    """One function of the house: whether it writes rows itself, and what it calls."""

    name: str
    writes: bool
    calls: frozenset[str]


def imported(tree: ast.Module) -> dict[str, str]:
    """Return what each name means that a file imports from the house."""
    return {
        name.asname or name.name: f"{node.module.removeprefix('custodes.')}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("custodes.")
        for name in node.names
        if node.module
    }


def functions(path: Path) -> Iterator[Function]:
    room = ".".join(path.relative_to(SOURCES).with_suffix("").parts)
    tree = ast.parse(path.read_text())
    known = imported(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            known[node.name] = f"{room}.{node.name}"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
            names = {known.get(c.id, "") for c in calls if isinstance(c, ast.Name)}
            attributes = [c for c in calls if isinstance(c, ast.Attribute)]
            through = {
                f"{known.get(c.value.id, '')}.{c.attr}"
                for c in attributes
                if isinstance(c.value, ast.Name)
            }
            writes = any(c.attr in _WRITES for c in attributes)
            yield Function(known[node.name], writes, frozenset(names | through))


def all_functions() -> dict[str, Function]:
    paths = [path for stage in STAGES for path in (SOURCES / stage).rglob("*.py")]
    found = [each for path in paths if "migrations" not in path.parts for each in functions(path)]
    return {each.name: each for each in found}


HOUSE = all_functions()
PUBLIC = sorted(
    name
    for name in HOUSE
    if "actions" in name.split(".") and not name.rpartition(".")[2].startswith("_")
)


def reached(start: str) -> set[str]:
    """Return the function and everything it may come to call."""
    found, waiting = {start}, [start]
    while waiting:
        for name in HOUSE[waiting.pop()].calls - found:
            found.add(name)
            if name in HOUSE:
                waiting.append(name)
    return found


def is_written(action: str) -> bool:
    return any(HOUSE[each].writes for each in reached(action) if each in HOUSE)


def is_recorded(action: str) -> bool:
    return bool(RECORD & reached(action))


@pytest.mark.parametrize("action", [name for name in PUBLIC if name not in WITHOUT_AN_ENTRY])
def test_an_action_that_writes_is_recorded(action: str) -> None:
    assert is_recorded(action) or not is_written(action), f"{action} writes; no entry says so"


@pytest.mark.parametrize("action", WITHOUT_AN_ENTRY)
def test_an_exception_is_still_needed(action: str) -> None:
    assert is_written(action)
    assert not is_recorded(action)


def test_the_reading_of_the_sources_sees_writing_and_recording() -> None:
    assert is_written("people.actions.add_person")
    assert is_recorded("people.actions.add_person")
    assert is_written("recordings.actions.deliver.deliver")
    assert is_recorded("recordings.actions.deliver.deliver")
    assert len(PUBLIC) > 40
