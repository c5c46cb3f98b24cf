"""Forget the notes that never ask again: the next rehearsal makes them anew.

A hold that ends on its day, and a clock that runs ahead, used to be noted like that.
"""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("retention", "Outlook").objects.filter(due_at=None, verdict="keep").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0011_restrictions"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
