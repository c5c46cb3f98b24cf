"""One worker: read, send, beat, tidy up, until told to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections, connection

from custodes.custody.guard import why_refused
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.worker import cadence, counting, engine, posting
from custodes.worker.errand import STOP
from custodes.worker.housekeeping import keep_house
from custodes.worker.lines import send_what_is_due, take_up_lost, try_stuck_again
from custodes.worker.presence import BEAT_EVERY, Presence
from custodes.worker.reader import read_on
from custodes.worker.trouble import place_of

# How soon after a commit it is noticed. Each look is two small indexed reads.
LOOK_EVERY = 0.2
_HOUSEKEEPING_EVERY = 60.0
_STOP_WITHIN = 5
_AFTER_TROUBLE = 2.0

log = structlog.get_logger()


def run() -> None:
    """Work until SIGTERM or SIGINT; what is under way is put back and done later."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    config = settings.CUSTODES
    presence = Presence()
    presence.arrive()
    engine.launch(presence.name, config.home, config.database_url, config.worker_jobs)
    try_stuck_again(now())
    beating = _every(BEAT_EVERY, lambda: _beat(presence))
    others = [
        _every(_HOUSEKEEPING_EVERY, lambda: keep_house(now())),
        _every(cadence.SIGN_EVERY, lambda: cadence.keep_signing(presence.name, now())),
        _every(counting.ASK_EVERY, lambda: counting.keep_counting(presence.name, now())),
        _every(cadence.ASK_EVERY, lambda: cadence.keep_asking(presence.name, now())),
        _every(posting.POST_EVERY, lambda: posting.keep_posting(presence.name, now())),
    ]
    _read_and_send()
    engine.stop(_STOP_WITHIN)
    for thread in (beating, *others):
        thread.join(1)
    presence.leave()
    # What still runs now would not let the process end; it is done again elsewhere.
    os._exit(0)


def _read_and_send() -> None:
    while not STOP.asked:
        read = _in_spite_of_trouble(read_on)
        _in_spite_of_trouble(_send)
        if not read:
            STOP.wait(LOOK_EVERY)


def _send() -> None:
    # Nothing can be entered while the log is behind, so nothing can be done; it waits.
    if not why_refused():
        send_what_is_due(engine.send, now())


def _beat(presence: Presence) -> None:
    presence.beat()
    presence.bury_the_dead(engine.take_over)
    take_up_lost(engine.under_way, now())


def _every(seconds: float, work: Callable[[], None]) -> threading.Thread:
    """Do something at once and then again and again, on a thread of its own."""

    def keep_doing() -> None:
        while not STOP.asked:
            _in_spite_of_trouble(work)
            STOP.wait(seconds)
        connection.close()

    thread = threading.Thread(target=keep_doing, daemon=True)
    thread.start()
    return thread


def _in_spite_of_trouble(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - passed through
    """Do it; when the database is away, the log takes no entries, or anything else fails, say so.

    Wait then; the caller tries again.
    """
    close_old_connections()
    try:
        return work()
    except Refused as refused:
        log.warning("work.refused", why=refused.reason)
    except Error as error:
        if not STOP.asked:
            log.warning("database.trouble", error=str(error).partition("\n")[0])
        connection.close()
    except Exception as error:  # noqa: BLE001 - a thread that ends leaves its work undone for ever
        log.error("work.failed", error=type(error).__name__, at=place_of(error))  # noqa: TRY400 - no values, which may be somebody's
        connection.close()
    STOP.wait(_AFTER_TROUBLE)
    return None


def _stop(*_: Any) -> None:  # noqa: ANN401 - signal's signature
    STOP.ask()
    # Whatever hangs, an operator who asked for an end gets one.
    threading.Thread(target=_end_anyhow, daemon=True).start()


def _end_anyhow() -> None:
    time.sleep(_STOP_WITHIN + 4)
    os._exit(0)
