"""Tell Django about this room."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """What is given to whom of a case."""

    name = "custodes.disclosure"
    verbose_name = "Disclosure"

    def ready(self) -> None:
        """Have rehearsals of deletion point out who waits for an answer."""
        from custodes.disclosure.touched import waiting_for_an_answer  # noqa: PLC0415 - tables are there only now
        from custodes.retention.touched import ALSO  # noqa: PLC0415

        ALSO.append(waiting_for_an_answer)
