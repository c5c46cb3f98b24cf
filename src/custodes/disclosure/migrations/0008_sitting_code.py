import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0007_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitting",
            name="code",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="disclosure.accesscode",
            ),
        ),
    ]
