"""Tell Django about this room."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """What is given to whom of a case."""

    name = "custodes.disclosure"
    verbose_name = "Disclosure"
