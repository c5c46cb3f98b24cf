"""Roles, and how far each reaches. If the table is silent, the answer is NONE.

The table is a proposal built from law and guidance (roles differ from force to
force). ASSIGNED means: what a case or a complaint gave to this person to work on, and no
more. For permissions that neither can give (ASSIGNABLE) it opens nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from custodes.custody.rules import Actor


class Role(StrEnum):
    """What someone is to this system."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    INVESTIGATOR = "investigator"
    DISCLOSURE = "disclosure"
    EVIDENCE_UNIT = "evidence-unit"
    STANDARDS = "standards"
    POST_INCIDENT = "post-incident"
    WATCHDOG = "watchdog"
    PROSECUTOR = "prosecutor"
    DEFENCE = "defence"
    INFORMATION_RIGHTS = "information-rights"
    RECORDS = "records"
    REDACTOR = "redactor"
    PANEL = "panel"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.OFFICER: "Officer",
        Role.SUPERVISOR: "Supervisor",
        Role.INVESTIGATOR: "Investigator",
        Role.DISCLOSURE: "Disclosure officer",
        Role.EVIDENCE_UNIT: "Evidence unit",
        Role.STANDARDS: "Professional standards",
        Role.POST_INCIDENT: "Post-incident manager",
        Role.WATCHDOG: "Police watchdog",
        Role.PROSECUTOR: "Prosecutor",
        Role.DEFENCE: "Defence",
        Role.INFORMATION_RIGHTS: "Information rights",
        Role.RECORDS: "Records manager",
        Role.REDACTOR: "Redactor",
        Role.PANEL: "Scrutiny panel member",
        Role.AUDITOR: "Auditor",
        Role.ADMINISTRATOR: "System administrator",
    }
)


class Permission(StrEnum):
    """What someone may do with recordings and with the system."""

    SEARCH = "search"
    PLAY = "play"
    CATEGORISE = "categorise"
    AGREE_CATEGORY = "agree-category"
    MAKE_CLIPS = "make-clips"
    FETCH_ORIGINAL = "fetch-original"
    SEE_CUSTODY = "see-custody"
    CHECK = "check"
    SEE_DOCKS = "see-docks"
    SEE_GAPS = "see-gaps"
    EXPLAIN_GAPS = "explain-gaps"
    SEE_THINGS = "see-things"
    RETURN_THINGS = "return-things"
    MANAGE_DEVICES = "manage-devices"
    MANAGE_PEOPLE = "manage-people"
    SEE_TOKENS = "see-tokens"
    SEE_LEDGER = "see-ledger"
    READ_LOG = "read-log"
    OPEN_DETAILS = "open-details"
    ERASE_DETAILS = "erase-details"
    SEE_RETENTION = "see-retention"
    PLACE_HOLD = "place-hold"
    RELEASE_HOLD = "release-hold"
    REVIEW = "review"
    RUN_RETENTION = "run-retention"
    ALLOT_SAMPLES = "allot-samples"
    SEE_INVENTORY = "see-inventory"
    ACCEPT_LOSS = "accept-loss"
    CHANGE_SCHEDULE = "change-schedule"
    SEND_NOTICES = "send-notices"
    SEE_CASES = "see-cases"
    WORK_ON_CASES = "work-on-cases"
    ASSIGN_CASES = "assign-cases"
    DECLARE_INCIDENT = "declare-incident"
    SEE_INCIDENTS = "see-incidents"
    MANAGE_INCIDENT = "manage-incident"
    RESTRICT = "restrict"
    SHARE = "share"
    RELEASE = "release"


class Reach(IntEnum):
    """How far a permission goes, from nothing to everything."""

    NONE = 0
    ASSIGNED = 1
    OWN = 2
    TEAM = 3
    ALL = 4


