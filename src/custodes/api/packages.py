"""Packages of a case: what was made, make one, release it, take it away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from ninja import Router, Status
from pydantic import Field

from custodes.api.callers import Writer, viewer_of
from custodes.api.noting import make_sure_a_case_is_looked_at
from custodes.api.sending import ITS_BYTES, Sealed, past_the_end, send, wanted_of
from custodes.api.shown_packages import PackageInFull, Packages, PackageShown
from custodes.api.words import Cursor, Handle, Limit, Sent, Text, part_of
from custodes.cases.queries import case_for, case_to_work_on
from custodes.cases.rules.audiences import Audience
from custodes.disclosure.actions.build import Wanted, build
from custodes.disclosure.actions.hand_over import fetch_package, release_package
from custodes.disclosure.films import Asked
from custodes.disclosure.packages import package_for, packages_of
from custodes.disclosure.rules.content import Content
from custodes.kernel.clock import now
from custodes.people.rules import Permission

router = Router(tags=["Packages"])
_CASE = "/cases/{case}/packages"
_ONE = f"{_CASE}/{{package}}"


class PackageWanted(Sent):
    """For whom a package is, why they get it, and what of it is left to choose.

    ``extra`` are kinds of things that go only when they are asked for, ``without`` ids of
    clips, stills or files that stay out. ``passed_over`` says why it goes though a camera is
    not accounted for, where that is so; whoever gets it reads it.
    """

    audience: Audience
    recipient: Text
    organisation: Text
    because: Text
    extra: list[Content] = Field(default_factory=list, max_length=len(Content))
    without: list[Handle] = Field(default_factory=list, max_length=1000)
    passed_over: Text = ""


@router.get(_CASE, response=Packages)
def list_packages(
    request: HttpRequest, case: Handle, cursor: Cursor = "", limit: Limit = 50
) -> Packages:
    """List the packages that were made of a case."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    rows = packages_of(viewer, found)
    part, more = part_of(rows, lambda each: each.handle, cursor, limit)
    return Packages(packages=[PackageShown.of(each, now()) for each in part], next=more)


@router.post(_CASE, response={201: PackageInFull}, auth=Writer())
def make_package(request: HttpRequest, case: Handle, body: PackageWanted) -> Status[PackageInFull]:
    """Make the package of a case for somebody. Every byte is read: a large one takes a while.

    What is for the defence or the person in the footage waits until a second person releases it.
    """
    viewer = viewer_of(request)
    found = case_to_work_on(viewer, case, Permission.SHARE)
    wanted = Wanted(
        asked=Asked(body.audience, frozenset(body.extra), frozenset(body.without)),
        recipient=body.recipient,
        organisation=body.organisation,
        because=body.because,
        passed_over=body.passed_over,
    )
    return Status(201, PackageInFull.whole(build(viewer, found, wanted, at=now()), now()))


@router.get(_ONE, response=PackageInFull)
def show_package(request: HttpRequest, case: Handle, package: Handle) -> PackageInFull:
    """Show one package: for whom it is, what is in it, and whether it may be handed over."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    return PackageInFull.whole(package_for(viewer, found, package), now())


@router.post(f"{_ONE}/release", response=PackageInFull, auth=Writer())
def release_prepared(request: HttpRequest, case: Handle, package: Handle) -> PackageInFull:
    """Let a package go that somebody else prepared."""
    viewer = viewer_of(request)
    found = case_to_work_on(viewer, case, Permission.RELEASE)
    released = release_package(viewer, package_for(viewer, found, package), at=now())
    return PackageInFull.whole(released, now())


@router.get(f"{_ONE}/file", response=None, openapi_extra=ITS_BYTES)
def fetch_package_file(request: HttpRequest, case: Handle, package: Handle) -> HttpResponseBase:
    """Take a package away as a ZIP file, whole or by range: the same bytes each time.

    What one person fetches within an hour is one entry.
    """
    viewer = viewer_of(request)
    found = package_for(viewer, case_to_work_on(viewer, case, Permission.SHARE), package)
    ready = fetch_package(viewer, found, "as a ZIP file", at=now())
    sealed = Sealed(found.fingerprint, ready.size, "", f"{found.name}.zip")
    stretch = wanted_of(request, sealed, at_most=ready.size)
    if stretch is None:
        return past_the_end(sealed)
    return send(ready.pieces(stretch.start, stretch.end), sealed, stretch)
