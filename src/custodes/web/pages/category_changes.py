"""The changes of category that wait for a second person."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custodes.people.rules import Permission
from custodes.retention.category_changes import changes_of, changes_that_wait
from custodes.web.viewer import viewer_with

_A_PAGE = 50


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits, of what the viewer may know of; it is agreed to on each one's own page."""
    viewer = viewer_with(request, Permission.AGREE_CATEGORY)
    page = Paginator(changes_that_wait(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "changes": changes_of(viewer, list(page))}
    return render(request, "custodes/category_changes.html", context)
