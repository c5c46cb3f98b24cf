"""How often a failed reaction is tried again, and when its line counts as stopped.

Rules only: no table, no clock.
"""

from __future__ import annotations

from datetime import timedelta

# A disk that was full or a database that was away is often back within a minute.
WAITS = (timedelta(seconds=2), timedelta(seconds=10), timedelta(minutes=1))
# Stopped is not given up: whoever repairs the cause need not remember to say so.
WAIT_WHEN_STUCK = timedelta(minutes=30)


def is_stuck(failures: int) -> bool:
    """Say whether so many failures stop the line."""
    return failures > len(WAITS)


def is_last_try(failures: int) -> bool:
    """Say whether, after so many failures, one more stops the line (or keeps it stopped)."""
    return failures >= len(WAITS)


def wait_after(failures: int) -> timedelta:
    """Return how long to wait before trying again, after so many failures (1 or more)."""
    return WAIT_WHEN_STUCK if is_stuck(failures) else WAITS[failures - 1]
