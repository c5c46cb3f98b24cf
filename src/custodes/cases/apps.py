"""Tell Django about this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases."""

    name = "custodes.cases"
    verbose_name = "Cases"
