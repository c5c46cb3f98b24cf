"""``custodes worker``: one more worker, on this or another machine."""

from __future__ import annotations

import sys

from custodes.cli.shared import command as make
from custodes.cli.shared import say


@make("worker")
def command(*, as_json: bool) -> None:
    """Do background work until stopped: look at new recordings, make viewing copies."""
    from django.conf import settings

    from custodes.cli.first_start import prepare
    from custodes.worker.running import run as work

    prepare()
    jobs = settings.CUSTODES.worker_jobs
    said = f"Working on {jobs} things at once. Press Ctrl-C to stop."
    say(said, {"jobs": jobs}, as_json=as_json)
    sys.stdout.flush()
    work()
