"""Reading members of a value from outside, each with its type and its limit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from custodes.kernel.digest import unb64u
from custodes.kernel.ids import is_handle
from custodes.media.clip_proof import ClipProof, ClipProofInvalid

_LONGEST_TEXT: Final = 1000
_HASH: Final = 32
Item = TypeVar("Item")


class ShapeWrong(ValueError):
    """A value has not the members, types or sizes it must have."""


class Members:
    """An object with exactly these members: all of ``needed``, any of ``optional``."""

    def __init__(self, value: object, needed: str, optional: str = "") -> None:
        known = set(needed.split())
        if not isinstance(value, dict) or not known <= set(value) <= known | set(optional.split()):
            raise ShapeWrong(f"an object must have the members {needed}")
        self.value: Mapping[str, Any] = value

    def text(self, name: str) -> str:
        """Return a text."""
        found = self.value[name]
        if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_TEXT:
            raise ShapeWrong(f"{name} is not a text")
        return found

    def number(self, name: str) -> int:
        """Return a whole number from 0."""
        found = self.value[name]
        if not isinstance(found, int) or isinstance(found, bool):
            raise ShapeWrong(f"{name} is not a number")
        return found

    def handle(self, name: str) -> str:
        """Return a handle."""
        if not is_handle(self.text(name)):
            raise ShapeWrong(f"{name} is not a handle")
        return self.text(name)

    def list(self, name: str, most: int, least: int = 0) -> Sequence[object]:
        """Return a list."""
        found = self.value[name]
        if not isinstance(found, list) or not least <= len(found) <= most:
            raise ShapeWrong(f"{name} is not a list of {least} to {most}")
        return found

    def data(self, name: str) -> bytes:
        """Return bytes."""
        return _data(self.value[name], name)

    def datas(self, name: str, most: int) -> tuple[bytes, ...]:
        """Return a list of bytes."""
        return tuple(_data(each, name) for each in self.list(name, most))

    def hash(self, name: str) -> bytes:
        """Return 32 bytes."""
        return _hash(self.value[name], name)

    def hashes(self, name: str, most: int = 64) -> tuple[bytes, ...]:
        """Return a list of 32 bytes each."""
        return tuple(_hash(each, name) for each in self.list(name, most))

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """Return a list of texts."""
        found = self.list(name, most)
        if not all(isinstance(each, str) for each in found):
            raise ShapeWrong(f"{name} holds something else than texts")
        return tuple(str(each) for each in found)


def ordered(
    values: Sequence[object], read: Callable[[object], Item], key: Callable[[Item], Any]
) -> tuple[Item, ...]:
    """Return what is read of a list whose items stand in the order of a key, each once."""
    found = tuple(read(value) for value in values)
    keys = [key(each) for each in found]
    if any(after <= before for before, after in itertools.pairwise(keys)):
        raise ShapeWrong("a list is not in its order, or holds something twice")
    return found


def clip(value: object) -> ClipProof:
    """Return a clip proof."""
    try:
        return ClipProof.from_value(value)
    except ClipProofInvalid as error:
        raise ShapeWrong(str(error)) from None


def _data(value: object, name: str) -> bytes:
    try:
        return unb64u(value) if isinstance(value, str) else _no(name)
    except ValueError:
        return _no(name)


def _hash(value: object, name: str) -> bytes:
    found = _data(value, name)
    return found if len(found) == _HASH else _no(name)


def _no(name: str) -> bytes:
    raise ShapeWrong(f"{name} is not base64url of the bytes it must be")
