"""What is done beside the composing of entries belongs to their transaction."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.world import force
from tests.world.tables import lay, said_by

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.beside import asked_beside, beside
from custodes.custody.events import SweepDone
from custodes.custody.models import Entry
from custodes.custody.rules import SYSTEM
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.people.models import Person

pytestmark = pytest.mark.django_db


def a_happening() -> Happening:
    return Happening(SweepDone(disposed=1, kept=0, interrupted=""), new_handle())


def rename(person: Person, name: str) -> None:
    Person.objects.filter(pk=person.pk).update(name=name)


def test_a_change_and_its_entries_are_one_transaction() -> None:
    okafor = force.person("Okafor")
    before = Entry.objects.count()

    with transaction.atomic():
        change = partial(rename, okafor, "Okafor-Lee")
        record_all([a_happening()], by=SYSTEM, at=now(), while_composed=change)

    okafor.refresh_from_db()
    assert (okafor.name, Entry.objects.count()) == ("Okafor-Lee", before + 1)


def test_a_change_that_goes_wrong_leaves_no_entry_behind() -> None:
    okafor = force.person("Okafor")
    before = Entry.objects.count()

    def go_wrong() -> None:
        rename(okafor, "Okafor-Lee")
        Person.objects.create(handle=okafor.handle, username="twice")

    with pytest.raises(IntegrityError), transaction.atomic():
        record_all([a_happening()], by=SYSTEM, at=now(), while_composed=go_wrong)

    okafor.refresh_from_db()
    assert (okafor.name, Entry.objects.count()) == ("Okafor", before)


def test_entries_that_cannot_be_composed_undo_the_change() -> None:
    okafor = force.person("Okafor")
    broken = Happening(SweepDone(disposed=-1, kept=0, interrupted=""), new_handle())

    change = partial(rename, okafor, "Okafor-Lee")
    with pytest.raises(ValueError, match="-1 is not between"), transaction.atomic():
        record_all([broken], by=SYSTEM, at=now(), while_composed=change)

    okafor.refresh_from_db()
    assert okafor.name == "Okafor"


def test_a_change_is_done_once_however_many_entries_tell_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custodes.custody.actions._AT_ONCE", 1)
    done: list[int] = []

    with transaction.atomic():
        happenings = [a_happening() for _ in range(3)]
        record_all(happenings, by=SYSTEM, at=now(), while_composed=lambda: done.append(1))

    assert done == [1]


def test_the_block_goes_on_while_the_change_is_done_and_ends_after_it() -> None:
    may_end, told = threading.Event(), []

    def change() -> None:
        assert may_end.wait(20)
        told.append(Person.objects.filter(username="okafor").count())

    with transaction.atomic():
        okafor = force.person("Okafor")
        Person.objects.filter(pk=okafor.pk).update(username="okafor")
        with beside(change):
            told.append(-1)
            may_end.set()

    assert told == [-1, 1]  # a connection of its own would not have seen them yet


def test_a_question_in_a_transaction_is_answered_by_what_it_changed() -> None:
    with transaction.atomic():
        okafor = force.person("Okafor")
        with asked_beside(Person.objects.filter(pk=okafor.pk).exists) as asked:
            assert asked.done()

    assert asked.result() is True


_ASKED = """
from django.db import connection, connections
from custodes.custody.beside import asked_beside
from custodes.people.models import Person

def asks():
    with connection.cursor() as cursor:
        mapped = cursor.execute("PRAGMA mmap_size").fetchone()[0]
    return Person.objects.count(), mapped, id(connections["default"])

Person.objects.create(username="okafor")
with asked_beside(asks) as asked:
    count, mapped, its_own = asked.result()
print(count, mapped, its_own != id(connections["default"]))
"""


def test_a_question_has_a_connection_of_its_own_that_maps_no_pages(tmp_path: Path) -> None:
    lay(tmp_path / "home")

    assert said_by(tmp_path / "home", _ASKED).split() == ["1", "0", "True"]
