"""Tell Django about this room."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """The custody record."""

    name = "custodes.custody"
    verbose_name = "Custody"
