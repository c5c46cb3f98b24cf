"""What is done in cases: opened, filled, given to the prosecutor, looked at there, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from custodes.cli.simulating.looking import Looking
from custodes.cli.simulating.staff import ENGINE, Staff
from custodes.simulation.casework import Case
from custodes.simulation.year import Film

if TYPE_CHECKING:
    from custodes.cases.models import Case as Opened
    from custodes.recordings.models import Recording

_OPEN_FOR = timedelta(days=60)
_PROSECUTORS = ("A. Marsh", "B. Nolan", "C. Oakes", "D. Pryor", "E. Quill")
_ORGANISATION = "Crown Prosecution Service"
_WHOLE = "What happened is on the film from its beginning to its end."
_UNSEARCHED = "The other cameras are looked for while the prosecutor decides."
_WHY = "For a decision whether to charge."
_DECIDED = "The prosecutor decided."
#: What a recipient's computer is called in the record: an address for documentation (RFC 5737).
_THEIR_ADDRESS = "192.0.2.1"


class Casework:
    """What the evidence unit does in cases, and a recipient with what was shared of them."""

    def __init__(self, people: Staff, films: tuple[bytes, ...]) -> None:
        self._people = people
        self._looking = Looking(films)

    def open(self, case: Case, *, at: datetime) -> None:
        """Open a case for an investigator of its base, enter the suspect, add its recordings."""
        from custodes.cases.actions.material import add_recordings
        from custodes.cases.actions.open import NewCase, enter_party, open_case
        from custodes.cases.rules.proceeding import PartyRole

        who = self._people.evidence
        officer = self._people.investigators[case.base]
        opened = open_case(who, NewCase(case.urn, case.about, officer), at=at)
        enter_party(who, opened, PartyRole.SUSPECT, case.suspect, at=at)
        add_recordings(who, opened, self._recordings(case.films), case.about, at=at)

    def share(self, case: Case, *, at: datetime) -> None:
        """Number its recordings as exhibits, and give them to the prosecutor by a link."""
        from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
        from custodes.cases.rules.audiences import Audience
        from custodes.disclosure.actions.share import Wanted, share
        from custodes.disclosure.rules.serving import Thing

        who, opened = self._people.evidence, self._opened(case)
        initials = f"{case.suspect[0]}{case.suspect[3]}".upper()
        recordings = self._recordings(case.films)
        things = []
        for film, recording in zip(case.films, recordings, strict=True):
            original = recording.originals.get()
            self._looking.look_at(original, film, by=ENGINE, at=at)
            item = f"Body-worn video, PC {film.camera.collar}"
            number_exhibit(
                who, opened, recording, NewExhibit(item, initials, whole_because=_WHOLE), at=at
            )
            things.append(f"{Thing.RECORDING}:{original.handle}")
        wanted = Wanted(
            things,
            Audience.PROSECUTOR,
            _PROSECUTORS[case.base % len(_PROSECUTORS)],
            _ORGANISATION,
            at + _OPEN_FOR,
            _WHY,
            despite=_UNSEARCHED,
        )
        share(who, opened, wanted, at=at)

    def look_at_share(self, case: Case, *, at: datetime) -> None:
        """Tell the prosecutor a code by telephone, with which they open the link."""
        from custodes.disclosure.actions.enter import enter, make_code
        from custodes.disclosure.queries import shares_of

        who = self._people.evidence
        given = shares_of(who, self._opened(case)).get()
        enter(given, make_code(who, given, at=at), _THEIR_ADDRESS, at=at)

    def end(self, case: Case, *, at: datetime) -> None:
        """Enter what was decided."""
        from custodes.cases.actions.proceed import move_case
        from custodes.cases.rules.proceeding import Move, State

        move = Move(State(case.ending), at.date(), _DECIDED)
        move_case(self._people.evidence, self._opened(case), move, at=at)

    def _opened(self, case: Case) -> Opened:
        from custodes.cases.queries import case_called

        return case_called(self._people.evidence, case.urn)

    def _recordings(self, films: Sequence[Film]) -> list[Recording]:
        from custodes.recordings.queries import recordings_for

        found = recordings_for(self._people.evidence).filter(source_key__in=[f.key for f in films])
        by_key = {each.source_key: each for each in found}
        return [by_key[film.key] for film in films]
