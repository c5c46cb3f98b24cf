"""The custody log as tables: entries, the end of each subject's chain, tiles, body keys."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One entry of the log. Written once by :func:`actions.record`, never changed.

    ``data`` is the public entry (CJ1, the leaf). ``body`` is the private body,
    sealed under the month's body key. ``who`` is a mark by which one person's entries
    are found (:mod:`who_acted`). When the details are erased, body and mark are gone
    and ``erased_in`` is the index of the entry that says so.
    """

    index = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=22)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.BinaryField()
    leaf = models.BinaryField(max_length=32)
    body = models.BinaryField()
    # No index: it would be written with every entry, and is asked for once in a year.
    body_key = models.ForeignKey("BodyKey", on_delete=models.PROTECT, db_index=False)
    who = models.BinaryField(max_length=16, null=True)
    erased_in = models.BigIntegerField(null=True)

    class Meta:
        """No two entries of one subject may carry the same number."""

        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="entry_once_per_number")
        ]
        indexes = [
            models.Index(fields=["kind", "index"]),
            models.Index(
                fields=["who", "index"],
                condition=models.Q(who__isnull=False),
                name="entry_by_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class Head(models.Model):
    """The end of the log: how many entries, and the time of the last.

    ``refused`` says why nothing is appended, if something outside showed the log to be
    older than it was (:mod:`guard`). ``chained`` says how many of the entries :class:`Chain`
    knows of.
    """

    size = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=600, blank=True, default="", db_default="")
    chained = models.BigIntegerField(default=0, db_default=0)


class Chain(models.Model):
    """The end of one subject's chain, as of ``Head.chained``: the next number, the last leaf.

    For the census (:mod:`chains`); acts find the end in the entries.
    """

    subject = models.CharField(max_length=22, primary_key=True)
    next_number = models.PositiveIntegerField(default=0)
    leaf = models.BinaryField(max_length=32, null=True)


class Tile(models.Model):
    """Hashes of the log's tree, as :mod:`custodes.ledger.tiles` has them, packed.

    Level 0 has full tiles only: the leaf hashes that make no full one yet stand in
    the entries. The last tile of a higher level grows until it is full; a full
    one is never written again.
    """

    pk = models.CompositePrimaryKey("level", "number")
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)


class BodyKey(models.Model):
    """The wrapped key that seals the bodies of one month."""

    month = models.CharField(max_length=7, unique=True)
    kid = models.CharField(max_length=22, unique=True)
    epoch = models.PositiveIntegerField()
    wrapped = models.BinaryField(max_length=40)


class CensusBlock(models.Model):
    """Up to 256 leaves of a census, in the order of their handles; kept for the newest ones.

    ``census`` is the index of the census's entry, ``first`` the handle of the first
    leaf and ``root`` the root over the block.
    """

    census = models.BigIntegerField()
    number = models.PositiveIntegerField()
    first = models.CharField(max_length=22)
    root = models.BinaryField(max_length=32)
    leaves = models.BinaryField()

    class Meta:
        """One block at each place of a census."""

        constraints = [
            models.UniqueConstraint(fields=["census", "number"], name="census_block_once")
        ]


class PublishedCheckpoint(models.Model):
    """A checkpoint of the log: its three lines and the lines its own keys signed.

    ``closes`` is the day whose last entry it covers, for one checkpoint a day.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()
    closes = models.DateField(null=True, unique=True)

    def __str__(self) -> str:
        return f"{self.size}"


class Cosignature(models.Model):
    """The lines with which one witness cosigned a checkpoint, and the time they state."""

    checkpoint = models.ForeignKey(PublishedCheckpoint, on_delete=models.PROTECT)
    witness = models.CharField(max_length=255)
    lines = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """A witness cosigns a checkpoint once."""

        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosigned_once")
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.witness}"


class Token(models.Model):
    """An RFC 3161 answer over a checkpoint's note, as the authority sent it (DER)."""

    checkpoint = models.ForeignKey(PublishedCheckpoint, on_delete=models.PROTECT)
    authority = models.CharField(max_length=255)
    answer = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        """An authority stamps a checkpoint once."""

        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "authority"], name="stamped_once")
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.authority}"


class Outsider(models.Model):
    """A witness or timestamp authority: when it last vouched, and what went wrong since.

    ``size`` is where a witness has last seen the log, as far as it told us.
    """

    name = models.CharField(max_length=255, primary_key=True)
    vouched_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name
