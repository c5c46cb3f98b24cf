"""People, their teams and the roles they were granted."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from custodes.kernel.ids import new_handle
from custodes.people.rules import ROLE_NAMES, Role, Viewer


class Team(models.Model):
    """A team of officers under a supervisor, and the unit it belongs to."""

    name = models.CharField(max_length=100, unique=True)
    unit = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Look people up by their user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person with this user name."""
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody with an account. Accounts are never shared and never deleted, only closed."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    collar_number = models.CharField(max_length=40, blank=True, db_index=True)
    email = models.EmailField(blank=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name as pages and entries show it."""
        return self.name

    def roles(self) -> frozenset[Role]:
        """Return the roles this person holds now."""
        return frozenset(Role(grant.role) for grant in self.grants.all())

    def as_viewer(self, door: str) -> Viewer:
        """Return this person as the one who asks, coming in by a door."""
        return Viewer(self.pk, self.handle, self.name, self.roles(), self.team_id, door)


class Grant(models.Model):
    """A role that a person holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(
        max_length=30, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )

    class Meta:
        """One row for one role of one person."""

        constraints = [models.UniqueConstraint(fields=["person", "role"], name="role_held_once")]


class Token(models.Model):
    """What a program of somebody's shows to act for them. Never deleted, only over or revoked.

    ``digest`` is all that is kept of it. It does what its person may at that moment, and with
    ``reads_only`` nothing that changes anything.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    reads_only = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=100, blank=True)

    class Meta:
        """The newest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def opens(self, at: datetime) -> bool:
        """Say whether it is good at this moment, as far as the token itself goes."""
        return self.revoked_at is None and at < self.until
