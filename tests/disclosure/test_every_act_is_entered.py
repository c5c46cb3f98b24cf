"""Promise 2, of sharing: every act is an entry, and without the entry it does not happen.

One force for all acts, each done in a transaction that is undone: they need a case, a clip,
a share and its recipient, which would be made anew for each in the table of all stages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from tests.disclosure.conftest import Matter, in_days
from tests.promises.test_nothing_happens_without_an_entry import (
    a_log_that_cannot_be_written,
    recording_actions,
    snapshot,
)
from tests.world import force

from custodes.cases.rules.audiences import Audience
from custodes.custody.models import Entry
from custodes.disclosure.actions import enter, letters, revoke, share, use
from custodes.disclosure.guests import guest_with
from custodes.kernel.clock import now

pytestmark = pytest.mark.django_db

BY = force.CLERK


@pytest.fixture(autouse=True)
def _a_mail_server(settings: Any) -> None:
    """Let e-mail be set up; nothing is sent here."""
    named = {"smtp_host": "127.0.0.1", "mail_from": "evidence@police.example"}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=named)


def acts(matter: Matter) -> dict[str, Callable[[], Any]]:
    """Return every act of disclosure, ready to be done so that it changes something."""
    officer, osei = matter.officer, matter.osei.as_viewer("test")
    given = matter.shared()
    prepared = matter.shared(audience=Audience.DEFENCE)
    key = enter.enter(given, enter.make_code(officer, given, at=now()), "here", at=now()).key
    guest = guest_with(given, key, now())
    assert guest is not None
    letter = given.letters.get()
    wish, item, wanted = use.wish(guest, "More.", at=now()), given.items.get(), matter.wanted()
    return {
        "share": lambda: share.share(officer, matter.case, wanted, at=now()),
        "release": lambda: share.release(osei, prepared, at=now()),
        "revoke": lambda: revoke.revoke(officer, given, "wrong", at=now()),
        "end_what_is_over": lambda: revoke.end_what_is_over(by=BY, at=in_days(30)),
        "make_code": lambda: enter.make_code(officer, given, at=now()),
        "enter": lambda: enter.enter(given, "wrong", "here", at=now()),
        "note_closed": lambda: enter.note_closed(prepared, "here", at=now()),
        "send_link_again": lambda: share.send_link_again(officer, given, at=now()),
        "send_code": lambda: letters.send_code(given, "here", at=now()),
        "note_sent": lambda: letters.note_sent(letter, by=BY, at=now()),
        "leave": lambda: enter.leave(guest, at=now()),
        "begin_looking": lambda: use.begin_looking(guest, item, at=now()),
        "note_seen": lambda: use.note_seen(guest, 1, [[0, 1]], at=now()),
        "take_away": lambda: use.take_away(guest, 1, at=now()),
        "acknowledge": lambda: use.acknowledge(guest, at=now()),
        "wish": lambda: use.wish(guest, "The minute after.", at=now()),
        "answer": lambda: use.answer(officer, wish, "Here it is.", at=now()),
    }


def test_every_act_of_sharing_leaves_an_entry(matter: Matter) -> None:
    for name, act in acts(matter).items():
        before = Entry.objects.count()
        with transaction.atomic():
            act()
            assert Entry.objects.count() > before, name
            transaction.set_rollback(True)


def test_no_act_of_sharing_happens_whose_entry_cannot_be_written(matter: Matter) -> None:
    every, before = acts(matter), snapshot()

    with a_log_that_cannot_be_written():
        for name, act in every.items():
            with pytest.raises(DatabaseError, match="cannot be written"):
                act()
            assert snapshot() == before, name


def test_no_act_of_sharing_is_missing_here(matter: Matter) -> None:
    found = {name for name in recording_actions() if name.startswith("disclosure.")}

    assert {name.partition(".")[2] for name in found} <= set(acts(matter))


class Locks:
    """Which tables an act locked rows of or wrote to, and what it named only after the log.

    A row that names another locks that one, too (PostgreSQL manual, "Row-Level Locks"). Who
    does so with the log in hand waits for somebody who has the row and waits for the log.
    """

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.late: set[tuple[str, str]] = set()
        self._log = False

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if found := re.match(r'INSERT INTO "?(\w+)', sql):
            table = found[1]
            self.late |= {(table, each) for each in named_by(table) - self.held if self._log}
            self.held.add(table)
            self._log |= table == "custody_entry"
        if self._log and (found := re.match(r'UPDATE "?(\w+)"? SET (.*?) WHERE', sql)):
            table, columns = found[1], set(re.findall(r'"?(\w+)"? = ', found[2]))
            self.late |= {(table, each) for each in named_by(table, columns) - self.held}
        return execute(sql, *rest)


def named_by(table: str, columns: Collection[str] | None = None) -> set[str]:
    """Return the tables whose rows these columns name; without them: those every row does."""
    models = [model for model in apps.get_models() if model._meta.db_table == table]
    every = [field for model in models for field in model._meta.concrete_fields]
    fields = [
        field for field in every
        if (not field.null if columns is None else field.column in columns)
    ]  # fmt: skip
    related = [field.related_model for field in fields]
    return {each._meta.db_table for each in related if isinstance(each, type)}


def test_no_act_names_a_row_once_the_log_is_its_own_that_it_has_not_locked_before(
    matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, act in acts(matter).items():
        assert named_late(act, monkeypatch) == set(), name


def named_late(act: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Return what an act, done and undone, named only once the log was its own."""
    locks, lock = Locks(), QuerySet.select_for_update

    def locking(rows: Any, *given: Any) -> Any:
        locks.held.add(rows.model._meta.db_table)
        return lock(rows, *given)

    with monkeypatch.context() as patched, connection.execute_wrapper(locks):
        patched.setattr(QuerySet, "select_for_update", locking)
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    return locks.late
