"""What an exhibit is called: the producer's initials, a stroke, and a number.

``ABC/1``, as in the Crown Prosecution Service's own sample (``JS/1``). A number that
was given is never given again in its case, whether the exhibit stands or was voided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_REFERENCE = re.compile(r"([A-Z]{2,4})/([1-9][0-9]{0,3})([A-Z]?)\Z")
_INITIALS = re.compile(r"[A-Z]{2,4}\Z")
#: The highest number there is room for.
LAST = 9999
# Words before a name that are none of it.
_RANKS = frozenset(
    {
        "PC", "DC", "PS", "DS", "SGT", "INSP", "DI", "DCI", "CI", "SUPT", "DSUPT", "SDC", "TDC",
        "PCSO", "SC", "ACTING", "MR", "MRS", "MS", "MISS", "DR",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """An exhibit's reference, taken apart. ``suffix`` is a letter or nothing."""

    initials: str
    number: int
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.initials}/{self.number}{self.suffix}"


def read_reference(text: str) -> Reference:
    """Return the reference somebody wrote; raises ValueError with a sentence."""
    found = _REFERENCE.match(re.sub(r"\s", "", text).upper())
    if found is None:
        raise ValueError(
            f"“{text.strip()[:20]}” is not an exhibit's reference. It has two to four initials, a"
            " stroke and a number: ABC/1."
        )
    return Reference(found[1], int(found[2]), found[3])


def read_initials(text: str) -> str:
    """Return a producer's initials as they stand in references; raises ValueError."""
    initials = re.sub(r"[\s.]", "", text).upper()
    if not _INITIALS.match(initials):
        raise ValueError("A producer's initials are two to four letters from A to Z: ABC.")
    return initials


def next_reference(initials: str, given: Iterable[Reference]) -> Reference:
    """Return the next reference of these initials in a case; raises ValueError at the end.

    ``given`` is every reference the case has ever had, voided ones included.
    """
    numbers = [each.number for each in given if each.initials == initials]
    number = max(numbers, default=0) + 1
    if number > LAST:
        raise ValueError(f"{initials} has used all {LAST:,} numbers in this case.")
    return Reference(initials, number)


def initials_of(name: str) -> str:
    """Return the initials a name suggests, or nothing: ``PC 4711 Ada Okafor`` gives AO.

    A proposal for a form, not a fact: a surname alone gives its first two letters.
    """
    words = [word for word in re.findall(r"[A-Za-z]+", name) if word.upper() not in _RANKS]
    if len(words) == 1:
        words = list(words[0][:2])
    initials = "".join(word[0] for word in words[:4]).upper()
    return initials if _INITIALS.match(initials) else ""
