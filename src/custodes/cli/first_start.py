"""What the first start creates: tables, the log's first entry, categories, the demo's people."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings

from custodes.cli.shared import operator
from custodes.cli.tables import bring_up_to_date
from custodes.custody import guard, outside
from custodes.custody.genesis import begin_log
from custodes.custody.releases import note_release
from custodes.kernel.clock import now
from custodes.people.actions import add_person
from custodes.people.queries import is_anybody_here
from custodes.people.rules import Role

DEMO_SIGN_INS = [
    ("okafor", "blue lamp corner", "PC 4711 Okafor, an officer, who sees their own footage"),
    ("harding", "night shift tea", "Sergeant Harding, who sees the team's footage"),
    ("mirza", "evidence cupboard", "Mirza of the evidence unit, who sees everything"),
    ("sharma", "case by case", "DC Sharma, an investigator, who sees what a case gives her"),
    (
        "lindqvist",
        "read only ledger",
        "Lindqvist, the auditor, who reads history but plays nothing",
    ),
    ("sysadmin", "no footage for me", "the system administrator, who sees no footage at all"),
]
_DEMO_PEOPLE = [
    ("okafor", "PC 4711 Okafor", [Role.OFFICER], "4711", "Brixton Response A"),
    ("harding", "Sgt 88 Harding", [Role.OFFICER, Role.SUPERVISOR], "88", "Brixton Response A"),
    ("mirza", "S. Mirza", [Role.EVIDENCE_UNIT], "E12", ""),
    ("sharma", "DC 512 Sharma", [Role.INVESTIGATOR], "512", "Brixton CID"),
    ("lindqvist", "K. Lindqvist", [Role.AUDITOR], "A3", ""),
    ("sysadmin", "R. Byrne", [Role.ADMINISTRATOR], "", ""),
    ("lewis", "PC 2210 Lewis", [Role.OFFICER], "2210", "Brixton Response A"),
    ("novak", "PC 3198 Novak", [Role.OFFICER], "3198", "Lambeth Armed Response"),
    ("adeyemi", "PC 3204 Adeyemi", [Role.OFFICER], "3204", "Lambeth Armed Response"),
]


def prepare(at: datetime | None = None) -> None:
    """Bring the tables up to date and create what must be there before anything else.

    ``at`` is when the log begins: now, but in a simulated year.
    """
    bring_up_to_date()
    if _is_behind():
        return  # every page and the doctor say what is wrong; nothing may be entered
    at = at or now()
    begin_log(by=operator(), at=at)
    note_release(by=operator(), at=at)
    if settings.CUSTODES.demo and not is_anybody_here():
        _people_of_the_demo()


def _is_behind() -> str:
    """Say whether the log is shorter than others have seen it, before anything is entered."""
    try:
        return outside.look_outside()
    except outside.SettingUnclear:  # the doctor says so
        return guard.why_refused()


def _people_of_the_demo() -> None:
    passwords = {username: password for username, password, _ in DEMO_SIGN_INS}
    for username, name, roles, number, team in _DEMO_PEOPLE:
        add_person(
            username,
            name,
            roles,
            # who is not named above cannot sign in: nobody knows their password
            password=passwords.get(username) or secrets.token_urlsafe(24),
            by=operator(),
            at=now(),
            collar_number=number,
            team=team,
        )
