"""Of a deletion: are its keys gone? From the key inventory of a later roll.

A key that is not alive at a roll is wrapped by none but older epochs' keys, and those are
destroyed after it. Old backups then hold nothing that opens. What this rests on is that
the force says it destroyed them: signed, and witnessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from custodes.kernel.digest import unb64u
from custodes.ledger.entry import PublicEntry
from custodes.ledger.inventory import InventoryInvalid, ListedKey, NotListed
from custodes.package.deletion import InventoryShown, KeyShown
from custodes.verifier.claims import Claim
from custodes.verifier.gone import Gone

_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class _Roll:
    """An entry ``key.epoch``: which epoch, how many keys it holds, their root, how many ended."""

    subject: str
    epoch: int
    count: int
    root: bytes
    destroyed: int


def fault_of_keys(gone: Gone) -> Claim | None:
    """Return what shows a key to be alive, or is missing to show it gone; None: nothing."""
    making, shown = gone.making, gone.shown.inventory
    if shown is None:
        said = "That its keys are gone is not shown: the package has no inventory of later keys."
        return making.not_proven("deletion.inventory_not_given", said)
    try:
        roll, end = _rolls(gone, shown)
        paths = [(each.key, _paths(each)) for each in shown.keys]
    except InventoryInvalid as error:
        said = f"The inventory of later keys cannot be read: {error}."
        return making.not_proven("deletion.inventory_malformed", said)
    epoch = gone.entry.facts.get("ep")
    older = type(epoch) is int and epoch < roll.epoch
    if not (older and gone.place < shown.roll < shown.destroyed and end.destroyed):
        said = "No entry after it shows that the keys which wrapped its own were destroyed."
        return making.not_proven("deletion.keys_not_destroyed", said)
    for key, path in paths:
        if fault := _fault_of_path(gone, roll, key, path):
            return fault
    named = _keys_of(gone)
    if not named or not named <= {each.key for each in shown.keys}:
        said = "Of a key of this recording it is not shown that it is gone."
        return making.not_proven("deletion.keys_not_shown", said)
    return None


def _fault_of_path(gone: Gone, roll: _Roll, key: str, path: ListedKey | NotListed) -> Claim | None:
    making = gone.making
    shown = [path] if isinstance(path, ListedKey) else [path.before, path.after]
    if any(each is not None and not each.is_under(roll.root, roll.count) for each in shown):
        said = "The package shows another inventory of keys than the one in the log."
        return making.contradicted("deletion.inventory_differs", said)
    if isinstance(path, ListedKey):
        if path.name != key:
            said = "What is shown as a key of this recording is another key."
            return making.contradicted("deletion.inventory_differs", said)
        said = "A key of this recording was still alive after it was said to be destroyed."
        return making.contradicted("deletion.key_listed", said)
    if not path.shows_absence_of(key, roll.root, roll.count):
        said = "The package does not show that a key is gone, though it says so."
        return making.contradicted("deletion.key_not_apart", said)
    return None


def _rolls(gone: Gone, shown: InventoryShown) -> tuple[_Roll, _Roll]:
    """Return the roll, and the end of the epochs before it, which says the same of the keys."""
    roll, end = _roll(gone, shown.roll), _roll(gone, shown.destroyed)
    if replace(end, destroyed=roll.destroyed) != roll:
        raise InventoryInvalid("it is of another roll than the end of the older keys")
    return roll, end


def _roll(gone: Gone, index: int) -> _Roll:
    entry = gone.evidence.entries.get(index)
    if entry is None or entry.kind != "key.epoch":
        raise InventoryInvalid("the entry named is not a roll of the keys")
    epoch, count, ended = (_number(entry, name) for name in ("ep", "c", "gone"))
    try:
        root = unb64u(str(entry.facts.get("r")))
    except ValueError as error:
        raise InventoryInvalid(str(error)) from None
    if len(root) != _HASH:
        raise InventoryInvalid("its root is no hash")
    return _Roll(entry.subject, epoch, count, root, ended)


def _number(entry: PublicEntry, name: str) -> int:
    found = entry.facts.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise InventoryInvalid(f"{name} is no number")
    return found


def _paths(shown: KeyShown) -> ListedKey | NotListed:
    if shown.here is not None:
        return ListedKey.from_value(shown.here)
    ends = [None if e is None else ListedKey.from_value(e) for e in (shown.before, shown.after)]
    return NotListed(*ends)


def _keys_of(gone: Gone) -> set[object]:
    """Return the names of the recording's keys, as its record has them."""
    taken_in: list[PublicEntry] = [e for e in gone.before if e.kind == "recording.ingested"]
    listed = gone.entry.facts.get("kids")
    named: set[object] = {each.facts.get("kid") for each in taken_in}
    return named | (set(map(str, listed)) if isinstance(listed, list) else set())
