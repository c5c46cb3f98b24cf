"""How far entries are proven: in which checkpoint, witnessed by whom, timestamped when.

For each of the three it is the *first* checkpoint that has the entry and that: the
earliest moment from which it can be shown. Nothing here is checked; whoever gets the
proof checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils.timezone import localtime

from custodes.custody.checkpoints import Vouched, checkpoint_covering, vouched
from custodes.custody.log import own_checkpoints
from custodes.custody.models import Cosignature, PublishedCheckpoint, Token
from custodes.custody.tiles import tree_of_log
from custodes.kernel.errors import NotFound
from custodes.ledger.proof import LogProof


@dataclass(frozen=True, slots=True)
class Vouching:
    """Somebody outside who vouched for a checkpoint, and when by their clock."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one entry is proven. Sizes are None where there is no such checkpoint yet."""

    entry: int
    checkpoint: int | None
    signed_at: datetime | None
    witnesses: tuple[Vouching, ...]
    stamps: tuple[Vouching, ...]

    @property
    def sentence(self) -> str:
        """Say it in words."""
        if self.checkpoint is None or self.signed_at is None:
            return "Not yet in a checkpoint."
        first = f"In the checkpoint of {self.checkpoint:,} entries of {_moment(self.signed_at)}."
        return " ".join(
            [
                first,
                _by("Witnessed by", "Not yet witnessed.", self.witnesses),
                _by("Timestamped by", "Not yet timestamped.", self.stamps),
            ]
        )


def standings(entries: Iterable[int]) -> dict[int, Standing]:
    """Return how far each of these entries is proven; a few queries a checkpoint, not an entry."""
    wanted = sorted(set(entries))
    signed = _first_of(wanted, _signed_after)
    witnessed = _first_of(wanted, _witnessed_after)
    stamped = _first_of(wanted, _stamped_after)
    return {
        entry: Standing(
            entry=entry,
            checkpoint=signed[entry].size if entry in signed else None,
            signed_at=signed[entry].at if entry in signed else None,
            witnesses=witnessed[entry].vouchings if entry in witnessed else (),
            stamps=stamped[entry].vouchings if entry in stamped else (),
        )
        for entry in wanted
    }


def newest_stamped() -> Vouched | None:
    """Return the newest checkpoint that any authority timestamped, or None."""
    row = own_checkpoints().filter(token__isnull=False).first()
    return vouched(row) if row else None


def proof_of(entry: int) -> LogProof:
    """Return the proof of an entry: under the first witnessed checkpoint, or the first of all.

    Raises NotFound until there is a checkpoint that has it.
    """
    found = _witnessed_after(entry)
    row = PublishedCheckpoint.objects.filter(size=found.size).first() if found else None
    checkpoint = vouched(row) if row else checkpoint_covering(entry)
    if checkpoint is None:
        raise NotFound(
            f"No checkpoint has entry {entry} yet.", "One is signed within seconds; try again."
        )
    path = tree_of_log(checkpoint.size).inclusion_proof(entry)
    return LogProof(entry, tuple(path), checkpoint.note)


@dataclass(frozen=True, slots=True)
class _Found:
    size: int
    at: datetime
    vouchings: tuple[Vouching, ...] = ()


def _first_of(wanted: list[int], ask: Callable[[int], _Found | None]) -> dict[int, _Found]:
    """Ask for the first checkpoint of each entry; one answer serves all entries it has."""
    return dict(_asked(wanted, ask))


def _asked(wanted: list[int], ask: Callable[[int], _Found | None]) -> Iterator[tuple[int, _Found]]:
    found: _Found | None = None
    for entry in wanted:
        if found is None or found.size <= entry:
            found = ask(entry)
            if found is None:
                return  # none for this entry, so none for those after it
        yield entry, found


def _signed_after(entry: int) -> _Found | None:
    row = PublishedCheckpoint.objects.filter(size__gt=entry).order_by("size").first()
    return _Found(row.size, row.at) if row else None


def _witnessed_after(entry: int) -> _Found | None:
    size = Cosignature.objects.filter(checkpoint__gt=entry).aggregate(of=Min("checkpoint"))["of"]
    if size is None:
        return None
    rows = Cosignature.objects.filter(checkpoint=size).order_by("at", "witness")
    return _Found(size, rows[0].at, tuple(Vouching(row.witness, row.at) for row in rows))


def _stamped_after(entry: int) -> _Found | None:
    size = Token.objects.filter(checkpoint__gt=entry).aggregate(of=Min("checkpoint"))["of"]
    if size is None:
        return None
    rows = Token.objects.filter(checkpoint=size).order_by("at", "authority")
    return _Found(size, rows[0].at, tuple(Vouching(row.authority, row.at) for row in rows))


def _by(verb: str, otherwise: str, who: tuple[Vouching, ...]) -> str:
    if not who:
        return otherwise
    return f"{verb} {' and '.join(f'{each.name} on {_moment(each.at)}' for each in who)}."


def _moment(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y, %H:%M:%S %Z}"
