"""Who may do what: the widest role decides, and what is not granted is not allowed."""

from __future__ import annotations

import pytest

from custodes.people.rules import (
    ROLE_NAMES,
    Permission,
    Reach,
    Role,
    Viewer,
    may_be_combined,
    reach,
    roles_that_may,
)


def viewer(*roles: Role) -> Viewer:
    return Viewer(1, "h" * 22, "Somebody", frozenset(roles), None)


def test_somebody_without_a_role_reaches_nothing() -> None:
    assert {reach((), permission) for permission in Permission} == {Reach.NONE}


def test_the_widest_of_several_roles_decides() -> None:
    assert reach([Role.OFFICER, Role.SUPERVISOR], Permission.PLAY) == Reach.TEAM
    assert reach([Role.EVIDENCE_UNIT, Role.OFFICER], Permission.PLAY) == Reach.ALL


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.DEFENCE])
def test_these_roles_never_play_footage(role: Role) -> None:
    assert not viewer(role).may(Permission.PLAY)


def test_the_panel_plays_what_it_was_given_and_takes_nothing_away() -> None:
    assert viewer(Role.PANEL).reach(Permission.PLAY) is Reach.ASSIGNED
    assert not viewer(Role.PANEL).may(Permission.FETCH_ORIGINAL)
    assert not viewer(Role.PANEL).may(Permission.SEE_CUSTODY)


def test_assigned_opens_what_a_case_can_give_and_nothing_else() -> None:
    assert viewer(Role.INVESTIGATOR).may(Permission.SEARCH)
    assert viewer(Role.POST_INCIDENT).reach(Permission.READ_LOG) is Reach.ASSIGNED
    assert not viewer(Role.POST_INCIDENT).may(Permission.READ_LOG)


def test_the_administrator_manages_people_and_sees_no_recording() -> None:
    administrator = viewer(Role.ADMINISTRATOR)

    assert administrator.may(Permission.MANAGE_PEOPLE)
    assert not administrator.may(Permission.SEARCH)


def test_only_the_evidence_unit_takes_originals_away() -> None:
    holders = {role for role in Role if viewer(role).may(Permission.FETCH_ORIGINAL)}

    assert holders == {Role.EVIDENCE_UNIT}


def test_whoever_runs_the_machines_does_not_judge_complaints_with_them() -> None:
    assert not may_be_combined([Role.ADMINISTRATOR, Role.STANDARDS])
    assert may_be_combined([Role.OFFICER, Role.SUPERVISOR])


def test_every_role_has_a_name_a_person_can_read() -> None:
    assert set(ROLE_NAMES) == set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_the_roles_that_may_are_those_with_which_somebody_may(permission: Permission) -> None:
    assert roles_that_may(permission)
    for role in Role:
        assert viewer(role).may(permission) is (role in roles_that_may(permission))
