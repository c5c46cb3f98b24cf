"""Cases and what belongs to them, as this door shows them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ninja import Schema

from custodes.cases.coverage import Coverage, Covered, end_of
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import State
from custodes.custody.report import Line
from custodes.disclosure.rules.lines import Check, Fix
from custodes.disclosure.rules.lines import Item as GateItem
from custodes.disclosure.rules.lines import Line as GateLine

if TYPE_CHECKING:
    from custodes.cases.models import Case, Exhibit, Material


class CaseShown(Schema):
    """A case; ``about`` is what it is about, in words."""

    id: str
    urn: str
    about: str
    state: State
    team: str | None
    opened_at: datetime
    opened_by: str

    @classmethod
    def of(cls, case: Case) -> CaseShown:
        """Return a case as it is shown."""
        return cls(
            id=case.handle,
            urn=str(case),
            about=case.about,
            state=State(case.state),
            team=str(case.team) if case.team else None,
            opened_at=case.opened_at,
            opened_by=case.opened_by,
        )


class Cases(Schema):
    """A part of the list of cases, the newest first; ``next`` is where the following begins."""

    cases: list[CaseShown]
    next: str


class ExhibitShown(Schema):
    """An exhibit; without ``clip`` it is the whole recording. ``voided_at`` None: it stands."""

    id: str
    reference: str
    item: str
    recording: str
    clip: str
    producer: str
    made_by: str
    made_at: datetime
    whole_because: str
    voided_at: datetime | None
    voided_because: str

    @classmethod
    def of(cls, exhibit: Exhibit) -> ExhibitShown:
        """Return an exhibit as it is shown."""
        return cls(
            id=exhibit.handle,
            reference=str(exhibit),
            item=exhibit.item,
            recording=exhibit.recording.handle,
            clip=exhibit.clip,
            producer=exhibit.producer_name,
            made_by=exhibit.made_by,
            made_at=exhibit.made_at,
            whole_because=exhibit.whole_because,
            voided_at=exhibit.voided_at,
            voided_because=exhibit.voided_because,
        )


class Exhibits(Schema):
    """A part of the exhibits of a case, in the order of their references."""

    exhibits: list[ExhibitShown]
    next: str


class MaterialShown(Schema):
    """A recording of a case and what becomes of it; ``sibling``: found as another camera's."""

    recording: str
    started_at: datetime
    because: str
    sibling: bool
    status: Status
    description: str
    reason: str
    added_by: str
    added_at: datetime

    @classmethod
    def of(cls, material: Material) -> MaterialShown:
        """Return a recording's place in a case as it is shown."""
        return cls(
            recording=material.recording.handle,
            started_at=material.recording.started_at,
            because=material.because,
            sibling=material.sibling,
            status=Status(material.status),
            description=material.description,
            reason=material.reason,
            added_by=material.added_by,
            added_at=material.added_at,
        )


class Materials(Schema):
    """A part of the recordings of a case, in the order they were filmed."""

    material: list[MaterialShown]
    next: str


class CoveredShown(Schema):
    """A recording of a case, or one that overlaps it (``status`` None, and ``why``)."""

    recording: str
    started_at: datetime
    ended_at: datetime
    camera: str
    wearer: str
    place: str
    status: Status | None
    exhibits: list[str]
    why: str
    open: bool

    @classmethod
    def of(cls, row: Covered) -> CoveredShown:
        """Return one line of the picture of a case."""
        filmed = row.recording
        return cls(
            recording=filmed.handle,
            started_at=filmed.started_at,
            ended_at=end_of(filmed),
            camera=str(filmed.camera),
            wearer=str(filmed.wearer or filmed.announced or ""),
            place=str(filmed.place or ""),
            status=Status(row.material.status) if row.material else None,
            exhibits=[str(each) for each in row.exhibits],
            why=row.why,
            open=row.is_open,
        )


class CoverageShown(Schema):
    """What every camera filmed of a case; ``open`` says what keeps it from release."""

    whole: bool
    open: list[str]
    recordings: list[CoveredShown]

    @classmethod
    def of(cls, found: Coverage) -> CoverageShown:
        """Return the picture of a case as it is shown."""
        rows = [CoveredShown.of(row) for row in found.rows]
        return cls(whole=found.is_whole, open=list(found.open), recordings=rows)


class FaultShown(Schema):
    """One thing to put right, and how; ``advised``: it keeps nothing from being given."""

    sentence: str
    fix: Fix
    item: str
    exhibit: str
    recording: str
    advised: bool


class GateLineShown(Schema):
    """One line of the gate; ``words`` are the prosecutor's own while it is open."""

    check: Check
    asks: str
    words: str
    open: bool
    overridable: bool
    faults: list[FaultShown]

    @classmethod
    def of(cls, line: GateLine) -> GateLineShown:
        """Return a line of the gate as it is shown."""
        return cls(
            check=line.check,
            asks=line.asks,
            words=line.words,
            open=line.is_open,
            overridable=line.overridable,
            faults=[
                FaultShown(
                    sentence=fault.sentence,
                    fix=fault.fix,
                    item=fault.item,
                    exhibit=fault.exhibit,
                    recording=fault.recording,
                    advised=fault.advised,
                )
                for fault in line.faults
            ],
        )


class GateItemShown(Schema):
    """One thing that was asked about; ``key`` is what it is chosen by."""

    key: str
    label: str
    recording: str
    exhibit: str

    @classmethod
    def of(cls, item: GateItem) -> GateItemShown:
        """Return a thing that was asked about."""
        return cls(key=item.key, label=item.label, recording=item.recording, exhibit=item.exhibit)


class GateShown(Schema):
    """Whether what was chosen is ready for somebody, line by line."""

    audience: Audience
    ready: bool
    items: list[GateItemShown]
    lines: list[GateLineShown]


class EntryShown(Schema):
    """One entry of the record: a sentence, and its public bytes with their leaf hash."""

    index: int
    at: datetime
    kind: str
    subject: str
    sentence: str
    because: str
    entry: str
    leaf: str
    standing: str
    erased_at: datetime | None

    @classmethod
    def of(cls, line: Line) -> EntryShown:
        """Return an entry as it is shown."""
        return cls(
            index=line.index,
            at=line.at,
            kind=line.kind,
            subject=line.subject,
            sentence=line.sentence,
            because=line.because,
            entry=line.entry,
            leaf=line.leaf,
            standing=line.standing.sentence if line.standing else "",
            erased_at=line.erased_at,
        )


class History(Schema):
    """A part of a history, the oldest first."""

    entries: list[EntryShown]
    next: str
