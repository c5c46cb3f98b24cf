"""Let the database work on a statement while Python goes on, in one transaction.

A statement about thousands of rows leaves Python to others while it runs, which takes as
long as composing an entry for each of them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def beside(change: Callable[[], None]) -> Iterator[None]:
    """Do a change of this transaction while the block goes on; it is done when that ends.

    Both use this connection, and wait for one another: the block should ask nothing of the
    database. What goes wrong with the change is raised at the end of the block.
    """
    shared = connections[DEFAULT_DB_ALIAS]
    shared.inc_thread_sharing()
    try:
        with ThreadPoolExecutor(1, "beside") as helper:
            changed = helper.submit(_change, shared, change)
            yield
        changed.result()
    finally:
        shared.dec_thread_sharing()


def _change(shared: BaseDatabaseWrapper, change: Callable[[], None]) -> None:
    connections[DEFAULT_DB_ALIAS] = shared  # a thread would open one of its own
    change()
