"""Tell Django about this room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Complaints, requests and forms that concern footage."""

    name = "custodes.oversight"
    verbose_name = "Oversight"

    def ready(self) -> None:
        """Have rehearsals of deletion point out what is open in the register."""
        from custodes.oversight.touched import open_in_register  # noqa: PLC0415 - tables are there only now
        from custodes.retention.touched import ALSO  # noqa: PLC0415

        ALSO.append(open_in_register)
