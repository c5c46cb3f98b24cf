"""The Metropolitan Police, September 2016 to July 2017: what was published, what is assumed.

Published (August 2017): about 785,000 recordings since September 2016, of which about
460,000 were deleted automatically; 17,500 cameras out in 30 of 32 boroughs and 22,000
ordered, about 1,000 of them worn on the head by firearms officers; deletion after 31
days unless a recording is needed. None of it says what the recordings were of. The
mixture below is ours: chosen among plausible ones so that the rules of the default
schedule, applied to it, delete as many as were said to have been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Year:
    """What the simulation needs to know of a force and its year, at full scale."""

    name: str
    begins: datetime
    days: int
    recordings: int
    cameras: int
    issued_at_first: int
    issued_at_last: int
    on_the_head: int
    bases: int
    films_in_a_visit: tuple[tuple[int, float], ...]
    mean_length: timedelta
    categories: tuple[tuple[str, float], ...]
    categories_on_the_head: tuple[tuple[str, float], ...]
    by_weekday: tuple[float, ...]
    by_shift: Mapping[int, float]
    without_pre_event: float
    docked_late: float
    complaints: float
    categorised_later: float
    incidents: int
    evidence: frozenset[str]
    in_cases: float
    films_in_a_case: tuple[tuple[int, float], ...]
    cases_shared: float
    shares_looked_at: float
    endings: tuple[tuple[str, float], ...]


#: Deleted after 31 days, by the default schedule. In all, seven in ten.
_ROUTINE = (
    ("", 20.0),  # nobody said what it is of
    ("non-evidential", 32.4),
    ("stop-search", 11.1),
    ("use-of-force", 3.5),
    ("test", 2.5),
    ("mental-health", 0.6),
)
#: Kept for a case until somebody decides.
_EVIDENCE = (
    ("arrest", 10.5),
    ("domestic-abuse", 8.2),
    ("public-order", 4.1),
    ("traffic", 3.1),
    ("other-evidence", 4.0),
)
_FIREARMS = (("firearms", 20.0),)

MET_2017 = Year(
    name="met-2017",
    begins=datetime(2016, 9, 1, tzinfo=UTC),
    days=334,
    recordings=785_000,
    cameras=22_000,
    issued_at_first=1_000,
    issued_at_last=17_500,
    on_the_head=1_000,
    bases=32,
    films_in_a_visit=((1, 55.0), (2, 30.0), (3, 15.0)),
    mean_length=timedelta(minutes=13),
    categories=_ROUTINE + _EVIDENCE,
    categories_on_the_head=(*_ROUTINE, ("arrest", 9.0), *_FIREARMS),
    by_weekday=(0.9, 0.9, 0.95, 1.0, 1.15, 1.2, 0.9),
    by_shift=MappingProxyType({7: 0.35, 15: 0.25, 23: 0.40}),
    without_pre_event=0.12,
    docked_late=0.02,
    complaints=0.002,
    categorised_later=0.005,
    incidents=24,
    evidence=frozenset(name for name, _ in (*_EVIDENCE, *_FIREARMS)),
    in_cases=0.01,
    films_in_a_case=((1, 15.0), (2, 20.0), (4, 25.0), (6, 25.0), (10, 15.0)),
    cases_shared=0.9,
    shares_looked_at=0.5,
    endings=(("", 70.0), ("no-further-action", 15.0), ("charged", 15.0)),
)
YEARS = MappingProxyType({MET_2017.name: MET_2017})
