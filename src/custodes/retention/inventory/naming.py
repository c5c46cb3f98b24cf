"""Which recording a finding belongs to, and when that was filmed."""

from __future__ import annotations

from typing import NamedTuple

from custodes.intake.models import Upload
from custodes.recordings.models import Copy, Original, Recording
from custodes.retention.rules.inventory import Fault, Kind


class Named(NamedTuple):
    """One finding: the object, what is wrong, what it is, and its recording where one is known.

    ``month`` is when the recording was filmed, as 2026-11; empty when nobody can say. ``says``
    is what is wrong where the fault does not say it all.
    """

    handle: str
    fault: Fault
    kind: Kind
    recording: str
    month: str
    says: str = ""

    @property
    def is_footage(self) -> bool:
        """Say whether it is what a camera gave, and not made from it."""
        return self.kind in {Kind.ORIGINAL, Kind.FORGOTTEN}


def named(fault: Fault, some: list[tuple[str, Kind]], whose: dict[str, str]) -> list[Named]:
    """Return a batch of findings with their recordings; ``whose`` has those without a row."""
    handles = [handle for handle, _ in some]
    known: dict[str, str] = {}
    for rows, path in (
        (Original.objects, "recording__handle"),
        (Copy.objects, "original__recording__handle"),
        (Upload.objects, "original__recording__handle"),
    ):
        found = rows.filter(handle__in=handles).order_by().values_list("handle", path)
        known |= {handle: recording for handle, recording in found if recording}
    owners = {handle: known.get(handle) or whose.get(handle, "") for handle in handles}
    filmed = Recording.objects.filter(handle__in=set(owners.values())).order_by()
    months = {r: f"{at:%Y-%m}" for r, at in filmed.values_list("handle", "started_at")}
    return [
        Named(handle, fault, kind, owners[handle], months.get(owners[handle], ""))
        for handle, kind in some
    ]
