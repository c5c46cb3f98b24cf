"""How far the record was read, what is to be done, who is alive and who has which lease."""

from __future__ import annotations

from django.db import models


class Cursor(models.Model):
    """How far the custody record was read: the index of the last entry."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField(default=-1)


class Errand(models.Model):
    """One reaction that one entry asks for, until it is done; then the row goes.

    ``runs`` counts how often it was handed to the engine, ``failures`` how often
    it failed, and ``said`` is the last failure in a sentence. Rows are made in
    the order of the record, so the lowest ``id`` of a subject is first in its line.
    """

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting"
        SENT = "sent"

    entry = models.BigIntegerField()
    reaction = models.CharField(max_length=40)
    subject = models.CharField(max_length=22)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    runs = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    not_before = models.DateTimeField()

    class Meta:
        """A reaction to an entry is asked for once; a line is read by its subject."""

        constraints = [
            models.UniqueConstraint(fields=["entry", "reaction"], name="errand_asked_once")
        ]
        indexes = [
            models.Index(fields=["subject", "id"], name="errand_line"),
            models.Index(fields=["state", "not_before"], name="errand_due"),
        ]

    def __str__(self) -> str:
        return f"{self.entry}:{self.reaction}"


class Worker(models.Model):
    """One worker process. ``beats`` grows while it lives; nobody compares clocks."""

    name = models.CharField(max_length=60, primary_key=True)
    place = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    beats = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField()
    has_left = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Trouble(models.Model):
    """A step of keeping the house that fails: what was said last, and since when; gone when done.

    ``said`` names a place in the program, or a refusal, and nobody.
    """

    step = models.CharField(max_length=60, primary_key=True)
    said = models.CharField(max_length=500)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.step


class Lease(models.Model):
    """Who does, until when, what one worker at a time should do."""

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.CharField(max_length=60)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
