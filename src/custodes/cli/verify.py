"""``custodes verify``: is it what was sealed? Proven, contradicted, or not proven."""

from __future__ import annotations

import sys

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound

PROVEN, CONTRADICTED, NOT_PROVEN = 0, 1, 2


@make("verify")
@click.argument("recording")
def command(recording: str, *, as_json: bool) -> None:
    """Check a stored RECORDING: re-hash its files and compare with the custody record.

    Leaves with 0 if everything is proven, 1 if something is contradicted, 2 if
    nothing can be said.
    """
    from custodes.recordings.actions.check import check_recording
    from custodes.recordings.queries import recording_for

    viewer = operating_viewer()
    try:
        found = recording_for(viewer, recording)
    except NotFound as refused:
        said = {"verdict": "NOT PROVEN", "claims": [], "reason": refused.reason}
        say(f"NOT PROVEN  {refused.in_full()}", said, as_json=as_json)
        sys.exit(NOT_PROVEN)
    proofs = check_recording(found, by=viewer.actor, at=now())
    holds = all(proof.holds for proof in proofs)
    claims = [
        {"verdict": "PROVEN" if proof.holds else "CONTRADICTED", "sentence": proof.sentence}
        for proof in proofs
    ]
    text = "\n".join(f"{claim['verdict']:<13}{claim['sentence']}" for claim in claims)
    verdict = "PROVEN" if holds else "CONTRADICTED"
    say(text, {"verdict": verdict, "claims": claims}, as_json=as_json)
    sys.exit(PROVEN if holds else CONTRADICTED)
