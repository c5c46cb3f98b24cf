from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="who",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The wearer, as shown on arrival.",
                max_length=100,
            ),
            preserve_default=False,
        )
    ]
