"""Tell Django about this room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Complaints, requests and forms that concern footage."""

    name = "custodes.oversight"
    verbose_name = "Oversight"
