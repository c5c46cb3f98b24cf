"""Categories, and who put a recording in which, until somebody else agreed. Part of models.py."""

from __future__ import annotations

from django.db import models

from custodes.people.models import Person


class Category(models.Model):
    """What a recording is of. ``code`` goes to the cameras and into entries."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100)
    is_offered = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class CategoryChange(models.Model):
    """That a person put a recording in another category. ``before`` is empty for none.

    ``settled_at`` is when a second person agreed to it, with all changes before it: whoever
    made one of those that are not settled may not agree. Never deleted.
    """

    recording = models.ForeignKey(
        "recordings.Recording", on_delete=models.PROTECT, related_name="category_changes"
    )
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """In the order they were made."""

        ordering = ["id"]
