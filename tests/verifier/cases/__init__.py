"""Every case of the corpus: how it is made, and in what it differs from an honest package.

One file for each thing that is attacked.
"""

from tests.verifier.cases import (
    bag,
    clip_proofs,
    clips,
    deletions,
    details,
    full_notes,
    honest,
    keys,
    log,
    originals,
    records,
    schedules,
    stamps,
    stills,
    times,
    zips,
)
from tests.verifier.cases.entering import ALL, NOT_MADE, flip

__all__ = [
    "ALL",
    "NOT_MADE",
    "bag",
    "clip_proofs",
    "clips",
    "deletions",
    "details",
    "flip",
    "full_notes",
    "honest",
    "keys",
    "log",
    "originals",
    "records",
    "schedules",
    "stamps",
    "stills",
    "times",
    "zips",
]
