from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0006_receipt"),
    ]

    operations = [
        migrations.AddField(
            model_name="share",
            name="calls",
            field=models.JSONField(default=dict, help_text="What networks tried within the day."),
        ),
    ]
