"""The log's own rhythm: heartbeats, checkpoints, and asking others to vouch for them.

Signing waits for nobody outside; asking has a thread of its own, because somebody
who does not answer must not make a checkpoint late. One worker at a time does each.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from custodes.custody import checkpoints, outside, timestamps
from custodes.custody.errors import LogBehind
from custodes.kernel.errors import Refused
from custodes.worker.errand import BY
from custodes.worker.lease import hold

SIGN_EVERY = 2.0
ASK_EVERY = 10.0

log = structlog.get_logger()


def keep_signing(worker: str, at: datetime) -> None:
    """Enter a heartbeat, publish a checkpoint, close the day: whichever is due."""
    if not hold("sign", worker, at):
        return
    try:
        checkpoints.beat_if_due(by=BY, at=at)
        checkpoints.close_day_if_due(at)
        checkpoints.publish_if_due(at)
    except LogBehind as behind:
        log.warning("log.behind", why=behind.reason)


def keep_asking(worker: str, at: datetime) -> None:
    """Compare the log with what others have seen; have them vouch for what is new."""
    if not hold("ask", worker, at):
        return
    try:
        if not outside.look_outside():
            outside.have_cosigned(at)
            timestamps.stamp_what_is_due(by=BY, at=at)
    except Refused as refused:
        log.warning("log.not_vouched_for", why=refused.reason)
