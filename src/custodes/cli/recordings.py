"""``custodes recordings``: what is here."""

from __future__ import annotations

from dataclasses import asdict

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say
from custodes.recordings.errors import Unusable


@make("recordings")
@click.option("--where", "where", multiple=True, help="A condition, such as camera=X123.")
@click.option("--limit", default=1000, show_default=True, help="List no more than this many.")
def command(where: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """List recordings, newest first, with id, state, sha256, camera and times."""
    from custodes.recordings.listing import listed

    rows = listed(operating_viewer(), _conditions(where), limit=limit)
    lines = [
        f"{row.id}  {row.state:<8}  {row.started_at}  {row.seconds:>7.1f} s  {row.camera:<16}  "
        + " ".join(file["sha256"][:16] for file in row.files)
        for row in rows
    ]
    text = "\n".join(lines) if lines else "There are no such recordings."
    say(text, [asdict(row) for row in rows], as_json=as_json)


def _conditions(where: tuple[str, ...]) -> dict[str, str]:
    pairs = [condition.partition("=") for condition in where]
    for name, equals, _ in pairs:
        if not equals:
            raise Unusable(f"{name} is not a condition.", "Write it like camera=X123.")
    return {name: value for name, _, value in pairs}
