"""Exhibits and schedules as rows that other programs read: CSV and JSON.

The exhibit record of the Crown Prosecution Service has Item, Reference and Producer,
and the number of a document's type (its published programs, CPS-Innovation/Polaris).
What is written is read again to the same rows; a type that is not in the list is
refused, in writing as in reading. These are aids for data entry, not official forms.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import IntEnum
from typing import Any


class DocumentType(IntEnum):
    """The types of documents, by the numbers the CPS knows them by."""

    MG5 = 1006
    MG6 = 1007
    MG6C = 1009
    MG6D = 1010
    MG6E = 1011
    MG12 = 1019
    OTHER_EXHIBIT = 1030
    MG11 = 1031
    MG3 = 1034
    ABE = 1201
    STREAMLINED_DISCLOSURE_CERTIFICATE = 1202


#: What somebody may make of a recording, of all of them.
TYPE_NAMES = {
    DocumentType.OTHER_EXHIBIT: "exhibit",
    DocumentType.ABE: "achieving best evidence interview",
}
_FORMAT = "custodes-exhibits/v1"


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """One exhibit of the record. ``producer_id`` is the witness's number there, if known."""

    item: str
    reference: str
    producer: str
    document_type: DocumentType
    producer_id: str = ""


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """One row of a schedule of unused material: what it is, and who looked at it."""

    recording: str
    officer: str
    start: str
    end: str
    place: str
    description: str
    reviewed_by: str
    reviewed_at: str
    reason: str = ""


_HEADINGS = {
    "item": "Item",
    "reference": "Reference",
    "producer": "Producer",
    "document_type": "Document type id",
    "producer_id": "Existing producer or witness id",
}
_UNUSED_HEADINGS = {
    "recording": "Recording",
    "officer": "Officer",
    "start": "Start",
    "end": "End",
    "place": "Place",
    "description": "Description",
    "reviewed_by": "Reviewed by",
    "reviewed_at": "Reviewed",
    "reason": "Reason for sensitivity",
}


def exhibits_csv(rows: Iterable[ExhibitRow]) -> str:
    """Return exhibits as CSV (RFC 4180), one line each under a line of headings."""
    return _csv(_HEADINGS, (_exhibit(row) for row in rows))


def exhibits_json(urn: str, rows: Iterable[ExhibitRow]) -> str:
    """Return exhibits as JSON, under the same names as the CSV's."""
    named = [{_HEADINGS[name]: value for name, value in _exhibit(row).items()} for row in rows]
    value = {"format": _FORMAT, "urn": urn, "exhibits": named}
    return json.dumps(value, ensure_ascii=False, indent=1)


def read_exhibits_csv(text: str) -> list[ExhibitRow]:
    """Read exhibits back; raises ValueError for other headings or an unknown type."""
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if list(lines.fieldnames or ()) != list(_HEADINGS.values()):
        raise ValueError("the first line does not have the headings of an exhibit record")
    return [_read({name: _bare(value) for name, value in line.items()}) for line in lines]


def read_exhibits_json(text: str) -> list[ExhibitRow]:
    """Read exhibits back; raises ValueError for another format or an unknown type."""
    value = json.loads(text)
    if not isinstance(value, dict) or value.get("format") != _FORMAT:
        raise ValueError(f"this is not {_FORMAT}")
    return [_read(each) for each in value["exhibits"]]


def unused_csv(rows: Iterable[UnusedRow], *, sensitive: bool) -> str:
    """Return a schedule as CSV; only the sensitive one has a column for why it is."""
    names = {k: v for k, v in _UNUSED_HEADINGS.items() if sensitive or k != "reason"}
    return _csv(names, ({n: v for n, v in asdict(row).items() if n in names} for row in rows))


def _exhibit(row: ExhibitRow) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {**values, "document_type": int(_known(row.document_type))}


def _read(line: Mapping[str, Any]) -> ExhibitRow:
    values = {name: line[heading] for name, heading in _HEADINGS.items()}
    return ExhibitRow(**{**values, "document_type": _known(values["document_type"])})


def _known(number: object) -> DocumentType:
    try:
        return DocumentType(int(str(number)))
    except ValueError:
        raise ValueError(f"{number} is not a type of document the CPS knows") from None


def _csv(headings: Mapping[str, str], lines: Iterable[Mapping[str, Any]]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(headings.values())
    writer.writerows([_safe(str(line[name])) for name in headings] for line in lines)
    return written.getvalue()


# A spreadsheet takes a cell that begins so for a formula, and would run it. An
# apostrophe before it says that it is text; reading takes that off again.
_FORMULA: Sequence[str] = ("=", "+", "-", "@", "\t", "\r", "'")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(tuple(_FORMULA)) else text


def _bare(text: object) -> str:
    words = str(text)
    return words[1:] if words.startswith("'") else words
