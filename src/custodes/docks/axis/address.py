"""What a path names: an account, a container in it, an object in that.

WSGI hands a path over decoded, so an encoded slash is a slash by now. Nothing
here becomes a path on a disk: names are only compared and kept as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from custodes.docks.http import Declined

REJECTED = "RejectedContent_"
REGISTERS = frozenset({"System", "Users", "Devices"})

# <UserID>_<BWCSerialNumber>_<TriggerOnTime>
_RECORDING = re.compile(r"(?P<wearer>[^/]+)_(?P<serial>[^_/]+)_(?P<time>\d{8}T\d{6}Z)\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes; an empty name stands for the whole of what is above it."""

    account: str
    container: str = ""
    object: str = ""

    @property
    def is_rejected_content(self) -> bool:
        """Say whether this is, or is in, a container that must never be refused."""
        return self.container.startswith(REJECTED)


@dataclass(frozen=True, slots=True)
class RecordingName:
    """What the name of a recording's container says."""

    wearer: str
    serial: str
    time: str


def address_of(path: str) -> Address:
    """Return what a path under ``/v1/`` names; ``path`` is WSGI's PATH_INFO."""
    try:
        path = path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        raise Declined(HTTPStatus.BAD_REQUEST, "The address is not UTF-8.") from None
    account, _, rest = path.removeprefix("/v1/").partition("/")
    container, _, name = rest.partition("/")
    return Address(account, container, name)


def recording_name(container: str) -> RecordingName | None:
    """Return what the container's name says, or None when it is not that of a recording."""
    match = _RECORDING.match(container)
    return RecordingName(**match.groupdict()) if match else None
