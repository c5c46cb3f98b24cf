"""HOLD-03, PIP-01, PIP-07. What is docked late is held to the last, and no camera is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.incidents.conftest import HAPPENED, LATER, Scene
from tests.world import force

from custodes.custody.queries import history_of
from custodes.custody.report import sentence
from custodes.fleet.models import Camera
from custodes.incidents.actions.declare import widen
from custodes.incidents.actions.late import count_in_what_came_after_the_end
from custodes.incidents.actions.proceed import end_procedure, note_stage
from custodes.incidents.errors import ProcedureRefused
from custodes.incidents.models import EndedWithout, Incident
from custodes.incidents.queries import locked_by, sights_of
from custodes.incidents.rules import Stage
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import name_place
from custodes.recordings.actions.gaps import Reading, note_reading
from custodes.recordings.models import Lock, Recording
from custodes.recordings.queries import recordings_for
from custodes.recordings.reports import report_for
from custodes.retention.actions.hold import agree_to_release
from custodes.retention.actions.night import take_notice
from custodes.retention.errors import HoldRefused

pytestmark = pytest.mark.django_db
ENDED = LATER + timedelta(days=20)
AFTER = ENDED + timedelta(days=1)


def docked(*cameras: Camera) -> None:
    for camera in cameras:
        note_reading(camera, Reading(()), by=force.CLERK, at=LATER)


def end(scene: Scene, incident: Incident, **without: str) -> None:
    manager = scene.manager.as_viewer("test")
    for witness in incident.witnesses.all():
        for stage in Stage if not witness.times.exists() else ():
            note_stage(manager, witness, stage, LATER, at=LATER)
    why = {getattr(scene, name).handle: reason for name, reason in without.items()}
    end_procedure(manager, incident, "2026/1", "all accounts are given", why, at=ENDED)
    incident.refresh_from_db()


def notice(recording: Recording) -> None:
    """Do what the worker does once a recording was announced."""
    take_notice(recording.handle, by=force.CLERK, at=AFTER)
    count_in_what_came_after_the_end(recording.handle, by=force.CLERK, at=AFTER)


def held_by(incident: Incident) -> set[str]:
    return set(incident.hold.held.values_list("recording__source_key", flat=True))


def test_what_is_docked_after_the_end_is_held_by_camera_by_wearer_and_by_place(
    scene: Scene,
) -> None:
    incident = scene.declare(officers=[scene.okafor])
    widen(scene.standards.as_viewer("test"), incident, officers=[scene.abara], at=LATER)
    docked(scene.camera, scene.other_camera)
    end(scene, incident)
    spare = force.camera("X77", scene.abara)
    elsewhere = scene.elsewhere.camera

    for late in (
        force.recording(scene.camera, "by-camera", started=HAPPENED),
        force.recording(scene.other_camera, "by-added-camera", started=HAPPENED),
        force.recording(spare, "by-added-wearer", started=HAPPENED),
        force.recording(elsewhere, "by-place", started=HAPPENED, place="Brixton Road"),
        force.recording(elsewhere, "of-nothing", started=HAPPENED),
        force.recording(scene.camera, "too-late", started=HAPPENED + timedelta(days=2)),
    ):
        notice(late)

    assert held_by(incident) == {
        "r1", "r2", "by-camera", "by-added-camera", "by-added-wearer", "by-place",
    }  # fmt: skip


def test_what_is_placed_there_after_the_end_is_held_then(scene: Scene) -> None:
    incident = scene.declare()
    docked(scene.camera, scene.other_camera)
    end(scene, incident)
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("test")

    name_place(unit, scene.elsewhere, "Brixton Road", at=AFTER)
    notice(scene.elsewhere)

    assert "r3" in held_by(incident)


def test_what_is_docked_after_the_end_is_of_the_incident_and_locked_to_nobody(
    scene: Scene,
) -> None:
    incident = scene.declare()
    docked(scene.camera, scene.other_camera)
    end(scene, incident)

    late = force.recording(scene.camera, "late", started=HAPPENED)
    notice(late)
    notice(late)

    assert late in locked_by(scene.manager.as_viewer("test"), incident)
    assert not Lock.objects.filter(recording=late, lifted_at=None).exists()
    assert recordings_for(scene.okafor.as_viewer("test")).filter(pk=late.pk).exists()
    kinds = force.kinds(late.handle)
    assert kinds.count("recording.locked") == kinds.count("recording.unlocked") == 1
    assert kinds.count("hold.placed") == 1


def test_the_watchdog_sees_what_was_there_and_what_comes_after_the_end(scene: Scene) -> None:
    incident = scene.declare()
    watchdog = scene.watchdog.as_viewer("test")
    docked(scene.camera, scene.other_camera)
    end(scene, incident)

    notice(force.recording(scene.camera, "late", started=HAPPENED))
    notice(force.recording(scene.camera, "another-day", started=HAPPENED + timedelta(days=2)))

    seen = set(recordings_for(watchdog).values_list("source_key", flat=True))
    assert seen == {"r1", "r2", "late"}
    assert len(report_for(watchdog, scene.recording).lines) == len(
        force.kinds(scene.recording.handle)
    )
    newcomer = force.person("C Later", Role.WATCHDOG).as_viewer("test")
    assert recordings_for(newcomer).count() == 3


def test_what_two_people_released_catches_nothing_any_more(scene: Scene) -> None:
    incident = scene.declare()
    docked(scene.camera, scene.other_camera)
    end(scene, incident)
    records = force.person("Records", Role.RECORDS)
    agreed = {"reference": "2026/1", "all_closed": True, "at": AFTER}
    agree_to_release(scene.standards.as_viewer("test"), incident.hold, "over", **agreed)
    agree_to_release(records.as_viewer("test"), incident.hold, "over", **agreed)

    late = force.recording(scene.camera, "late", started=HAPPENED)
    notice(late)

    assert not late.holds.exists()
    assert not late.locks.exists()


def test_nobody_is_added_to_an_incident_whose_hold_was_released(scene: Scene) -> None:
    incident = scene.declare(officers=[scene.okafor])
    incident.hold.released_at = LATER
    incident.hold.save()

    with pytest.raises(HoldRefused, match="The hold was released"):
        widen(scene.standards.as_viewer("test"), incident, officers=[scene.abara], at=LATER)

    assert not scene.sibling.locks.exists()
    assert incident.witnesses.count() == 1


def test_adding_somebody_who_filmed_nothing_yet_undoes_what_was_agreed_about_the_hold(
    scene: Scene,
) -> None:
    incident = scene.declare(officers=[scene.okafor])
    said = {"reference": "2026/1", "all_closed": True, "at": LATER}
    agree_to_release(scene.standards.as_viewer("test"), incident.hold, "over", **said)
    newcomer = force.person("C Later")

    widen(scene.manager.as_viewer("test"), incident, officers=[newcomer], at=LATER)

    assert not incident.hold.agreements.filter(voided_at=None).exists()
    assert force.kinds(incident.hold.handle)[-1] == "hold.agreements_voided"


def test_the_procedure_does_not_end_in_silence_about_a_camera_that_is_out(scene: Scene) -> None:
    incident = scene.declare()
    docked(scene.camera)

    with pytest.raises(ProcedureRefused, match="Camera X4712 has not been docked since"):
        end(scene, incident)
    with pytest.raises(ProcedureRefused, match="Camera X4712"):
        end(scene, incident, other_camera="  ")

    incident.refresh_from_db()
    assert incident.ended_at is None
    assert Lock.objects.filter(lifted_at=None).count() == 2
    assert not EndedWithout.objects.exists()


def test_why_it_ended_without_a_camera_is_kept_by_name(scene: Scene) -> None:
    incident = scene.declare()
    docked(scene.camera)

    end(scene, incident, other_camera="It lies in the river; divers have given up.")

    assert incident.ended_at == ENDED
    assert force.kinds(incident.handle)[-2:] == ["incident.ended_without", "incident.ended"]
    [_, sight] = sights_of(scene.manager.as_viewer("test"), incident, AFTER)
    assert sight.ended_without == "It lies in the river; divers have given up."
    assert "divers" in sentence(history_of(incident.handle)[-2])
