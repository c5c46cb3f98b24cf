"""The categories every installation starts with; a force adds its own."""

from django.db import migrations

CATEGORIES = [
    ("non-evidential", "Nothing to keep"),
    ("test", "Test or accidental"),
    ("stop-search", "Stop and search"),
    ("use-of-force", "Use of force"),
    ("arrest", "Arrest"),
    ("domestic-abuse", "Domestic abuse"),
    ("traffic", "Traffic"),
    ("public-order", "Public order"),
    ("firearms", "Firearms deployment"),
    ("mental-health", "Mental health"),
    ("complaint", "Complaint expected"),
    ("other-evidence", "Other evidence"),
]


def add(apps, schema_editor):
    Category = apps.get_model("recordings", "Category")
    for order, (code, name) in enumerate(CATEGORIES):
        Category.objects.get_or_create(code=code, defaults={"name": name, "order": order})


class Migration(migrations.Migration):
    dependencies = [("recordings", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
