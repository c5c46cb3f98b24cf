"""Accounts are made and changed on the record, or refused with nothing changed."""

from __future__ import annotations

import pytest
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.people.actions import add_person, set_roles
from custodes.people.errors import AccountRefused
from custodes.people.models import Person
from custodes.people.rules import Role

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_account_is_made_with_its_roles_and_an_entry() -> None:
    okafor = force.person("PC Okafor", Role.OFFICER, team="Brixton")

    assert okafor.check_password(force.PASSWORD)
    assert okafor.roles() == {Role.OFFICER}
    assert [told.kind for told in history_of(okafor.handle)] == ["person.added"]


def test_a_user_name_is_taken_whatever_its_case() -> None:
    force.person("PC Okafor")

    with pytest.raises(AccountRefused, match="is taken"):
        add_person("PC.OKAFOR", "Other", [], password=force.PASSWORD, by=force.CLERK, at=force.NOON)

    assert Person.objects.count() == 1


def test_a_weak_password_is_refused_and_nothing_is_made() -> None:
    with pytest.raises(AccountRefused, match="too short"):
        add_person("x", "X", [], password="short", by=force.CLERK, at=force.NOON)

    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_nobody_grants_roles_to_themselves() -> None:
    okafor = force.person("PC Okafor")
    myself = okafor.as_viewer("web").actor

    with pytest.raises(AccountRefused, match="to themselves"):
        set_roles(okafor, [Role.EVIDENCE_UNIT], by=myself, at=force.NOON)

    assert okafor.roles() == {Role.OFFICER}


def test_new_roles_take_the_place_of_the_old_and_are_entered() -> None:
    okafor = force.person("PC Okafor")

    set_roles(okafor, [Role.SUPERVISOR], by=force.CLERK, at=force.NOON)

    assert okafor.roles() == {Role.SUPERVISOR}
    assert history_of(okafor.handle)[-1].fields["change"] == "roles are now Supervisor"
