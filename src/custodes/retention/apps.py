"""Tell Django about this room."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Keeping and disposing."""

    name = "custodes.retention"
    verbose_name = "Keeping and disposing"
