"""The made-up force's case: opened once its officers have filmed, through the real actions."""

from __future__ import annotations

import time

from custodes.cli.shared import operating_viewer
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused

_SECONDS = 3
_OFFICER, _INVESTIGATOR = "okafor", "sharma"


def open_a_case() -> None:
    """Wait for two whole recordings of the officer's; make one of them an exhibit, once."""
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
    of = NewExhibit("Body-worn video of the arrest", "OK")
    number_exhibit(viewer, case, recordings[0], of, at=now())
    enter_party(viewer, case, PartyRole.SUSPECT, "John Doe", at=now())
    assign(viewer, case, investigator, Part.WORKS, at=now())
