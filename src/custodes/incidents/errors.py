"""How the procedure after a death or serious injury refuses."""

from __future__ import annotations

from custodes.kernel.errors import Refused


class DeclarationRefused(Refused):
    """A death or serious injury cannot be declared like this."""

    advice = "Nothing was declared, held or locked. Correct it and try again."


class ProcedureRefused(Refused):
    """The procedure does not allow this step now."""

    advice = "Nothing was changed, and nobody was let in."
