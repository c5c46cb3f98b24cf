"""Locking the child in, in order, before it sees a byte of media.

1. no way to gain rights: no_new_privs, and death when the parent dies
2. no open descriptor but the socket, no environment
3. Landlock: no file can be opened, no TCP, no signal to others
4. resource limits: memory, processor time, no new descriptor, no file of any
   length, no core dump
5. seccomp: only the calls a decoder needs (see ``seccomp``)

Steps 3 and 5 need the kernel's help. Where it is missing the others stand, and
:func:`lock_in` says which are in force.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

from custodes.media.sandbox import landlock, seccomp

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_M_ARENA_MAX = -8
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def lock_in(socket_fd: int, *, memory_bytes: int, cpu_seconds: int) -> dict[str, object]:
    """Close every door but the socket; return what is in force. Cannot be undone."""
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privs = _give_up_rights(libc)
    _close_all_but(socket_fd)
    os.environ.clear()
    # Landlock needs one free descriptor for a moment, so limits come after it.
    abi = landlock.deny_everything() if no_new_privs else 0
    _limit(memory_bytes, cpu_seconds)
    return {
        "no_new_privs": no_new_privs,
        "rlimits": True,
        "landlock": abi,
        "seccomp": seccomp.lock() if no_new_privs else False,
    }


def _give_up_rights(libc: ctypes.CDLL) -> bool:
    # Each thread's own malloc arena reserves 64 MiB of the address space that
    # RLIMIT_AS counts; two arenas are plenty for a decoder.
    libc.mallopt(_M_ARENA_MAX, 2)
    # Otherwise every mebibyte read is given back to the kernel, and zeroed anew for the next.
    libc.mallopt(_M_MMAP_THRESHOLD, 4 << 20)
    libc.mallopt(_M_TRIM_THRESHOLD, 64 << 20)
    libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    # When memory runs out on the whole machine, this process goes first.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    with contextlib.suppress(OSError):
        os.nice(5)
    done: int = libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)
    return done == 0


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        # Existing descriptors stay usable; no number below this one is free.
        resource.RLIMIT_NOFILE: 0,
        # Counted over all of the user's threads, the server's too, so this is
        # only a wall against a fork bomb where seccomp is missing.
        resource.RLIMIT_NPROC: 4096,
    }
    for limit, value in wanted.items():
        _, hard = resource.getrlimit(limit)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # At its soft limit of processor time a process gets SIGXCPU, which says
        # what happened; at the hard one SIGKILL, which does not.
        beyond = ceiling + (limit == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY)
        resource.setrlimit(limit, (ceiling, beyond))


def _close_all_but(keep: int) -> None:
    os.closerange(0, keep)
    os.closerange(keep + 1, 1 << 16)
