"""``custodes doctor``: what is wrong or weak with this installation, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say
from custodes.kernel.clock import now


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing: ``grave`` ones stop or endanger the work, the others weaken a promise."""

    grave: bool
    what: str
    advice: str


@make("doctor")
def command(*, as_json: bool) -> None:
    """Say what is wrong or weak with this installation, each with what to do.

    Leaves with 1 if something is wrong, 0 if at most something is weak.
    """
    remarks = [remark for look in LOOKS for remark in look()]
    lines = [
        f"{'WRONG' if remark.grave else 'weak':<6}{remark.what}\n      {remark.advice}"
        for remark in remarks
    ]
    text = "\n".join(lines) if lines else "Nothing is wrong, and nothing is weak."
    say(text, [asdict(remark) for remark in remarks], as_json=as_json)
    if any(remark.grave for remark in remarks):
        sys.exit(1)


def _tables() -> Iterator[Remark]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Remark(True, "The tables are older than this release.", "Start: custodes up.")


def _log() -> Iterator[Remark]:
    from custodes.custody.tiles import faults_at_the_edge

    for fault in faults_at_the_edge():
        yield Remark(
            True,
            fault,
            "Stop the server and keep a copy of the database as it is: "
            "somebody or something changed the custody log.",
        )


def _witnessed() -> Iterator[Remark]:
    from custodes.custody.health import log_health

    for finding in log_health(now()):
        yield Remark(finding.is_grave, finding.sentence, finding.advice)


def _inventory() -> Iterator[Remark]:
    from custodes.retention.inventory.shown import alarm

    if (sounding := alarm(now())) is not None:
        yield Remark(True, sounding.sentence, sounding.advice)


def _room() -> Iterator[Remark]:
    from django.conf import settings

    from custodes.custody.strongroom import vault

    free = vault().store.free_bytes()
    reserve = settings.CUSTODES.minimum_free_bytes
    if free < reserve:
        yield Remark(True, f"{free:,} bytes are free; docks are answered 507.", "Make room.")
    elif free < 10 * reserve:
        yield Remark(False, f"{free:,} bytes are free.", "Add space before it runs out.")


def _sandbox() -> Iterator[Remark]:
    from custodes.media.sandbox import layers

    for layer in layers():
        if not layer.active:
            yield Remark(
                False,
                f"The sandbox runs without {layer.name}: {layer.says}.",
                "Use a kernel that has it; the other walls stand.",
            )


def _schedule() -> Iterator[Remark]:
    from custodes.retention.condition import faults_of_schedule_at

    for fault in faults_of_schedule_at(now()):
        yield Remark(True, fault, "Nothing is deleted until the schedule is mended.")


def _unlined() -> Iterator[Remark]:
    from custodes.retention.undated import unlined_for

    for each in unlined_for(operating_viewer()):
        yield Remark(
            False,
            f"The schedule says nothing of the category {each.name} ({each.code}): "
            f"{each.number:,} recordings in it are kept until somebody decides.",
            "Propose a line for it under Keeping and deleting, Schedule.",
        )


def _undestroyed() -> Iterator[Remark]:
    from custodes.retention.undestroyed import undestroyed

    if (waiting := undestroyed(now())) is not None:
        yield Remark(waiting.is_late, waiting.sentence, waiting.advice)


def _keys() -> Iterator[Remark]:
    from custodes.retention.actions.roll import epochs_left_over

    if left := epochs_left_over():
        yield Remark(
            True,
            f"The record says that older epoch keys were destroyed; {len(left)} are still here, "
            "and open backups of what was deleted.",
            "Start: custodes up. It destroys them within a minute. Or: custodes vault roll-keys "
            "--destroy-old.",
        )
    yield Remark(
        False,
        "The keys are files in the home folder, those that sign the log too: whoever copies the "
        "whole disk can read it, and sign in the log's name.",
        "Keep the home folder's keys on other media than its footage and its backups.",
    )


def _transport() -> Iterator[Remark]:
    from django.conf import settings

    config = settings.CUSTODES
    if not config.address.startswith("https") and config.host not in {"127.0.0.1", "localhost"}:
        yield Remark(
            True,
            "Pages and docks are reached over plain HTTP.",
            "Set CUSTODES_TLS_CERTIFICATE and CUSTODES_TLS_KEY, or CUSTODES_PUBLIC_URL.",
        )
    if not config.second_factor_required:
        yield Remark(
            False,
            "People may sign in with a password alone.",
            "Set CUSTODES_SECOND_FACTOR_REQUIRED=true.",
        )


def _docks() -> Iterator[Remark]:
    from django.conf import settings

    from custodes.fleet.queries import docks_for
    from custodes.fleet.rules import is_late

    allowed = timedelta(minutes=settings.CUSTODES.late_minutes)
    for dock in docks_for(operating_viewer()):
        if is_late(dock.heard_at, now(), allowed):
            said = (
                f"The dock {dock.name} was last heard from at {dock.heard_at:%d %B %Y %H:%M} UTC."
            )
            yield Remark(False, said, "Look whether it has power and network.")


def _work() -> Iterator[Remark]:
    from custodes.worker.queries import problems

    for problem in problems():
        yield Remark(True, problem, "See the recording's page; the worker tries again by itself.")


LOOKS: list[Callable[[], Iterator[Remark]]] = [
    _tables,
    _log,
    _witnessed,
    _inventory,
    _schedule,
    _unlined,
    _room,
    _sandbox,
    _undestroyed,
    _keys,
    _transport,
    _docks,
    _work,
]
