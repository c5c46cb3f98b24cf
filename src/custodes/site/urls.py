"""Every address people use: our pages, and allauth's for signing in."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("custodes.web.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
