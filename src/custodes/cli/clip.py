"""``custodes clip``: cut a clip of a recording, on the record, and write it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from custodes.cli.shared import and_held, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now
from custodes.recordings.errors import Unusable

if TYPE_CHECKING:
    from custodes.recordings.models import Copy


@make("clip")
@click.argument("recording")
@click.option("--from", "start", required=True, help="Where it begins, such as 1:15.5.")
@click.option("--to", "end", required=True, help="Where it ends.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--exact/--whole-pictures", default=True, help="To the picture, or encode nothing.")
@click.option("--playable", is_flag=True, help="Encode all of it, so that every player shows it.")
@click.option("--number", type=int, help="Which file of it, if not the first film.")
@click.option("--with-proof", type=click.Path(path_type=Path), help="A new folder: its package.")
@click.option("--for", "recipient", default="not said", help="Who gets the package; kept too.")
@click.option("--because", required=True, help="What it shows and what that matters for.")
def command(
    recording: str,
    start: str,
    end: str,
    out: Path,
    *,
    exact: bool,
    playable: bool,
    number: int | None,
    with_proof: Path | None,
    recipient: str,
    because: str,
    as_json: bool,
) -> None:
    """Cut a clip of RECORDING and write it to a file. The original is only read.

    If the reason speaks of a complaint or of conduct, the recording is held from then on.
    With --with-proof it is written into a package too, which proves that it is the
    camera's, also when the recording has been deleted.
    """
    from custodes.recordings.actions.clip import Stretch, make_clip
    from custodes.recordings.actions.prove_clips import write_clips
    from custodes.recordings.actions.take_record import Handed
    from custodes.recordings.moments import seconds_into
    from custodes.recordings.queries import film_for
    from custodes.retention.actions.watch import keeping_for

    for path in (out, with_proof):
        if path is not None:
            refuse_to_overwrite(path)
    viewer = operating_viewer()
    original = film_for(viewer, recording, number)
    wanted = Stretch(
        seconds_into(original, start), seconds_into(original, end), exact, anew=playable
    )
    keeping = keeping_for(viewer, [original.recording], because, at=now())
    copy = make_clip(viewer, original, wanted, because, at=now(), beside=keeping)
    write_out(copy, out, because)
    if with_proof is not None:
        handed, filmed = Handed(recipient, because), original.recording
        beside = keeping_for(viewer, [filmed], because, recipient, at=now())
        write_clips(viewer, filmed, [copy], with_proof, handed, at=now(), beside=beside)
    about = copy.about
    value = {"clip": copy.handle, "file": str(out), "size": copy.size, "sha256": copy.sha256}
    value["held"] = keeping.kind
    own = about["packets"] - about["new"]
    kept = f"{own:,} of its {about['packets']:,} packets are the original's own"
    say(
        f"{out}: {about['begins']:.3f} s to {about['ends']:.3f} s, {about['pictures']:,} pictures;"
        f" {kept}. {copy.size:,} bytes, SHA-256 {copy.sha256}.{and_held(keeping.kind)}",
        value | about,
        as_json=as_json,
    )


def refuse_to_overwrite(out: Path) -> None:
    """Refuse a file that is there already; raises Unusable."""
    if out.exists():
        raise Unusable(f"{out} is there already.", "Nothing was written. Choose another name.")


def write_out(copy: Copy, out: Path, because: str) -> None:
    """Write a clip or a still to a file, on the record."""
    from custodes.recordings.reading import open_copy
    from custodes.retention.actions.watch import fetch_clip_and_keep

    fetch_clip_and_keep(operating_viewer(), copy, because, at=now())
    with open_copy(copy) as reader, out.open("xb") as file:
        for block in reader.blocks(0, reader.size):
            file.write(block)
