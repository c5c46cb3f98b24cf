"""``custodes ledger monitor``: watch a log from outside. Needs no installation, no Django."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from custodes.ledger.monitor.visit import CannotCheck, Report, visit
from custodes.ledger.policy import Policy, PolicyInvalid

_CANNOT = 2


@click.command("monitor")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--policy", type=click.Path(path_type=Path), help="Whose signatures count.")
@click.option("--state", type=click.Path(path_type=Path), help="Remember this visit in a file.")
@click.option("--home", type=click.Path(path_type=Path), help="Not used: no installation is asked.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def monitor(
    *,
    folder: Path,
    policy: Path | None,
    state: Path | None,
    home: Path | None,  # noqa: ARG001 - every command takes it
    as_json: bool,
) -> None:
    """Replay the log exported into FOLDER and name everything that is wrong.

    Leaves with 0 if nothing is wrong, 1 if something is, 2 if nothing can be said.
    """
    try:
        report = visit(folder, policy=_policy(policy), state=state)
    except CannotCheck as cannot:
        value = {"verdict": "cannot check", "reason": str(cannot)}
        click.echo(
            json.dumps(value) if as_json else f"Nothing can be said: {cannot}", err=not as_json
        )
        sys.exit(_CANNOT)
    click.echo(json.dumps(_value(report)) if as_json else _text(report))
    if not report.is_clean:
        sys.exit(1)


def _policy(path: Path | None) -> Policy | None:
    if path is None:
        return None
    try:
        return Policy.parse(path.read_bytes())
    except (OSError, PolicyInvalid) as error:
        raise CannotCheck(f"The policy {path} cannot be used: {error}.") from None


def _value(report: Report) -> dict[str, object]:
    found = report.findings
    return {
        "verdict": "clean" if report.is_clean else "faults",
        "origin": report.origin,
        "size": report.size,
        "replayed": report.entries,
        "subjects": report.subjects,
        "last_entry_at": report.last_at,
        "faults": found.faults,
        "notices": found.notices,
        "findings": [asdict(each) for each in found.found],
    }


def _text(report: Report) -> str:
    found = report.findings
    lines = [f"{'FAULT' if each.grave else 'note':<6}{each}" for each in found.found]
    if found.faults + found.notices > len(found.found):
        lines.append(f"… and {found.faults + found.notices - len(found.found):,} more.")
    lines.append(
        f"{report.origin}: {report.entries:,} of {report.size:,} entries about "
        f"{report.subjects:,} subjects were replayed, the last of {report.last_at or 'no time'}."
    )
    verdict = "Nothing is wrong." if report.is_clean else f"{found.faults:,} faults."
    return "\n".join([*lines, verdict])
