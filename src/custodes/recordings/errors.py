"""How recordings are refused."""

from __future__ import annotations

from custodes.kernel.errors import NotFound, Refused

NO_SUCH_RECORDING = "There is no such recording."


class NeedsAReason(Refused):
    """Somebody else's footage was to be played without saying why."""

    advice = "Say why you need to watch it. Your reason is kept with the recording."


class Unusable(Refused):
    """What somebody entered cannot be kept as it is."""

    advice = "Nothing was changed. Correct it and try again."


class NotYours(Refused):
    """None of this person's roles lets them do that with this recording."""

    advice = "Nothing was changed. Ask someone whose role allows it."


class Withheld(NotFound):
    """A lock keeps the recording from somebody whom it does not name.

    To them it reads as if nothing were there; ``recording`` is its handle, for the door
    that puts the attempt on record.
    """

    def __init__(self, recording: str) -> None:
        super().__init__(NO_SUCH_RECORDING)
        self.recording = recording