_P, _R = Permission, Reach
#: What being assigned to a case or a complaint can open, if a role says ASSIGNED or more.
ASSIGNABLE = frozenset(
    {
        _P.SEARCH,
        _P.PLAY,
        _P.MAKE_CLIPS,
        _P.CATEGORISE,
        _P.AGREE_CATEGORY,
        _P.SEE_CUSTODY,
        _P.CHECK,
        _P.OPEN_DETAILS,
        _P.SEE_CASES,
        _P.WORK_ON_CASES,
        _P.ASSIGN_CASES,
        _P.SHARE,
        _P.RELEASE,
    }
)
REACHES: Mapping[Role, Mapping[Permission, Reach]] = MappingProxyType(
    {
        Role.OFFICER: {
            _P.SEARCH: _R.OWN,
            _P.PLAY: _R.OWN,
            _P.MAKE_CLIPS: _R.OWN,
            _P.CATEGORISE: _R.OWN,
            _P.SEE_CUSTODY: _R.OWN,
            _P.CHECK: _R.OWN,
            _P.SEE_DOCKS: _R.OWN,
            _P.SEE_CASES: _R.ASSIGNED,
            _P.WORK_ON_CASES: _R.ASSIGNED,
            _P.SHARE: _R.ASSIGNED,
        },
        Role.SUPERVISOR: {
            _P.SEARCH: _R.TEAM,
            _P.PLAY: _R.TEAM,
            _P.MAKE_CLIPS: _R.TEAM,
            _P.CATEGORISE: _R.TEAM,
            _P.CHECK: _R.TEAM,
            _P.SEE_DOCKS: _R.TEAM,
            _P.SEE_CASES: _R.TEAM,
            _P.WORK_ON_CASES: _R.ASSIGNED,
            _P.ASSIGN_CASES: _R.TEAM,
            _P.DECLARE_INCIDENT: _R.ALL,
            _P.SEE_INCIDENTS: _R.OWN,
        },
        Role.INVESTIGATOR: {
            _P.SEARCH: _R.ASSIGNED,
            _P.PLAY: _R.ASSIGNED,
            _P.MAKE_CLIPS: _R.ASSIGNED,
            _P.CATEGORISE: _R.ASSIGNED,
            _P.AGREE_CATEGORY: _R.ASSIGNED,
            _P.SEE_CUSTODY: _R.ASSIGNED,
            _P.CHECK: _R.ASSIGNED,
            _P.SEE_CASES: _R.ASSIGNED,
            _P.WORK_ON_CASES: _R.ASSIGNED,
            _P.ASSIGN_CASES: _R.ASSIGNED,
            _P.SHARE: _R.ASSIGNED,
        },
        Role.EVIDENCE_UNIT: {
            _P.SEARCH: _R.ALL,
            _P.PLAY: _R.ALL,
            _P.MAKE_CLIPS: _R.ALL,
            _P.CATEGORISE: _R.ALL,
            _P.FETCH_ORIGINAL: _R.ALL,
            _P.SEE_CUSTODY: _R.ALL,
            _P.CHECK: _R.ALL,
            _P.SEE_DOCKS: _R.ALL,
            _P.MANAGE_DEVICES: _R.ALL,
            _P.SEE_GAPS: _R.ALL,
            _P.EXPLAIN_GAPS: _R.ALL,
            _P.SEE_THINGS: _R.ALL,
            _P.RETURN_THINGS: _R.ALL,
            _P.SEE_LEDGER: _R.ALL,
            _P.SEND_NOTICES: _R.ALL,
            _P.OPEN_DETAILS: _R.ALL,
            _P.SEE_RETENTION: _R.ALL,
            _P.SEE_INVENTORY: _R.ALL,
            _P.PLACE_HOLD: _R.ALL,
            _P.SEE_CASES: _R.ALL,
            _P.WORK_ON_CASES: _R.ALL,
            _P.ASSIGN_CASES: _R.ALL,
            _P.SHARE: _R.ALL,
        },
        # Footage only of the complaints and cases they are assigned to, by somebody else.
        # Whose conduct is looked into cannot be assigned: of a log, the purpose, the reason
        # and the entry about the reading hold them to it.
        Role.STANDARDS: {
            _P.SEARCH: _R.ASSIGNED,
            _P.PLAY: _R.ASSIGNED,
            _P.MAKE_CLIPS: _R.ASSIGNED,
            _P.CATEGORISE: _R.ASSIGNED,
            _P.SEE_CUSTODY: _R.ASSIGNED,
            _P.CHECK: _R.ASSIGNED,
            _P.SEE_CASES: _R.ASSIGNED,
            _P.ALLOT_SAMPLES: _R.ALL,
            _P.SEE_GAPS: _R.ALL,
            _P.EXPLAIN_GAPS: _R.ALL,
            _P.SEE_LEDGER: _R.ALL,
            _P.READ_LOG: _R.ALL,
            _P.OPEN_DETAILS: _R.ALL,
            _P.SEE_RETENTION: _R.ALL,
            _P.SEE_INVENTORY: _R.ALL,
            _P.PLACE_HOLD: _R.ALL,
            _P.RELEASE_HOLD: _R.ALL,
            _P.ACCEPT_LOSS: _R.ALL,
            _P.DECLARE_INCIDENT: _R.ALL,
            _P.SEE_INCIDENTS: _R.ALL,
        },
        Role.POST_INCIDENT: {
            _P.READ_LOG: _R.ASSIGNED,
            _P.SEE_RETENTION: _R.ALL,
            _P.PLACE_HOLD: _R.ALL,
            _P.DECLARE_INCIDENT: _R.ALL,
            _P.SEE_INCIDENTS: _R.ALL,
            _P.MANAGE_INCIDENT: _R.ALL,
        },
        Role.WATCHDOG: {
            _P.SEE_GAPS: _R.ALL,
            _P.SEE_LEDGER: _R.ALL,
            _P.READ_LOG: _R.ASSIGNED,
            _P.SEE_RETENTION: _R.ALL,
            _P.SEE_INVENTORY: _R.ALL,
            _P.PLACE_HOLD: _R.ALL,
            _P.SEE_INCIDENTS: _R.ALL,
        },
        Role.INFORMATION_RIGHTS: {
            _P.READ_LOG: _R.ASSIGNED,
            _P.SEND_NOTICES: _R.ALL,
            _P.RESTRICT: _R.ALL,
        },
        # What is given to somebody of the panel, for as long as it is; nothing else.
        Role.PANEL: {_P.SEARCH: _R.ASSIGNED, _P.PLAY: _R.ASSIGNED},
        Role.DISCLOSURE: {
            _P.SEARCH: _R.ASSIGNED,
            _P.PLAY: _R.ASSIGNED,
            _P.MAKE_CLIPS: _R.ASSIGNED,
            _P.SEE_CUSTODY: _R.ASSIGNED,
            _P.CHECK: _R.ASSIGNED,
            _P.OPEN_DETAILS: _R.ASSIGNED,
            _P.SEE_CASES: _R.ASSIGNED,
            _P.WORK_ON_CASES: _R.ASSIGNED,
            _P.SHARE: _R.ASSIGNED,
            _P.RELEASE: _R.ASSIGNED,
        },
        Role.REDACTOR: {
            _P.SEARCH: _R.ASSIGNED,
            _P.PLAY: _R.ASSIGNED,
            _P.MAKE_CLIPS: _R.ASSIGNED,
            _P.SEE_CASES: _R.ASSIGNED,
        },
        Role.RECORDS: {
            _P.ALLOT_SAMPLES: _R.ALL,
            _P.SEARCH: _R.ALL,
            _P.CATEGORISE: _R.ALL,
            _P.AGREE_CATEGORY: _R.ALL,
            _P.SEE_CUSTODY: _R.ALL,
            _P.CHECK: _R.ALL,
            _P.SEE_THINGS: _R.ALL,
            _P.SEE_LEDGER: _R.ALL,
            _P.READ_LOG: _R.ALL,
            _P.ERASE_DETAILS: _R.ALL,
            _P.SEE_RETENTION: _R.ALL,
            _P.SEE_INVENTORY: _R.ALL,
            _P.PLACE_HOLD: _R.ALL,
            _P.RELEASE_HOLD: _R.ALL,
            _P.ACCEPT_LOSS: _R.ALL,
            _P.REVIEW: _R.ALL,
            _P.RUN_RETENTION: _R.ALL,
            _P.CHANGE_SCHEDULE: _R.ALL,
            _P.SEND_NOTICES: _R.ALL,
            _P.SEE_CASES: _R.ALL,
            _P.RESTRICT: _R.ALL,
        },
        Role.AUDITOR: {
            _P.ALLOT_SAMPLES: _R.ALL,
            _P.SEARCH: _R.ALL,
            _P.SEE_CUSTODY: _R.ALL,
            _P.CHECK: _R.ALL,
            _P.SEE_THINGS: _R.ALL,
            _P.SEE_GAPS: _R.ALL,
            _P.SEE_LEDGER: _R.ALL,
            _P.READ_LOG: _R.ALL,
            _P.SEE_TOKENS: _R.ALL,
            _P.ERASE_DETAILS: _R.ALL,
            _P.SEE_RETENTION: _R.ALL,
            _P.SEE_INVENTORY: _R.ALL,
            _P.PLACE_HOLD: _R.ALL,
            _P.RUN_RETENTION: _R.ALL,
            _P.CHANGE_SCHEDULE: _R.ALL,
            _P.SEE_CASES: _R.ALL,
        },
        Role.ADMINISTRATOR: {
            _P.SEE_DOCKS: _R.ALL,
            _P.MANAGE_DEVICES: _R.ALL,
            _P.MANAGE_PEOPLE: _R.ALL,
            _P.SEE_TOKENS: _R.ALL,
            _P.SEE_LEDGER: _R.ALL,
            _P.SEE_INVENTORY: _R.ALL,
        },
    }
)


