"""What a package tells of the record of its recordings, and to whom which details.

What is not told stays an entry with every detail closed, so that no record has a hole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from custodes.cases.report import telling_of_sensitive, telling_of_unopened, told_of
from custodes.custody.events import KINDS
from custodes.custody.queries import Told, histories_of
from custodes.custody.report import sentence
from custodes.custody.rules import OPEN_TO_OUTSIDE
from custodes.disclosure.bag.linked_data import Act
from custodes.disclosure.plan import Plan
from custodes.disclosure.rules.content import learns_details
from custodes.people.rules import Permission, Viewer
from custodes.recordings.kept_apart import looks_of_watchdog, telling_of_withheld
from custodes.recordings.models import Recording
from custodes.recordings.queries import those_within_reach
from custodes.recordings.shown_of_log import ALL_FIELDS


@dataclass(frozen=True, slots=True)
class Record:
    """The entries of the recordings of a package, by handle.

    ``opened`` are the fields that are open in the proof, but for the entries whose index is
    among ``closed``; ``plain`` are those told without any detail in sentences.
    """

    acts: Mapping[str, tuple[Told, ...]]
    opened: frozenset[str]
    closed: frozenset[int]
    plain: frozenset[int]

    def until(self, size: int) -> Record:
        """Return what of it stands in a log of this size: no more is told than is proven."""
        acts = {
            handle: tuple(told for told in acts if told.index < size)
            for handle, acts in self.acts.items()
        }
        return replace(self, acts=acts)

    def told_of(self, recording: Recording) -> tuple[Act, ...]:
        """Return what is told of a recording, oldest first."""
        return tuple(self._act(told) for told in self.acts.get(recording.handle, ()))

    def _act(self, told: Told) -> Act:
        if told.index in self.plain:
            kind = KINDS.get(told.kind)
            said = (kind.__doc__ or "").partition("\n")[0] if kind else told.kind
            return Act(told.index, told.at, said)
        return Act(told.index, told.at, sentence(told), told.fields.get("actor", ""))


def record_for(viewer: Viewer, plan: Plan) -> Record:
    """Return the record of what is in a plan, as its audience may learn it from this viewer."""
    recordings = list(plan.recordings)
    acts = histories_of(each.handle for each in recordings)
    of = told_of(viewer, plan.case, Permission.SEE_CUSTODY, plan.asked.audience)
    apart = telling_of_withheld(viewer, acts) | looks_of_watchdog(viewer, acts)
    apart |= telling_of_sensitive(acts, of, plan.asked.audience)
    details = learns_details(plan.asked.audience)
    return Record(
        acts={
            each.handle: tuple(told for told in acts if told.subject == each.handle)
            for each in recordings
        },
        opened=frozenset({ALL_FIELDS}) if details else OPEN_TO_OUTSIDE,
        closed=apart
        | telling_of_unopened(viewer, acts)
        | _beyond(viewer, Permission.OPEN_DETAILS, recordings, acts),
        plain=apart | _beyond(viewer, Permission.SEE_CUSTODY, recordings, acts)
        if details
        else frozenset(told.index for told in acts),
    )


def _beyond(
    viewer: Viewer, permission: Permission, recordings: list[Recording], acts: list[Told]
) -> frozenset[int]:
    """Return the entries of recordings that a permission of this viewer does not reach."""
    reached = those_within_reach(viewer, permission, recordings)
    handles = {each.handle for each in recordings if each.pk in reached}
    return frozenset(told.index for told in acts if told.subject not in handles)
