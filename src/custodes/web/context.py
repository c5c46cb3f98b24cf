"""What every page shows around its own words: force, marking, navigation, what needs you."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

import custodes
from custodes.custody.guard import why_refused
from custodes.oversight.queries import may_keep_register
from custodes.oversight.scrutiny import has_scrutiny
from custodes.people.rules import Permission, Viewer
from custodes.web.needs import number_that_need
from custodes.web.viewer import viewer_of

_DENSITIES = {"comfortable", "compact"}


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another page."""

    label: str
    url: str
    current: bool = False


# What a job is called, where it begins, and who may go there.
_NAVIGATION: tuple[tuple[str, str, Permission | Callable[[Viewer], bool] | None], ...] = (
    ("Today", "today", None),
    ("Recordings", "recordings", Permission.SEARCH),
    ("Cases", "cases", Permission.SEE_CASES),
    ("Sharing", "shares", Permission.SEE_CASES),
    ("Incidents", "incidents", Permission.SEE_INCIDENTS),
    ("Keeping and deleting", "keeping", Permission.SEE_RETENTION),
    ("Complaints and requests", "register", may_keep_register),
    ("Inventory", "inventory", Permission.SEE_INVENTORY),
    ("Restricted", "restrictions", Permission.RESTRICT),
    ("Scrutiny panel", "scrutiny", has_scrutiny),
    ("Dock board", "docks", Permission.SEE_DOCKS),
    ("Cameras and docks", "cameras", Permission.SEE_DOCKS),
    ("Gaps", "gaps", Permission.SEE_GAPS),
    ("Things to return", "things", Permission.SEE_THINGS),
    ("The record", "record", Permission.SEE_LEDGER),
    ("Who did what", "log", Permission.READ_LOG),
    ("Erase old details", "forget", Permission.ERASE_DETAILS),
    ("People", "people", Permission.MANAGE_PEOPLE),
    ("Tokens of programs", "all-tokens", Permission.SEE_TOKENS),
)
_MENU = (("Password", "account_change_password"), ("Second factor", "mfa_index"),
         ("Where you are signed in", "usersessions_list"),
         ("Tokens for programs", "tokens"))  # fmt: skip


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a page needs, signed in or not."""
    config = settings.CUSTODES
    density = request.COOKIES.get("custodes_density", "")
    outside = {
        "force_name": config.force_name,
        "official_marking": config.marking,
        "demo": config.demo,
        "density": density if density in _DENSITIES else "comfortable",
        "version": custodes.__version__,
        "home_url": "/",
        "log_refuses": why_refused(),
        "footer_items": [Link("Check a package", reverse("check-package"))],
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return outside
    return outside | _inside(request, viewer_of(request))


def _inside(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    return {
        "nav_items": [
            Link(label, reverse(name), current=_is_under(request.path, reverse(name)))
            for label, name, permission in _NAVIGATION
            if _may_go(viewer, permission)
        ],
        "search_url": reverse("recordings") if viewer.may(Permission.SEARCH) else "",
        "needs_you_url": reverse("today"),
        "needs_you_count": _counted(viewer),
        "person_name": viewer.name,
        "person_menu": [Link(label, reverse(name)) for label, name in _MENU],
        "sign_out_url": reverse("account_logout"),
    }


def _may_go(viewer: Viewer, who: Permission | Callable[[Viewer], bool] | None) -> bool:
    if isinstance(who, Permission):
        return viewer.may(who)
    return who is None or who(viewer)


def _counted(viewer: Viewer) -> Callable[[], int]:
    """Return a count that is made only if the page shows it, and once."""
    return cache(lambda: number_that_need(viewer))


def _is_under(path: str, url: str) -> bool:
    return path == url if url == "/" else path == url or path.startswith(f"{url}/")
