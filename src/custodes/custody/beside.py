"""Let the database work on a statement while Python goes on.

A statement about thousands of rows leaves Python to others while it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

T = TypeVar("T")


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


@contextmanager
def asked_beside(question: Callable[[], T]) -> Iterator[Future[T]]:
    """Ask the database something while the block goes on, on a connection of its own.

    That sees what has committed. Inside a transaction, whose changes it would miss, and of
    a database in memory it is asked before the block.
    """
    shared = connections[DEFAULT_DB_ALIAS]
    in_memory = isinstance(shared, DatabaseWrapper) and shared.is_in_memory_db()
    if in_memory or shared.in_atomic_block:
        answered: Future[T] = Future()
        answered.set_result(question())
        yield answered
        return
    with ThreadPoolExecutor(1, "asked-beside") as helper:
        yield helper.submit(_ask, question)


def _ask(question: Callable[[], T]) -> T:
    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA mmap_size = 0")  # mapped pages would count as ours
        return question()
    finally:
        connections.close_all()
