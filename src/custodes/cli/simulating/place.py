"""The home folder of a simulation: its own, marked as made up, with how far it has come."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from custodes.kernel.durable import make_folder
from custodes.kernel.errors import Refused

_FILE = "simulation.json"
_NEW = "simulation.json.new"
_SETTINGS = """\
# Written by custodes simulate. Nothing here ever happened.
force_name = "A made-up force ({year})"
force_domain = "made-up.example"
marking = "MADE-UP FORCE: NOTHING HERE EVER HAPPENED"
# All bases dock at once, and each hands over a whole shift.
maximum_uploads = 1000000
"""


class NotASimulation(Refused):
    """The folder, or its database, holds something that is no simulation, or another one."""

    advice = "Nothing was changed. Name an empty folder with --home."


@dataclass(frozen=True, slots=True)
class Position:
    """Which simulation a home holds, and how far it has come.

    ``next`` is the number of the end of a shift that is lived through next, and
    ``entries`` how long the log was before it: a longer one shows that it was.
    ``is_begun`` once its log may have begun, so that one in the database is its own.
    """

    year: str
    scale: float
    seed: int
    next: int = 0
    entries: int = 0
    is_begun: bool = False


def lay_out(home: Path, year: str, scale: float, seed: int) -> Position:
    """Make the folder of a new simulation, or return how far the one in it has come.

    Raises NotASimulation for a folder that holds anything else. Before Django starts:
    the settings it reads are written here.
    """
    wanted = Position(year, scale, seed)
    if (known := _read(home)) is not None:
        if (known.year, known.scale, known.seed) != (year, scale, seed):
            raise NotASimulation(
                f"{home} holds the simulation {known.year} at scale {known.scale:g}, "
                f"seed {known.seed}."
            )
        return known
    if home.exists() and any(home.iterdir()):
        raise NotASimulation(f"{home} is not empty, and not a simulation.")
    make_folder(home.absolute())
    (home / "custodes.toml").write_text(_SETTINGS.format(year=year))
    keep(home, wanted)
    return wanted


def keep(home: Path, position: Position) -> None:
    """Note how far it has come; whole or not at all, whenever the run is killed."""
    new = home / _NEW
    new.write_text(json.dumps(asdict(position)))
    new.replace(home / _FILE)


def _read(home: Path) -> Position | None:
    try:
        return Position(**json.loads((home / _FILE).read_text()))
    except FileNotFoundError:
        return None
