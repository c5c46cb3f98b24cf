"""Signing in: no public sign-up, every sign-in on the record."""

from __future__ import annotations

import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.urls import reverse

from custodes.kernel.clock import now
from custodes.people.actions import note_sign_in
from custodes.people.address import address_of
from custodes.web.viewer import DOOR

# Who showed who they are so long ago is asked once more before what a thief would do first.
_SECONDS = 300
_PLAIN_TO_SEE = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class NoOpenDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by people who may; nobody makes their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - never, whoever asks
        """Say no."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:  # noqa: ANN401 - allauth's signature
        """Sign somebody in, all factors shown, and record it; unrecorded, nobody gets in."""
        by = user.as_viewer(DOOR).actor
        note_sign_in(user, address=address_of(request), by=by, at=now())
        super().login(request, user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return by what wrong passwords are counted: else all behind a proxy were one."""
        return address_of(request)

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


def where_to_show_it_again(request: HttpRequest) -> str:
    """Return where somebody shows once more who they are; empty if they just did.

    Whoever has a second factor shows that: a password that was seen is not enough.
    """
    second = has_second_factor(request)
    records = get_authentication_records(request, request.user)
    fresh = [each for each in records if time.time() - each["at"] < _SECONDS]
    if any(not second or each["method"] == "mfa" for each in fresh):
        return ""
    ways = [each["url"] for each in NoOpenDoor().get_reauthentication_methods(request.user)]
    password = reverse("account_reauthenticate")
    page = next((each for each in ways if each != password), password) if second else password
    return f"{page}?{urlencode({'next': request.path})}"
