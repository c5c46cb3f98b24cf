"""Recordings, the originals they came in, copies for viewing, notes and bookmarks."""

from __future__ import annotations

from django.db import models

from custodes.fleet.models import Camera, Dock, Wearer
from custodes.fleet.rules import MOST_OF_A_SOURCE_TYPE, MOUNT_NAMES
from custodes.intake.models import Upload
from custodes.intake.rules import Kind
from custodes.kernel.ids import new_handle
from custodes.people.models import Person, Team
from custodes.recordings.category_tables import Category as Category
from custodes.recordings.category_tables import CategoryChange as CategoryChange
from custodes.recordings.origins import Origin
from custodes.recordings.rules import (
    MADE_BY_PEOPLE,
    CameraTimes,
    Purpose,
    State,
    Why,
    codes_of,
)
from custodes.vault.keys import WrappedKey


class Place(models.Model):
    """A place recordings are searched by, in words."""

    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Recording(models.Model):
    """What one camera filmed between one trigger on and off, in however many files.

    ``started_at`` and ``ended_at`` are the camera's clock; ``received_at`` is ours.
    ``source`` is the door it came through, ``source_type`` what kind of camera filmed it.
    ``source_key`` is the sender's name for it: one recording a camera and key.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    # Those without an index of their own begin one of those below.
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="recordings", db_index=False
    )
    dock = models.ForeignKey(Dock, null=True, on_delete=models.PROTECT)
    wearer = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)
    announced = models.ForeignKey(Wearer, null=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, db_index=False)
    mount = models.CharField(
        max_length=20, choices=[(m.value, name) for m, name in MOUNT_NAMES.items()]
    )
    source = models.CharField(max_length=10)
    # That of its camera when it arrived; what is inserted past this model has none.
    source_type = models.CharField(max_length=MOST_OF_A_SOURCE_TYPE, default="", db_default="")
    source_key = models.CharField(max_length=255)
    told = models.JSONField(default=dict, help_text="All the sender said, unknown keys included.")
    origin = models.CharField(
        max_length=20,
        choices=[(o.value, o.value) for o in Origin],
        default=Origin.POLICE_GENERATED.value,
    )

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    trigger_on = models.DateTimeField(null=True)
    trigger_off = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=64, blank=True)
    # A camera that lost its battery is decades behind: more milliseconds than 32 bits hold.
    clock_offset_ms = models.BigIntegerField(
        null=True, help_text="Server minus camera, if measured."
    )
    received_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)

    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in State], default=State.ARRIVING
    )
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, db_index=False)
    category_before = models.TextField(
        blank=True, help_text="Codes, one a line: what it was since a second person agreed."
    )
    category_agreed_at = models.DateTimeField(null=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, db_index=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    fault = models.CharField(max_length=300, blank=True, help_text="What is wrong, in a sentence.")

    class Meta:
        """Every common filter has an index that also gives the order of the list."""

        constraints = [
            # The key first: docks ask for it alone, with every file.
            models.UniqueConstraint(fields=["source_key", "camera"], name="recording_known_once")
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="recording_newest"),
            models.Index(fields=["wearer", "-started_at", "-id"], name="recording_by_wearer"),
            # A supervisor's lists are counted and narrowed from this one alone: a team has
            # so many recordings that looking each of them up would be felt.
            models.Index(
                fields=[
                    "team",
                    "-started_at",
                    "-id",
                    "category",
                    "place",
                    "wearer",
                    "seconds",
                    "state",
                ],
                name="recording_of_team",
            ),
            # Most of an old archive is deleted: what is not is found without walking past it.
            # search.py writes the same condition as text.
            models.Index(
                fields=["-started_at", "-id", "seconds"],
                condition=~models.Q(state=State.DISPOSED.value),
                name="recording_not_deleted",
            ),
            models.Index(fields=["camera", "-started_at", "-id"], name="recording_by_camera"),
            models.Index(fields=["category", "-started_at", "-id"], name="recording_by_category"),
            models.Index(fields=["place", "-started_at", "-id"], name="recording_by_place"),
            models.Index(fields=["state", "-started_at", "-id"], name="recording_by_state"),
            # search.py writes the same condition as text: a parameter would hide it from SQLite.
            models.Index(
                fields=["-started_at", "-id"],
                condition=models.Q(fault__gt=""),
                name="recording_faulty",
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def categories_before(self) -> tuple[str, ...]:
        """Return the codes of what it was before and nobody else has agreed to change."""
        return codes_of(self.category_before)

    @property
    def times(self) -> CameraTimes:
        """Return when it was filmed, as a rule wants it."""
        return CameraTimes(
            self.started_at, self.ended_at, self.trigger_on, self.trigger_off, self.time_zone
        )


class Original(models.Model):
    """One file of a recording, exactly as it was received. Written once, never changed.

    ``handle`` names the sealed object; the data key is wrapped, one key an original.
    ``described`` is what the sandbox found in it, once it has looked.
    """

    handle = models.CharField(max_length=22, unique=True, editable=False)
    recording = models.ForeignKey(
        Recording, on_delete=models.PROTECT, related_name="originals", db_index=False
    )
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    name = models.CharField(max_length=255)
    told = models.JSONField(default=dict)

    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    md5 = models.CharField(max_length=32, blank=True)
    chunk_root = models.BinaryField(max_length=32)
    media_root = models.BinaryField(max_length=32, null=True)
    commitment = models.TextField(blank=True)
    no_clip_proofs = models.CharField(max_length=300, blank=True)

    kid = models.CharField(max_length=22, unique=True)
    epoch = models.PositiveIntegerField(db_index=True)
    wrapped = models.BinaryField(max_length=40)

    started_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    sealed_at = models.DateTimeField()
    described = models.JSONField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        """A name is used once in a recording."""

        constraints = [
            models.UniqueConstraint(fields=["recording", "number"], name="original_numbered_once"),
            models.UniqueConstraint(fields=["recording", "name"], name="original_named_once"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> WrappedKey:
        """Return the wrapped data key."""
        return WrappedKey(kid=self.kid, epoch=self.epoch, wrapped=bytes(self.wrapped))


class Copy(models.Model):
    """Something derived from an original for viewing, with the recipe that made it.

    Sealed under a key derived from the original's, so it dies with the original.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="copies")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Purpose])
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=60)
    about = models.JSONField(default=dict, help_text="Numbers a page needs, such as tile sizes.")
    recipe = models.JSONField(default=dict)
    proof = models.JSONField(null=True, help_text="Of a clip: its proof, or why there is none.")
    made_at = models.DateTimeField()

    class Meta:
        """One copy a purpose: making it again would be a second answer to one question.

        Clips and stills are questions of their own each time.
        """

        # Few of millions: how fast clips came is asked by when they were made.
        indexes = [
            models.Index(
                fields=["made_at"],
                condition=models.Q(purpose=Purpose.CLIP.value),
                name="clip_by_when_made",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["original", "purpose"],
                condition=~models.Q(purpose__in=[each.value for each in MADE_BY_PEOPLE]),
                name="copy_made_once",
            )
        ]


