"""The tables of cases, as far as what happens in them decides how long something is kept."""

from __future__ import annotations

from django.db import models

from custodes.kernel.ids import new_handle
from custodes.recordings.models import Recording
from custodes.retention.rules.proceedings import (
    ATTENTION_NAMES,
    OUTCOME_NAMES,
    Attention,
    Outcome,
    Proceedings,
)


class Matter(models.Model):
    """What is known of a case, as far as it decides how long its recordings are kept.

    ``handle`` is the one its case has in the record. ``charge_hold`` is the hold that
    the charge placed; ``attention_on`` the last of its happenings that counts (RET-11).
    What was entered before stands in the entries.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    reference = models.CharField(max_length=100, db_index=True)
    charge = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(
        max_length=30,
        choices=[(o.value, name) for o, name in OUTCOME_NAMES.items()],
        default=Outcome.OPEN,
    )
    decided_on = models.DateField(null=True)
    custodial = models.BooleanField(null=True)
    released_on = models.DateField(null=True)
    appeal_open = models.BooleanField(default=False)
    appeal_decided_on = models.DateField(null=True)
    application_open = models.BooleanField(default=False)
    application_decided_on = models.DateField(null=True)
    group = models.PositiveSmallIntegerField(null=True)
    attention_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    charge_hold = models.ForeignKey(
        "retention.Hold", null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.reference

    def as_rule(self) -> Proceedings:
        """Return the case as a rule wants it; raises ValueError for an outcome that is none."""
        return Proceedings(
            name=self.reference,
            outcome=Outcome(self.outcome),
            decided_on=self.decided_on,
            custodial=self.custodial,
            released_on=self.released_on,
            appeal_open=self.appeal_open,
            application_open=self.application_open,
            group=self.group,
            attention_on=self.attention_on,
        )


class MatterRecording(models.Model):
    """A recording that belongs to a matter; the row stays when it does not any more."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="linked")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="matters")
    linked_at = models.DateTimeField()
    unlinked_at = models.DateTimeField(null=True)

    class Meta:
        """A recording is linked to a matter once at a time."""

        constraints = [
            models.UniqueConstraint(
                fields=["recording", "matter"],
                condition=models.Q(unlinked_at=None),
                name="linked_once_to_a_matter",
            )
        ]


class MatterAttention(models.Model):
    """Somebody of a matter came to the attention of the police again. Never changed."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="attention")
    kind = models.CharField(
        max_length=30, choices=[(k.value, name) for k, name in ATTENTION_NAMES.items()]
    )
    on = models.DateField()
    at = models.DateTimeField()

    def as_rule(self) -> Attention:
        """Return its kind; raises ValueError for one that is none."""
        return Attention(self.kind)
