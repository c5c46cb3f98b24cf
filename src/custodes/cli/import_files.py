"""``custodes import``: files from a folder on the server, through the real actions."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from custodes.agent.errors import FileChanged
from custodes.agent.finding import Found, Group, find, opened
from custodes.agent.saying import BLOCK, account_of
from custodes.agent.started import Times, times_of
from custodes.cli.offload import Bar
from custodes.cli.shared import command as make
from custodes.cli.shared import operator
from custodes.kernel.clock import now, parse_rfc3339
from custodes.kernel.errors import Refused
from custodes.recordings.errors import Unusable
from custodes.recordings.origins import Origin, Source, source_said

# A crash leaves an unfinished upload behind; it is cleared away after this.
_LASTING = timedelta(hours=1)


@make("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--camera", required=True, help="The serial number of the camera.")
@click.option("--started-at", help="When the recording began (RFC 3339, with its zone).")
@click.option("--enrol", is_flag=True, help="Make the camera known if it is not.")
@click.option(
    "--origin",
    type=click.Choice([each.value for each in Origin]),
    default=Origin.POLICE_GENERATED.value,
    show_default=True,
    help="Whose footage it was.",
)
@click.option("--thing", default="", help="What it was copied from, in words: all of it one thing.")
@click.option("--from", "taken_from", default="", help="From whom, or where, that was taken.")
def command(
    *,
    paths: tuple[Path, ...],
    camera: str,
    started_at: str | None,
    enrol: bool,
    origin: str,
    thing: str,
    taken_from: str,
    as_json: bool,
) -> None:
    """Take in files from a folder on this server. The files themselves stay where they are."""
    from custodes.fleet.actions import enrol_camera
    from custodes.fleet.queries import camera_with_serial

    given = _given(started_at)
    source = _source(origin, thing, taken_from)
    if enrol:
        enrol_camera(camera, by=operator(), at=now())
    camera_with_serial(camera)
    groups = tuple(group for path in paths for group in find(path.absolute()).groups)
    if given and len(groups) > 1:
        raise click.UsageError("--started-at is for one recording; these are several.")

    bar = Bar(groups, quiet=as_json or not sys.stderr.isatty())
    failed = 0
    for group in groups:
        for value in _take_in_all(group, camera, given, source, bar):
            bar.clear()
            failed += value["state"] == "failed"
            _say(value, as_json=as_json)
    if not groups:
        click.echo("No recordings were found there.", err=True)
    sys.exit(1 if failed or not groups else 0)


def _take_in_all(
    group: Group, camera: str, given: datetime | None, source: Source, bar: Bar
) -> Iterator[dict[str, Any]]:
    times = Times(given, None, "the operator") if given else times_of(group.video)
    account = account_of(camera, group, times)
    for found in group.files:
        value: dict[str, Any] = {"file": str(found.path), "size": found.size}
        try:
            yield value | _take_in(found, account.of(found) | _said_of(source), bar)
        except (Refused, OSError) as error:
            reason = error.in_full() if isinstance(error, Refused) else str(error)
            yield value | {"state": "failed", "reason": reason}


def _take_in(found: Found, said: dict[str, str], bar: Bar) -> dict[str, Any]:
    from custodes.intake.actions import receive_all
    from custodes.recordings.actions import deliver

    sender = deliver.Sender("import", operator(), lasting=_LASTING)
    upload = deliver.begin_delivery(said, found.size, sender, at=now())
    received = receive_all(
        upload, _blocks(found, bar), is_held=lambda arrival: deliver.is_held(upload, arrival)
    )
    original = deliver.deliver(upload, received, by=sender.by, at=now())
    return {
        "state": "taken in" if original.handle == upload.handle else "held already",
        "recording": original.recording.handle,
        "sha256": original.sha256,
    }


def _blocks(found: Found, bar: Bar) -> Iterator[bytes]:
    position = 0
    with opened(found) as file:
        while block := file.read(BLOCK):
            position += len(block)
            bar.show(found, position)
            yield block
    if position != found.size:
        raise FileChanged(f"{found.path} changed while it was read.")


def _given(started_at: str | None) -> datetime | None:
    if started_at is None:
        return None
    try:
        return parse_rfc3339(started_at)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--started-at") from None


def _source(origin: str, thing: str, taken_from: str) -> Source:
    try:
        return source_said(origin, thing, taken_from)
    except ValueError as error:
        advice = "Nothing was taken in. Say it with --origin, --thing and --from, and try again."
        raise Unusable(str(error), advice) from None


def _said_of(source: Source) -> dict[str, str]:
    if not source.is_a_thing:
        return {}
    return {"origin": source.origin, "thing": source.what, "taken_from": source.taken_from}


def _say(value: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        told = value.get("reason") or value.get("recording", "")
        click.echo(f"{value['state']:<12} {Path(value['file']).name}  {told}")
