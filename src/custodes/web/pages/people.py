"""People with accounts, for those who look after them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.people.actions import add_person, set_roles
from custodes.people.errors import AccountRefused
from custodes.people.queries import people_for, person_for
from custodes.people.rules import Permission, Role
from custodes.web.forms import PersonForm, RolesForm
from custodes.web.viewer import viewer_with


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List everybody with an account."""
    viewer = viewer_with(request, Permission.MANAGE_PEOPLE)
    return render(request, "custodes/people.html", {"people": people_for(viewer)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    viewer = viewer_with(request, Permission.MANAGE_PEOPLE)
    form = PersonForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = add_person(
                given["username"],
                given["name"],
                [Role(role) for role in given["roles"]],
                password=given["password"],
                collar_number=given["collar_number"],
                team=given["team"],
                by=viewer.actor,
                at=now(),
            )
        except AccountRefused as refused:
            form.add_error(None, refused.in_full())
        else:
            messages.success(request, f"{person.name} can sign in as {person.username}.")
            return redirect("people")
    status = 400 if form.errors else 200
    return render(request, "custodes/person_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, handle: str) -> HttpResponse:
    """Change which roles somebody holds."""
    viewer = viewer_with(request, Permission.MANAGE_PEOPLE)
    person = person_for(viewer, handle)
    form = RolesForm(request.POST or None, initial={"roles": sorted(person.roles())})
    if request.method == "POST" and form.is_valid():
        try:
            set_roles(
                person,
                [Role(role) for role in form.cleaned_data["roles"]],
                by=viewer.actor,
                at=now(),
            )
        except AccountRefused as refused:
            form.add_error(None, refused.in_full())
        else:
            messages.success(request, f"The roles of {person.name} were changed.")
            return redirect("people")
    context = {"form": form, "person": person}
    return render(request, "custodes/person.html", context, status=400 if form.errors else 200)
