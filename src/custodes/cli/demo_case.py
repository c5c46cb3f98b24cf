"""The made-up force's case: opened once its officers have filmed, through the real actions.

Its officer cuts what matters, and its investigator shares it with a prosecutor.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from custodes.cli.shared import operating_viewer
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused

if TYPE_CHECKING:
    from custodes.cases.models import Case
    from custodes.recordings.models import Recording

_SECONDS = 3
_CUT = 4.0, 14.0
_OFFICER, _INVESTIGATOR = "okafor", "sharma"


def open_a_case() -> None:
    """Wait for two whole recordings of the officer; cut, exhibit and share one of them."""
    from custodes.cases.queries import cases_for
    from custodes.recordings.listing import listed

    viewer = operating_viewer()
    filmed: list[str] = []
    while len(filmed) < 2:
        time.sleep(_SECONDS)
        if cases_for(viewer).exists():
            return
        mine = {"wearer": "Okafor", "state": "complete"}
        filmed = [row.id for row in listed(viewer, mine, limit=2)]
    try:
        _open(filmed)
    except Refused as refused:
        # A force begun by an older release has no investigator; it does without.
        print(refused.in_full(), flush=True)


def _open(filmed: list[str]) -> None:
    from custodes.cases.actions.assign import assign
    from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
    from custodes.cases.actions.material import add_recordings
    from custodes.cases.actions.open import NewCase, enter_party, open_case
    from custodes.cases.rules.proceeding import Part, PartyRole
    from custodes.people.queries import person_known_as
    from custodes.recordings.queries import recording_for

    viewer, investigator = operating_viewer(), person_known_as(_INVESTIGATOR)
    recordings = [recording_for(viewer, handle) for handle in filmed]
    about = "Robbery outside the station; a man was arrested"
    case = open_case(viewer, NewCase("01MP/44/26", about, person_known_as(_OFFICER)), at=now())
    add_recordings(viewer, case, recordings, "filmed at the arrest", at=now())
    enter_party(viewer, case, PartyRole.SUSPECT, "John Doe", at=now())
    assign(viewer, case, investigator, Part.WORKS, at=now())
    clip = _clip_of(recordings[0])
    of = NewExhibit("The arrest, from body-worn video", "OK", clip=clip)
    number_exhibit(viewer, case, recordings[0], of, at=now())
    _share(case, clip)


def _clip_of(recording: Recording) -> str:
    from custodes.intake.rules import Kind
    from custodes.people.queries import person_known_as
    from custodes.recordings.actions.clip import Stretch, make_clip

    film = recording.originals.filter(kind=Kind.VIDEO)[0]
    officer = person_known_as(_OFFICER).as_viewer("web")
    return make_clip(officer, film, Stretch(*_CUT), "the arrest itself", at=now()).handle


def _share(case: Case, clip: str) -> None:
    from custodes.cases.rules.audiences import Audience
    from custodes.disclosure.actions.share import Wanted, share
    from custodes.people.queries import person_known_as

    at = now()
    wanted = Wanted(
        things=[f"clip:{clip}"],
        audience=Audience.PROSECUTOR,
        recipient="Jo Hale",
        organisation="Crown Prosecution Service",
        until=at + timedelta(days=28),
        because="for the decision on charge",
        despite="the time to decide on charge ends tonight; other cameras are looked for",
    )
    share(person_known_as(_INVESTIGATOR).as_viewer("web"), case, wanted, at=at)
