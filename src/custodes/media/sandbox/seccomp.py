"""The list of system calls the child may still make; everything else is refused.

A seccomp-BPF program built here as bytes (linux/filter.h, linux/seccomp.h). It
allows reading and writing open descriptors, memory, time, and threads; it
refuses, with EPERM, opening files, sockets, new processes, tracing, and all that
a future kernel adds. A call by another architecture's numbers kills the process.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LD_WORD, _JEQ, _JSET, _JGE, _RET = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NR, _ARCH, _ARG0 = 0, 4, 16
_CLONE_THREAD = 0x00010000
_CLONE_NEW_ANY = 0x7E020000  # every CLONE_NEW* namespace flag

#: Per machine: audit architecture, clone, clone3, and the calls allowed outright.
_X86_64 = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
    "rt_sigreturn": 15, "readv": 19, "writev": 20, "sched_yield": 24, "mremap": 25,
    "madvise": 28, "nanosleep": 35, "getpid": 39, "exit": 60, "gettimeofday": 96,
    "getrusage": 98, "sigaltstack": 131, "gettid": 186, "futex": 202,
    "sched_getaffinity": 204, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "set_robust_list": 273,
    "getrandom": 318, "membarrier": 324, "rseq": 334,
}  # fmt: skip
_AARCH64 = {
    "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66,
    "ppoll": 73, "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98,
    "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113, "clock_getres": 114,
    "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124,
    "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
    "rt_sigreturn": 139, "getrusage": 165, "gettimeofday": 169, "getpid": 172,
    "gettid": 178, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222,
    "mprotect": 226, "madvise": 233, "getrandom": 278, "membarrier": 283, "rseq": 293,
}  # fmt: skip
_MACHINES = {
    "x86_64": (0xC000003E, 56, 435, _X86_64),
    "aarch64": (0xC00000B7, 220, 435, _AARCH64),
}


def supported() -> bool:
    """Say whether this machine's call numbers are known here."""
    return sys.byteorder == "little" and platform.machine() in _MACHINES


def lock() -> bool:
    """Put the filter on every thread of this process; say whether it is on.

    Needs no_new_privs first. Cannot be undone.
    """
    if not supported():
        return False
    program = _program(platform.machine())
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: an unsigned short, padding, a pointer.
    fprog = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), fprog, 0, 0)
    return done == 0


def _program(machine: str) -> bytes:
    architecture, clone, clone3, allowed = _MACHINES[machine]
    steps = [
        _step(_LD_WORD, 0, 0, _ARCH),
        _step(_JEQ, 1, 0, architecture),
        _step(_RET, 0, 0, _KILL),
        _step(_LD_WORD, 0, 0, _NR),
    ]
    if machine == "x86_64":
        # The x32 numbers are a second door to the same calls.
        steps += [_step(_JGE, 0, 1, 0x40000000), _step(_RET, 0, 0, _KILL)]
    # clone3 hides its flags in memory a filter cannot read. "No such call" makes
    # the C library fall back to clone, whose flags it can.
    steps += [_step(_JEQ, 0, 1, clone3), _step(_RET, 0, 0, _ERRNO | errno.ENOSYS)]
    for number in sorted(allowed.values()):
        steps += [_step(_JEQ, 0, 1, number), _step(_RET, 0, 0, _ALLOW)]
    steps += [
        _step(_JEQ, 0, 4, clone),
        _step(_LD_WORD, 0, 0, _ARG0),
        _step(_JSET, 2, 0, _CLONE_NEW_ANY),
        _step(_JSET, 0, 1, _CLONE_THREAD),
        _step(_RET, 0, 0, _ALLOW),
        _step(_RET, 0, 0, _ERRNO | errno.EPERM),
    ]
    return b"".join(steps)


def _step(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
