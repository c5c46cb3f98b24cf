"""A real installation, run as a person would run it; shared with the benchmarks."""

from __future__ import annotations

from pathlib import Path

from bench.installation import Installation as _Installation
from bench.installation import free_port
from tests.world.tables import laid


class Installation(_Installation):
    """An installation whose tables are laid already, unless the test is of a first start."""

    def __init__(self, home: Path, *, from_nothing: bool = False, **settings: object) -> None:
        super().__init__(home, tables=None if from_nothing else laid(), **settings)


__all__ = ["Installation", "free_port"]
