"""Which tests share a process when several run side by side.

A file's tests stay together, so that what a file starts is started once. Folders
with a server of their own stay together too, and everything that asks for
PostgreSQL. (xdist's own ``loadgroup`` finds no groups with pytest 9.2, which took
away the means by which it named them.)
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

_SHARE_A_SERVER = ("tests/hostile/", "tests/frontend/")


class BySharedServer(LoadScopeScheduling):
    """Give every group of tests to one process, the largest groups first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return the name of the group a test belongs to."""
    if "postgresql" in nodeid:
        return "postgresql"
    for folder in _SHARE_A_SERVER:
        if nodeid.startswith(folder):
            return folder
    return nodeid.partition("::")[0]
