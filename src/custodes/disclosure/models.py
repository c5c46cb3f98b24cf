"""What was given to whom of a case: shares, what each holds, and what the recipient does."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from custodes.cases.models import Case
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.disclosure.package_tables import Package as Package
from custodes.disclosure.package_tables import Packaged as Packaged
from custodes.disclosure.rules.codes import Code, Way
from custodes.disclosure.rules.letters import ABOUT_NAMES
from custodes.disclosure.rules.serving import AUDIENCES, THING_NAMES
from custodes.disclosure.rules.standing import STANDING_NAMES, Terms
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.recordings.models import Recording


class Share(models.Model):
    """What one recipient was given of a case, by a link that is theirs alone.

    ``token_digest`` is all that is kept of the link; ``issued`` counts the links that were
    made for it, of which only the last opens. ``maker`` is None for who acted at the server.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="shares")
    audience = models.CharField(
        max_length=10, choices=[(each.value, AUDIENCE_NAMES[each]) for each in AUDIENCES]
    )
    recipient = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    because = models.CharField(max_length=1000)
    despite = models.CharField(
        max_length=1000, blank=True, help_text="Why, though a camera was not accounted for."
    )
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    maker = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    issued = models.PositiveSmallIntegerField(default=1)
    token_digest = models.CharField(max_length=64, unique=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=100, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=100, blank=True)
    revoked_because = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_entry = models.BigIntegerField(null=True)
    refused_at = models.DateTimeField(
        null=True, help_text="When it was last said that it opens nothing."
    )
    ended_at = models.DateTimeField(null=True, help_text="When it was noted that its time is over.")
    calls = models.JSONField(default=dict, help_text="What networks tried within the day.")

    class Meta:
        """The newest first; those that may end are asked for every minute."""

        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["until"],
                condition=models.Q(ended_at=None, revoked_at=None),
                name="share_to_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.organisation}"

    def as_rule(self) -> Terms:
        """Return what decides whether it is open."""
        return Terms(
            Audience(self.audience),
            self.until,
            self.released_at is not None,
            self.revoked_at is not None,
        )

    def standing_in_words(self, at: datetime) -> str:
        """Return what it is now, in words."""
        return STANDING_NAMES[self.as_rule().standing(at)]


class Item(models.Model):
    """One thing of a share, as it was when it was given; nothing is ever added.

    ``original`` and ``copy`` are handles and no more: the rows they name go when the
    recording is deleted, and this one stays. Without ``copy`` the original itself plays.
    ``seen`` are the stretches that were watched, in seconds, as the player reported them.
    """

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(k.value, n) for k, n in THING_NAMES.items()])
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="shared")
    original = models.CharField(max_length=22)
    copy = models.CharField(max_length=22, blank=True)
    title = models.CharField(max_length=300)
    media_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    filmed_at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    opened_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=list)

    class Meta:
        """In the order they were chosen."""

        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["share", "number"], name="item_numbered_once")
        ]

    def __str__(self) -> str:
        return self.title


class AccessCode(models.Model):
    """A code that opens a share. What its figures are follows from ``nonce`` and the secret."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="codes")
    nonce = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    way = models.CharField(max_length=4, choices=[(way.value, way.value) for way in Way])
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    over_at = models.DateTimeField(null=True)

    class Meta:
        """Those that may still open are asked for at every try."""

        indexes = [
            models.Index(
                fields=["share"], condition=models.Q(over_at=None), name="code_that_may_open"
            )
        ]

    def as_rule(self) -> Code:
        """Return what decides whether it opens anything."""
        return Code(Way(self.way), self.until, self.wrong, self.over_at is not None)


class Sitting(models.Model):
    """That the recipient of a share is in, in one browser. Opens this share and nothing else.

    ``playing`` says when it last began to play each thing, by its number. ``code`` is what
    they showed; None is of before it was kept.
    """

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="sittings")
    code = models.ForeignKey(AccessCode, null=True, on_delete=models.PROTECT, related_name="+")
    key_digest = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    playing = models.JSONField(default=dict)


class Wish(models.Model):
    """What a recipient asks for beyond what they were given, until somebody answers."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="wishes")
    text = models.CharField(max_length=2000)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first; what waits is counted for every page of the officers of the case."""

        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["share"], condition=models.Q(answered_at=None), name="wish_to_answer"
            )
        ]


class Letter(models.Model):
    """An e-mail to the recipient of a share. What it says is made when it is sent.

    ``said`` is why the last try failed; ``given_up_at`` that no other is made.
    """

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="letters")
    about = models.CharField(max_length=12, choices=[(a.value, n) for a, n in ABOUT_NAMES.items()])
    code = models.ForeignKey(AccessCode, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    next_try = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    said = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first; what is on the way is asked for every few seconds."""

        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_try"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="letter_on_the_way",
            )
        ]
