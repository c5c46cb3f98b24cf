"""How cameras and docks are refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class UnknownCamera(Refused):
    """A recording came from a camera nobody told us of."""

    advice = (
        "Nothing was changed or taken in: a dock keeps its copy. Enrol the camera and try again."
    )


class UnknownWearer(Refused):
    """A recording came from a wearer nobody told us of."""

    advice = "Nothing was taken in; the dock keeps its copy. Announce the wearer and try again."


class NoSourceType(Refused):
    """What was said to be the source type of a camera is none."""

    advice = "The camera was not changed. Write a short code, or none for an ordinary camera."


class DockRefused(Refused):
    """A dock could not be enrolled or did not show a good credential."""

    advice = "Nothing was changed. Check the dock's name and key."
