"""The tiles of the log's tree, made for the entries that are there already."""

from itertools import islice

from django.db import migrations, models

from custodes.ledger.growing import grown_by

# A multiple of 256, so that only the last time leaves a tile unfinished.
AT_ONCE = 65_536


def fill(apps, schema_editor):
    Entry, Tile = apps.get_model("custody", "Entry"), apps.get_model("custody", "Tile")

    class Stored:
        def tile(self, tile):
            found = Tile.objects.get(level=tile.level, number=tile.number)
            return bytes(found.hashes)[: tile.width * 32]

    leaves = Entry.objects.order_by("index").values_list("leaf", flat=True).iterator(8192)
    size = 0
    while some := [bytes(leaf) for leaf in islice(leaves, AT_ONCE)]:
        for tile, hashes in grown_by(Stored(), size, some):
            Tile.objects.update_or_create(
                level=tile.level, number=tile.number, defaults={"hashes": hashes}
            )
        size += len(some)


class Migration(migrations.Migration):
    dependencies = [("custody", "0002_census")]

    operations = [
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField(max_length=8192)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
