"""Tell Django about this door."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for people."""

    name = "custodes.web"
    verbose_name = "Pages"
