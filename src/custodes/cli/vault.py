"""``custodes vault``: what is stored, read again."""

from __future__ import annotations

import sys

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.kernel.clock import now


@make("scrub")
def scrub(*, as_json: bool) -> None:
    """Re-hash everything that is stored and name each object that is not as it was.

    Nothing is repaired and nothing is deleted. Leaves with 1 if anything is wrong.
    """
    from custodes.recordings.actions.scrub import scrub_store

    def progress(number: int) -> None:
        if number % 100 == 0 and not as_json:
            click.echo(f"{number} objects read", err=True)

    outcome = scrub_store(by=operator(), at=now(), progress=progress)
    lines = [finding.sentence for finding in outcome.findings]
    lines.append(f"{outcome.checked} objects were read again; {len(outcome.findings)} findings.")
    value = {
        "checked": outcome.checked,
        "findings": [
            {"handle": finding.handle, "fault": finding.fault.value, "sentence": finding.sentence}
            for finding in outcome.findings
        ],
    }
    say("\n".join(lines), value, as_json=as_json)
    if outcome.findings:
        sys.exit(1)


command = click.Group("vault", commands=[scrub], help="The sealed store.")
