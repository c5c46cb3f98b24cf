"""Cases, who works on them, who is in them, their material and their exhibits."""

from __future__ import annotations

from django.db import models

from custodes.cases.rules.exhibits import Reference
from custodes.cases.rules.material import STATUS_NAMES, Status
from custodes.cases.rules.papers import DocumentType
from custodes.cases.rules.proceeding import (
    PART_NAMES,
    PARTY_NAMES,
    STATE_NAMES,
    State,
)
from custodes.cases.rules.urn import spaced
from custodes.kernel.ids import new_handle
from custodes.people.models import Person, Team
from custodes.recordings.models import Recording
from custodes.retention.models import Hold


class Case(models.Model):
    """One case, known to police, prosecutor and court by its URN.

    ``state_on`` is the day of the last step; what else is known of an outcome stands in
    retention's matter of the same handle. ``hold`` keeps what was added until the case
    ends. ``sought_at`` is when somebody who reaches every recording last looked for
    other cameras, ``looked_on`` when somebody last said that its recordings are still needed.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    urn = models.CharField(max_length=11, unique=True)
    about = models.CharField(max_length=300)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20, choices=[(s.value, n) for s, n in STATE_NAMES.items()],
        default=State.INVESTIGATION,
    )  # fmt: skip
    state_on = models.DateField(null=True)
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=100)
    sought_at = models.DateTimeField(null=True)
    looked_on = models.DateField(null=True)

    class Meta:
        """The newest first."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["team", "-id"], name="case_of_team")]

    def __str__(self) -> str:
        return spaced(self.urn)


class Assignment(models.Model):
    """That a person works on a case, from one moment to another. Never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, choices=[(p.value, n) for p, n in PART_NAMES.items()])
    by = models.CharField(max_length=100)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """A person has one part in a case at a time; their cases are asked for on every page."""

        indexes = [models.Index(fields=["person", "until"], name="assigned_to_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=models.Q(until=None),
                name="assigned_once_at_a_time",
            )
        ]


class Party(models.Model):
    """Somebody in a case, and what they are in it. Personal data: shown to who sees the case."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=10, choices=[(r.value, n) for r, n in PARTY_NAMES.items()])
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        """In the order they were entered."""

        ordering = ["id"]


class Material(models.Model):
    """A recording that belongs to a case, and what becomes of it there. Never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="material")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="material")
    because = models.CharField(max_length=500)
    sibling = models.BooleanField(default=False, help_text="Found as another camera's.")
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True)
    status = models.CharField(
        max_length=20, choices=[(s.value, n) for s, n in STATUS_NAMES.items()],
        default=Status.NOT_LOOKED_AT,
    )  # fmt: skip
    description = models.CharField(max_length=2000, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    assessed_by = models.CharField(max_length=100, blank=True)
    assessed_at = models.DateTimeField(null=True)

    class Meta:
        """A recording is in a case once at a time."""

        constraints = [
            models.UniqueConstraint(
                fields=["case", "recording"],
                condition=models.Q(taken_out_at=None),
                name="material_once_at_a_time",
            )
        ]


class Exhibit(models.Model):
    """An exhibit of a case. Never deleted: a number that was given stays given.

    ``clip`` is the handle of the clip or still it is, empty for the whole recording: only
    its name, for a clip goes with its recording and this row stays. ``derived_from`` is
    the exhibit it was made from. ``producer_name`` is as it was when the number was given.
    ``whole_because`` and ``unhidden_because`` are what the gate asks to be said.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exhibits")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="exhibits")
    derived_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="made_from_it"
    )
    clip = models.CharField(max_length=22, blank=True)
    whole_because = models.CharField(max_length=500, blank=True)
    unhidden_because = models.CharField(max_length=500, blank=True)
    initials = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField()
    suffix = models.CharField(max_length=1, blank=True)
    item = models.CharField(max_length=300)
    producer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    producer_name = models.CharField(max_length=100)
    document_type = models.PositiveSmallIntegerField(default=DocumentType.OTHER_EXHIBIT)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_because = models.CharField(max_length=500, blank=True)

    class Meta:
        """One reference in a case, for ever."""

        ordering = ["initials", "number", "suffix"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "initials", "number", "suffix"], name="exhibit_numbered_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.reference)

    @property
    def reference(self) -> Reference:
        """Return its reference, taken apart."""
        return Reference(self.initials, self.number, self.suffix)
