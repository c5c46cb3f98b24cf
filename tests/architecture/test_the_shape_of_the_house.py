"""Every stage has the same rooms, every module a door sign and no more than it can hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from custodes.custody.events import KINDS
from custodes.worker.reactions import REACTIONS

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = REPOSITORY / "src" / "custodes"
STAGES = (
    *("people", "fleet", "intake", "recordings", "retention"),
    *("incidents", "cases", "oversight", "disclosure"),
)
ROOMS = ("rules", "models", "actions", "queries", "errors")
MODULES = sorted(
    str(path.relative_to(REPOSITORY))
    for folder in ("src", "bench", "tests")
    for path in (REPOSITORY / folder).rglob("*.py")
    if "migrations" not in path.parts
)


def test_what_is_built_stands_where_git_does_not_look() -> None:
    static = SOURCES / "web" / "static"

    assert {path.name for path in static.iterdir()} <= {"built"}


@pytest.mark.parametrize("stage", [*STAGES, "custody"])
@pytest.mark.parametrize("room", ROOMS)
def test_every_stage_has_the_same_rooms(stage: str, room: str) -> None:
    folder = SOURCES / stage

    assert (folder / f"{room}.py").is_file() or (folder / room / "__init__.py").is_file()


def test_every_folder_with_tables_is_a_stage_or_says_why_not() -> None:
    with_tables = {path.parent.name for path in SOURCES.glob("*/models.py")}

    # the worker's tables say what is still to be done, never what happened
    assert with_tables == {*STAGES, "custody", "worker"}


@pytest.mark.parametrize("module", [name for name in MODULES if not name.startswith("tests")])
def test_a_module_is_no_longer_than_a_person_reads(module: str) -> None:
    assert len((REPOSITORY / module).read_text().splitlines()) <= 400


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_a_door_sign(module: str) -> None:
    text = (REPOSITORY / module).read_text()
    sign = ast.get_docstring(ast.parse(text))

    assert sign or not text, f"{module} does not say what is inside"
    if sign:
        assert sign.splitlines()[0].endswith((".", "?", ":")), sign
        assert "furnished" not in sign


def test_every_kind_of_entry_says_what_follows_from_it() -> None:
    assert set(REACTIONS) == set(KINDS)


def test_the_name_of_the_log_is_asked_of_the_log_and_not_of_the_settings() -> None:
    # A successor has another name, and the domain in the settings may change.
    asking = {path.name for path in SOURCES.rglob("*.py") if "CUSTODES.origin" in path.read_text()}

    assert asking == {"genesis.py", "strongroom.py"}
