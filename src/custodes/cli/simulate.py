"""``custodes simulate``: live through a year of a made-up force, through the real actions."""

from __future__ import annotations

import gc
import os
import resource
import time
from pathlib import Path
from typing import Any

import click

from custodes.cli.shared import refuse, say, start_django
from custodes.cli.simulating.telling import Telling, in_words
from custodes.kernel.cycles import looked_for_rarely
from custodes.kernel.errors import Refused
from custodes.simulation.met_2017 import YEARS


@click.command("simulate")
@click.argument("year", type=click.Choice(list(YEARS)))
@click.option(
    "--scale",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.001,
    show_default=True,
    help="How much of the year: 1 is all of it, 0.01 a hundredth.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another year.")
@click.option(
    "--sandbox", is_flag=True, help="Open each film in a sandbox of its own, as docks do."
)
@click.option(
    "--home", type=click.Path(path_type=Path), help="The folder for it; simulated-YEAR otherwise."
)
@click.option("--json", "as_json", is_flag=True, help="Print the totals as JSON.")
def command(
    year: str, scale: float, seed: int, home: Path | None, *, sandbox: bool, as_json: bool
) -> None:
    """Live through YEAR of a made-up force: cameras, recordings, holds, complaints,
    cases, shares, sweeps.

    Everything goes through the actions that people, docks and the worker use, with
    small real films and the clock of that year. Killed and started again, it goes on.
    """
    home = (home or Path(f"simulated-{year}")).absolute()
    began = time.monotonic()
    try:
        with looked_for_rarely():
            value = _lived(home, year, scale, seed, sandbox=sandbox, quiet=as_json)
    except Refused as refused:
        refuse(refused, as_json=as_json)
        return
    seconds = time.monotonic() - began
    value |= {"home": str(home), "seconds": round(seconds, 1), **_memory()}
    say(_in_words(value, seconds), value, as_json=as_json)


def _lived(
    home: Path, year: str, scale: float, seed: int, *, sandbox: bool, quiet: bool
) -> dict[str, Any]:
    from custodes.cli.simulating import place
    from custodes.cli.simulating.lane import Lane
    from custodes.simulation.films import make_films
    from custodes.simulation.year import Force

    position = place.lay_out(home, year, scale, seed)
    force = Force(YEARS[year], scale, seed)
    start_django(home)
    films = make_films()
    gc.freeze()  # what the start made is part of none
    # Forked before anything is open: a database is no thing to share.
    lanes = [Lane(films, sandbox=sandbox) for _ in range(os.cpu_count() or 1)]
    try:
        from custodes.cli.simulating.living import Living, begin
        from custodes.cli.simulating.receiving import Receiving
        from custodes.cli.simulating.staff import staff_of
        from custodes.cli.simulating.totals import totals
        from custodes.recordings.many import room_for_many

        position = begin(home, position, force)
        telling = Telling(force.recorded_before(position.next), force.recordings, quiet=quiet)
        people = staff_of(force.bases)
        living = Living(home, position, force, people, Receiving(lanes, films, people))
        try:
            with room_for_many():
                living.live(telling.on)
        finally:
            telling.over()
        return totals()
    finally:
        for lane in lanes:
            lane.close()


def _memory() -> dict[str, int]:
    """Return the most memory the process, and the largest of its lanes, had at a time."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lane = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"peak_rss_bytes": own << 10, "peak_lane_rss_bytes": lane << 10}


def _of_people(value: dict[str, Any]) -> list[str]:
    """Say what people did: complaints, cases, and what the prosecutor was given."""
    cases = sum(value["cases"].values())
    shared = f"{value['shared']:,} recordings were shared with the prosecutor"
    opened = f"{value['shares_opened']:,} of them were opened"
    return [
        f"{value['complaints']:,} complaints are in the register.",
        f"{value['in_cases']:,} recordings are in {cases:,} cases:",
        *(f"  {state}: {number:,}" for state, number in value["cases"].items()),
        f"{shared} by {value['shares']:,} links; {opened}.",
    ]


def _in_words(value: dict[str, Any], seconds: float) -> str:
    rate = value["recordings"] / seconds
    came = f"{value['recordings']:,} recordings of {value['issued']:,} cameras"
    lines = [
        f"{came}, {in_words(seconds)}, {rate:,.0f} a second.",
        f"{value['deleted']:,} were deleted in {value['sweeps']} sweeps, as the schedule says:",
        *(f"  {code}: {number:,}" for code, number in value["deleted_by_line"].items()),
        f"{value['kept']:,} are kept; {value['held']:,} of them are held:",
        *(f"  {code or 'by a hold'}: {number:,}" for code, number in value["kept_by_line"].items()),
        *_of_people(value),
        f"The log has {value['entries']:,} entries. Look at it: custodes up --home {value['home']}",
    ]
    return "\n".join(lines)
