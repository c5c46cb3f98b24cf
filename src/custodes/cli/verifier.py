"""``custodes verifier``: the page that checks packages, as a file to hand on."""

from __future__ import annotations

from pathlib import Path

import click

from custodes.cli.shared import refuse, say
from custodes.kernel.errors import Refused
from custodes.verifier.in_browser import fingerprint, page


class CannotWrite(Refused):
    """The page cannot be written there, or a file is there already."""

    advice = "Nothing was written. Name another file, or move that one away."


@click.command("verifier")
@click.option("--out", type=click.Path(path_type=Path), help="Write the page into this new file.")
@click.option("--home", type=click.Path(path_type=Path), help="Taken like everywhere; not used.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(out: Path | None, home: Path | None, *, as_json: bool) -> None:  # noqa: ARG001 - as everywhere
    """Print the SHA-256 of the page that checks packages, and write the page to a file.

    The page is one file that works in a browser without a network. Compare the
    SHA-256 with the one that was published with the release.
    """
    try:
        digest = fingerprint()
        if out is not None:
            _write(out)
    except Refused as refused:
        refuse(refused, as_json=as_json)
    value = {"sha256": digest, "file": str(out) if out else None}
    say(f"{digest}  {out or 'verify.html'}", value, as_json=as_json)


def _write(out: Path) -> None:
    try:
        with out.open("xb") as file:
            file.write(page())
    except FileExistsError:
        raise CannotWrite(f"{out} is there already.") from None
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}.") from None
