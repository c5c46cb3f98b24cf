"""What a camera's own numbers should say by the record, and what the tables say instead.

Rules only. The record has each file's number and the file it follows; a camera's counter
is a row beside it, and that row can be lost, put back or turned back without a trace of
its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: From the first to the last number, both of them included.
Run = tuple[int, int]
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a camera's numbers stand: the leaf of its last file, its highest number, its counter.

    None and empty where it never had one.
    """

    leaf: bytes
    highest: int | None
    counter: int | None


@dataclass(frozen=True, slots=True)
class Restart:
    """A reading that began from another number than the one before it had ended with."""

    ended: int
    began: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One camera: by the record, by its row, and what the record shows of that row's past.

    ``begun`` is how many of its files follow none; the first does, and no other.
    """

    record: Stand
    row: Stand | None
    begun: int = 0
    restarts: tuple[Restart, ...] = ()
    without_gap: tuple[Run, ...] = ()


def not_covered(run: Run, covered: Iterable[Run]) -> tuple[Run, ...]:
    """Return what of a run no other run covers, in order."""
    left, end = run
    found = []
    for first, last in sorted(covered):
        if last < left or first > end:
            continue
        if first > left:
            found.append((left, first - 1))
        left = max(left, last + 1)
    if left <= end:
        found.append((left, end))
    return tuple(found)


def sentences_of(camera: Counted) -> tuple[str, ...]:
    """Return what does not agree, each in a sentence; nothing when all does."""
    return (*_of_the_row(camera.record, camera.row), *_of_its_past(camera), *_of_gaps(camera))


def _of_the_row(record: Stand, row: Stand | None) -> tuple[str, ...]:
    if row is None:
        return (f"Its counter is lost; by the record it stands at {_told(record.highest)}.",)
    said = [
        *_differs("highest number", row.highest, record.highest),
        *_differs("counter when last read", row.counter, record.counter),
    ]
    if row.leaf != record.leaf:
        said.append("Its counter does not follow the last file that the record has of it.")
    return tuple(said)


def _differs(what: str, row: int | None, record: int | None) -> Iterator[str]:
    stands = f"here {_told(row)}, by the record {_told(record)}."
    if _is_before(row, record):
        yield f"Its {what} was turned back: {stands}"
    elif _is_before(record, row):
        yield f"Its {what} runs ahead of the record: {stands}"


def _is_before(one: int | None, other: int | None) -> bool:
    return other is not None and (one is None or one < other)


def _of_its_past(camera: Counted) -> tuple[str, ...]:
    said = []
    if camera.begun > 1:
        times = "once" if camera.begun == 2 else f"{camera.begun - 1:,} times"
        said.append(f"Its counter was lost {times} before: a later file of it follows none.")
    said += [
        f"A reading began from {_told(each.began)}, and the one before had ended with {each.ended}."
        for each in camera.restarts[:_NAMED]
    ]
    if (more := len(camera.restarts) - _NAMED) > 0:
        said.append(f"So did {more:,} more reading{'s' if more > 1 else ''}.")
    return tuple(said)


def _of_gaps(camera: Counted) -> tuple[str, ...]:
    runs = camera.without_gap
    if not runs:
        return ()
    named = ", ".join(_run(run) for run in runs[:_NAMED])
    rest = len(runs) - _NAMED
    more = f" and {rest:,} more run{'s' if rest > 1 else ''}" if rest > 0 else ""
    return (f"It passed over {named}{more}, and no gap on the register says so.",)


def _run(run: Run) -> str:
    first, last = run
    return f"number {first}" if first == last else f"numbers {first} to {last}"


def _told(number: int | None) -> str:
    return "none" if number is None else str(number)
