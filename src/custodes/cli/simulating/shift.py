"""One end of a shift, in one transaction: what was docked is taken in, and people act on it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from custodes.cli.simulating import staff
from custodes.cli.simulating.receiving import Docked
from custodes.cli.simulating.staff import ENGINE, Staff
from custodes.kernel.spans import Span
from custodes.simulation.year import Force, Moment, Worn

_AFTER = timedelta(minutes=40)
_SHIFT = timedelta(hours=8)
_LOOK_AGAIN = timedelta(days=365)
#: What the evidence unit puts into a case that an officer had not chosen for one.
_LATER = "other-evidence"


@dataclass(order=True, frozen=True, slots=True)
class Errand:
    """Something a person at headquarters does with a recording on some day."""

    at: datetime
    key: str
    serial: str = field(compare=False)
    is_complaint: bool = field(compare=False)


class Diary:
    """What people will do, by when; made anew from the year, so nothing of it is kept."""

    def __init__(self) -> None:
        self._errands: list[Errand] = []

    def note(self, moment: Moment) -> None:
        """Take down what will be done with the films of a moment."""
        for film in moment.films:
            for days, is_complaint in ((film.complaint, True), (film.later, False)):
                if days is not None:
                    on = moment.at + timedelta(days=days)
                    errand = Errand(on, film.key, film.camera.serial, is_complaint)
                    heapq.heappush(self._errands, errand)

    def due(self, at: datetime) -> list[Errand]:
        """Take out what is to be done by now, in order."""
        due = []
        while self._errands and self._errands[0].at <= at:
            due.append(heapq.heappop(self._errands))
        return due


class Shift:
    """How ends of shifts are lived through."""

    def __init__(self, force: Force, people: Staff) -> None:
        self._force = force
        self._people = people

    def live(self, moment: Moment, received: Iterable[Docked], due: Iterable[Errand]) -> None:
        """Take in what was received, and do what is due; all of it commits, or none."""
        from django.db import transaction

        at = moment.at + _AFTER
        received, due = list(received), list(due)
        if not (received or due or moment.issued or moment.stocked or moment.incident):
            return
        with transaction.atomic():
            arrived = _take_in(received, at=moment.at)
            staff.hand_out(map(self._force.worn, moment.issued), at=at)
            staff.put_in_stock(map(self._force.worn, moment.stocked), at=at)
            if moment.incident is not None:
                self._keep_what_happened(moment.incident, at=at)
            _catch(arrived, at=at)
            for errand in due:
                self._do(errand, at=at)

    def _keep_what_happened(self, worn: Worn, *, at: datetime) -> None:
        """Hold what a camera filmed while somebody died or was badly hurt, docked or not yet."""
        from custodes.fleet.queries import camera_with_serial
        from custodes.retention.actions.hold import Wanted, place_hold
        from custodes.retention.rules.holds import HoldKind, Scope

        scope = Scope(
            cameras=frozenset({camera_with_serial(worn.serial).handle}),
            span=Span(at - _SHIFT - _AFTER, at),
        )
        why = f"Incident of {at:%d %B %Y}, {worn.collar}"
        look_on = (at + _LOOK_AGAIN).date()
        wanted = Wanted(HoldKind.DSI, why, look_on, scope, standing=True)
        place_hold(self._people.standards, wanted, at=at)

    def _do(self, errand: Errand, *, at: datetime) -> None:
        from custodes.recordings.actions.annotate import classify
        from custodes.recordings.queries import recordings_for
        from custodes.recordings.rules import State
        from custodes.retention.actions.watch import watch_and_keep
        from custodes.retention.rules.holds import HoldKind

        who = self._people.evidence  # standards ask; whoever may play it watches with them
        named = recordings_for(who).filter(camera__serial=errand.serial, source_key=errand.key)
        recording = named.get()
        if recording.state == State.DISPOSED:
            return  # it was deleted before anybody asked for it
        if errand.is_complaint:
            why = f"Complaint about {recording.started_at:%d %B %Y}"
            watch_and_keep(who, recording, why, HoldKind.COMPLAINT, reason_needed=True, at=at)
        else:
            classify(who, recording, _LATER, at=at)


def _take_in(received: Sequence[Docked], *, at: datetime) -> list[int]:
    """Take in what the docks brought, with what officers chose on their cameras."""
    from custodes.recordings.actions.annotate import Chosen, classify_together
    from custodes.recordings.actions.deliver_together import deliver_together

    originals = deliver_together([each.delivery for each in received], by=ENGINE, at=at)
    arrived = {
        original.recording_id: docked
        for docked, original in zip(received, originals, strict=True)
        if original is not None
    }
    chosen = {
        pk: Chosen(docked.film.category, docked.sender.by)
        for pk, docked in arrived.items()
        if docked.film.category
    }
    classify_together(chosen, by=ENGINE, at=at)
    return list(arrived)


def _catch(arrived: list[int], *, at: datetime) -> None:
    """Let standing holds catch what arrived, as the worker does after each arrival."""
    from custodes.retention.actions.hold import catch

    if arrived:
        catch(arrived, by=ENGINE, at=at)
