"""A home folder of its own for every test process, and the real footage if it is there."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import django.conf
import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings
from tests.world import tables

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Django reads its settings once a process; the home must be there before that. The
# settings are named here, not in pyproject.toml, where pytest would load them first.
_HOME = tempfile.TemporaryDirectory(prefix="custodes-test-")
os.environ["CUSTODES_HOME"] = _HOME.name
os.environ["CUSTODES_MINIMUM_FREE_BYTES"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "custodes.site.settings"

django.setup()

# Nobody attacks the passwords of tests, and a real one takes a third of a second to hash.
# Installations that run in processes of their own hash them as everywhere.
django.conf.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let tests that share a server share a process."""
    from tests.world.side_by_side import BySharedServer  # noqa: PLC0415 - only the first process

    return BySharedServer(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each process make a home of its own: one that inherits ours would use it."""
    for name in ("CUSTODES_HOME", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Refuse cases that come in no order: two processes would not count the same tests."""
    for marker in metafunc.definition.iter_markers("parametrize"):
        if any(isinstance(values, (set, frozenset)) for values in marker.args[1:2]):
            raise pytest.UsageError(f"{metafunc.definition.nodeid}: put its cases into an order")


REPOSITORY = Path(__file__).resolve().parent.parent


def footage_folder() -> Path | None:
    """Return where the real footage lies, or None: it is not part of the repository."""
    candidates = [os.environ.get("CUSTODES_FOOTAGE"), REPOSITORY.parent / "shared" / "footage"]
    return next((Path(c) for c in candidates if c and Path(c).is_dir()), None)


@pytest.fixture(scope="session")
def footage() -> Path:
    """Return the folder of real footage; skips the test, saying so, when there is none."""
    folder = footage_folder()
    if folder is None:
        pytest.skip("the real footage is not beside this clone")
    return folder


@pytest.fixture
def vault_of_its_own(settings: Any, tmp_path: Path) -> None:
    """Give a test a store that nobody else's objects lie in: what is not known stops a sweep."""
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path})


@pytest.fixture(autouse=True)
def _nothing_was_counted_before() -> None:
    """Forget what needs whom: each test has people and a log of its own, and the same numbers."""
    if counted := sys.modules.get("custodes.web.needs"):
        counted._counts.clear()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _months_go_by_in_silence(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let no sweep ask where the months between two lines of a test went: but of tests about it."""
    if request.node.get_closest_marker("silence") is None:
        monkeypatch.setattr("custodes.retention.condition.QUIET_LIMIT", timedelta(days=36_500))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Lay the tables where pytest-django is about to lay them; it finds that nothing is missing."""
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    if connection.vendor != "sqlite":
        yield
        return
    memory = tables.lay_in_memory(connection.creation._get_test_db_name())
    yield
    memory.close()


def _put_categories_back(**_: Any) -> None:
    importlib.import_module("custodes.recordings.migrations.0002_categories").add(apps, None)


# A test with real transactions empties every table afterwards, those that migrations filled too.
post_migrate.connect(_put_categories_back, sender=apps.get_app_config("recordings"))


@pytest.fixture(autouse=True)
def _the_log_starts_anew() -> Iterator[None]:
    """Forget the checkpoint that a test had published: the next one has an empty log again."""
    home = Path(django.conf.settings.CUSTODES.home)
    yield
    shutil.rmtree(home / "ledger", ignore_errors=True)
