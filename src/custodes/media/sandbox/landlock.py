"""Landlock: the kernel's own "this process opens no file any more".

Facts from the kernel's userspace-api/landlock.rst: three system calls with the
same numbers on every architecture; ABI 1 knows 13 file rights, 2 adds refer,
3 truncate, 4 TCP bind and connect, 5 device ioctl, 6 abstract sockets and signals.
A right the ruleset handles and no rule allows is denied; we add no rule at all.
"""

from __future__ import annotations

import ctypes
import os
import struct

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_CREATE_RULESET_VERSION = 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_libc = ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """Return the kernel's Landlock version, 0 when it has none."""
    found: int = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _CREATE_RULESET_VERSION)
    return max(0, found)


def deny_everything() -> int:
    """Shut this process and its threads out of every file; return the ABI used or 0.

    Needs no_new_privs first. Cannot be undone.
    """
    version = abi()
    if version == 0:
        return 0
    attributes = _attributes(version)
    ruleset: int = _libc.syscall(
        _CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0)
    )
    if ruleset < 0:
        return 0
    refused: int = _libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0))
    os.close(ruleset)
    return version if refused == 0 else 0


def _attributes(version: int) -> bytes:
    files = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    parts = [files]
    if version >= 4:
        parts.append(0b11)  # TCP bind and connect
    if version >= 6:
        parts.append(0b11)  # abstract UNIX sockets and signals
    return struct.pack(f"<{len(parts)}Q", *parts)
