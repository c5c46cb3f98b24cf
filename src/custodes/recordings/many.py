"""Thousands of keys as one parameter, so that asking about them costs what the answer does.

A filter's ``__in`` with a list makes a parameter of every key, which costs more than
finding their rows does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def among(keys: Iterable[int] | Iterable[str]) -> RawSQL:
    """Return keys, all numbers or all handles, in the form that a filter's ``__in`` takes."""
    listed = list(keys)
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])
    of = "text" if listed and isinstance(listed[0], str) else "bigint"
    return RawSQL(f"SELECT unnest(%s::{of}[])", [listed])  # noqa: S611 - one of two words
