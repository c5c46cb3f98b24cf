"""Which stages the key witnesses of an incident have come to: the last row of each counts.

Used by actions and queries of this stage.
"""

from __future__ import annotations

from custodes.incidents.models import Incident, KeyWitness
from custodes.incidents.rules import Stage, Stages


def stages_of(witness: KeyWitness) -> Stages:
    """Return when a key witness came to each stage, as it was noted last."""
    return {Stage(each.stage): each.reached_at for each in witness.times.all()}


def stages_of_all(incident: Incident) -> tuple[Stages, ...]:
    """Return the same of all key witnesses of an incident."""
    return tuple(stages_of(each) for each in incident.witnesses.prefetch_related("times"))
