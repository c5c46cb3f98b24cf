"""Tell Django about this room."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Deaths and serious injuries."""

    name = "custodes.incidents"
    verbose_name = "Incidents"
