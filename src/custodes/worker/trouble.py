"""Do a step of the house in spite of what went wrong with another, and remember what did.

A step that fails is said in the log each time, and stands in a table until it works
again, so that the doctor knows of it. What is kept names the place in the program and
no values, which may be somebody's.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import Error, close_old_connections, connection

from custodes.custody.errors import LogBehind
from custodes.kernel.errors import Refused
from custodes.worker.models import Trouble

log = structlog.get_logger()


def attempt(step: str, work: Callable[[], object], at: datetime) -> bool:
    """Do a step; if it fails say so and remember it, and return False.

    While the log is behind every step that writes fails alike, and the doctor says why by
    itself: that is no trouble of the step's.
    """
    close_old_connections()
    try:
        work()
    except LogBehind as behind:
        log.warning("house.refused", step=step, why=behind.reason)
        return False
    except Refused as refused:
        log.warning("house.refused", step=step, why=refused.reason)
        said = refused.reason
    except Exception as error:  # noqa: BLE001 - the other steps go on whatever went wrong here
        said = f"{type(error).__name__} at {place_of(error)}"
        log.error("house.failed", step=step, error=said)  # noqa: TRY400 - no values, which may be somebody's
        if not connection.in_atomic_block:
            connection.close()
    else:
        said = ""
    _remember(step, said, at)
    return not said


def place_of(error: Exception) -> str:
    """Return in which file and line of the program it went wrong."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{where.filename}:{where.lineno}"


def _remember(step: str, said: str, at: datetime) -> None:
    """Keep what was said of a step, since it first failed; nothing of one that works."""
    try:
        if not said:
            Trouble.objects.filter(step=step).delete()
        elif not Trouble.objects.filter(step=step).update(said=said[:500]):
            Trouble.objects.create(step=step, said=said[:500], since=at)
    except Error as error:
        log.warning("database.trouble", error=str(error).partition("\n")[0])
