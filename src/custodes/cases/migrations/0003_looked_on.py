"""When somebody last looked whether the recordings of a case are still needed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_clips"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="looked_on",
            field=models.DateField(null=True),
        ),
    ]
