"""A home folder for a benchmark that looks at Custodes from inside."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def start(home: Path, database_url: str | None = None) -> None:
    """Bring Django up in a home of its own, on the database of the environment if none is named."""
    os.environ["CUSTODES_HOME"] = str(home)
    if database_url is not None:
        os.environ["CUSTODES_DATABASE_URL"] = database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "custodes.site.settings"
    lay_tables(home)
    import django

    django.setup()


def lay_tables(home: Path, tables: Path | None = None) -> bool:
    """Copy an empty database into a new home, if there is one, and say whether it was.

    Laying the tables takes seconds and is measured by no benchmark: whoever runs many of
    them lays the tables once, and names the database in CUSTODES_BENCH_TABLES.
    """
    laid, own = tables or os.environ.get("CUSTODES_BENCH_TABLES"), home / "custodes.sqlite3"
    if not laid or own.exists():
        return False
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(laid, own)
    return True
