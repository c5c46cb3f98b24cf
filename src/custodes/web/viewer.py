"""Who is asking, and whether their roles let them past this door."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from custodes.people.errors import NotAllowed
from custodes.people.rules import ROLE_NAMES, Permission, Viewer, roles_that_may

DOOR = "web"


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the person who asks. Their roles are read once a request."""
    viewer = getattr(request, "custodes_viewer", None)
    if viewer is None:
        viewer = request.user.as_viewer(DOOR)  # type: ignore[union-attr]  # signed in
        request.custodes_viewer = viewer  # type: ignore[attr-defined]
    return cast("Viewer", viewer)


def viewer_with(request: HttpRequest, permission: Permission) -> Viewer:
    """Return the person who asks, if a role of theirs carries the permission."""
    viewer = viewer_of(request)
    if not viewer.may(permission):
        roles = ", ".join(ROLE_NAMES[role] for role in roles_that_may(permission))
        raise NotAllowed(
            "None of your roles opens this page.",
            f"Nothing was changed. These roles open it: {roles}.",
        )
    return viewer
