"""Do one errand, and say how it ended. Any failure ends here, as a sentence in its line."""

from __future__ import annotations

from typing import TypedDict

import structlog
from django.db import close_old_connections

from custodes.custody.queries import entries_after
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.ledger.entry import parse_entry
from custodes.worker import lines
from custodes.worker.errand import STOP, Asked, Stopping
from custodes.worker.models import Errand
from custodes.worker.reactions import named
from custodes.worker.rules import is_last_try

log = structlog.get_logger()


class Ending(TypedDict):
    """How a run ended: done, cut short by a stop, or failed with a sentence."""

    done: bool
    failure: str | None


def attempt(errand: int, secret: str) -> Ending:
    """Do what an errand asks for. Never raises: what goes wrong is how it ended."""
    close_old_connections()
    try:
        _do(errand, bytes.fromhex(secret))
    except Stopping:
        return {"done": False, "failure": None}
    except Refused as refused:
        return _failed(errand, refused, refused.reason)
    except Exception as error:  # noqa: BLE001 - a broken reaction stops its line, not the worker
        return _failed(errand, error, f"The program failed ({type(error).__name__}: {error}).")
    finally:
        close_old_connections()
    return {"done": True, "failure": None}


def settle(errand: int, number: int, ending: Ending) -> None:
    """Take the errand out of its line if it is done; else put it back, to be tried again."""
    close_old_connections()
    if ending["done"]:
        lines.finish(errand)
    else:
        lines.put_back(errand, number, now(), failure=ending["failure"])


def _do(errand: int, secret: bytes) -> None:
    row = Errand.objects.filter(pk=errand).first()
    if row is None:
        return  # done already, by a worker that was taken for dead
    STOP.keep_going()
    entry = entries_after(row.entry - 1, 1)[0]
    reaction = named(entry.kind, row.reaction)
    if reaction is None:
        return  # this release no longer reacts so; what it left undone is nobody's wish now
    reaction(
        Asked(
            entry=entry.index,
            kind=entry.kind,
            subject=entry.subject,
            facts=parse_entry(bytes(entry.data)).facts,
            secret=secret,
            last_try=is_last_try(row.failures),
            keep_going=STOP.keep_going,
        )
    )


def _failed(errand: int, error: Exception, sentence: str) -> Ending:
    if STOP.asked:  # what is torn down fails in many ways
        return {"done": False, "failure": None}
    log.warning("reaction.failed", errand=errand, error=type(error).__name__)
    return {"done": False, "failure": sentence}
