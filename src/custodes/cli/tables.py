"""Lay the tables of a new installation, or bring those of an older one up to date."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

#: What a migration puts into an empty database beside its tables.
_FILLED_BY = ("recordings", "0002_categories")
#: Any number that no other lock in the database has.
_LAYING = 0x6C6179


def bring_up_to_date() -> None:
    """Lay every table in an empty database; in one that has some, do what it has not done yet.

    Laid at once, they are the tables that all the migrations would leave one after another,
    without the seconds which that takes. It is one transaction: killed within it, the database
    is empty still, and who starts at the same moment waits for it.
    """
    if not connection.introspection.table_names():
        with connection.schema_editor() as editor:
            _wait_for_others(editor)
            if not connection.introspection.table_names():
                _lay(editor)
    call_command("migrate", interactive=False, verbosity=0)


def _wait_for_others(editor: BaseDatabaseSchemaEditor) -> None:
    if connection.vendor == "postgresql":  # in SQLite a transaction waits as it begins
        editor.execute("SELECT pg_advisory_xact_lock(%s)", [_LAYING])


def _lay(editor: BaseDatabaseSchemaEditor) -> None:
    for model in apps.get_models():
        if model._meta.can_migrate(connection):
            editor.create_model(model)
    app, filling = _FILLED_BY
    import_module(f"custodes.{app}.migrations.{filling}").add(apps, editor)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for migration in MigrationLoader(connection).graph.nodes:
        recorder.record_applied(*migration)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
