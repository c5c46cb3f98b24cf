"""Tell Django about this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Arrival of footage."""

    name = "custodes.intake"
    verbose_name = "Intake"
