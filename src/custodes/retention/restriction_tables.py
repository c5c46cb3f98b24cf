"""Requests about somebody's data, and the recordings restricted because of them.

Part of models.py. ``handle`` is the cause of the locks.
"""

from __future__ import annotations

from django.db import models

from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.recordings.models import Recording
from custodes.retention.rules.erasure import GROUND_NAMES, Basis


class Restriction(models.Model):
    """A request that was answered by restricting: who asked what, and what became of it."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    reference = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    ground = models.CharField(
        max_length=20, choices=[(g.value, n) for g, n in GROUND_NAMES.items()]
    )
    asked_on = models.DateField()
    because = models.CharField(max_length=1000)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    placed_at = models.DateTimeField()
    told_on = models.DateField(null=True)
    told_how = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reference


class RestrictedRecording(models.Model):
    """A recording of a request, with the answer as it was given."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="items")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="restrictions")
    basis = models.CharField(max_length=20, choices=[(b.value, b.value) for b in Basis])
    goes_on = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)

    class Meta:
        """Once in a request."""

        constraints = [
            models.UniqueConstraint(
                fields=["restriction", "recording"], name="restricted_once_by_a_request"
            )
        ]
