"""How an offload is refused or fails; the camera's files are untouched in every case."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class ServerSaidNo(Refused):
    """The server refused a file; sending it again would change nothing."""

    advice = "The file stays on the camera."


class ServerGone(Refused):
    """The server could not be reached, or could not take anything, for a while."""

    advice = "The file stays on the camera. Run the command again; it goes on where it stopped."


class NotProven(Refused):
    """The receipt does not show that the server holds exactly this file."""

    advice = "The file stays on the camera. Tell the evidence unit; do not erase it by hand."


class FileChanged(Refused):
    """A file is not what it was when this run first looked at it."""

    advice = "It stays on the camera. Run the command again when the camera is at rest."


class AlreadyRunning(Refused):
    """Another offload with the same state folder is running."""

    advice = "Wait for it to end."
