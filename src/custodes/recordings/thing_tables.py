"""Things that recordings are copies of: what they are, and what became of them.

Part of models.py. Rows are not deleted, and what was said of one is never edited.
"""

from __future__ import annotations

from django.db import models

from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.recordings.origins import Origin


class Thing(models.Model):
    """Something that was seized or handed in, of which recordings are copies.

    One that was seized is to be returned: ``look_on`` is when somebody looks again at one
    that must be kept, ``returned_on`` the day it went back. ``key`` is a digest of the words
    that it is known by while it is here.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    origin = models.CharField(max_length=20, choices=[(o.value, o.value) for o in Origin])
    what = models.CharField(max_length=300)
    taken_from = models.CharField(max_length=200)
    key = models.CharField(max_length=64)
    since = models.DateTimeField(help_text="When the first copy of it was taken in.")
    entered_by = models.CharField(max_length=200)
    look_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    returned_to = models.CharField(max_length=200, blank=True)
    returned_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One of the same words is here at a time; those not returned are asked for by Today."""

        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(returned_on=None), name="thing_here_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["look_on", "since"],
                condition=models.Q(origin=Origin.SEIZED.value, returned_on=None),
                name="thing_to_return",
            )
        ]

    def __str__(self) -> str:
        return self.what


class CopiedFrom(models.Model):
    """That a recording is a copy of something on a thing, or of the thing."""

    thing = models.ForeignKey(
        Thing, on_delete=models.PROTECT, related_name="copied", db_index=False
    )
    recording = models.ForeignKey(
        "recordings.Recording", on_delete=models.PROTECT, related_name="copied_from"
    )
    since = models.DateTimeField()

    class Meta:
        """Said once of a recording and a thing."""

        constraints = [
            models.UniqueConstraint(fields=["thing", "recording"], name="copied_from_once")
        ]


class Needed(models.Model):
    """That somebody said why a thing must be kept, and when somebody looks again."""

    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="needed")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=500)
    look_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ["-at", "-pk"]
