"""Claim ``opened``: what is opened of the private parts is what was written then."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.kernel import cj1
from custodes.kernel.digest import sha256, unb64u
from custodes.ledger.entry import commitment_from
from custodes.package.statement import EntryShown
from custodes.verifier.claims import Claim, Making
from custodes.verifier.evidence import Evidence

_MOST = 65_535
_SALT = 16


class NotADisclosure(ValueError):
    """The bytes do not open a field."""


def check_opened(evidence: Evidence) -> Iterator[Claim]:
    """Say whether opened and withheld fields make the commitment; nothing when none are shown."""
    making = Making("opened")
    shown = [each for each in evidence.statement.entries if each.open or each.closed]
    if not shown:
        return
    try:
        fields = {each.index: [read_field(data) for data in each.open] for each in shown}
    except NotADisclosure as error:
        said = f"A field of a private part cannot be read: {error}."
        yield making.not_proven("opened.malformed", said)
        return
    for each in shown:
        names = [name for name, _ in fields[each.index]]
        if len(set(names)) != len(names) or not _fits(evidence, each):
            said = (
                f"What is shown of the private part of entry {each.index} is not what was written."
            )
            yield making.contradicted("opened.differs", said)
            return
    if not evidence.log_proven:
        yield making.without_log()
        return
    many, held = sum(map(len, fields.values())), sum(len(each.closed) for each in shown)
    said = f"All {many} opened fields say what was written at the time; {held} are withheld."
    yield making.proven("opened.as_written", said)


def read_field(data: bytes) -> tuple[str, str]:
    """Return name and value of an opened field; raises NotADisclosure."""
    try:
        value = cj1.loads(data, max_bytes=_MOST)
    except cj1.NotCanonical as error:
        raise NotADisclosure(str(error)) from None
    if not isinstance(value, list) or len(value) != 3:
        raise NotADisclosure("it has not three parts")
    salt, name, text = value
    if not (isinstance(salt, str) and isinstance(name, str) and isinstance(text, str)):
        raise NotADisclosure("a part is not a text")
    try:
        if len(unb64u(salt)) != _SALT:
            raise NotADisclosure("its salt is not 16 bytes")
    except ValueError as error:
        raise NotADisclosure(str(error)) from None
    return name, text


def fields_of(evidence: Evidence, index: int) -> dict[str, str] | None:
    """Return the opened fields of an entry; None when they are not what was written."""
    shown = next((each for each in evidence.statement.entries if each.index == index), None)
    if shown is None:
        return None
    try:
        fields = [read_field(data) for data in shown.open]
    except NotADisclosure:
        return None
    found = dict(fields)
    if (shown.open or shown.closed) and (len(found) != len(fields) or not _fits(evidence, shown)):
        return None
    return found


def _fits(evidence: Evidence, shown: EntryShown) -> bool:
    digests = [*shown.closed, *(sha256(each) for each in shown.open)]
    entry = evidence.entries.get(shown.index)
    return entry is not None and commitment_from(digests) == entry.body