def reach(roles: Iterable[Role], permission: Permission) -> Reach:
    """Return how far somebody with these roles may go: the widest of them."""
    reaches = (REACHES.get(role, {}).get(permission, Reach.NONE) for role in roles)
    return max(reaches, default=Reach.NONE)


def _suffices(reached: Reach, permission: Permission) -> bool:
    return reached > Reach.ASSIGNED or (reached is Reach.ASSIGNED and permission in ASSIGNABLE)


def roles_that_may(permission: Permission) -> tuple[Role, ...]:
    """Return each role that alone lets somebody use a permission on anything at all."""
    return tuple(role for role in Role if _suffices(reach([role], permission), permission))


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person on whose behalf a query is asked. No query runs without one."""

    person: int
    handle: str
    name: str
    roles: frozenset[Role]
    team: int | None
    door: str = ""

    def reach(self, permission: Permission) -> Reach:
        """Return how far this person may go with a permission."""
        return reach(self.roles, permission)

    def may(self, permission: Permission) -> bool:
        """Say whether this person may use a permission on anything at all."""
        return _suffices(self.reach(permission), permission)

    @property
    def actor(self) -> Actor:
        """Return this person as the one who acts, by their name of today."""
        return Actor(self.handle, self.name, self.door)


def may_be_combined(roles: Iterable[Role]) -> bool:
    """Say whether one person may hold all these roles together.

    Whoever runs the machines does not also judge complaints with them.
    """
    held = set(roles)
    return not {Role.ADMINISTRATOR, Role.STANDARDS} <= held


def why_not_a_token(name: str, last_day: date, today: date, days_at_most: int) -> str:
    """Return why a program may not be given such a token; empty when it may."""
    if not name or len(name) > 100:
        return "Say in at most 100 characters what the token is for."
    if last_day < today:
        return "The last day lies in the past."
    if last_day > today + timedelta(days=days_at_most):
        return f"A token is good for {days_at_most} days at most."
    return ""
