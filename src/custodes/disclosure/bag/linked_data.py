"""The chain of custody as CASE/UCO JSON-LD, for tools that read it: only what can be stated.

Unified Cyber Ontology 1.x and CASE 1.x (caseontology.org). Who did something is named only
where the audience may learn it; what is not known is left out, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from custodes.kernel.clock import rfc3339

_UCO: Final = "https://ontology.unifiedcyberontology.org/uco"
_CONTEXT: Final[Mapping[str, str]] = {
    "kb": "urn:custodes:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": f"{_UCO}/action/",
    "uco-core": f"{_UCO}/core/",
    "uco-identity": f"{_UCO}/identity/",
    "uco-observable": f"{_UCO}/observable/",
    "uco-tool": f"{_UCO}/tool/",
    "uco-types": f"{_UCO}/types/",
    "uco-vocabulary": f"{_UCO}/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file: an original, or what was made of one. ``path`` empty: it is not in the package."""

    handle: str
    path: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Act:
    """An entry of the record about it. ``actor`` empty: this audience does not learn it."""

    index: int
    at: datetime
    said: str
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is stated of one exhibit; ``reference`` is empty for what is none."""

    recording: str
    reference: str
    item: str
    original: File
    made: File | None
    acts: tuple[Act, ...]
    version: str


def as_json_ld(told: Told) -> bytes:
    """Return the graph."""
    value = {"@context": dict(_CONTEXT), "@graph": list(_graph(told))}
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _graph(told: Told) -> Iterator[dict[str, Any]]:
    files = [told.original, *([told.made] if told.made else [])]
    yield from (_file(each) for each in files)
    if told.made:
        yield {
            "@id": f"kb:derived-{told.made.handle}",
            "@type": "uco-observable:ObservableRelationship",
            "uco-core:source": {"@id": f"kb:file-{told.made.handle}"},
            "uco-core:target": {"@id": f"kb:file-{told.original.handle}"},
            "uco-core:kindOfRelationship": "Derived_From",
            "uco-core:isDirectional": True,
        }
    yield {
        "@id": f"kb:provenance-{told.recording}-{files[-1].handle}",
        "@type": "case-investigation:ProvenanceRecord",
        **({"case-investigation:exhibitNumber": told.reference} if told.reference else {}),
        "uco-core:description": told.item,
        "uco-core:object": [{"@id": f"kb:file-{each.handle}"} for each in files],
    }
    yield {
        "@id": "kb:custodes",
        "@type": "uco-tool:Tool",
        "uco-core:name": "Custodes",
        "uco-tool:version": told.version,
    }
    yield from _acts(told.acts, told.original)


def _file(file: File) -> dict[str, Any]:
    place = {"uco-observable:filePath": file.path} if file.path else {}
    return {
        "@id": f"kb:file-{file.handle}",
        "@type": "uco-observable:ObservableObject",
        "uco-core:hasFacet": [
            {
                "@id": f"kb:file-facet-{file.handle}",
                "@type": "uco-observable:FileFacet",
                "uco-observable:sizeInBytes": {"@type": "xsd:integer", "@value": str(file.size)},
                **place,
            },
            {
                "@id": f"kb:content-facet-{file.handle}",
                "@type": "uco-observable:ContentDataFacet",
                "uco-observable:mimeType": file.media_type,
                "uco-observable:hash": [
                    {
                        "@id": f"kb:hash-{file.handle}",
                        "@type": "uco-types:Hash",
                        "uco-types:hashMethod": {
                            "@type": "uco-vocabulary:HashNameVocab",
                            "@value": "SHA256",
                        },
                        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": file.sha256},
                    }
                ],
            },
        ],
    }


def _acts(acts: Iterable[Act], original: File) -> Iterator[dict[str, Any]]:
    people: dict[str, str] = {}
    for act in acts:
        performer = {}
        if act.actor:
            who = people.setdefault(act.actor, f"kb:actor-{len(people) + 1}")
            performer = {"uco-action:performer": {"@id": who}}
        yield {
            "@id": f"kb:entry-{act.index}",
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:description": act.said,
            "uco-action:endTime": {"@type": "xsd:dateTime", "@value": rfc3339(act.at)},
            "uco-action:instrument": {"@id": "kb:custodes"},
            "uco-action:object": {"@id": f"kb:file-{original.handle}"},
            **performer,
        }
    for name, who in people.items():
        yield {"@id": who, "@type": "uco-identity:Identity", "uco-core:name": name}
