"""Which tests share a process when several run side by side, and which begin first.

A file's tests stay together, so that what a file starts is started once. Folders
with a server of their own stay together too, and everything that asks for
PostgreSQL. What takes longest is begun first: one test of a browser that is left for the
end keeps a single core at work while the others are done. (xdist's own ``loadgroup`` finds
no groups with pytest 9.2, which took away the means by which it named them.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xdist.scheduler import LoadScopeScheduling

_SHARE_A_SERVER = ("tests/hostile/", "tests/frontend/")
_ON_POSTGRESQL = "tests/retention/test_races.py"
# About how many seconds a test of such a group takes; any other takes a fifth of one.
_SECONDS = {
    "postgresql": 10.0,
    "in_a_browser": 15.0,
    "tests/journeys/": 25.0,
    "tests/docs/test_examples_run": 15.0,
    "tests/worker/test_recovery": 10.0,
    "tests/bench/": 7.0,
    "tests/simulation/": 4.0,
    "tests/hostile/": 1.5,
    "tests/verify_page/": 1.5,
    "tests/frontend/": 1.5,
}


class BySharedServer(LoadScopeScheduling):
    """Give every group of tests to one process, the longest groups first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue.move_to_end(longest(self.workqueue), last=False)
        super()._assign_work_unit(node)


def group_of(nodeid: str) -> str:
    """Return the name of the group a test belongs to."""
    if "postgresql" in nodeid or nodeid.startswith(_ON_POSTGRESQL):
        return "postgresql"
    for folder in _SHARE_A_SERVER:
        if nodeid.startswith(folder):
            return folder
    return nodeid.partition("::")[0]


def longest(groups: Mapping[str, Mapping[str, bool]]) -> str:
    """Return the name of the group that takes longest, by and large."""
    return max(groups, key=lambda name: len(groups[name]) * _seconds(name))


def _seconds(group: str) -> float:
    return max((each for part, each in _SECONDS.items() if part in group), default=0.2)
