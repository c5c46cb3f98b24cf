"""Schedules, holds, reviews, what is due when, and what is left of what is gone."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from custodes.kernel.clock import parse_rfc3339
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.recordings.models import Recording
from custodes.retention.inventory import tables  # noqa: F401 - Django finds them through here
from custodes.retention.matter_tables import Matter as Matter
from custodes.retention.matter_tables import MatterAttention as MatterAttention
from custodes.retention.matter_tables import MatterRecording as MatterRecording
from custodes.retention.notice_tables import LateDocking as LateDocking
from custodes.retention.notice_tables import Notice as Notice
from custodes.retention.restriction_tables import RestrictedRecording as RestrictedRecording
from custodes.retention.restriction_tables import Restriction as Restriction
from custodes.retention.rules.decision import Review as ReviewRule
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.disposal import Stage
from custodes.retention.rules.holds import HOLD_NAMES, HoldKind, Scope
from custodes.retention.rules.holds import Approval as ApprovalRule
from custodes.retention.rules.holds import Hold as HoldRule
from custodes.retention.rules.undated import UNDATED_NAMES
from custodes.retention.writing import scope_from, scope_to


class ScheduleVersion(models.Model):
    """One version of the schedule, as it was decided on. Never changed, never deleted.

    ``document`` is the schedule as canonical JSON (writing.py reads it); ``table`` and
    ``page`` are the same as CSV and HTML. The entry commits to the digests of all three.
    """

    version = models.PositiveIntegerField(primary_key=True)
    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    effective_at = models.DateTimeField()
    document = models.TextField()
    table = models.TextField(default="")
    page = models.TextField(default="")
    because = models.CharField(max_length=1000)
    proposed_by = models.CharField(max_length=100)
    approved_by = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"version {self.version}"


class ScheduleProposal(models.Model):
    """A schedule that somebody proposes, with what it would change, until a second person decides.

    ``base`` is the version it was made from. ``effect`` is what the rehearsal found, None
    until it was worked out. An approved one has its ``version``; a withdrawn one has none.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    document = models.TextField()
    base = models.PositiveIntegerField()
    because = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    effect = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_because = models.CharField(max_length=1000, blank=True)
    version = models.ForeignKey(ScheduleVersion, null=True, on_delete=models.PROTECT)

    class Meta:
        """The newest first."""

        ordering = ["-id"]

    @property
    def counted_at(self) -> datetime:
        """Return when its effect was counted; of an old one that does not say, when proposed."""
        told = (self.effect or {}).get("counted_at")
        return parse_rfc3339(told) if told else self.proposed_at


class Hold(models.Model):
    """A reason, outside the schedule, that recordings must not be disposed of.

    ``scope`` says what it reaches for; a standing hold catches what is docked later
    too. ``authority`` is the reference of the matter. Placed by name as it was then;
    ``placer`` is that person, who is told of its end, and None where nobody was.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    kind = models.CharField(max_length=20, choices=[(k.value, n) for k, n in HOLD_NAMES.items()])
    reason = models.CharField(max_length=1000)
    authority = models.CharField(max_length=200, blank=True)
    scope = models.JSONField(default=dict)
    standing = models.BooleanField(default=False)
    placed_by = models.CharField(max_length=100)
    placer = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="placed_holds"
    )
    placed_at = models.DateTimeField()
    review_on = models.DateField()
    until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=200, blank=True)

    class Meta:
        """Outlook holds that bind are asked for every time something arrives."""

        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(standing=True, released_at=None),
                name="hold_standing",
            ),
            models.Index(fields=["review_on"], name="hold_review"),
        ]

    def __str__(self) -> str:
        return str(self.as_rule())

    def as_rule(self) -> HoldRule:
        """Return the hold as a rule wants it."""
        return HoldRule(
            HoldKind(self.kind),
            f"{self.authority} {self.reason}".strip(),
            self.placed_by,
            self.placed_at,
            self.until,
            self.released_at,
        )

    def reach(self) -> Scope:
        """Return what it reaches for."""
        return scope_from(self.scope)

    def set_reach(self, scope: Scope) -> None:
        """Say what it reaches for."""
        self.scope = scope_to(scope)


class HeldRecording(models.Model):
    """A recording that a hold keeps. The row stays when the hold goes: it is why it was kept."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="held")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="holds")
    since = models.DateTimeField()

    class Meta:
        """A hold keeps a recording once."""

        constraints = [
            models.UniqueConstraint(fields=["recording", "hold"], name="held_once_by_a_hold")
        ]


class ReleaseAgreement(models.Model):
    """One person's agreement to let a hold go, with the roles they had then that let holds go.

    ``outcome_on`` is the day on which the appeal it waited for was decided (RET-08).
    ``voided_at``: since then it counts no more, because somebody said that the hold is
    still needed. It stays, and whoever gave it may agree anew.
    """

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="agreements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    roles = models.JSONField(default=list)
    reason = models.CharField(max_length=1000)
    reference = models.CharField(max_length=200, blank=True)
    all_closed = models.BooleanField(default=False)
    outcome_on = models.DateField(null=True)
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        """One agreement a person that counts: saying it twice is not two people."""

        constraints = [
            models.UniqueConstraint(
                fields=["hold", "person"],
                condition=models.Q(voided_at=None),
                name="agrees_once_to_a_release",
            )
        ]

    def as_rule(self) -> ApprovalRule:
        """Return the agreement as a rule wants it."""
        return ApprovalRule(self.person.handle, frozenset(self.roles), self.reason)


