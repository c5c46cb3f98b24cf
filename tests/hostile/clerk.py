"""A clerk at the server: runs ``custodes`` commands in one process that stays up.

Starting Python for every command would take most of this folder's time. Reads one
JSON list of arguments a line, answers with one line: exit status and output. The
first line out says who was enrolled.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custodes.site.settings")
django.setup()

from click.testing import CliRunner  # noqa: E402

from custodes.cli.first_start import prepare  # noqa: E402
from custodes.cli.main import main as custodes  # noqa: E402
from custodes.custody.rules import SYSTEM  # noqa: E402
from custodes.fleet.actions import add_dock, enrol_camera  # noqa: E402
from custodes.fleet.rules import DockKind  # noqa: E402
from custodes.kernel.clock import now  # noqa: E402
from custodes.people.actions import add_person  # noqa: E402
from custodes.people.rules import Role  # noqa: E402


def enrol(force: dict[str, Any]) -> dict[str, str]:
    """Make the accounts, cameras and docks of a force; return the docks' keys."""
    prepare()
    for username, (name, role, number, team) in force["people"].items():
        add_person(username, name, [Role(role)], password=force["password"], by=SYSTEM, at=now(),
                   collar_number=number, team=team)  # fmt: skip
    for serial in force["cameras"]:
        enrol_camera(serial, by=SYSTEM, at=now())
    return {
        name: add_dock(name, DockKind(kind), by=SYSTEM, at=now())[1]
        for name, kind in force["docks"].items()
    }


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    say(enrol(json.loads(sys.stdin.readline())))
    for line in sys.stdin:
        done = CliRunner().invoke(custodes, json.loads(line))
        broke = done.exception is not None and not isinstance(done.exception, SystemExit)
        trouble = "".join(traceback.format_exception(done.exception)) if broke else ""
        say([done.exit_code, done.stdout, done.stderr, trouble])


if __name__ == "__main__":
    main()
