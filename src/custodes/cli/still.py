"""``custodes still``: take one picture out of a recording, on the record, and write it out."""

from __future__ import annotations

from pathlib import Path

import click

from custodes.cli.clip import refuse_to_overwrite, write_out
from custodes.cli.shared import and_held, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now


@make("still")
@click.argument("recording")
@click.option("--at", "moment", required=True, help="Which moment, such as 1:15.5.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--number", type=int, help="Which file of it, if not the first film.")
@click.option("--because", required=True, help="What it shows and what that matters for.")
def command(
    recording: str, moment: str, out: Path, *, number: int | None, because: str, as_json: bool
) -> None:
    """Take the picture on the screen at a moment of RECORDING, as PNG.

    If the reason speaks of a complaint or of conduct, the recording is held from then on.
    """
    from custodes.recordings.actions.clip import make_still
    from custodes.recordings.moments import seconds_into
    from custodes.recordings.queries import film_for
    from custodes.retention.actions.watch import keeping_for

    refuse_to_overwrite(out)
    viewer = operating_viewer()
    original = film_for(viewer, recording, number)
    keeping = keeping_for(viewer, [original.recording], because, at=now())
    at = seconds_into(original, moment)
    copy = make_still(viewer, original, at, because, at=now(), beside=keeping)
    write_out(copy, out, because)
    about = copy.about
    value = {"still": copy.handle, "file": str(out), "size": copy.size, "sha256": copy.sha256}
    said = f"{out}: {about['width']} x {about['height']} pixels, {about['begins']:.3f} s into it."
    value["held"] = keeping.kind
    said = f"{said} SHA-256 {copy.sha256}.{and_held(keeping.kind)}"
    say(said, value | about, as_json=as_json)
