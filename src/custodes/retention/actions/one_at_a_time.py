"""One sweep at a time, whoever starts it: a worker at night, or somebody at the server.

The lock is the operating system's and ends with the process that has it, however that
ends; so a sweep that says it has begun and that nobody has locked was cut off.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from custodes.retention.errors import SweepUnderWay

_FILE = "sweep.lock"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of the sweep; raises SweepUnderWay when another has it."""
    path = settings.CUSTODES.home / _FILE
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SweepUnderWay("A sweep is under way in another process.") from None
    else:
        yield
    finally:
        os.close(descriptor)
