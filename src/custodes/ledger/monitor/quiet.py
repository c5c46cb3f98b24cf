"""Was the log silent? And was it counted every night?

A log that says it is alive every quarter of an hour cannot be stopped unseen. That
it was silent is worth knowing and no fault: servers are switched off. That a log
which goes on and on was not counted is one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.seen import moment_of

# Custody format s3.2: an entry at least every 15 minutes; the second one missed is a silence.
SILENCE = timedelta(minutes=31)
# A night's census may be late by as much again, of the time in which the log was alive.
CENSUS_WITHIN = timedelta(hours=36)
_ALIVE = timedelta(minutes=15)


class Quiet:
    """Follows the log's clock, a minute at a time."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._last: datetime | None = None
        self._beats = False
        self._uncounted: timedelta | None = None
        self._is_said = False

    def ticked(self, index: int, at: str) -> None:
        """An entry came in another minute than the one before; raises ValueError for no time."""
        moment = moment_of(at)
        if self._last is not None and (passed := moment - self._last) > timedelta(0):
            if self._beats and passed > SILENCE:
                since = f"{self._last:%d %B %Y, %H:%M} UTC"
                self._findings.notice(
                    "silence", index, f"the log was silent before this for {passed}, from {since}."
                )
            self._passed(index, min(passed, _ALIVE))
        self._last = moment

    def beat(self) -> None:
        """The log said that it is alive; from now on it is expected to."""
        self._beats = True

    def counted(self) -> None:
        """A census was taken; from now on one is expected every night."""
        self._uncounted = timedelta(0)
        self._is_said = False

    def ended(self) -> None:
        """Say what is to be known at the end of the log."""
        if self._uncounted is None:
            self._findings.notice("census-none", None, "The log was never counted.")

    def _passed(self, index: int, alive: timedelta) -> None:
        if self._uncounted is None:
            return
        self._uncounted += alive
        if self._uncounted > CENSUS_WITHIN and not self._is_said:
            self._is_said = True
            self._findings.fault(
                "census-late", index, "more than a night has gone by and the log was not counted."
            )
