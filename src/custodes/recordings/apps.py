"""Tell Django about this room."""

from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    """Recordings."""

    name = "custodes.recordings"
    verbose_name = "Recordings"
