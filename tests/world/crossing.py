"""Acts that end a hold, from two sides at the same moment, on the database that is asked for.

``python -m tests.world.crossing N``: in each of N rounds somebody enters how a case ended
while somebody else lets the hold of its charge go and the sweep looks at its recording.
Says how many rounds there were, and what went wrong in any of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import django


def cross(acts: Sequence[Callable[[], object]], expected: type[Exception]) -> list[str]:
    """Do all at once, each on a thread; return what failed in another way than is expected."""
    from django.db import connection  # noqa: PLC0415 - once Django is up

    line, failed = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        try:
            line.wait()
            act()
        except expected:
            pass
        except Exception as error:  # noqa: BLE001 - told to whoever runs this
            failed.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def rounds(number: int) -> list[str]:
    from tests.world import force  # noqa: PLC0415
    from tests.world.keeping import DUE, ENGINE, delivered  # noqa: PLC0415

    from custodes.cli.first_start import prepare  # noqa: PLC0415
    from custodes.kernel.errors import Refused  # noqa: PLC0415
    from custodes.people.rules import Role  # noqa: PLC0415
    from custodes.retention.actions.dispose import dispose  # noqa: PLC0415
    from custodes.retention.actions.hold import agree_to_release  # noqa: PLC0415
    from custodes.retention.actions.proceedings import (  # noqa: PLC0415
        link,
        open_matter,
        record_charge,
        record_outcome,
    )
    from custodes.retention.actions.sweep import rehearse  # noqa: PLC0415
    from custodes.retention.condition import policy_at  # noqa: PLC0415
    from custodes.retention.rules.proceedings import Outcome  # noqa: PLC0415

    prepare()
    at = DUE + timedelta(days=1)
    records = force.person("Records", Role.RECORDS).as_viewer("test")
    recording = delivered()
    sweep = rehearse(by=ENGINE, at=at)
    policy = policy_at(at)
    failed: list[str] = []
    for each in range(number):
        matter = open_matter(f"case {each}", by=ENGINE, at=at)
        link(matter, [recording], by=ENGINE, at=at)
        hold: Any = record_charge(matter, "theft", by=ENGINE, at=at)
        ended: dict[str, Any] = {"decided_on": at.date(), "by": ENGINE, "at": at}
        failed += cross(
            [
                lambda m=matter, e=ended: record_outcome(m, Outcome.ACQUITTED, **e),
                lambda h=hold: agree_to_release(records, h, "settled", at=at),
                lambda: dispose([recording.pk], policy, sweep, by=ENGINE, at=at),
            ],
            Refused,
        )
    return failed


if __name__ == "__main__":
    django.setup()
    found = rounds(int(sys.argv[1]))
    sys.stdout.write(f"{sys.argv[1]} rounds, {len(found)} failed\n{chr(10).join(found[:3])}\n")
