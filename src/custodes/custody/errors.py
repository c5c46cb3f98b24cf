"""How the custody record refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class NotInATransaction(Refused):
    """An entry was to be written apart from the act it records."""

    advice = "Do the act and record it in one transaction.atomic block."

    def __init__(self, kind: str) -> None:
        super().__init__(f"The entry {kind} was refused: it must commit together with its act.")


class ErasureRefused(Refused):
    """Details of old entries were to be erased and may not be, or not by this person."""

    advice = "Nothing was erased."


class LogBehind(Refused):
    """The database is older than what was published of the log: appending would fork it."""

    advice = (
        "Nothing was changed. Run custodes doctor at the server, then custodes ledger recover "
        "--from-mirror, or custodes ledger successor if there is no mirror."
    )
