"""A world that is made once and stands for many tests, each of which finds it as it was made.

Its rows are written in a transaction that is never committed, and a test's own transaction
lies within it; its objects are copied for each test, and so is its home folder, so that no
test sees a row, a file or a field that another one changed. It is for tests that run in a
transaction, and a fixture of a class or a module in which all do.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing(Generic[T]):
    """A world, and the folder with what it sealed."""

    made: T
    home: Path

    def found_in(self, home: Path, changed: Any) -> T:
        """Return the world as it was made, from now on in a home folder of the test's own.

        ``changed`` is pytest-django's ``settings``, which are put back after the test.
        """
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        changed.CUSTODES = changed.CUSTODES.model_copy(update={"home": home})
        return copy.deepcopy(self.made)


def commits(request: pytest.FixtureRequest) -> bool:
    """Say whether the tests of a module commit: no world can stand for those."""
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@contextmanager
def standing(
    blocker: Any, home: Path, make: Callable[[], T], **own: object
) -> Iterator[Standing[T]]:
    """Make a world in a home folder, with settings of its own, for as long as the block lasts.

    Ask for ``django_db_setup`` first; ``blocker`` is ``django_db_blocker``. The fixture of a
    test must name the one that makes the world: asked for later, it is made within the
    transaction of the first test, and gone with it.
    """
    config = settings.CUSTODES.model_copy(update={"home": home, **own})
    within = transaction.atomic()
    with blocker.unblock():
        within.__enter__()
    try:
        with blocker.unblock(), override_settings(CUSTODES=config):
            made = make()
        yield Standing(made, home)
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            within.__exit__(None, None, None)
