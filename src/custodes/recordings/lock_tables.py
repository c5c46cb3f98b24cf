"""Locks on recordings, those that stand for what is still to come, and who they are open to.

Part of models.py. ``cause`` is the handle of what downstream the lock belongs to: an
incident, or a request about somebody's data. This room only knows that it has one.
"""

from __future__ import annotations

from dataclasses import astuple

from django.db import models

from custodes.kernel.areas import Area
from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.kernel.spans import Span
from custodes.people.models import Person
from custodes.recordings.rules import LOCK_NAMES, Net, OpenFor

_KINDS = [(kind.value, name) for kind, name in LOCK_NAMES.items()]


class Lock(models.Model):
    """Nobody may see this recording, or know of it, but those the cause names."""

    recording = models.ForeignKey(
        "recordings.Recording", on_delete=models.PROTECT, related_name="locks"
    )
    cause = models.CharField(max_length=22)
    kind = models.CharField(max_length=20, choices=_KINDS)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        """One lock a cause; those in force are asked for by every query."""

        constraints = [
            models.UniqueConstraint(fields=["cause", "recording"], name="locked_once_for_a_cause")
        ]
        indexes = [
            models.Index(
                fields=["recording"], condition=models.Q(lifted_at=None), name="lock_in_force"
            )
        ]


class StandingLock(models.Model):
    """What a cause reaches for: a recording that comes later and falls into it is born locked.

    ``net`` is a :class:`custodes.recordings.rules.Net` as JSON.
    """

    cause = models.CharField(max_length=22)
    kind = models.CharField(max_length=20, choices=_KINDS)
    net = models.JSONField()
    placed_by = models.CharField(max_length=100)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, db_index=True)

    def reach(self) -> Net:
        """Return what it reaches for, as a rule wants it."""
        kept = self.net
        return Net(
            Span(parse_rfc3339(kept["from"]), parse_rfc3339(kept["to"])),
            wearers=frozenset(kept["wearers"]),
            cameras=frozenset(kept["cameras"]),
            places=frozenset(kept["places"]),
            areas=frozenset(Area(*each) for each in kept.get("areas", ())),
        )

    def set_reach(self, net: Net) -> None:
        """Say what it reaches for."""
        self.net = {
            "from": rfc3339(net.span.start),
            "to": rfc3339(net.span.end),
            "wearers": sorted(net.wearers),
            "cameras": sorted(net.cameras),
            "places": sorted(net.places),
            "areas": [astuple(area) for area in sorted(net.areas)],
        }


class NamedInLock(models.Model):
    """Somebody to whom the locks of a cause are open: on one recording, or on all of them.

    Never changed but for ``ended_at``: to name somebody otherwise is another row.
    """

    cause = models.CharField(max_length=22)
    recording = models.ForeignKey(
        "recordings.Recording", null=True, on_delete=models.PROTECT, related_name="named"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_in_locks")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in OpenFor])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Asked for by person with every query."""

        indexes = [
            models.Index(fields=["person"], condition=models.Q(ended_at=None), name="named_now")
        ]
