from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0006_leaner_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="head",
            name="chained",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        # Until now the ends were written with every entry.
        migrations.RunSQL(
            "UPDATE custody_head SET chained = size", reverse_sql=migrations.RunSQL.noop
        ),
    ]
