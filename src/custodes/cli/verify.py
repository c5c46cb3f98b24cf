"""``custodes verify``: proven, contradicted, or not proven; a package, or a stored recording."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import click

from custodes.cli.shared import (
    make_sure_of_tables,
    note_if_withheld,
    operating_viewer,
    refuse,
    say,
    start_django,
)
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound, Refused

PROVEN, CONTRADICTED, NOT_PROVEN = 0, 1, 2


@click.command("verify")
@click.argument("what", metavar="PATH|ID")
@click.option("--policy", type=click.Path(path_type=Path), help="Whom to believe; for a package.")
@click.option("--timestamp-roots", type=click.Path(path_type=Path), help="Root certificates (PEM).")
@click.option("--home", type=click.Path(path_type=Path), help="The folder that holds everything.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    what: str,
    policy: Path | None,
    timestamp_roots: Path | None,
    home: Path | None,
    *,
    as_json: bool,
) -> None:
    """Check a package at PATH, offline, or the stored recording ID.

    A package is checked for what it says, under a policy that you bring: for each claim
    whether it is proven, and what is not shown at all. Of a stored recording the files are
    hashed again and compared with the custody record.

    Leaves with 0 if everything is proven, 1 if something is contradicted, 2 if something
    is not proven, or could not be checked.
    """
    try:
        if Path(what).exists() or "/" in what:
            sys.exit(_package(Path(what), policy, timestamp_roots, as_json=as_json))
        start_django(home)
        make_sure_of_tables()
        sys.exit(_stored(what, as_json=as_json))
    except Refused as refused:
        refuse(refused, as_json=as_json, status=NOT_PROVEN)
    except Exception:  # noqa: BLE001 - a crash leaves with 1 otherwise: checked, and false
        click.echo(traceback.format_exc() + "Nothing was checked.", err=True)
        sys.exit(NOT_PROVEN)


def _package(path: Path, policy: Path | None, roots: Path | None, *, as_json: bool) -> int:
    from custodes.verifier.trust import load_trust
    from custodes.verifier.verify import verify

    result = verify(path, load_trust(policy, roots))
    say(result.to_text(), result.to_value(), as_json=as_json)
    return result.verdict.status


def _stored(handle: str, *, as_json: bool) -> int:
    from custodes.recordings.actions.check import check_recording
    from custodes.recordings.queries import recording_for

    viewer = operating_viewer()
    try:
        found = recording_for(viewer, handle)
    except NotFound as refused:
        note_if_withheld(refused, "verify")
        said = {"verdict": "NOT PROVEN", "claims": [], "reason": refused.reason}
        say(f"NOT PROVEN  {refused.in_full()}", said, as_json=as_json)
        return NOT_PROVEN
    proofs = check_recording(found, by=viewer.actor, at=now())
    holds = all(proof.holds for proof in proofs)
    claims = [
        {"verdict": "PROVEN" if proof.holds else "CONTRADICTED", "sentence": proof.sentence}
        for proof in proofs
    ]
    text = "\n".join(f"{claim['verdict']:<13}{claim['sentence']}" for claim in claims)
    verdict = "PROVEN" if holds else "CONTRADICTED"
    say(text, {"verdict": verdict, "claims": claims}, as_json=as_json)
    return PROVEN if holds else CONTRADICTED
