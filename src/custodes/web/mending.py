"""What is refused and can be mended stands in the form that asked, with all that was filled in."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from custodes.cases.errors import CaseRefused
from custodes.disclosure.errors import PackageRefused, ShareRefused
from custodes.incidents.errors import DeclarationRefused
from custodes.oversight.errors import RegisterRefused
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.retention.errors import HoldRefused, LossRefused, ProceedingsRefused, ReviewRefused

_MAY_BE_MENDED = (
    CaseRefused, DeclarationRefused, HoldRefused, LossRefused, NeedsAReason, PackageRefused,
    ProceedingsRefused, RegisterRefused, ReviewRefused, ShareRefused, Unusable,
)  # fmt: skip


def tried(form: forms.Form, act: Callable[[], object]) -> bool:
    """Do it, and say whether it was done; a refusal that can be mended stands in the form."""
    try:
        act()
    except _MAY_BE_MENDED as refused:
        form.add_error(None, refused.in_full())
        return False
    return True
