"""How recordings are refused."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class NeedsAReason(Refused):
    """Somebody else's footage was to be played without saying why."""

    advice = "Say why you need to watch it. Your reason is kept with the recording."


class Unusable(Refused):
    """What somebody entered cannot be kept as it is."""

    advice = "Nothing was changed. Correct it and try again."


class NotYours(Refused):
    """None of this person's roles lets them do that with this recording."""

    advice = "Nothing was changed. Ask someone whose role allows it."
