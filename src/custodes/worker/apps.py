"""Tell Django about this room."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Background work."""

    name = "custodes.worker"
    verbose_name = "Background work"
