"""The papers in a package: what each thing is, how to check it, lists, and the chain of custody.

Made for one audience; which of them there are is the plan's. Nothing here is read from
the network, or reads it: every page stands for itself, from a disk.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.timezone import localtime

import custodes
from custodes.cases.coverage import Covered, coverage_for
from custodes.cases.papers import facts_for_statement, unused_rows
from custodes.cases.rules.audiences import AUDIENCE_NAMES, sees_sensitive
from custodes.cases.rules.material import STATUS_NAMES, Status
from custodes.cases.rules.papers import (
    DocumentType,
    ExhibitRow,
    exhibits_csv,
    exhibits_json,
    unused_csv,
)
from custodes.cases.rules.statement import as_text
from custodes.custody import strongroom
from custodes.custody.outside import own_policy
from custodes.disclosure.bag.linked_data import File, Told, as_json_ld
from custodes.disclosure.bag.player import player
from custodes.disclosure.bag.record import Record
from custodes.disclosure.films import Film
from custodes.disclosure.keeping_back import said_of
from custodes.disclosure.models import Package
from custodes.disclosure.plan import Plan
from custodes.disclosure.rules.content import CONTENT_NAMES, Content, learns_details
from custodes.fleet.rules import MOUNT_NAMES, Mount
from custodes.kernel.clock import rfc3339
from custodes.package.paths import safe_name
from custodes.people.rules import Viewer
from custodes.recordings.models import Copy
from custodes.recordings.moments import by_our_clock
from custodes.recordings.packaging import NOT_AN_EYE, known_of
from custodes.verifier.in_browser import fingerprint


@dataclass(frozen=True, slots=True)
class Making:
    """What a package is made of, for whom, by whom and when."""

    viewer: Viewer
    plan: Plan
    record: Record
    package: Package
    at: datetime


def title_of(plan: Plan) -> str:
    """Return what a package is called."""
    return f"Case {plan.case}, for {AUDIENCE_NAMES[plan.asked.audience]}"


def papers_of(making: Making) -> dict[str, bytes]:
    """Return every paper, by its path."""
    return {path: text for path, text in _papers(making) if text}


def playable_path(film: Film) -> str:
    """Return where the copy of a film stands that plays where the film itself does not."""
    return f"{film.path.rpartition('.')[0]}_to-play.mp4"


def _papers(making: Making) -> Iterator[tuple[str, bytes]]:
    plan = making.plan
    yield "README.html", _readme(making)
    yield "data/log-policy.txt", str(own_policy()).encode()
    if plan.has(Content.PLAYER):
        yield "data/player.html", player(making.plan, playable_path)
    if plan.has(Content.EXHIBITS):
        rows = [_row(each) for each in plan.exhibits]
        yield "data/exhibits.csv", exhibits_csv(rows).encode()
        yield "data/exhibits.json", exhibits_json(plan.case.urn, rows).encode()
        yield "data/exhibits-files.csv", _files_csv(plan)
    if plan.has(Content.STATEMENT):
        for each in plan.exhibits:
            text = as_text(facts_for_statement(each)).encode()
            yield f"data/mg11-draft/DRAFT_{_stem(str(each))}.txt", text
    if plan.has(Content.UNUSED):
        unused = unused_rows(making.viewer, plan.case, sensitive=False)
        yield "data/mg6c.csv", unused_csv(unused, sensitive=False).encode()
    if plan.has(Content.COVERAGE):
        yield "data/coverage.html", _coverage(making)
    for film in plan.films:
        yield from _of_film(making, film)


def _of_film(making: Making, film: Film) -> Iterator[tuple[str, bytes]]:
    stem = film.path.rpartition("/")[2].rpartition(".")[0]
    if making.plan.has(Content.CUSTODY):
        yield f"data/custody/{stem}.html", _custody(making, film)
        yield f"data/custody/{stem}.jsonld", as_json_ld(_told(making, film))
    if making.plan.has(Content.PROCESSING) and film.copy is not None:
        recipe = json.dumps(film.copy.recipe, indent=1, sort_keys=True, ensure_ascii=False)
        yield f"data/processing/{stem}.json", recipe.encode()


def _row(exhibit: Any) -> ExhibitRow:  # noqa: ANN401 - an Exhibit, whose producer may be nobody
    kind = DocumentType(exhibit.document_type)
    return ExhibitRow(exhibit.item, str(exhibit), exhibit.producer_name, kind)


_FILE_HEADINGS: Final = (
    "Reference", "File", "SHA-256", "Bytes", "Begins (camera's clock)", "Ends (camera's clock)",
    "Begins (UTC, server's clock)", "Seconds", "Camera's clock behind the server's (s)",
    "Camera", "Worn on", "Made from exhibit", "Origin",
)  # fmt: skip


def _files_csv(plan: Plan) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(_FILE_HEADINGS)
    for film in plan.films:
        recording, ours = film.recording, by_our_clock(film.recording, film.began)
        ahead = recording.clock_offset_ms
        writer.writerow(
            [
                str(film.exhibit or ""),
                film.path,
                film.sha256,
                film.size,
                rfc3339(film.began),
                rfc3339(film.ends),
                rfc3339(ours) if ours else "not compared",
                f"{film.seconds:.3f}",
                "not compared" if ahead is None else f"{ahead / 1000:.3f}",
                recording.camera.serial,
                MOUNT_NAMES[Mount(recording.mount)],
                str(film.exhibit.derived_from or "") if film.exhibit else "",
                recording.origin,
            ]
        )
    return written.getvalue().encode()


def _readme(making: Making) -> bytes:
    plan = making.plan
    films = [
        {
            "film": film,
            "where": film.path,
            "to_play": playable_path(film) if film.playable else "",
            "custody": f"data/custody/{film.path.rpartition('/')[2].rpartition('.')[0]}.html"
            if plan.has(Content.CUSTODY)
            else "",
            "ours": by_our_clock(film.recording, film.began),
            "changed": _changed(film.copy),
            "known": known_of(film.original),
        }
        for film in plan.films
    ]
    return _page(
        "readme",
        making,
        films=films,
        holds=[CONTENT_NAMES[each] for each in plan.contents],
        has={each.value.replace("-", "_"): True for each in plan.contents},
        not_an_eye=NOT_AN_EYE,
        verifier=fingerprint(),
        contact=settings.CUSTODES.contact,
        details=learns_details(plan.asked.audience),
        passed_over=making.package.passed_over,
    )


def _changed(copy: Copy | None) -> str:
    """Say how much of a clip was made anew, so that nobody has to find it."""
    if copy is None or "packets" not in copy.about:
        return ""
    new, packets = int(copy.about.get("new", 0)), int(copy.about["packets"])
    if not new:
        return "Every packet of it is the camera's own."
    own = f"{packets - new:,} of its {packets:,} packets are the camera's own"
    return f"{own}; {new:,} at its edges were made anew."


def _custody(making: Making, film: Film) -> bytes:
    original = film.original
    checked = original.checked_at
    return _page(
        "custody",
        making,
        film=film,
        acts=making.record.told_of(film.recording),
        sealed=original.sealed_at,
        checked=checked,
        described=(original.described or {}).get("probe", {}).get("signed", "not known"),
        same=film.copy is None,
    )


def _told(making: Making, film: Film) -> Told:
    original, copy = film.original, film.copy
    source = File(
        original.handle,
        "" if copy else film.path,
        "video/mp4" if original.name.lower().endswith(".mp4") else "application/octet-stream",
        original.size,
        original.sha256,
    )
    made = File(copy.handle, film.path, copy.media_type, copy.size, copy.sha256) if copy else None
    return Told(
        recording=film.recording.handle,
        reference=str(film.exhibit or ""),
        item=film.exhibit.item if film.exhibit else film.title,
        original=source,
        made=made,
        acts=making.record.told_of(film.recording),
        version=custodes.__version__,
    )


def _coverage(making: Making) -> bytes:
    plan = making.plan
    sees = sees_sensitive(plan.asked.audience)
    coverage = coverage_for(making.viewer, plan.case)
    said = said_of(plan.case, [row.recording.pk for row in coverage.rows])
    rows = [
        {
            "filmed": localtime(row.recording.started_at),
            "camera": row.recording.camera.serial,
            "place": str(row.recording.place or ""),
            "status": ", ".join(map(str, row.exhibits)) or _status(row.material),
        }
        for row in coverage.rows
        if sees or _is_told_to_all(said.get(row.recording.pk), row)
    ]
    return _page("coverage", making, rows=rows, sees=sees, open=coverage.open if sees else ())


_TOLD_TO_ALL: Final = frozenset({Status.UNUSED, Status.NOT_RELEVANT})


def _is_told_to_all(said: Status | None, row: Covered) -> bool:
    """Say whether whoever learns of nothing sensitive learns of this."""
    if said is None or said is Status.SENSITIVE:
        return False
    return bool(row.exhibits) or said in _TOLD_TO_ALL


def _status(material: Any) -> str:  # noqa: ANN401 - a Material, or None for what nobody added
    return STATUS_NAMES[Status(material.status if material else Status.NOT_LOOKED_AT)]


def _page(name: str, making: Making, **context: object) -> bytes:
    given: Mapping[str, object] = {
        "title": title_of(making.plan),
        "case": making.plan.case,
        "recipient": str(making.package),
        "who": AUDIENCE_NAMES[making.plan.asked.audience],
        "force": settings.CUSTODES.force_name,
        "marking": settings.CUSTODES.marking,
        "demo": settings.CUSTODES.demo,
        "origin": strongroom.origin(),
        "maker": making.viewer.name,
        "made": making.at,
        **context,
    }
    return render_to_string(f"disclosure/{name}.html", given).encode()


def _stem(text: str) -> str:
    return safe_name(text.replace("/", "-"))
