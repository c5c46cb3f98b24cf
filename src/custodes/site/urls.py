"""Every address people use: our pages, and those of allauth's that an account here needs.

Nothing that works by e-mail is among them: accounts have no address, and a reset
link in a mailbox would be a way in that no rule of ours guards.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from allauth.account import views as account
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path

View = Callable[..., HttpResponseBase]


def _whole(view: View) -> View:
    """Let what a form changes, and the entry about it, be one transaction."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return answer


def _all_whole(addresses: Iterable[URLPattern | URLResolver]) -> None:
    for each in addresses:
        if isinstance(each, URLResolver):
            _all_whole(each.url_patterns)
        else:
            each.callback = _whole(each.callback)


_ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # says that there is none
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", _whole(account.password_change), name="account_change_password"),
    path("password/set/", _whole(account.password_set), name="account_set_password"),
]

_SECOND_FACTORS = path("account/second-factor/", include("allauth.mfa.urls"))
_all_whole([_SECOND_FACTORS])

urlpatterns = [
    path("", include("custodes.web.urls")),
    path("", include("custodes.api.urls")),
    path("account/", include(_ACCOUNT)),
    _SECOND_FACTORS,
    path("account/sessions/", include("allauth.usersessions.urls")),
]
