"""Signing in: no public sign-up, every sign-in on the record."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from custodes.kernel.clock import now
from custodes.people.actions import note_sign_in
from custodes.web.viewer import DOOR

_PLAIN_TO_SEE = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class NoOpenDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by people who may; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - never, whoever asks
        """Say no."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:  # noqa: ANN401 - allauth's signature
        """Sign somebody in, all factors shown, and record it; unrecorded, nobody gets in."""
        by = user.as_viewer(DOOR).actor
        address = request.META.get("REMOTE_ADDR", "an address not known")
        note_sign_in(user, address=address, by=by, at=now())
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        """Sign somebody out; the answer tells the browser to forget the pictures it keeps."""
        super().logout(request)
        request.custodes_signed_out = True  # type: ignore[attr-defined]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,  # noqa: ANN401 - allauth's signature
        **kwargs: Any,  # noqa: ANN401 - the same
    ) -> None:
        """Say what happened; that somebody is signed in or out can be seen."""
        if message_template not in _PLAIN_TO_SEE:
            super().add_message(request, level, message_template, *args, **kwargs)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """What somebody is told when a second factor does not work: our words."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or no longer. Use the one your app shows now.",
        "cannot_delete_authenticator": "You may not go without a second factor here.",
        "cannot_generate_recovery_codes": "Set up an app or a key first.",
    }


def has_second_factor(request: HttpRequest) -> bool:
    """Say whether the person who is signed in has set up a second factor."""
    return bool(is_mfa_enabled(request.user))
