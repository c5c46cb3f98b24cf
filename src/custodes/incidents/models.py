"""Deaths and serious injuries, who and what was there, and every decision since.

Rows are added, never changed: a time or a decision that is put right is another row, and
the last one counts.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.timezone import localtime

from custodes.fleet.models import Camera
from custodes.incidents.rules import HARM_NAMES, LINK_NAMES, STAGE_NAMES
from custodes.kernel.ids import new_handle
from custodes.kernel.spans import Span
from custodes.people.models import Person
from custodes.recordings.models import NamedInLock, Recording
from custodes.recordings.rules import OpenFor
from custodes.retention.models import Hold


class Incident(models.Model):
    """A death or serious injury that was declared; ``handle`` is the cause of its locks."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    harm = models.CharField(max_length=20, choices=[(h.value, n) for h, n in HARM_NAMES.items()])
    link = models.CharField(
        max_length=20, choices=[(each.value, n) for each, n in LINK_NAMES.items()]
    )
    reference = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=200)
    what = models.CharField(max_length=2000, blank=True)
    happened_at = models.DateTimeField()
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    clear_at = models.DateTimeField(help_text="When it became clear that it must be referred.")
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT)
    declared_at = models.DateTimeField()
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reference or f"{self.place}, {localtime(self.happened_at):%-d %B %Y}"

    @property
    def window(self) -> Span:
        """Return the stretch of filming time that is held and locked."""
        return Span(self.window_from, self.window_to)


class KeyWitness(models.Model):
    """An officer who was there, and whose account has to rest on memory alone."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="witnesses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="witnessed")
    since = models.DateTimeField()

    class Meta:
        """Once in an incident."""

        constraints = [
            models.UniqueConstraint(fields=["incident", "person"], name="key_witness_once")
        ]


class InvolvedCamera(models.Model):
    """A camera that was there."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="cameras")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="incidents")
    since = models.DateTimeField()

    class Meta:
        """Once in an incident."""

        constraints = [
            models.UniqueConstraint(fields=["incident", "camera"], name="camera_involved_once")
        ]


class StageTime(models.Model):
    """When a key witness came to a stage, as somebody noted it; the last row of a stage counts."""

    witness = models.ForeignKey(KeyWitness, on_delete=models.PROTECT, related_name="times")
    stage = models.PositiveSmallIntegerField(choices=[(s.value, n) for s, n in STAGE_NAMES.items()])
    reached_at = models.DateTimeField()
    noted_by = models.CharField(max_length=100)
    noted_at = models.DateTimeField()
    because = models.CharField(max_length=1000, blank=True)

    class Meta:
        """In the order they were noted."""

        ordering = ["pk"]


class Decision(models.Model):
    """The post-incident manager let somebody in; put right only by a further version.

    ``named`` is the row that opens the lock; a version replaced has its row ended.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="let_in")
    recording = models.ForeignKey(Recording, null=True, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in OpenFor])
    part = models.CharField(max_length=200, blank=True)
    rationale = models.CharField(max_length=2000)
    authority = models.CharField(max_length=200)
    standards = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=100)
    before_account = models.BooleanField(default=False)
    until = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100)
    decided_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    named = models.OneToOneField(NamedInLock, null=True, on_delete=models.PROTECT)

    class Meta:
        """The newest first."""

        ordering = ["-pk"]

    def lets_in(self, at: datetime) -> bool:
        """Say whether somebody is still let in by it."""
        if self.named is None or self.named.ended_at is not None:
            return False
        return self.until is None or at < self.until


class Referral(models.Model):
    """That it was referred to the IOPC: when, and under which reference."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="referrals")
    referred_at = models.DateTimeField()
    reference = models.CharField(max_length=100)
    noted_by = models.CharField(max_length=100)
    noted_at = models.DateTimeField()

    class Meta:
        """The last one counts."""

        ordering = ["-pk"]


class Monitoring(models.Model):
    """A recording of the procedure itself, held and locked with the incident (PIP-09)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="monitoring")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT)
    linked_by = models.CharField(max_length=100)
    linked_at = models.DateTimeField()

    class Meta:
        """Once in an incident."""

        constraints = [
            models.UniqueConstraint(fields=["incident", "recording"], name="monitors_once")
        ]


class EndedWithout(models.Model):
    """A camera that was there and was not docked when the procedure ended, and why it ended."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="ended_without")
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=1000)
    noted_by = models.CharField(max_length=100)
    noted_at = models.DateTimeField()

    class Meta:
        """Once in an incident."""

        constraints = [
            models.UniqueConstraint(fields=["incident", "camera"], name="ended_without_once")
        ]
