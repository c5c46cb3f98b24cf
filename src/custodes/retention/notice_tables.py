"""The tables of what people are told: what was docked late, and the letters recipients are owed."""

from __future__ import annotations

from django.db import models

from custodes.kernel.ids import new_handle
from custodes.recordings.models import Recipient, Recording
from custodes.retention.rules.late import LATE_REASONS
from custodes.retention.rules.notices import CHANGE_NAMES


class LateDocking(models.Model):
    """That a recording was docked late: how late, until when it stays, and why it was so late."""

    recording = models.OneToOneField(
        Recording, primary_key=True, related_name="docked_late", on_delete=models.PROTECT
    )
    days = models.PositiveIntegerField()
    stays_until = models.DateTimeField()
    noticed_at = models.DateTimeField()
    reason = models.CharField(
        max_length=20, blank=True, choices=[(r.value, name) for r, name in LATE_REASONS.items()]
    )
    words = models.CharField(max_length=500, blank=True)
    explained_by = models.CharField(max_length=100, blank=True)
    explained_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first; those without a reason are counted for Today."""

        ordering = ["-noticed_at", "-recording"]
        indexes = [
            models.Index(
                fields=["recording"], condition=models.Q(reason=""), name="late_to_explain"
            )
        ]


class Notice(models.Model):
    """A letter that somebody who was given a recording is owed, until somebody has sent it.

    ``about`` says what was wrong, where something was corrected; never what is filmed.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="notices")
    change = models.CharField(
        max_length=20, choices=[(c.value, n) for c, n in CHANGE_NAMES.items()]
    )
    about = models.CharField(max_length=1000, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=100, blank=True)
    sent_how = models.CharField(max_length=200, blank=True)

    class Meta:
        """What is still to be sent is counted for every page of who sends."""

        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="notice_to_send")
        ]
