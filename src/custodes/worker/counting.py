"""The regular look at what is held, on a thread of its own: a long sweep delays no alarm."""

from __future__ import annotations

from datetime import datetime

import structlog

from custodes.kernel.errors import Refused
from custodes.retention.actions.inventory import look_if_due
from custodes.retention.inventory.shown import ALARMING
from custodes.retention.inventory.telling import headline
from custodes.worker.errand import BY
from custodes.worker.lease import hold

#: How often it is asked whether a look is due.
ASK_EVERY = 60.0

log = structlog.get_logger()


def keep_counting(worker: str, at: datetime) -> None:
    """Take the inventory if it is due; a store that cannot be read stops nothing else."""
    if not hold("inventory", worker, at):
        return
    try:
        taken = look_if_due(by=BY, at=at)
    except OSError as error:
        log.warning("inventory.store_unreadable", error=error.strerror)
    except Refused as refused:
        log.warning("inventory.not_entered", why=refused.reason)
    else:
        if taken is not None and taken.look.figures.verdict in ALARMING:
            log.warning("inventory.alarm", says=headline(taken.look.figures))
