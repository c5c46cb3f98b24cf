"""Cameras, docks, the people docks tell us of, and who was issued which camera when."""

from __future__ import annotations

from django.db import models

from custodes.fleet.rules import MOST_OF_A_SOURCE_TYPE, MOUNT_NAMES, DockKind, Grade, Mount
from custodes.kernel.ids import new_handle
from custodes.people.models import Person


class Dock(models.Model):
    """A controller or a dock PC with a credential of its own.

    ``secret`` is the digest of its key, which is shown once and never stored.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in DockKind])
    secret = models.CharField(max_length=43)
    is_active = models.BooleanField(default=True)
    system = models.JSONField(default=dict, help_text="What the controller said of itself.")
    heard_at = models.DateTimeField(null=True)
    last_words = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class DockToken(models.Model):
    """A token a dock signed in for; stored as its digest."""

    digest = models.CharField(max_length=43, primary_key=True)
    dock = models.ForeignKey(Dock, on_delete=models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField(db_index=True)


class Camera(models.Model):
    """One body-worn camera, known by its serial number."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    serial = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, blank=True)
    model = models.CharField(max_length=100, blank=True)
    mount = models.CharField(
        max_length=20,
        choices=[(m.value, name) for m, name in MOUNT_NAMES.items()],
        default=Mount.UNKNOWN,
    )
    grade = models.CharField(
        max_length=2, choices=[(g.value, g.value) for g in Grade], default=Grade.NONE
    )
    source_type = models.CharField(
        max_length=MOST_OF_A_SOURCE_TYPE,
        blank=True,
        default="",
        db_default="",
        help_text="Empty for an ordinary body-worn camera; what it films from then on has it.",
    )
    is_active = models.BooleanField(default=True)
    heard_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict, help_text="All a dock said, unknown keys included.")

    def __str__(self) -> str:
        return self.name or self.serial


class Wearer(models.Model):
    """Somebody a dock told us of, and the account they were matched to, if any.

    Names that docks send are not unique; ``dock_id`` (the controller's own UUID) is.
    """

    dock_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=100, blank=True)
    user_id = models.CharField(max_length=100, blank=True, db_index=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name or self.dock_id


class CameraIssue(models.Model):
    """A camera in a person's hands, from one moment to another (half-open)."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="issues")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="issues")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Who had this camera at that time is asked for every recording."""

        indexes = [models.Index(fields=["camera", "-since"])]
