"""``custodes fetch``: write one file of a recording out, on the record."""

from __future__ import annotations

from pathlib import Path

import click

from custodes.cli.shared import and_held, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now
from custodes.recordings.errors import Unusable


@make("fetch")
@click.argument("recording")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--copy", type=click.Choice(["original", "viewing"]), default="original")
@click.option("--number", default=1, show_default=True, help="Which file of the recording.")
@click.option("--because", default="fetched at the server", help="Why; kept with the recording.")
def command(
    recording: str, file: Path, copy: str, number: int, because: str, *, as_json: bool
) -> None:
    """Write a file of RECORDING to FILE. Like every read it is a custody entry.

    If the reason speaks of a complaint or of conduct, the recording is held from then on.
    """
    from custodes.recordings.queries import original_for
    from custodes.recordings.reading import open_for
    from custodes.retention.actions.watch import fetch_and_keep

    viewer = operating_viewer()
    if file.exists():
        raise Unusable(f"{file} is there already.", "Nothing was written. Choose another name.")
    original = original_for(viewer, recording, number)
    reader, sha256 = open_for(viewer, original, copy)
    held = fetch_and_keep(viewer, original, copy, because, at=now())
    with file.open("xb") as out:
        for block in reader.blocks(0, reader.size):
            out.write(block)
    value = {"file": str(file), "size": reader.size, "sha256": sha256, "name": original.name}
    said = f"{file}: {reader.size:,} bytes, SHA-256 {sha256}.{and_held(held)}"
    say(said, value | {"held": held}, as_json=as_json)
