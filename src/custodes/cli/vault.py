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


@make("roll-keys")
@click.option("--destroy-old", is_flag=True, help="Destroy the epochs before the last roll.")
def roll_keys(*, destroy_old: bool, as_json: bool) -> None:
    """Begin a new epoch of keys and wrap every live key under it.

    Copy keys/epochs and back up the database afterwards; then, an hour later at the
    earliest, destroy the old epochs with --destroy-old. Only then is what was deleted before
    the roll destroyed for good, and from then on no older backup of the database opens
    anything.
    """
    from custodes.retention.actions import roll

    if destroy_old:
        number = roll.destroy_old_epochs(by=operator(), at=now())
        say(f"{number} old epoch keys were destroyed.", {"destroyed": number}, as_json=as_json)
        return
    rolled = roll.roll_keys(by=operator(), at=now())
    value = {"epoch": rolled.epoch, "keys": rolled.keys, "root": bytes(rolled.root).hex()}
    said = (
        f"Epoch {rolled.epoch} holds {rolled.keys:,} keys. Copy keys/epochs and back up the "
        "database now: no older copy of the keys opens it."
    )
    say(said, value, as_json=as_json)


command = click.Group("vault", commands=[scrub, roll_keys], help="The sealed store.")
