"""What is not deleted is listed and counted without walking past what is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recordings", "0006_disposed")]

    operations = [
        migrations.RemoveIndex(model_name="recording", name="recording_of_team"),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
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
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                fields=["-started_at", "-id", "seconds"],
                condition=models.Q(("state", "disposed"), _negated=True),
                name="recording_not_deleted",
            ),
        ),
    ]
