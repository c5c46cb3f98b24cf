"""The entries of a history with some fields open, as docs/reference/formats/package.md has them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.custody import strongroom
from custodes.custody.queries import Told, history_of
from custodes.custody.rules import Audience, is_open_to
from custodes.custody.tiles import tree_of_log
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u
from custodes.ledger.opening import open_fields
from custodes.people.rules import Permission, Viewer
from custodes.recordings.errors import NotYours
from custodes.recordings.kept_apart import looks_of_watchdog
from custodes.recordings.models import Recording
from custodes.recordings.queries import within_reach
from custodes.recordings.reports import make_sure_history_is_theirs

FORMAT = "custodes-opened/v1"


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that entries of a history have: in how many, an example, whether it is open."""

    name: str
    entries: int
    example: str
    open: bool


@dataclass(frozen=True, slots=True)
class OpenedEntries:
    """Entries ready to be given away, and which fields are open and withheld in them."""

    content: bytes
    opened: frozenset[str]
    withheld: frozenset[str]


def choices_for(viewer: Viewer, recording: Recording, audience: Audience) -> list[Choice]:
    """Return what may be opened of a recording's history, if this person may open it."""
    make_sure_history_is_theirs(viewer, recording)
    if not within_reach(viewer, Permission.OPEN_DETAILS, recording):
        raise NotYours("You may read this history, but not open it to others.")
    count: Counter[str] = Counter()
    examples: dict[str, str] = {}
    acts = history_of(recording.handle)
    looks = looks_of_watchdog(viewer, acts)
    for told in (each for each in acts if each.index not in looks):
        for name, value in told.fields.items():
            count[name] += 1
            if value:
                examples.setdefault(name, value)
    return [
        Choice(name, entries, examples.get(name, "")[:80], is_open_to(audience, name))
        for name, entries in count.most_common()
    ]


def opened_entries(
    entries: Sequence[Told],
    chosen: Collection[str],
    *,
    closed: Collection[int] = (),
    at: datetime,
) -> OpenedEntries:
    """Return entries with the chosen fields open, each with its path to the root of the log.

    Those whose index is among ``closed`` show no field.
    """
    tree = tree_of_log()
    names = {name for told in entries for name in told.fields}
    given = [(told, () if told.index in closed else chosen) for told in entries]
    value = {
        "entries": [_shown(told, some, tree.inclusion_proof(told.index)) for told, some in given],
        "format": FORMAT,
        "log": strongroom.origin(),
        "made": rfc3339(at),
        "root": b64u(tree.root()),
        "size": tree.size,
    }
    return OpenedEntries(
        content=json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        opened=frozenset(names & set(chosen)),
        withheld=frozenset(names - set(chosen)),
    )


def _shown(told: Told, chosen: Collection[str], path: Iterable[bytes]) -> dict[str, Any]:
    opening = open_fields(told.seed, told.fields, chosen)
    return {
        "closed": [b64u(digest) for digest in opening.closed],
        "entry": b64u(told.data),
        "index": told.index,
        "open": [b64u(given) for given in opening.open],
        "path": [b64u(step) for step in path],
    }
