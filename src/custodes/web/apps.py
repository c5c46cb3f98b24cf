"""Tell Django about this door."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for people."""

    name = "custodes.web"
    verbose_name = "Pages"

    def ready(self) -> None:
        """Have changes of passwords and second factors recorded."""
        from custodes.web.account_changes import listen  # noqa: PLC0415 - the apps are there only now

        listen()
