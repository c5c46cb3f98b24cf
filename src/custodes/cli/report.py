"""``custodes report recording|person|everything``: who did what, in sentences or with its proof."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from custodes.cli.shared import and_held, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.custody.rules import LogPurpose
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.people.rules import Role

if TYPE_CHECKING:
    from custodes.recordings.reports import Stretch

_PDF = ".pdf"
_OUT = click.Path(path_type=Path)


@make("recording")
@click.argument("recording")
@click.option("--out", type=_OUT, required=True, help="A new PDF file.")
@click.option("--for", "recipient", default="not said", help="Who gets it; kept too.")
@click.option("--because", default="printed at the server", help="Why; kept with the recording.")
def recording(recording: str, out: Path, recipient: str, because: str, *, as_json: bool) -> None:
    """Write the custody report of RECORDING as a PDF: who did what with it, and when.

    For a package that proves it too, see ``custodes ledger package``.
    """
    from custodes.recordings.actions.take_record import Handed
    from custodes.recordings.printing import printed
    from custodes.recordings.queries import recording_for
    from custodes.recordings.reports import report_for
    from custodes.retention.actions.watch import take_report_and_keep

    _make_sure_it_is_new(out)
    viewer, at = operating_viewer(), now()
    found = recording_for(viewer, recording)
    held = take_report_and_keep(viewer, found, Handed(recipient, because), at=at)
    report = report_for(viewer, found)
    out.write_bytes(printed(report, viewer, at))
    said = f"{out}: {len(report.lines):,} lines, the last of which is that it was taken."
    value = {"file": str(out), "lines": len(report.lines), "held": held}
    say(said + and_held(held), value, as_json=as_json)


@make("person")
@click.argument("person")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
@click.option(
    "--purpose",
    type=click.Choice([each.value for each in LogPurpose]),
    required=True,
    help="Which of the four purposes of DPA 2018 s.62(4).",
)
@click.option("--because", required=True, help="Why; kept in the history of the person.")
@click.option("--for", "recipient", default="not said", help="Who gets it; kept too.")
@click.option("--out", type=_OUT, required=True, help="A new .pdf file, or a folder: a package.")
def person(
    person: str,
    since: datetime,
    until: datetime,
    purpose: str,
    because: str,
    recipient: str,
    out: Path,
    *,
    as_json: bool,
) -> None:
    """Write what PERSON (user name, collar number or handle) did, as a PDF or as a package.

    That their log was read, what for and why is entered first.
    """
    from custodes.recordings.actions.prove_acts import LONGEST, write_acts
    from custodes.recordings.actions.read_log import read_log
    from custodes.recordings.actions.take_record import Handed, take_persons_report
    from custodes.recordings.printing import printed
    from custodes.recordings.reports import person_in_log, persons_report_for

    _make_sure_it_is_new(out)
    stretch = _stretch(since, until)
    viewer, at = operating_viewer(Role.RECORDS), now()
    found = person_in_log(viewer, person)
    read_log(viewer, found, stretch, purpose, because, at=at)
    handed = Handed(recipient, because)
    if out.suffix == _PDF:
        read = persons_report_for(viewer, found, stretch, limit=LONGEST)
        if read.more_after is not None:
            raise Refused(f"A report holds at most {LONGEST:,} entries.", "Choose fewer days.")
        take_persons_report(viewer, found, stretch, handed, leaves_out=read.leaves_out, at=at)
        out.write_bytes(printed(read.report, viewer, at))
        entries = len(read.report.lines)
    else:
        entries = write_acts(viewer, found, stretch, handed, out, at=at)
    value = {"written": str(out), "entries": entries}
    say(f"{out}: what {found} did {stretch}, {entries:,} entries.", value, as_json=as_json)


@make("everything")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
@click.option("--for", "recipient", required=True, help="Who gets it; entered in the record.")
@click.option("--because", required=True, help="Why; entered in the record.")
@click.option("--out", type=_OUT, required=True, help="A new folder.")
def everything(
    since: datetime, until: datetime, recipient: str, because: str, out: Path, *, as_json: bool
) -> None:
    """Write all that was done on these days, each entry opened and proven, as packages.

    For the Information Commissioner, who may ask for the log (DPA 2018 s.62(5)), or a court.
    """
    from custodes.recordings.actions.prove_acts import write_everything
    from custodes.recordings.actions.take_record import Handed

    viewer, stretch = operating_viewer(Role.RECORDS), _stretch(since, until)
    handed, done, parts = Handed(recipient, because), 0, 0
    for done, total in write_everything(viewer, stretch, handed, out, at=now()):
        parts += 1
        click.echo(f"{done:,} of {total:,} entries written", err=True)
    said = f"{out}: {done:,} entries in {parts:,} packages. Each is checked like any other package."
    say(said, {"folder": str(out), "entries": done, "packages": parts}, as_json=as_json)


def _stretch(since: datetime, until: datetime) -> Stretch:
    from django.utils.timezone import get_current_timezone

    from custodes.recordings.reports import Stretch

    zone = get_current_timezone()
    return Stretch(since.replace(tzinfo=zone), (until + timedelta(days=1)).replace(tzinfo=zone))


def _make_sure_it_is_new(out: Path) -> None:
    if out.exists():
        raise Refused(f"{out} is there already.", "Nothing was written. Choose another name.")


command = click.Group(
    "report", commands=[recording, person, everything], help="Who did what, with its proof."
)
