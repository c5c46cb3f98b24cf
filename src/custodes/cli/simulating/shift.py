"""One end of a shift, in one transaction: what was docked is taken in, and people act on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from custodes.cli.simulating import staff
from custodes.cli.simulating.casework import Casework
from custodes.cli.simulating.complaints import complain
from custodes.cli.simulating.diary import Deed, Errand
from custodes.cli.simulating.receiving import Docked
from custodes.cli.simulating.staff import ENGINE, Staff
from custodes.kernel.spans import Span
from custodes.simulation.casework import Case
from custodes.simulation.year import Film, Force, Moment, Worn

_AFTER = timedelta(minutes=40)
_SHIFT = timedelta(hours=8)
_LOOK_AGAIN = timedelta(days=365)
#: What the evidence unit puts into a case that an officer had not chosen for one.
_LATER = "other-evidence"


class Shift:
    """How ends of shifts are lived through."""

    def __init__(self, force: Force, people: Staff, films: tuple[bytes, ...]) -> None:
        self._force = force
        self._people = people
        self._casework = Casework(people, films)

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
        match errand.about:
            case Film() as film:
                self._do_with(film, errand.deed, at=at)
            case Case() as case:
                self._do_in(case, errand.deed, at=at)

    def _do_with(self, film: Film, deed: Deed, *, at: datetime) -> None:
        from custodes.recordings.actions.annotate import classify
        from custodes.recordings.queries import recordings_for
        from custodes.recordings.rules import State

        who = self._people.evidence
        known = recordings_for(who).select_related("camera")
        recording = known.get(camera__serial=film.camera.serial, source_key=film.key)
        if deed is Deed.COMPLAIN:
            complain(self._people, film, recording, at=at)
        elif recording.state != State.DISPOSED:  # it may be gone before anybody asks for it
            classify(who, recording, _LATER, at=at)

    def _do_in(self, case: Case, deed: Deed, *, at: datetime) -> None:
        match deed:
            case Deed.OPEN_CASE:
                self._casework.open(case, at=at)
            case Deed.SHARE:
                self._casework.share(case, at=at)
            case Deed.LOOK_AT_SHARE:
                self._casework.look_at_share(case, at=at)
            case Deed.END_CASE:
                self._casework.end(case, at=at)


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
