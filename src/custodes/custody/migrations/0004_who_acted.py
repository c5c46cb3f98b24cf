from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0003_tiles"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="erased_in",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="who",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("who__isnull", False)),
                fields=["who", "index"],
                name="entry_by_who",
            ),
        ),
    ]
