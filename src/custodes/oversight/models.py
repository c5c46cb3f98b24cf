"""The register of what has come in about footage."""

from __future__ import annotations

from django.db import models

from custodes.kernel.ids import new_handle
from custodes.oversight.rules import GROUND_NAMES, KIND_NAMES, OUTCOME_NAMES, Ground, Regime
from custodes.people.models import Person
from custodes.recordings.models import Recording
from custodes.retention.models import Hold


class Registered(models.Model):
    """A complaint, a request or a form. ``hold`` keeps what it is about, from the start.

    Names, as they were then; who asks is personal and stands nowhere else.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    kind = models.CharField(max_length=20, choices=[(k.value, n) for k, n in KIND_NAMES.items()])
    reference = models.CharField(max_length=200)
    who = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=1000)
    regime = models.CharField(
        max_length=20, blank=True, choices=[(r.value, r.value) for r in Regime]
    )
    received_on = models.DateField()
    due_on = models.DateField(null=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="+")
    entered_by = models.CharField(max_length=100)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(o.value, n) for o, n in OUTCOME_NAMES.items()]
    )
    because = models.CharField(max_length=1000, blank=True)
    grounds = models.JSONField(default=list)
    closed_by = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Open ones are asked for by when they are due."""

        indexes = [
            models.Index(
                fields=["due_on"], condition=models.Q(closed_at=None), name="register_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="registered_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"

    def named_grounds(self) -> list[str]:
        """Return on which grounds it was refused, in words."""
        return [GROUND_NAMES[Ground(ground)] for ground in self.grounds]


class Handler(models.Model):
    """That somebody looks into a complaint, from one moment to another. Never deleted."""

    registered = models.ForeignKey(Registered, on_delete=models.PROTECT, related_name="handlers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=100)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """A person looks into a complaint once at a time."""

        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registered", "person"],
                condition=models.Q(until=None),
                name="handles_once_at_a_time",
            )
        ]


class Sample(models.Model):
    """What was drawn on one day for the scrutiny panel, from what would have been deleted next.

    ``document`` says of each stratum which handles stood in it and which were drawn, so that
    anybody who has it can draw again from ``seed``, the root of the checkpoint of ``size``
    entries. Never changed.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    day = models.DateField(unique=True)
    drawn_at = models.DateTimeField()
    size = models.BigIntegerField()
    seed = models.BinaryField()
    percent = models.PositiveSmallIntegerField()
    candidates = models.PositiveIntegerField()
    document = models.JSONField()

    def __str__(self) -> str:
        return f"sample of {self.day}"


class Sampled(models.Model):
    """A recording that was drawn. ``locked_at``: from when only the panel may see it."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="drawn")
    recording = models.OneToOneField(
        Recording, on_delete=models.PROTECT, related_name="sampled", primary_key=True
    )
    stratum = models.CharField(max_length=200)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)

    class Meta:
        """What is not locked yet is asked for every night."""

        indexes = [
            models.Index(
                fields=["hold"], condition=models.Q(locked_at=None), name="sampled_unlocked"
            )
        ]


class Allotment(models.Model):
    """A sampled recording that somebody of the panel looks at, until a day; and what they said."""

    sampled = models.ForeignKey(Sampled, on_delete=models.PROTECT, related_name="allotments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    until = models.DateTimeField()
    said = models.CharField(max_length=2000, blank=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        """Whether somebody has it now is asked before it is given to them."""

        indexes = [models.Index(fields=["sampled", "person"], name="allotted_to")]
