"""An empty database gets its tables at once: they are those that the migrations leave."""

from __future__ import annotations

import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.world.postgres import BOTH, Server
from tests.world.tables import laid, said_by

LAY = "from custodes.cli.tables import bring_up_to_date\nbring_up_to_date()\n"

#: The first attempt is stopped when every table is there, and something is in one.
STOPPED = f"""
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

def stopped(recorder):
    raise KeyboardInterrupt

ensure_schema, MigrationRecorder.ensure_schema = MigrationRecorder.ensure_schema, stopped
try:
    {LAY.replace(chr(10), "; ")}
except KeyboardInterrupt:
    print(connection.introspection.table_names())
MigrationRecorder.ensure_schema = ensure_schema
{LAY}
"""

#: Of every constraint and index PostgreSQL has, what it would write to make it again.
POSTGRESQL_HAS = """
SELECT 'column', table_name, column_name,
       concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default,
                 is_identity, identity_generation)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""

#: Its number is as wide as that of Django's own tables, or of ours; Custodes has no groups.
DJANGO_LAYS_TWO_WAYS = {("auth_group_permissions", "id")}

FILLED = """
import json
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
found = {
    model._meta.db_table: sorted(
        [[str(value) for value in row] for row in model.objects.values_list(
            *(field.attname for field in model._meta.concrete_fields if field.attname != "id")
        )]
    )
    for model in apps.get_models()
    if model._meta.model_name != "permission"  # names its kind of content by number
}
found["migrations"] = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
print(json.dumps(found))
"""


def test_a_first_start_lays_what_the_migrations_leave(tmp_path: Path) -> None:
    said_by(tmp_path, LAY)

    found, wanted = _sqlite_has(tmp_path / "custodes.sqlite3"), _sqlite_has(laid())

    assert len(wanted) > 300
    assert found == wanted


@pytest.mark.postgres
def test_a_first_start_lays_what_the_migrations_leave_on_postgresql(
    postgres: Server, tmp_path: Path
) -> None:
    url = postgres.new_database("at_once")
    said_by(tmp_path, LAY, url)

    found, wanted = _postgresql_has(url), _postgresql_has(postgres.url(postgres.laid))

    assert len(wanted) > 1_000
    assert {each[1:3] for each in found ^ wanted} == DJANGO_LAYS_TWO_WAYS
    assert _filled(tmp_path, url) == _filled(tmp_path, postgres.url(postgres.laid))


def test_a_first_start_puts_in_what_the_migrations_put_in(tmp_path: Path) -> None:
    said_by(tmp_path, LAY)
    migrated = tmp_path / "migrated"
    migrated.mkdir()
    (migrated / "custodes.sqlite3").write_bytes(laid().read_bytes())

    found, wanted = _filled(tmp_path), _filled(migrated)

    assert {table for table, rows in wanted.items() if rows} == {
        "django_content_type", "migrations", "recordings_category",
    }  # fmt: skip
    assert found == wanted


def test_a_first_start_that_is_stopped_leaves_an_empty_database(tmp_path: Path) -> None:
    assert said_by(tmp_path, STOPPED) == "[]\n"

    assert _sqlite_has(tmp_path / "custodes.sqlite3") == _sqlite_has(laid())


@pytest.mark.parametrize("engine", BOTH)
def test_those_who_start_first_at_the_same_moment_wait_for_each_other(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = "" if engine == "sqlite" else _server(request).new_database("at_a_time")

    with ThreadPoolExecutor(3) as at_once:
        list(at_once.map(lambda _: said_by(tmp_path, LAY, url), range(3)))

    assert _filled(tmp_path, url)["recordings_category"]


def _server(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue("postgres")
    return server


def _filled(home: Path, database_url: str = "") -> dict[str, Any]:
    rows: dict[str, Any] = json.loads(said_by(home, FILLED, database_url))
    return rows


def _postgresql_has(url: str) -> set[Any]:
    with psycopg.connect(url) as connection:
        return set(connection.execute(POSTGRESQL_HAS).fetchall())


def _sqlite_has(path: Path) -> dict[str, Any]:
    """Return what a database has, by its name; in what order columns stand makes no difference."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        return {
            name: _table(database, name, sql) if kind == "table" else sql
            for kind, name, sql in found
        }


def _table(database: sqlite3.Connection, name: str, sql: str) -> list[Any]:
    columns, indexes, references = (
        database.execute(f"SELECT * FROM pragma_{what}(?)", (name,)).fetchall()
        for what in ("table_xinfo", "index_list", "foreign_key_list")
    )
    return [
        sorted(column[1:] for column in columns),
        sorted(index[1:] for index in indexes if not index[1].startswith("sqlite_autoindex")),
        sorted(key[2:] for key in references),
        sorted(_parts(sql)),
    ]


def _parts(sql: str) -> list[str]:
    """Return what a table is made of, each column with what it must be, each constraint."""
    inner, parts, depth = sql[sql.index("(") + 1 : sql.rindex(")")], [""], 0
    for piece in re.split(r"([(),])", inner):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [" ".join(part.split()) for part in parts]
