"""Every address people use: our pages, and those of allauth's that an account here needs.

Nothing that works by e-mail is among them: accounts have no address, and a reset
link in a mailbox would be a way in that no rule of ours guards.
"""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

_ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # says that there is none
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
]

urlpatterns = [
    path("", include("custodes.web.urls")),
    path("account/", include(_ACCOUNT)),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
