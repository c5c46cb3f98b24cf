"""The figures of a code, made of what is stored of it and this installation's secret.

Who reads the database, or a copy of it, learns no code from it: eight figures that were
only hashed would be found in a second.
"""

from __future__ import annotations

from django.utils.crypto import constant_time_compare, salted_hmac

from custodes.disclosure.models import AccessCode
from custodes.disclosure.rules.codes import DIGITS, in_figures

_SALT = "custodes.disclosure.code"


def figures_of(code: AccessCode) -> str:
    """Return the figures of a code, as its recipient types them."""
    made_of = f"{code.share.handle}/{code.nonce}"
    digest = salted_hmac(_SALT, made_of, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}}"


def is_right(code: AccessCode, typed: str) -> bool:
    """Say whether somebody typed this code; takes as long for a wrong one as for a right one."""
    return constant_time_compare(figures_of(code), in_figures(typed))
