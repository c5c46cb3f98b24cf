"""Tell Django about this room."""

from django.apps import AppConfig


class FleetConfig(AppConfig):
    """Cameras and docks."""

    name = "custodes.fleet"
    verbose_name = "Fleet"
