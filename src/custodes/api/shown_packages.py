"""Packages as this door shows them: for whom each is, what is in it, and whether it may go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ninja import Schema

from custodes.cases.rules.audiences import Audience

if TYPE_CHECKING:
    from custodes.disclosure.models import Package


class PackageShown(Schema):
    """A package for one recipient; ``fingerprint`` is the SHA-256 of its last list.

    ``waits``: a second person has yet to release it. ``over``: it has to be made again.
    """

    id: str
    case: str
    urn: str
    audience: Audience
    recipient: str
    organisation: str
    because: str
    passed_over: str
    waits: bool
    over: bool
    until: datetime
    size: int
    fingerprint: str
    made_by: str
    made_at: datetime
    released_by: str
    released_at: datetime | None
    fetched_by: str
    fetched_at: datetime | None

    @classmethod
    def of(cls, package: Package, at: datetime) -> PackageShown:
        """Return a package as it is shown at a moment."""
        return cls(
            id=package.handle,
            case=package.case.handle,
            urn=str(package.case),
            audience=Audience(package.audience),
            recipient=package.recipient,
            organisation=package.organisation,
            because=package.because,
            passed_over=package.passed_over,
            waits=package.waits,
            over=package.is_over(at),
            until=package.until,
            size=package.size,
            fingerprint=package.fingerprint,
            made_by=package.made_by,
            made_at=package.made_at,
            released_by=package.released_by,
            released_at=package.released_at,
            fetched_by=package.fetched_by,
            fetched_at=package.fetched_at,
        )


class Packages(Schema):
    """A part of the packages that were made of a case, the newest first."""

    packages: list[PackageShown]
    next: str


class PackedFile(Schema):
    """One file of a package, as it is called below the folder of it."""

    path: str
    size: int


class PackageInFull(PackageShown):
    """A package with the files in it."""

    files: list[PackedFile]

    @classmethod
    def whole(cls, package: Package, at: datetime) -> PackageInFull:
        """Return a package with everything that is in it."""
        files = [
            PackedFile(path=path.partition("/")[2], size=size) for path, size, *_ in package.lists
        ]
        return cls(**PackageShown.of(package, at).dict(), files=files)
