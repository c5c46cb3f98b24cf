"""Passwords and second factors, changed by their owners: always on the record.

The pages are allauth's, and its signals are the one place where it says what it did.
Each change and its entry are one transaction (site/urls), so that a change that cannot
be recorded is not made.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.signals import password_changed, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

from custodes.kernel.clock import now
from custodes.people.actions import note_own_change
from custodes.web.viewer import DOOR

_FACTORS: Final = {
    Authenticator.Type.TOTP: "an authenticator app",
    Authenticator.Type.WEBAUTHN: "a security key or device",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def listen() -> None:
    """Record what allauth says it changed."""
    password_changed.connect(_password, dispatch_uid="custodes.password_changed")
    password_set.connect(_password, dispatch_uid="custodes.password_set")
    authenticator_added.connect(_added, dispatch_uid="custodes.factor_added")
    authenticator_removed.connect(_removed, dispatch_uid="custodes.factor_removed")
    authenticator_reset.connect(_renewed, dispatch_uid="custodes.factor_renewed")


def _password(user: Any, **_: object) -> None:  # noqa: ANN401 - allauth's signature
    _note(user, "the password was changed")


def _added(user: Any, authenticator: Authenticator, **_: object) -> None:  # noqa: ANN401
    _note(user, f"{_named(authenticator)} may be used to sign in")


def _removed(user: Any, authenticator: Authenticator, **_: object) -> None:  # noqa: ANN401
    _note(user, f"{_named(authenticator)} may no longer be used to sign in")


def _renewed(user: Any, authenticator: Authenticator, **_: object) -> None:  # noqa: ANN401
    _note(user, f"{_named(authenticator)} were made anew")


def _named(authenticator: Authenticator) -> str:
    return _FACTORS.get(authenticator.type, "a second factor")


def _note(user: Any, change: str) -> None:  # noqa: ANN401
    note_own_change(user, change, by=user.as_viewer(DOOR).actor, at=now())
