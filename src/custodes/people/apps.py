"""Tell Django about this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, teams and roles."""

    name = "custodes.people"
    verbose_name = "People"
