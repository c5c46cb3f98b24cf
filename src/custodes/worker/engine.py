"""The one place that knows DBOS: hand it a run, and it is done even if processes die.

Each run is a workflow of three steps, each checkpointed: choose a secret, do it,
settle it. A killed workflow goes on after its last finished step, in this worker
when it comes back or in another. No server, no telemetry and no network but the
database. Its tables hold numbers, never footage or names; losing them loses
nothing, since what is to be done stands in our own table.
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Read when DBOS is imported: its maker's cloud is none of our business.
os.environ.pop("DBOS__CLOUD", None)

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import URL, make_url

from custodes.worker.doing import attempt, settle
from custodes.worker.lines import Run

# Raise this when the steps of the workflow change; older work is then taken up anew.
_SHAPE = "custodes-1"
_QUEUE = "reactions"
_SCHEMA = "custodes_work"
_POLL = 0.15
_UNFINISHED = ["ENQUEUED", "PENDING", "DELAYED"]


@DBOS.step(name="choose a secret")
def _choose_secret() -> str:
    return secrets.token_hex(32)


_attempt = DBOS.step(name="attempt")(attempt)
_settle = DBOS.step(name="settle")(settle)


# Recovery has no end: a worker that is killed every time is not the errand's fault.
@DBOS.workflow(name="run an errand", max_recovery_attempts=None)
def _run_errand(errand: int, number: int) -> None:
    secret = _choose_secret()
    _settle(errand, number, _attempt(errand, secret))


def launch(worker: str, home: Path, database_url: str, jobs: int) -> None:
    """Start the engine in this process; it takes up work at once."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
    config: DBOSConfig = {
        "name": "custodes",
        "system_database_url": _database(home, database_url),
        "dbos_system_schema": _SCHEMA,
        "application_version": _SHAPE,
        "executor_id": worker,
        "sys_db_pool_size": 4 + jobs,
        "use_listen_notify": False,
        "enable_otlp": False,
        "log_level": "ERROR",
        "max_executor_threads": jobs + 4,
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(
        _QUEUE, worker_concurrency=jobs, polling_interval_sec=_POLL, on_conflict="always_update"
    )


def stop(seconds: int) -> None:
    """Stop taking up work, and wait that long for what is under way."""
    DBOS.destroy(workflow_completion_timeout_sec=seconds)


def send(run: Run) -> None:
    """Hand over a run; handing over the same one again does nothing."""
    with SetWorkflowID(run.work_id):
        DBOS.enqueue_workflow(_QUEUE, _run_errand, run.errand, run.number)


def take_over(worker: str) -> None:
    """Let the work of a dead worker go on here, or wherever there is room first."""
    pending = _list(executor_id=worker, status="PENDING")
    if pending:
        DBOS.resume_workflows(pending, queue_name=_QUEUE)


def under_way(work_ids: Iterable[str]) -> set[str]:
    """Return those of the runs that are waiting or running."""
    wanted = list(work_ids)
    return set(_list(workflow_ids=wanted, status=_UNFINISHED)) if wanted else set()


def forget_finished(before: str) -> None:
    """Clear away what the engine noted about runs that ended before an RFC 3339 time."""
    while ended := _list(status=["SUCCESS", "ERROR"], completed_before=before, limit=500):
        DBOS.delete_workflows(ended)


def _list(**wanted: Any) -> list[str]:  # noqa: ANN401 - passed on to DBOS
    found = DBOS.list_workflows(load_input=False, load_output=False, **wanted)
    return [workflow.workflow_id for workflow in found]


def _database(home: Path, database_url: str) -> str:
    if database_url:
        url: URL = make_url(database_url).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)
    path = home / "work.sqlite3"
    path.touch(mode=0o600)
    with sqlite3.connect(path) as connection:
        # Kept in the file from then on: readers and the writer do not wait for each other.
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return f"sqlite:///{path}"
