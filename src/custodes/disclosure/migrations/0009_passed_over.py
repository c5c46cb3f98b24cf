"""Why a package goes with a camera not accounted for, and whose account last took it away."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("disclosure", "0008_sitting_code"),
    ]

    operations = [
        migrations.AddField(
            model_name="package",
            name="passed_over",
            field=models.CharField(
                blank=True,
                help_text="Why, though a camera was not accounted for.",
                max_length=1000,
            ),
        ),
        migrations.AddField(
            model_name="package",
            name="fetcher",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