class Bookmark(models.Model):
    """A moment somebody, or the camera's button, marked."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="bookmarks")
    at = models.DateTimeField()
    label = models.CharField(max_length=200, blank=True)
    by_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    told = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        """In the order they happened."""

        ordering = ["at"]


class Note(models.Model):
    """What somebody wrote about a recording."""

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering = ["-at"]


class Grant(models.Model):
    """That somebody reaches a recording because of a matter they work on, such as a case.

    ``matter`` is its handle, ``because`` what it was called then; ``until`` None: until
    it is taken away. Rows are never deleted: they say who could see what, when.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="grants")
    matter = models.CharField(max_length=22, db_index=True)
    because = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """Whose they are is asked for every list; one in force a person, recording and matter."""

        indexes = [models.Index(fields=["person", "recording"], name="granted_to_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "recording", "matter"],
                condition=models.Q(until=None),
                name="granted_once_at_a_time",
            )
        ]


class CameraCount(models.Model):
    """Where a camera's own numbers stand: what its next file follows, and what it counted.

    ``leaf`` is the leaf hash of the entry that took in its last file.
    """

    camera = models.OneToOneField(Camera, primary_key=True, on_delete=models.PROTECT)
    leaf = models.BinaryField(max_length=32, null=True)
    highest = models.BigIntegerField(null=True, help_text="The highest number it gave a recording.")
    counter = models.BigIntegerField(null=True, help_text="Its counter when it was last read.")


class Gap(models.Model):
    """Footage that should exist and does not: from when it was missed until why is known."""

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="gaps")
    recording = models.ForeignKey(
        Recording, null=True, on_delete=models.PROTECT, related_name="gaps"
    )
    grade = models.CharField(max_length=2, help_text="How well the camera could show it then.")
    why = models.CharField(max_length=10, choices=[(w.value, w.value) for w in Why])
    count = models.BigIntegerField()
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    still = models.BigIntegerField(help_text="How many of them have not arrived since.")
    what = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)
    explained_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)

    class Meta:
        """Open ones are asked for on every page, by camera on every arrival."""

        indexes = [
            models.Index(fields=["closed_at", "opened_at"]),
            models.Index(fields=["camera", "closed_at"]),
        ]


class Listed(models.Model):
    """A recording that a dock saw on a camera, until it arrives or is missed."""

    camera = models.ForeignKey(Camera, on_delete=models.PROTECT)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    number = models.BigIntegerField(null=True)
    listed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    gap = models.ForeignKey(Gap, null=True, on_delete=models.PROTECT, related_name="listed")

    class Meta:
        """One row for one file of a camera; those that are overdue are looked for each minute."""

        constraints = [
            models.UniqueConstraint(fields=["camera", "name", "size"], name="listed_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(arrived_at__isnull=True, gap__isnull=True),
                name="listed_and_due",
            )
        ]


class Recipient(models.Model):
    """Somebody who was given a copy of a recording, and is to be told when it changes (RET-15).

    ``person`` is theirs where they have an account; ``contact`` says how others are
    reached, as far as anybody wrote it down. The act that gave it is in the record.
    """

    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="recipients")
    name = models.CharField(max_length=200)
    contact = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


# These point back at Recording.
from custodes.recordings.lock_tables import Lock as Lock  # noqa: E402
from custodes.recordings.lock_tables import NamedInLock as NamedInLock  # noqa: E402
from custodes.recordings.lock_tables import StandingLock as StandingLock  # noqa: E402
from custodes.recordings.thing_tables import CopiedFrom as CopiedFrom  # noqa: E402
from custodes.recordings.thing_tables import Needed as Needed  # noqa: E402
from custodes.recordings.thing_tables import Thing as Thing  # noqa: E402