class Review(models.Model):
    """Somebody looked whether a recording is still needed. Never changed: the next is another.

    ``keep_until`` None: two people let it go. ``looked_at`` is the SHA-256 over the digests
    of its files, so that what was looked at can be told from what it is later (RET-12).
    """

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="reviews")
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    keep_until = models.DateField(null=True)
    looked_at = models.CharField(max_length=43, blank=True)

    class Meta:
        """The latest counts."""

        indexes = [models.Index(fields=["recording", "-id"])]

    def as_rule(self) -> ReviewRule:
        """Return the review as a rule wants it."""
        people = frozenset(str(each.person_id) for each in self.agreements.all())
        return ReviewRule(self.by, self.at, self.reason, self.keep_until, people)


class LettingGo(models.Model):
    """One person's agreement that a recording may go; it takes two.

    ``review`` is the one it led to, or that came instead of it: None while it waits.
    ``entry`` is the index of its entry in the log.
    """

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="let_go_by")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()
    entry = models.BigIntegerField()
    review = models.ForeignKey(
        Review, null=True, on_delete=models.PROTECT, related_name="agreements"
    )

    class Meta:
        """One agreement a person at a time: saying it twice is not two people."""

        constraints = [
            models.UniqueConstraint(
                fields=["recording", "person"],
                condition=models.Q(review=None),
                name="lets_go_once_at_a_time",
            )
        ]


class Outlook(models.Model):
    """What the rules last said of a recording: a note for lists, never a reason to delete.

    ``due_at`` is when to ask again. ``waits``: somebody else has to agree to its category.
    ``why`` is None unless it is kept with no date.
    """

    recording = models.OneToOneField(
        Recording, primary_key=True, related_name="outlook", on_delete=models.PROTECT
    )
    verdict = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Verdict])
    due_at = models.DateTimeField(null=True)
    line = models.CharField(max_length=20, blank=True)
    held = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    why = models.PositiveSmallIntegerField(
        null=True, choices=[(u.value, name) for u, name in UNDATED_NAMES.items()]
    )

    class Meta:
        """What is due is asked for every night, what waits for a person every day."""

        indexes = [
            models.Index(fields=["due_at", "recording"], name="outlook_due"),
            models.Index(
                fields=["recording"],
                condition=models.Q(verdict=Verdict.REVIEW.value),
                name="outlook_review",
            ),
            models.Index(
                fields=["recording"], condition=models.Q(waits=True), name="outlook_waits"
            ),
            models.Index(
                fields=["why", "recording"],
                condition=models.Q(why__isnull=False),
                name="outlook_undated",
            ),
        ]


class Sweep(models.Model):
    """One run of the engine: what it found before it began, who agreed, what it did."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    rehearsed_at = models.DateTimeField()
    letter = models.JSONField(default=dict, help_text="The rehearsal: counts and the strangest.")
    due = models.PositiveIntegerField(default=0)
    stopped = models.TextField(blank=True, help_text="Why it must not begin, in a sentence.")
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    disposed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    interrupted = models.TextField(blank=True, help_text="Why it ended before its time, if so.")

    class Meta:
        """The newest first."""

        ordering = ["-id"]


class SweepAgreement(models.Model):
    """One person's agreement that a stopped sweep may begin."""

    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="agreements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        """One agreement a person."""

        constraints = [
            models.UniqueConstraint(fields=["sweep", "person"], name="agreed_once_to_a_sweep")
        ]


class Tombstone(models.Model):
    """What is left of a recording: a random handle, the rule, and the time. Nobody's name.

    ``stage`` says how far its destruction has come (rules/disposal.py); ``entry`` is
    the index of its entry in the log.
    """

    handle = models.CharField(max_length=22, primary_key=True)
    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="tombstones")
    line = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    disposed_at = models.DateTimeField()
    entry = models.BigIntegerField()
    epoch = models.PositiveIntegerField()
    stage = models.PositiveSmallIntegerField(
        choices=[(s.value, s.name) for s in Stage], default=Stage.ACCESS_GONE
    )

    class Meta:
        """Which are not final yet is asked at every roll of the keys."""

        indexes = [models.Index(fields=["stage", "epoch"], name="tombstone_stage")]

    @property
    def is_destroyed(self) -> bool:
        """Say whether no backup of its key opens any more: only then is it called destroyed."""
        return self.stage >= Stage.FINAL


class Unlinking(models.Model):
    """A sealed object whose recording is disposed of and that has still to be removed."""

    handle = models.CharField(max_length=22, primary_key=True)
    tombstone = models.CharField(max_length=22)


class KeyRoll(models.Model):
    """A new epoch of keys: how many it holds, and the root over their names."""

    epoch = models.PositiveIntegerField(primary_key=True)
    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    began_at = models.DateTimeField()
    keys = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    destroyed_at = models.DateTimeField(null=True)


class KeyNames(models.Model):
    """Some names of the inventory of a roll, in their order, and the root over them.

    Kept of the rolls from which it can still be shown that a key is gone, so that paths
    can be made; their roots are in the log. ``names`` are joined by spaces.
    """

    roll = models.ForeignKey(KeyRoll, on_delete=models.PROTECT, related_name="blocks")
    number = models.PositiveIntegerField()
    first = models.CharField(max_length=22)
    root = models.BinaryField(max_length=32)
    names = models.TextField()

    class Meta:
        """A place in a roll holds one block."""

        constraints = [
            models.UniqueConstraint(fields=["roll", "number"], name="names_once_in_a_roll")
        ]
