"""A complaint comes in: standards enter it in the register, and what it is about is watched."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from custodes.cli.simulating.staff import Staff
from custodes.kernel.spans import Span
from custodes.simulation.year import Film

if TYPE_CHECKING:
    from custodes.recordings.models import Recording

_A_SECOND = timedelta(seconds=1)


def complain(people: Staff, film: Film, recording: Recording, *, at: datetime) -> None:
    """Enter a complaint about what an officer did then, which holds what was filmed; watch it.

    It is entered, too, where the recording was deleted before anybody complained.
    """
    from custodes.oversight.actions.register import enter
    from custodes.oversight.rules import Entered, Kind
    from custodes.recordings.rules import State
    from custodes.retention.actions.watch import watch_and_keep
    from custodes.retention.rules.holds import HoldKind, Scope

    about = f"Complaint about {film.started_at:%d %B %Y}"
    wanted = Entered(
        Kind.COMPLAINT,
        reference_of(film),
        at.date(),
        f"{about}, PC {film.camera.collar}",
        who="Somebody who was there",
    )
    scope = Scope(
        cameras=frozenset({recording.camera.handle}),
        span=Span(film.started_at, film.ended_at + _A_SECOND),
    )
    enter(people.standards, wanted, scope, at=at)
    if recording.state != State.DISPOSED:
        # Standards ask; whoever may play it watches with them.
        who, why = people.evidence, HoldKind.COMPLAINT
        watch_and_keep(who, recording, about, why, reason_needed=True, at=at)


def reference_of(film: Film) -> str:
    """Return the reference of a complaint about a film: there is one about it at most."""
    return f"CO/{film.camera.collar}/{film.started_at:%y%m%d%H%M%S}"
