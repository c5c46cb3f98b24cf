"""Release a package that was prepared, and hand it over: each time on the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from custodes.cases.actions.working import locked_case, locked_recordings
from custodes.cases.queries import case_to_work_on
from custodes.cases.rules.audiences import Audience
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import PackageFetched, PackageReleased
from custodes.custody.events.kind import Event
from custodes.disclosure.checks import open_lines
from custodes.disclosure.errors import PackageRefused
from custodes.disclosure.keeping_back import why_not_handed
from custodes.disclosure.models import Package
from custodes.disclosure.packages import package_for, parcel_of
from custodes.disclosure.rules.gate import first_in_the_way
from custodes.disclosure.rules.lines import OF_THE_CASE
from custodes.package.sending import Parcel
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.recipients import Given, note_recipient

#: A download that goes on within this time is the same as before.
_SAME: Final = timedelta(hours=1)


@transaction.atomic
def release_package(viewer: Viewer, package: Package, *, at: datetime) -> Package:
    """Let what somebody else prepared be handed over; raises PackageRefused or NotAllowed."""
    locked_case(viewer, Permission.RELEASE, package.case)
    package_for(viewer, package.case, package.handle)
    package = Package.objects.select_for_update().get(pk=package.pk)
    if not package.waits:
        raise PackageRefused("This does not wait to be released.", "Nothing was changed.")
    if not viewer.person or package.maker_id == viewer.person:
        raise PackageRefused(
            "Whoever prepares a package does not release it, too.",
            "Nothing was released. Ask another disclosure officer of the case.",
        )
    _make_sure_it_may_go(package, "Nothing was released.", at=at)
    # A camera may have come up since, and what was passed over for no reason stays: the
    # recipient would not read of it.
    lines = open_lines(viewer, package.case, (), Audience(package.audience))
    of_the_case = [line for line in lines if line.check in OF_THE_CASE]
    if why := first_in_the_way(of_the_case, package.passed_over):
        raise PackageRefused(why, "Nothing was released. Put it right, or make it again.")
    locked_recordings(each.recording for each in package.holds.select_related("recording"))
    package.released_at, package.released_by = at, viewer.name
    package.save(update_fields=["released_at", "released_by"])
    said = PackageReleased(str(package.case), package.handle, str(package))
    _tell(viewer, package, said, at=at)
    note_given(package, at=at)
    return package


@transaction.atomic
def fetch_package(
    viewer: Viewer, package: Package, how: str, *, at: datetime, anew: bool = False
) -> Parcel:
    """Return a package ready to be sent, and put on record that it is taken away.

    The same person going on within the hour makes no second entry, but for what is made
    ``anew`` each time: encrypted, it cannot go on. Raises PackageRefused
    for one that waits, is over, or holds what is kept back or became sensitive since.
    """
    case_to_work_on(viewer, package.case.handle, Permission.SHARE)
    package_for(viewer, package.case, package.handle)
    package = Package.objects.select_for_update().get(pk=package.pk)
    if package.waits:
        raise PackageRefused("It waits for a second person.", "Nothing was handed over.")
    _make_sure_it_may_go(package, "Nothing was handed over.", at=at)
    parcel = parcel_of(package)
    # Taken away encrypted and then not is twice.
    name = f"{viewer.name[:88]}, encrypted" if anew else viewer.name
    last, whoever = (package.fetcher_id, package.fetched_by), (viewer.person or None, name)
    going_on = package.fetched_at is not None and at - package.fetched_at < _SAME
    if anew or not (going_on and last == whoever):
        package.fetched_at, (package.fetcher_id, package.fetched_by) = at, whoever
        package.save(update_fields=["fetched_at", "fetched_by", "fetcher"])
        said = PackageFetched(str(package.case), package.handle, str(package), how)
        _tell(viewer, package, said, at=at)
    return parcel


def note_given(package: Package, *, at: datetime) -> None:
    """Put the recipient on the list of each recording, for when it changes (RET-15)."""
    for each in package.holds.select_related("recording"):
        what = f"{each.files} files of it, in a package of case {package.case}"
        note_recipient(each.recording, Given(str(package)[:200], what), at=at)


def forget_papers(*, at: datetime) -> int:
    """Drop the papers of packages whose time is over, and return of how many.

    They can be made again from the record; who was given what stays.
    """
    over = Package.objects.filter(until__lte=at).exclude(papers=None)
    return over.update(papers=None)


def _make_sure_it_may_go(package: Package, otherwise: str, *, at: datetime) -> None:
    if why := why_not_handed(package):
        raise PackageRefused(f"Something in it: {why}", f"{otherwise} Make it again.")
    if package.is_over(at):
        raise PackageRefused("It was made too long ago.", f"{otherwise} Make it again.")


def _tell(viewer: Viewer, package: Package, event: Event, *, at: datetime) -> None:
    handles = package.holds.values_list("recording__handle", flat=True)
    subjects = [package.case.handle, *handles]
    record_all((Happening(event, subject) for subject in subjects), by=viewer.actor, at=at)
