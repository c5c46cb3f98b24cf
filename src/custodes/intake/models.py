"""Uploads: everything that ever began to arrive, and what became of it."""

from __future__ import annotations

from django.db import models

from custodes.fleet.models import Camera, Dock
from custodes.intake.rules import Kind, State
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.vault.keys import WrappedKey


class Upload(models.Model):
    """One file on its way in. The row is there before the first byte is.

    ``handle`` names the sealed object. ``source_key`` is the sender's own name for
    the recording the file belongs to, and ``name`` for the file. ``told`` is all
    the sender said, unknown keys included.
    """

    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    door = models.CharField(max_length=10)
    dock = models.ForeignKey(Dock, null=True, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    camera = models.ForeignKey(Camera, null=True, on_delete=models.PROTECT, db_index=False)
    who = models.CharField(max_length=100, blank=True, help_text="The wearer, as shown on arrival.")
    source_key = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    told = models.JSONField(default=dict)

    promised_size = models.BigIntegerField(null=True)
    promised_sha256 = models.CharField(max_length=64, blank=True)

    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in State], default=State.RECEIVING
    )
    reason = models.TextField(blank=True)
    received = models.BigIntegerField(default=0)
    rate = models.BigIntegerField(default=0, help_text="Bytes a second, lately.")
    sha256 = models.CharField(max_length=64, blank=True)
    md5 = models.CharField(max_length=32, blank=True)
    chunk_root = models.BinaryField(max_length=32, null=True)
    commitment = models.TextField(blank=True, help_text="The media commitment as CJ1.")
    media_root = models.BinaryField(max_length=32, null=True)
    no_clip_proofs = models.CharField(max_length=300, blank=True)

    kid = models.CharField(max_length=22)
    epoch = models.PositiveIntegerField()
    wrapped = models.BinaryField(max_length=40, help_text="Empty once an original has it.")

    began_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        """The dock board asks for what is moving, the protocols for a file by its name."""

        indexes = [
            models.Index(fields=["state", "-heard_at"]),
            models.Index(fields=["camera", "source_key", "name"]),
            models.Index(fields=["dock", "-heard_at"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> WrappedKey:
        """Return the wrapped data key of the sealed object."""
        return WrappedKey(kid=self.kid, epoch=self.epoch, wrapped=bytes(self.wrapped))
