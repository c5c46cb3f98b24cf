"""What is docked late stays a week, its supervisor is told, and somebody says why (RET-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, kinds_of, swept

from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Recording
from custodes.retention.actions.late import explain_lateness, notice_lateness
from custodes.retention.actions.night import take_notice
from custodes.retention.errors import LatenessRefused
from custodes.retention.late import late_for, late_to_explain
from custodes.retention.models import LateDocking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
ENDED = force.NOON + timedelta(minutes=1)


@pytest.fixture
def supervisor() -> Viewer:
    return force.person("Harding", Role.SUPERVISOR, team="A").as_viewer("web")


def docked_after(days: float, team: str = "A") -> Recording:
    """Deliver a recording that long after it was filmed."""
    wearer = force.person(f"Officer {team}", team=team)
    recording = force.recording(force.camera(f"L{team}", wearer), "late")
    force.original(recording, body=b"late")
    docked = ENDED + timedelta(days=days)
    Recording.objects.filter(pk=recording.pk).update(received_at=docked)
    recording.refresh_from_db()
    complete(recording, by=force.CLERK, at=docked)
    take_notice(recording.handle, by=ENGINE, at=docked)
    recording.refresh_from_db()
    return recording


def test_what_is_docked_on_day_30_survives_to_day_37_and_the_report_lists_it(
    supervisor: Viewer,
) -> None:
    recording = docked_after(30)

    assert swept(ENDED + 37 * DAY - timedelta(milliseconds=1)).disposed == 0
    listed = late_for(supervisor).get()
    assert (listed.recording, listed.days) == (recording, 30)
    assert listed.stays_until == ENDED + 37 * DAY
    assert kinds_of(recording)[-1] == "recording.docked_late"
    assert swept(ENDED + 37 * DAY).disposed == 1
    assert late_for(supervisor).count() == 1


def test_what_came_on_day_24_is_not_late() -> None:
    docked_after(24)

    assert not LateDocking.objects.exists()


def test_it_is_noticed_once(supervisor: Viewer) -> None:
    recording = docked_after(30)
    take_notice(recording.handle, by=ENGINE, at=ENDED + 31 * DAY)
    notice_lateness(recording.pk, by=ENGINE, at=ENDED + 31 * DAY)

    assert kinds_of(recording).count("recording.docked_late") == 1
    assert late_to_explain(supervisor).count() == 1


def test_the_supervisor_of_the_team_says_why_and_nobody_else_sees_it(supervisor: Viewer) -> None:
    recording = docked_after(30)
    other = force.person("Other", Role.SUPERVISOR, team="B").as_viewer("web")
    officer = force.person("Colleague", team="A").as_viewer("web")
    at = ENDED + 31 * DAY
    with pytest.raises(LatenessRefused, match="Choose why"):
        explain_lateness(supervisor, recording.handle, "because", "", at=at)
    with pytest.raises(LatenessRefused, match="Say what it was"):
        explain_lateness(supervisor, recording.handle, "other", " ", at=at)

    late = explain_lateness(supervisor, recording.handle, "away", "", at=at)

    assert (late.reason, late.explained_by) == ("away", "Harding")
    assert late_to_explain(supervisor).count() == 0
    assert kinds_of(recording)[-1] == "recording.late_explained"
    assert late_for(other).count() == late_for(officer).count() == 0


def test_what_is_still_arriving_is_not_late_yet() -> None:
    recording = force.recording(force.camera("X9"))
    Recording.objects.filter(pk=recording.pk).update(received_at=ENDED + 30 * DAY)

    notice_lateness(recording.pk, by=ENGINE, at=ENDED + 30 * DAY)
    notice_lateness(delivered().pk, by=ENGINE, at=DUE)

    assert not LateDocking.objects.exists()
