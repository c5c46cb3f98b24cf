"""E-mail, on a thread of its own: a mail server that does not answer holds up nothing else."""

from __future__ import annotations

from datetime import datetime

from custodes.disclosure import mailing
from custodes.disclosure.actions.letters import send_what_is_due
from custodes.worker.errand import BY
from custodes.worker.lease import hold

# Somebody waits for their code.
POST_EVERY = 2.0


def keep_posting(worker: str, at: datetime) -> None:
    """Send what is due; one worker at a time, so that nothing is sent by two."""
    if mailing.is_set_up() and hold("post", worker, at):
        send_what_is_due(mailing.post, by=BY, at=at)
