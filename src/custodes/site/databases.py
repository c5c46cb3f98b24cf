"""The database as Django wants it told: SQLite in the home folder, or PostgreSQL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from custodes.site.config import Config

# synchronous=FULL: a commit that was answered survives a power cut.
_SQLITE = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-8192;"
    "PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY"
)


def databases(config: Config) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES setting."""
    if not config.database_url:
        return {"default": _sqlite(config)}
    return {"default": _postgresql(config.database_url)}


def _sqlite(config: Config) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": config.home / "custodes.sqlite3",
        # IMMEDIATE: a transaction that will write takes its lock at the start,
        # so two of them wait for each other instead of failing at the end.
        # Opening and tuning a connection costs more than most requests; each thread keeps its own.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": _SQLITE},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"CUSTODES_DATABASE_URL: {parts.scheme!r} is not postgresql")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
