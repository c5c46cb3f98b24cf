"""Packages that were made of cases, and which recordings something of is in each."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from custodes.cases.models import Case
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.disclosure.rules.having import NEEDS_RELEASE
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.recordings.models import Recording


class Package(models.Model):
    """A package that was made of a case for one recipient, as it can be sent again.

    ``lists`` are its files in their order, measured, and where each stands: in the vault,
    or in ``papers``, which are kept until ``until``. ``fingerprint`` is the SHA-256 of its
    last list, which names every other file. ``maker`` and ``fetcher`` are None for who acted
    at the server.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="packages")
    audience = models.CharField(
        max_length=10, choices=[(each.value, AUDIENCE_NAMES[each]) for each in Audience]
    )
    recipient = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    because = models.CharField(max_length=1000)
    passed_over = models.CharField(
        max_length=1000, blank=True, help_text="Why, though a camera was not accounted for."
    )
    name = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    maker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=100, blank=True)
    until = models.DateTimeField()
    lists = models.JSONField(default=list)
    papers = models.BinaryField(null=True)
    size = models.BigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True)
    fetched_by = models.CharField(max_length=100, blank=True)
    fetcher = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """The newest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.organisation}"

    @property
    def waits(self) -> bool:
        """Say whether a second person has yet to release it."""
        return Audience(self.audience) in NEEDS_RELEASE and self.released_at is None

    def is_over(self, at: datetime) -> bool:
        """Say whether it cannot be handed over any more, or never came about."""
        return not self.size or at >= self.until


class Packaged(models.Model):
    """That a recording, or something of it, is in a package. Never deleted."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="holds")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="packaged")
    files = models.PositiveSmallIntegerField()
