"""The totals that were entered, and what is missing or too much now."""

from __future__ import annotations

from django.db import models

from custodes.people.models import Person
from custodes.retention.rules.inventory import Fault, Kind


class Inventory(models.Model):
    """One signed total: what was held, missing and gone, as its entry says.

    ``looked_at`` is when the regular look last found it still so. ``figures`` is what
    was counted (inventory/figures.py); ``entry`` is the index of the entry.
    """

    taken_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    entry = models.BigIntegerField()
    figures = models.JSONField(default=dict)

    class Meta:
        """The newest first."""

        ordering = ["-id"]


class Discrepancy(models.Model):
    """One object that is missing or too much now, since when, and of which recording.

    Or a camera or a gap, whose numbers do not agree with the record: ``says`` tells how.

    Only what the last total told of stands here, and ``entry`` is its index; that
    something was lost stays in the record.
    """

    handle = models.CharField(max_length=22, primary_key=True)
    fault = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Fault])
    kind = models.PositiveSmallIntegerField(choices=[(k.value, k.name) for k in Kind])
    recording = models.CharField(max_length=22, blank=True)
    month = models.CharField(max_length=7, blank=True)
    says = models.TextField(blank=True, default="")
    noticed_at = models.DateTimeField()
    entry = models.BigIntegerField()

    class Meta:
        """A page lists one fault after the other, by month."""

        indexes = [models.Index(fields=["fault", "month", "handle"], name="discrepancy_list")]


class LossAcceptance(models.Model):
    """That two people, one after the other, agreed that something is lost for good.

    Until ``accepted_at`` it waits for the second, and changes nothing.
    """

    because = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    also_because = models.CharField(max_length=1000, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class AcceptedLoss(models.Model):
    """One finding of such a list: with its fault and, of a camera, with what did not agree."""

    acceptance = models.ForeignKey(LossAcceptance, on_delete=models.PROTECT, related_name="losses")
    handle = models.CharField(max_length=22)
    fault = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Fault])
    says = models.TextField(blank=True, default="")

    class Meta:
        """Asked for by the object, of each that is missing."""

        constraints = [
            models.UniqueConstraint(fields=["acceptance", "handle"], name="loss_accepted_once")
        ]
        indexes = [models.Index(fields=["handle"], name="loss_accepted_of")]
