"""How arrivals are refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class Busy(Refused):
    """As many uploads as this installation takes at once are under way."""

    advice = "Nothing was taken in; the sender keeps its copy. Try again in a moment."


class NeverStorable(Refused):
    """What was offered can never be taken in as it is."""

    advice = "Nothing was taken in; the sender keeps its copy and may send it as rejected content."


class CutShort(Refused):
    """The sender stopped before everything it promised had arrived."""

    advice = "What arrived was not acknowledged. Send it again."


class Quarantined(Refused):
    """What arrived is not what was promised. It is sealed, kept apart and listed."""

    advice = "It is kept in quarantine, on the dock board. Send it again or tell the evidence unit."


class UploadGone(Refused):
    """The upload is finished, was cleared away, or never was."""

    advice = "Begin a new upload."
