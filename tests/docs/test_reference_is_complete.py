"""The reference leaves nothing out and describes nothing that is not there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

from custodes.api.urls import api
from custodes.cli.main import COMMANDS, main
from custodes.custody.events import KINDS
from custodes.people.rules import REACHES, ROLE_NAMES, Permission, Reach, Role
from custodes.site.config import Config

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def headings(page: str) -> dict[str, str]:
    """Return each ``## `name` `` of a page with the text below it."""
    text = (REFERENCE / page).read_text()
    parts = re.split(r"^## `([^`]+)`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_setting_is_documented_under_its_environment_name() -> None:
    documented = headings("settings.md")

    expected = {f"CUSTODES_{name.upper()}": field for name, field in Config.model_fields.items()}
    assert set(documented) == set(expected)
    for name, field in expected.items():
        assert field.description, f"{name} says nothing of itself"
        assert field.description in documented[name].replace("\n", " ")


def test_every_custody_event_is_documented_with_its_public_members() -> None:
    documented = headings("custody-events.md")

    assert set(documented) == set(KINDS)
    for kind, event in KINDS.items():
        for short in event.public.values():
            assert f"`{short}`" in documented[kind], f"{kind} does not explain {short}"
        for field in fields(event):
            assert f"`{field.name}`" in documented[kind], f"{kind} does not name {field.name}"


def all_commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found: dict[str, click.Command] = {}
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= {f"custodes {name} {sub}": each for sub, each in command.commands.items()}
        else:
            found[f"custodes {name}"] = command
    return found


def test_every_command_is_documented_with_every_option() -> None:
    documented = headings("commands.md")

    commands = all_commands()
    assert set(documented) == set(commands)
    for name, command in commands.items():
        for parameter in command.params:
            for option in parameter.opts:
                shown = option if option.startswith("-") else option.upper()
                assert shown in documented[name], f"{name} does not explain {shown}"


@pytest.mark.parametrize("name", all_commands())
def test_every_command_takes_home_and_json(name: str) -> None:
    options = {option for parameter in all_commands()[name].params for option in parameter.opts}

    assert {"--home", "--json"} <= options


def test_the_table_of_permissions_is_the_one_the_rules_hold() -> None:
    page = (REFERENCE / "permissions.md").read_text()
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    columns = [cell.strip() for cell in rows[0][1:]]
    assert columns == [permission.value for permission in Permission]

    table = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows[1:]}
    words = {reach: reach.name.lower() for reach in Reach} | {Reach.NONE: "\N{EN DASH}"}
    for role in Role:
        held = REACHES.get(role, {})
        expected = [words[held.get(permission, Reach.NONE)] for permission in Permission]
        assert table[ROLE_NAMES[role]] == expected


def fields_of(schema: dict[str, Any], among: dict[str, Any]) -> dict[str, set[str]]:
    """Return the fields of whatever a schema names, and of what that names in turn."""
    found: dict[str, set[str]] = {}
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        name = one.get("$ref", "").rpartition("/")[2]
        if name and name not in found and "properties" in among[name]:
            found[name] = set(among[name]["properties"])
            waiting += among[name]["properties"].values()
        waiting += [*one.get("anyOf", []), *([one["items"]] if "items" in one else [])]
    return found


def test_every_address_of_the_api_is_documented_with_all_it_takes_and_answers() -> None:
    document = api.get_openapi_schema(path_prefix="/api/")
    documented = headings("api.md")
    shapes = dict(
        re.findall(r"^### (\w+)$(.*?)(?=^##|\Z)", (REFERENCE / "api.md").read_text(), re.M | re.S)
    )
    asked: dict[str, set[str]] = {}

    there = {
        f"{m.upper()} {path}": op
        for path, ops in document["paths"].items()
        for m, op in ops.items()
    }
    assert set(documented) == set(there)
    for address, operation in there.items():
        for each in operation["parameters"]:
            name = (
                each["name"].replace("_", "-").title() if each["in"] == "header" else each["name"]
            )
            assert each["in"] == "path" or f"`{name}`" in documented[address], f"{address} {name}"
        spoken = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (each.get("content", {}) for each in spoken):
            for form in content.values():
                asked |= fields_of(form["schema"], document["components"]["schemas"])
    assert set(shapes) == set(asked)
    for shape, names in asked.items():
        for name in names:
            assert f"`{name}`" in shapes[shape], f"{shape} does not name {name}"
