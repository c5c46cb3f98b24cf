"""The rollback guard: a log that became shorter than what was published of it is not appended to.

Restoring an old backup takes entries away that others have seen. Whoever then goes
on appending has forked the log, and every witness will say so. So the last checkpoint
is kept outside the database, in the home folder, and compared before each entry;
what witnesses and the mirror have seen is compared on start and again and again
(:mod:`outside`). While the log is behind, nothing is appended: no act is done,
docks are told to come again, and every page says why.

One process at a time publishes. Nothing here repairs: ``custodes ledger recover`` and
``successor`` do.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from custodes.custody import strongroom
from custodes.custody.errors import LogBehind
from custodes.custody.log import name_of, number_of
from custodes.custody.models import Head
from custodes.custody.tiles import tree_of_log
from custodes.kernel.durable import make_folder, write_over
from custodes.kernel.errors import Damaged
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.note import Note

_FILE = "last-checkpoint.note"
_Stamp = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The checkpoint as the file had it, and that the log was seen to continue it."""

    stamp: _Stamp
    checkpoint: Checkpoint


_lifted: ContextVar[bool] = ContextVar("lifted", default=False)
# The file is read again only when it is another one; one cell a process.
_kept: list[_Kept] = []


def refuse_if_behind(size: int, refused: str) -> None:
    """Raise LogBehind unless the log of this many entries may be appended to.

    ``refused`` is the database's own flag. Called with the end of the log locked;
    costs one look at a file's date, unless a new checkpoint was published since.
    """
    if (why := refused or _why_behind(size)) and not _lifted.get():
        raise LogBehind(why)


@contextmanager
def lifted() -> Iterator[None]:
    """Let the entry be written that mends the log or begins another; for :mod:`recovering`."""
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def why_refused() -> str:
    """Return why nothing is appended, in a sentence; empty while all is well."""
    size, refused = _end()
    while not refused and (why := _why_behind(size)):
        # Others may have appended and published since: it counts if the log stood still.
        before, (size, refused) = size, _end()
        if size == before:
            return refused or why
    return refused


@contextmanager
def publishing() -> Iterator[Callable[[str], None]]:
    """Wait until no other process publishes; yield what keeps a checkpoint outside the database.

    What is kept is durable: keep it before anybody else is shown it. LogBehind refuses a
    checkpoint shorter than the one kept, or of a log that was given up. Not to be used
    within a transaction: who waits here must not be waited for there.
    """
    make_folder(_path().parent)
    opened = os.open(_path().with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield _keep
    finally:
        os.close(opened)


def last_kept() -> Checkpoint | None:
    """Return the last checkpoint as it is kept outside the database, if there is one."""
    return _read(_path())


def last_kept_of(origin: str) -> Checkpoint | None:
    """Return the last checkpoint of a log as it is kept, also when the log was given up."""
    kept = (_read(path) for path in (_path(), _given_up(origin)))
    return next((each for each in kept if each and each.origin == origin), None)


def next_name(origin: str) -> str:
    """Return the name of a log's successor: one that was never signed for."""
    kept = last_kept()
    known = [origin, kept.origin] if kept and name_of(kept.origin) == name_of(origin) else [origin]
    return f"{name_of(origin)}/custody/{1 + max(map(number_of, known))}"


def set_refusal(why: str) -> None:
    """Write into the database, for every process, why nothing may be appended; or that it may."""
    if why:
        Head.objects.get_or_create(pk=1)
    Head.objects.exclude(refused=why[:600]).update(refused=why[:600])


def why_not(seen: Checkpoint, size: int, who: str) -> str:
    """Return what is wrong if somebody has seen this checkpoint of ours; empty if nothing is.

    ``who`` begins the sentence: *a witness*, *the mirror*.
    """
    if seen.size > size:
        return _behind(size, seen.size, who)
    if tree_of_log(seen.size).root() != seen.root:
        return (
            f"The custody log has another history than {who} shows: their first "
            f"{seen.size:,} entries differ."
        )
    return ""


def _keep(note: str) -> None:
    new = Checkpoint.parse(Note.parse(note).text)
    before, path = last_kept(), _path()
    if before and before.origin == new.origin and before.size > new.size:
        raise LogBehind(_behind(new.size, before.size, _PUBLISHED))
    if before and before.origin != new.origin:
        if why := _why_not_before(before, new.origin):
            raise LogBehind(why)
        # The last word of a log that was given up is kept for ever.
        with suppress(FileExistsError):  # killed here before
            os.link(path, _given_up(before.origin))
    write_over(path, note.encode())


def _read(path: Path) -> Checkpoint | None:
    try:
        note = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        return Checkpoint.parse(Note.parse(note).text)
    except ValueError as error:
        raise LogBehind(
            f"The last published checkpoint, {path}, cannot be read: {error}.",
            "Nothing was changed. Look at the file; put it back from a copy, or move it away "
            "once a witness or a mirror shows that the log is whole.",
        ) from None


def _end() -> tuple[int, str]:
    return Head.objects.values_list("size", "refused").first() or (0, "")


def _why_behind(size: int) -> str:
    try:
        stamp = _stamp()
        if stamp is None:
            return ""
        if _kept and _kept[0].stamp == stamp and _kept[0].checkpoint.size <= size:
            return ""
        checkpoint = last_kept()
        why = _why_not_ours(checkpoint, size) if checkpoint else ""
    except LogBehind as behind:
        return behind.reason
    except Damaged as damaged:
        return damaged.reason
    if checkpoint and not why:
        _kept[:] = [_Kept(stamp, checkpoint)]
    return why


def _why_not_ours(kept: Checkpoint, size: int) -> str:
    origin = strongroom.origin()
    if kept.origin == origin:
        return why_not(kept, size, _PUBLISHED)
    return _why_not_before(kept, origin)


def _why_not_before(kept: Checkpoint, origin: str) -> str:
    """Return what is wrong unless this checkpoint is of a log before the one of this name."""
    if name_of(kept.origin) == name_of(origin) and number_of(kept.origin) < number_of(origin):
        return ""
    return (
        f"The database holds the custody log {origin}, but {_PUBLISHED} is of {kept.origin}: "
        "an older database, or another one, was put back."
    )


_PUBLISHED = "the last checkpoint this installation published"


def _behind(size: int, seen: int, who: str) -> str:
    return (
        f"The custody log ends after {size:,} entries, but {who} shows {seen:,}: "
        "an older database was put back."
    )


def _stamp() -> _Stamp | None:
    # Asked before every entry: a path is put together from texts ten times as fast.
    path = f"{settings.CUSTODES.home}/ledger/{_FILE}"
    try:
        stat = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return None
    return path, stat.st_ino, stat.st_mtime_ns, stat.st_size


def _path() -> Path:
    return Path(settings.CUSTODES.home) / "ledger" / _FILE


def _given_up(origin: str) -> Path:
    return _path().with_name(f"given-up-{number_of(origin)}.note")
