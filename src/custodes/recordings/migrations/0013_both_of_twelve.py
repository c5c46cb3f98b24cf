from django.db import migrations


class Migration(migrations.Migration):
    """Two migrations were made at the same time; neither rests on the other."""

    dependencies = [
        ("recordings", "0012_clips"),
        ("recordings", "0012_known_by_key"),
    ]

    operations = []
