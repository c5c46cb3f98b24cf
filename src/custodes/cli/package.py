"""``custodes package``: everything somebody gets of a case, as a folder or one ZIP file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.cli.shared import command as make
from custodes.cli.shared import operating_viewer, say
from custodes.disclosure.rules.content import Content
from custodes.kernel.clock import now

if TYPE_CHECKING:
    from custodes.package.sending import Parcel

_WHO = {each.name.lower(): each for each in Audience}


@make("package")
@click.argument("case")
@click.option("--audience", type=click.Choice(list(_WHO)), required=True, help="For whom it is.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--zip", "as_zip", is_flag=True, help="Write one ZIP file there instead.")
@click.option("--to", "keys", multiple=True, help="Encrypt it to this public key (age, SSH).")
@click.option("--for", "recipient", default="", help="Who gets it, by name; entered.")
@click.option("--organisation", default="", help="For which organisation they act; entered.")
@click.option("--because", default="", help="Why they get it; entered.")
@click.option(
    "--with-originals", is_flag=True, help="The whole recordings, if they asked for them."
)
@click.option("--with-schedule", is_flag=True, help="MG6C, if the prosecutor decided so.")
@click.option("--without", multiple=True, help="The handle of a clip or still to leave out.")
@click.option("--passed-over", default="", help="Why it goes with a camera not accounted for.")
@click.option("--made", default="", help="A package that is made and released: only write it.")
def command(
    *,
    case: str,
    audience: str,
    out: Path,
    as_zip: bool,
    keys: tuple[str, ...],
    recipient: str,
    organisation: str,
    because: str,
    with_originals: bool,
    with_schedule: bool,
    without: tuple[str, ...],
    passed_over: str,
    made: str,
    as_json: bool,
) -> None:
    """Make the package of CASE for an audience, and write it.

    What goes in is decided by rule; sensitive unused material never gets to the defence, the
    court or the person in the footage. What is for the defence or that person is prepared
    only: a disclosure officer of the case releases it on its page, and then --made writes it.
    With --to it is one ZIP file that only the holder of that key can open (age).
    """
    from custodes.cases.queries import case_called
    from custodes.cli.clip import refuse_to_overwrite
    from custodes.disclosure.actions.build import Wanted, build
    from custodes.disclosure.actions.hand_over import fetch_package
    from custodes.disclosure.films import Asked
    from custodes.disclosure.packages import package_for
    from custodes.package.encrypting import in_words, recipient_with

    refuse_to_overwrite(out)
    recipients = [recipient_with(key) for key in keys]
    viewer, who = operating_viewer(), _WHO[audience]
    found = case_called(viewer, case)
    extra = {Content.NATIVE} if with_originals else set()
    extra |= {Content.UNUSED} if with_schedule else set()
    if made:
        package = package_for(viewer, found, made)
    else:
        asked = Asked(who, frozenset(extra), frozenset(without))
        wanted = Wanted(asked, recipient, organisation, because, passed_over)
        package = build(viewer, found, wanted, at=now())
    value = {"package": package.handle, "size": package.size, "fingerprint": package.fingerprint}
    if package.waits:
        for_whom = AUDIENCE_NAMES[Audience(package.audience)]
        said = (
            f"Package {package.handle} for {for_whom} is prepared, and nothing was"
            " written. When a disclosure officer of the case has released it on its page, give"
            f" the command again with --made {package.handle}."
        )
        say(said, value | {"waits": True, "out": None}, as_json=as_json)
        return
    how = in_words(keys) if keys else "as a ZIP file" if as_zip else "as a folder"
    parcel = fetch_package(viewer, package, how, at=now(), anew=bool(keys))
    if keys or as_zip:
        _write_file(parcel, out, recipients, quiet=as_json)
    else:
        _write_folder(parcel, out, quiet=as_json)
    said = f"{out}: the package of case {found} for {package}, {package.size:,} bytes."
    say(said, value | {"waits": False, "out": str(out)}, as_json=as_json)


def _write_file(parcel: Parcel, out: Path, recipients: list[object], *, quiet: bool) -> None:
    from custodes.package.encrypting import encrypted

    pieces = parcel.pieces()
    pieces = encrypted(pieces, recipients) if recipients else pieces
    bar = click.progressbar(length=parcel.size, label="Writing", hidden=quiet)
    with bar, out.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            bar.update(len(piece))


def _write_folder(parcel: Parcel, out: Path, *, quiet: bool) -> None:
    from custodes.package.sending import unpacked

    with click.progressbar(length=parcel.size, label="Writing", hidden=quiet) as bar:
        for size in unpacked(parcel, out):
            bar.update(size)
