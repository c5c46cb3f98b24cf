"""``custodes inventory``: what should be held, what is, and what was deleted and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.kernel.clock import now, rfc3339
from custodes.kernel.errors import Refused
from custodes.retention.rules.inventory import Fault

if TYPE_CHECKING:
    from custodes.retention.actions.inventory import Taken
    from custodes.retention.inventory.figures import Figures

_EVERY = 100_000
_MARKS = {True: "well", False: "NOT WELL", None: "not known"}
_LISTS = [fault.value for fault in Fault]


class CannotCount(Refused):
    """The store cannot be listed, so nobody can say what it holds."""

    advice = "Nothing was entered. Look whether its disk is mounted and may be read."


@make("inventory")
@click.option(
    "--list",
    "listed",
    type=click.Choice(_LISTS),
    help="Name each object of one list: handle, recording and month filmed, or what is wrong.",
)
def command(listed: str | None, *, as_json: bool) -> None:
    """Compare store, database, record and cameras, and enter the total in the record.

    Leaves with 0 when everything that should be held is held, or its loss accepted; 1 when
    something is missing, or is there that should not be, or does not agree; 2 when that
    cannot be said, because the store is not there or the database is older than it. Nothing
    is repaired and nothing is removed.
    """
    from custodes.retention.actions.inventory import take_inventory

    def progress(compared: int) -> None:
        if not as_json and compared % _EVERY < 4096 <= compared:
            click.echo(f"{compared:,} objects compared", err=True)

    try:
        taken = take_inventory(by=operator(), at=now(), progress=progress)
    except OSError as error:
        raise CannotCount(f"The store cannot be listed: {error.strerror or error}.") from None
    value = _value(taken)
    lines = _lines(taken)
    if listed:
        value["list"] = _list(taken, listed)
        lines += [" ".join(each.values()) for each in value["list"]]
    say("\n".join(lines), value, as_json=as_json)
    sys.exit(_status(taken.look.figures))


def _value(taken: Taken) -> dict[str, Any]:
    from custodes.retention.inventory.telling import headline
    from custodes.retention.undestroyed import undestroyed

    figures = taken.look.figures
    counted = figures.to_value()
    waiting = undestroyed(now())
    return {
        "verdict": figures.verdict.value,
        "says": headline(figures),
        "held": figures.held,
        "disposed": figures.disposed,
        "missing": figures.missing,
        "should_hold": figures.wanted,
        "disposed_by_line": dict(figures.lines),
        "not_destroyed": waiting.number if waiting else 0,
        "not_destroyed_since": rfc3339(waiting.since) if waiting else None,
        "entry": taken.inventory.entry if taken.inventory else None,
        **{name: each for name, each in counted.items() if name not in {"wanted", "lines"}},
    }


def _lines(taken: Taken) -> list[str]:
    from custodes.retention.inventory.telling import advice, headline, lines
    from custodes.retention.undestroyed import undestroyed

    figures = taken.look.figures
    said = [headline(figures)]
    said += [f"{_MARKS[each.is_well]:<10}{each.sentence}" for each in lines(figures)]
    said += [f"{'deleted':<10}{number:,} recordings under {code}" for code, number in figures.lines]
    if (waiting := undestroyed(now())) is not None:
        said.append(f"{'deleted':<10}{waiting.sentence}")
    if taken.inventory is not None:
        said.append(f"The total is in entry {taken.inventory.entry} of the record.")
    else:
        said.append("Nothing was entered in the record: it is behind.")
    return [*said, advice(figures)] if advice(figures) else said


def _list(taken: Taken, listed: str) -> list[dict[str, str]]:
    return [
        {
            "object": each.handle,
            "what": each.kind.name.lower(),
            "recording": each.recording,
            "month": each.month,
            **({"says": each.says} if each.says else {}),
        }
        for each in taken.look.findings(Fault(listed))
    ]


def _status(figures: Figures) -> int:
    from custodes.retention.rules.inventory import Verdict

    if figures.verdict in {Verdict.STORE_AWAY, Verdict.OLD_DATABASE}:
        return 2
    return 0 if figures.verdict in {Verdict.WHOLE, Verdict.ACCEPTED} else 1
