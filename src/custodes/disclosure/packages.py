"""Packages that were made: found again, and sent again with the same bytes.

Films are read from the vault each time; the papers and proofs are kept as they were made,
since the log has gone on meanwhile.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from custodes.cases.models import Case
from custodes.cases.queries import cases_for
from custodes.disclosure.errors import PackageRefused
from custodes.disclosure.models import Package
from custodes.kernel.errors import NotFound
from custodes.package.sending import Member, Parcel
from custodes.people.rules import Viewer
from custodes.recordings.models import Copy, Original
from custodes.recordings.queries import recordings_for
from custodes.recordings.reading import open_copy, open_original
from custodes.vault.sealed import SealedReader

#: How long a package can be fetched before it has to be made again.
DAYS_KEPT: Final = 14
_PAPER, _COPY, _ORIGINAL = "paper", "copy", "original"


def packages_of(viewer: Viewer, case: Case) -> list[Package]:
    """Return the packages that were made of a case, newest first; of all it holds is known."""
    found = Package.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk))
    # What a package is made of can be megabytes, and no list shows it.
    found = found.select_related("case").prefetch_related("holds").defer("lists", "papers")
    return [each for each in found if _is_known(viewer, each)]


def package_for(viewer: Viewer, case: Case, handle: str) -> Package:
    """Return one package of a case, if this person may know all that is in it."""
    found = next((each for each in packages_of(viewer, case) if each.handle == handle), None)
    if found is None:
        raise NotFound("There is no such package.")
    return found


def _is_known(viewer: Viewer, package: Package) -> bool:
    keys = {each.recording_id for each in package.holds.all()}
    return recordings_for(viewer).filter(pk__in=keys).count() == len(keys)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The bytes of an original or a copy, read from the vault each time they are asked for."""

    of: Original | Copy

    def __iter__(self) -> Iterator[bytes]:
        with self._open() as reader:
            yield from reader.pieces(0, reader.size)

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to before ``end``."""
        with self._open() as reader:
            yield from reader.pieces(start, end)

    def _open(self) -> SealedReader:
        return open_copy(self.of) if isinstance(self.of, Copy) else open_original(self.of)


def kept(parcel: Parcel) -> tuple[list[list[Any]], bytes]:
    """Return what is kept of a package: its files in order, and its papers, packed."""
    papers, lists = bytearray(), []
    for member in parcel.members:
        content = member.content
        if isinstance(content, Sealed):
            kind = _COPY if isinstance(content.of, Copy) else _ORIGINAL
            where: str | int = content.of.handle
        else:
            kind, where = _PAPER, len(papers)
            for piece in content:
                papers += piece
        lists.append([member.path, member.size, member.crc, kind, where])
    return lists, zlib.compress(papers)


def parcel_of(package: Package) -> Parcel:
    """Return a package ready to be sent again; raises PackageRefused when it cannot be."""
    if package.papers is None:
        raise PackageRefused("It was made too long ago.", "Make it again.")
    papers = memoryview(zlib.decompress(bytes(package.papers)))
    films = _films(package)
    return Parcel.again(
        tuple(_member(each, papers, films) for each in package.lists), package.made_at
    )


def _member(listed: list[Any], papers: memoryview, films: dict[str, Sealed]) -> Member:
    path, size, crc, kind, where = listed
    if kind == _PAPER:
        return Member(path, (bytes(papers[where : where + size]),), size, crc)
    if where not in films:
        raise PackageRefused("A film in it was deleted since.", "Make it again without that film.")
    return Member(path, films[where], size, crc)


def _films(package: Package) -> dict[str, Sealed]:
    named: dict[str, set[str]] = {_COPY: set(), _ORIGINAL: set()}
    for *_, kind, where in package.lists:
        if kind != _PAPER:
            named[kind].add(where)
    copies = Copy.objects.filter(handle__in=named[_COPY])
    found = {each.handle: Sealed(each) for each in copies.select_related("original__recording")}
    for original in Original.objects.filter(handle__in=named[_ORIGINAL]):
        found[original.handle] = Sealed(original)
    return found
