"""What of a recording an exhibit is: all of it, or a clip or still of it.

Whoever calls has made sure that the viewer may know of the exhibit.
"""

from __future__ import annotations

from custodes.cases.models import Exhibit
from custodes.recordings.models import Copy


def clip_of(exhibit: Exhibit) -> Copy | None:
    """Return the clip or still an exhibit the caller may see is of; None for all of a recording.

    None, too, when it went with its recording.
    """
    if not exhibit.clip:
        return None
    found = Copy.objects.filter(handle=exhibit.clip, original__recording=exhibit.recording_id)
    return found.select_related("original", "original__recording").first()
