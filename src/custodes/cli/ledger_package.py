"""``custodes ledger package``: a recording with its proof, for somebody who trusts nobody."""

from __future__ import annotations

from pathlib import Path

import click

from custodes.cli.shared import and_held, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now


@make("package")
@click.argument("recording")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--open", "opened", multiple=True, help="A detail to show; all shows every one.")
@click.option("--for", "recipient", default="not said", help="Who gets it; kept too.")
@click.option("--because", default="packaged at the server", help="Why; kept with the recording.")
@click.option("--clip", "clips", multiple=True, help="A clip or still of it too, with its proof.")
@click.option("--without-originals", is_flag=True, help="Only what --clip names, and its proof.")
@click.option("--zip", "as_zip", is_flag=True, help="Write one ZIP file beside the folder too.")
def package(
    recording: str,
    out: Path,
    opened: tuple[str, ...],
    recipient: str,
    because: str,
    clips: tuple[str, ...],
    *,
    without_originals: bool,
    as_zip: bool,
    as_json: bool,
) -> None:
    """Write a package of RECORDING: its originals, its history, and the proof of both.

    Of the history's private details nothing is shown but what --open names. That it was
    made is a custody entry. Of a deleted recording it holds what is left: the history, and
    the proof that it went when it was due and that its keys are gone. --clip adds a clip
    or a still, by its handle, with what shows that it is of the original. A reason that
    speaks of a complaint or of conduct holds the recording from then on.
    """
    from custodes.package.bag import zip_bag
    from custodes.recordings.actions.prove import prove_recording
    from custodes.recordings.actions.prove_clips import write_clips
    from custodes.recordings.actions.take_record import Handed
    from custodes.recordings.clips import made_for
    from custodes.recordings.queries import recording_for
    from custodes.recordings.rules import State
    from custodes.retention.actions.prove import prove_deletion
    from custodes.retention.actions.watch import keeping_for

    viewer = operating_viewer()
    found = recording_for(viewer, recording)
    handed = Handed(recipient, because)
    copies = [made_for(viewer, recording, each) for each in clips]
    keeping = keeping_for(viewer, [found], because, recipient, at=now())
    if without_originals:
        made = write_clips(viewer, found, copies, out, handed, at=now(), beside=keeping)
    elif found.state == State.DISPOSED:
        made = prove_deletion(viewer, found, out, opened=opened, handed=handed, at=now())
    else:
        made = prove_recording(
            viewer,
            found,
            out,
            opened=opened,
            handed=handed,
            at=now(),
            copies=copies,
            beside=keeping,
        )
    if as_zip:
        zip_bag(out, out.with_suffix(".zip"))
    said = f"{out}: a package with {made.entries} entries, under a log of {made.size:,}."
    held = keeping.kind if found.state != State.DISPOSED else None
    value = {"folder": str(out), "entries": made.entries, "size": made.size}
    say(said + and_held(held), value | {"held": held}, as_json=as_json)
