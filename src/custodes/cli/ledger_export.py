"""``custodes ledger status|export|prove``: what there is, and what others can check."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say


@make("status")
def status(*, as_json: bool) -> None:
    """Say how long the log is, its root, and which checkpoint was published last."""
    from custodes.custody.checkpoints import newest_checkpoint
    from custodes.custody.log import size_of_log
    from custodes.custody.tiles import faults_at_the_edge, tree_of_log
    from custodes.kernel.clock import rfc3339

    size, faults, newest = size_of_log(), faults_at_the_edge(), newest_checkpoint()
    root = "" if faults else tree_of_log(size).root().hex()
    lines = [f"{size:,} entries, root {root or 'unknown'}"]
    value: dict[str, object] = {"size": size, "root": root, "wrong": faults, "checkpoint": None}
    value["waiting"] = size - (newest.size if newest else 0)
    if newest is None:
        lines.append("No checkpoint was published yet.")
    else:
        witnesses = sorted(newest.witnesses)
        value["checkpoint"] = {
            "size": newest.size,
            "root": newest.root.hex(),
            "at": rfc3339(newest.at),
            "witnesses": witnesses,
        }
        seen = f"cosigned by {', '.join(witnesses)}" if witnesses else "no witness has cosigned it"
        lines.append(
            f"checkpoint of {newest.size:,} entries, {newest.at:%d %B %Y %H:%M:%S} UTC; {seen}"
        )
    say("\n".join([*lines, *faults]), value, as_json=as_json)
    if faults:
        sys.exit(1)


@make("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--level",
    type=click.IntRange(0, 2),
    default=2,
    help="0 checkpoint, 1 with hashes, 2 with entries.",
)
def export(folder: Path, level: int, *, as_json: bool) -> None:
    """Write the log into FOLDER as files that other programs read (C2SP tlog-tiles)."""
    from custodes.custody.publishing import export_to

    done = export_to(folder, level=level)
    said = f"{done.size:,} entries are in {folder}; {done.written:,} files were new."
    say(said, {"size": done.size, "written": done.written}, as_json=as_json)


@make("prove")
@click.argument("id", metavar="ID")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), default=Path())
def prove(id: str, to: Path, *, as_json: bool) -> None:
    """Write a proof and the public bytes of each entry of ID: an index, or a recording's id."""
    from custodes.custody.publishing import prove_entry, prove_subject
    from custodes.recordings.queries import recording_for

    # A handle is 22 characters; the log will not have that many entries.
    is_index = id.isascii() and id.isdigit() and len(id) < 19
    found = (
        prove_entry(int(id))
        if is_index
        else prove_subject(recording_for(operating_viewer(), id).handle)
    )
    to.mkdir(parents=True, exist_ok=True)
    for each in found.proven:
        (to / f"{each.index}.tlog-proof").write_text(str(each.proof), encoding="utf-8")
        (to / f"{each.index}.entry.json").write_bytes(each.data)
    indexes = [each.index for each in found.proven]
    said = f"{len(indexes)} entries are proven under the checkpoint of {found.size:,} entries."
    if found.waiting:
        said += f" Not covered yet, ask again in some seconds: {', '.join(map(str, found.waiting))}"
    value = {"size": found.size, "proven": indexes, "waiting": found.waiting}
    say(said, value, as_json=as_json)
    if found.waiting:
        sys.exit(1)
