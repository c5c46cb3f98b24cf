"""What a camera of an evidence gathering team films is kept for 28 days, other footage for 31."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, delivered, server_runs_until, swept

from custodes.fleet.actions import change_source_type
from custodes.fleet.models import Camera
from custodes.intake.actions import receive_all
from custodes.kernel.clock import rfc3339
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import classify
from custodes.recordings.actions.deliver import Sender, begin_delivery, deliver
from custodes.recordings.actions.deliver_together import Delivery, deliver_together
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.effect import effect_of
from custodes.retention.queries import explain
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.schedule import Schedule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]

DUE_EGT = DUE - 3 * DAY
SENDER = Sender("import", force.CLERK, lasting=DAY)
LATER = force.NOON + timedelta(hours=1)
Through = Callable[[list[Delivery]], object]


def egt(serial: str = "E1") -> Camera:
    return change_source_type(force.camera(serial), "egt", by=force.CLERK, at=force.NOON)


def singly(deliveries: list[Delivery]) -> None:
    for upload, received in deliveries:
        deliver(upload, received, by=force.CLERK, at=LATER)


def together(deliveries: list[Delivery]) -> None:
    deliver_together(deliveries, by=force.CLERK, at=LATER)


def begun(serial: str) -> Delivery:
    said = {
        "filename": "a.bin",
        "camera": serial,
        "started_at": rfc3339(force.NOON),
        "ended_at": rfc3339(force.NOON + timedelta(minutes=1)),
    }
    body = serial.encode()
    upload = begin_delivery(said, len(body), SENDER, at=force.NOON)
    return Delivery(upload, receive_all(upload, [body]))


def standing() -> set[str]:
    left = Recording.objects.exclude(state=State.DISPOSED)
    return set(left.values_list("camera__serial", flat=True))


@pytest.mark.parametrize("bring", [singly, together])
def test_two_cameras_of_another_source_type_get_28_and_31_days(bring: Through) -> None:
    egt("E1"), force.camera("B1")
    bring([begun("E1"), begun("B1")])

    assert swept(DUE_EGT - timedelta(milliseconds=1)).disposed == 0
    assert swept(DUE_EGT).disposed == 1
    assert standing() == {"B1"}

    server_runs_until(DUE)
    assert swept(DUE - timedelta(milliseconds=1)).disposed == 0
    assert swept(DUE).disposed == 1
    assert standing() == set()


def test_a_category_counts_more_than_the_camera_it_came_from() -> None:
    egt("E1")
    evidence = delivered(serial="E1")
    reviewer = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    classify(reviewer, evidence, "arrest", at=LATER)

    assert swept(DUE_EGT).disposed == 0
    assert swept(DUE).disposed == 0

    decision = explain(force.person("Records", Role.RECORDS).as_viewer("web"), evidence, at=LATER)
    assert decision.verdict is Verdict.KEEP
    assert any("Evidence, investigation open" in reason for reason in decision.reasons)


def test_a_camera_changed_later_changes_nothing_of_what_is_here() -> None:
    ordinary, team = force.camera("B1"), egt("E1")
    for serial in ("B1", "E1"):
        delivered(serial=serial)
    change_source_type(ordinary, "egt", by=force.CLERK, at=LATER)
    change_source_type(team, "none", by=force.CLERK, at=LATER)

    assert swept(DUE_EGT).disposed == 1
    assert standing() == {"B1"}


def test_what_arrives_after_the_change_goes_by_it() -> None:
    camera = force.camera("B1")
    before = delivered("r1", serial="B1")
    change_source_type(camera, "egt", by=force.CLERK, at=LATER)
    after = delivered("r2", serial="B1")
    change_source_type(camera, "", by=force.CLERK, at=LATER + DAY)
    back = delivered("r3", serial="B1")

    assert [each.source_type for each in (before, after, back)] == ["", "egt", ""]


def test_a_file_that_comes_later_does_not_change_what_its_recording_is_of() -> None:
    camera = force.camera("B1")
    recording = force.recording(camera)
    change_source_type(camera, "egt", by=force.CLERK, at=LATER)

    force.recording(Camera.objects.get(pk=camera.pk))

    recording.refresh_from_db()
    assert recording.source_type == ""


def test_a_proposal_for_a_source_type_counts_its_recordings_alone() -> None:
    egt("E1")
    delivered(serial="E1")
    delivered(serial="B1")
    proposed = Schedule(
        version=2,
        effective_at=LATER,
        lines=DEFAULT.lines,
        by_category=DEFAULT.by_category,
    )

    effect = effect_of(DEFAULT, proposed, today=LATER, takes_effect=LATER)

    assert (effect["looked_at"], effect["sooner"], effect["later"]) == (1, 0, 1)
