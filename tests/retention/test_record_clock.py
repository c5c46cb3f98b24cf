"""What is written of a deleted recording has a clock of its own, and goes by it (RET-13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.apps import apps
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.custody.erasing import number_ended
from custodes.custody.errors import ErasureRefused
from custodes.custody.models import Entry
from custodes.custody.queries import tell
from custodes.custody.report import sentence
from custodes.fleet.models import Wearer
from custodes.intake.models import Upload
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import classify
from custodes.recordings.actions.grant import open_to
from custodes.recordings.actions.prove import hand_out_package
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.models import CategoryChange, NamedInLock, Recipient, Recording
from custodes.recordings.queries import recordings_for
from custodes.recordings.rules import OpenFor, State
from custodes.retention.actions.erase_details import agree_to_erasure, ask_for_erasure
from custodes.retention.actions.inventory import take_inventory
from custodes.retention.actions.notices import note_sent
from custodes.retention.models import LateDocking, LettingGo, Notice, Review, Tombstone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
AT = force.NOON + DAY
KEY = "INTERVIEW OF ADA QUILL.MP4"
# What hangs on a recording and says who had to do with it: nothing of it is left.
GOES = {
    "recordings.Bookmark", "recordings.CategoryChange", "recordings.Grant",
    "recordings.NamedInLock", "recordings.Note", "recordings.Original", "recordings.Recipient",
    "retention.LateDocking", "retention.LettingGo", "retention.Outlook", "retention.Review",
}  # fmt: skip
# What stays, and why: a recording that something new hangs on has to be thought of here.
STAYS = {
    "recordings.CopiedFrom": "which thing it was copied from; whose it was, the thing says",
    "recordings.Gap": "what a camera lost, which is the camera's record",
    "recordings.Lock": "that it was locked, from when to when; nobody's name",
    "retention.HeldRecording": "that a hold kept it; why and who, the hold says",
    "retention.MatterRecording": "that it belonged to a matter, which has a clock of its own",
    "retention.RestrictedRecording": "the answer to a request, which is the request's record",
    "cases.Exhibit": "the case's record",
    "cases.Material": "the case's record",
    "disclosure.Item": "the register of what was given out, by case",
    "disclosure.Packaged": "the register of what was given out, by case",
    "incidents.Decision": "the incident's record",
    "incidents.Monitoring": "the incident's record",
    "oversight.Sampled": "that it was drawn at random; nobody's name",
}


@pytest.fixture
def unit() -> Viewer:
    return force.person("Unit", Role.EVIDENCE_UNIT, Role.RECORDS).as_viewer("web")


@pytest.fixture
def auditor() -> Viewer:
    return force.person("Auditor", Role.AUDITOR, Role.RECORDS).as_viewer("web")


@pytest.fixture
def gone(unit: Viewer) -> Recording:
    """Return a deleted recording that many people had to do with, with a letter to be sent."""
    okafor = force.person("Okafor", team="A")
    recording = delivered(KEY, serial="Q1")
    seen = Wearer.objects.create(dock_id="w1", name="Okafor O", person=okafor)
    Recording.objects.filter(pk=recording.pk).update(
        wearer=okafor, announced=seen, team=okafor.team, trigger_on=AT, trigger_off=AT
    )
    Upload.objects.filter(source_key=KEY).update(person=okafor)
    open_to([okafor.pk], [recording.pk], "m" * 22, "R v Quill", at=AT)
    hand_out_package(unit, recording, opened=set(), handed=Handed("A Solicitor", "bail"), at=AT)
    assert swept(DUE).disposed == 1
    recording.refresh_from_db()
    _as_if_people_had_looked_after_it(recording, okafor)
    return recording


def _as_if_people_had_looked_after_it(recording: Recording, person: Person) -> None:
    """Leave the rows that a longer life leaves."""
    about = {"recording": recording, "at": AT}
    review = Review.objects.create(**about, by="Unit", reason="Ada Quill asks")
    LettingGo.objects.create(**about, person=person, reason="no use", entry=0, review=review)
    CategoryChange.objects.create(**about, by=person, before="arrest", after="none")
    NamedInLock.objects.create(
        cause="c" * 22, recording=recording, person=person, purpose=OpenFor.MANAGEMENT, since=AT
    )
    LateDocking.objects.create(
        recording=recording, days=30, stays_until=AT, noticed_at=AT, explained_by="Okafor"
    )


def years_on(years: int) -> datetime:
    """Return the day after so many years since the deletion."""
    return DUE.replace(year=DUE.year + years) + DAY


def sent(unit: Viewer) -> None:
    """Send every letter that is owed."""
    for notice in Notice.objects.filter(sent_at=None):
        note_sent(unit, notice, "to A Solicitor, by post", at=DUE + DAY)


def erased(unit: Viewer, auditor: Viewer, at: datetime) -> int:
    """Have two people erase what may go."""
    ask_for_erasure(unit, "the years are over", at=at)
    return agree_to_erasure(auditor, "checked", at=at)


def test_footage_and_record_go_by_two_clocks(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    sent(unit)

    assert (gone.state, gone.wearer and gone.wearer.name) == (State.DISPOSED, "Okafor")
    assert number_ended(7, years_on(7) - 2 * DAY) == 0
    assert number_ended(7, years_on(7)) == 1
    erased(unit, auditor, years_on(7))

    gone.refresh_from_db()
    assert (gone.state, gone.wearer, gone.announced, gone.team) == (
        State.DISPOSED,
        None,
        None,
        None,
    )
    assert (gone.trigger_on, gone.trigger_off) == (None, None)
    assert gone.started_at == force.NOON
    assert Tombstone.objects.get(handle=gone.handle).line == "N0"
    entry = Entry.objects.get(kind="metadata.erased")
    assert "who had to do with recordings deleted as long ago (1)" in sentence(tell(entry))


def test_nothing_that_hangs_on_it_says_any_more_who_had_to_do_with_it(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    sent(unit)
    before = {label for label in GOES if _rows(label, gone)}
    erased(unit, auditor, years_on(7))

    assert {label for label in GOES if _rows(label, gone)} == set()
    assert before >= {
        "recordings.CategoryChange", "recordings.Grant", "recordings.NamedInLock",
        "recordings.Recipient", "retention.LateDocking", "retention.LettingGo",
        "retention.Review",
    }  # fmt: skip
    assert not Notice.objects.exists()


def _rows(label: str, recording: Recording) -> int:
    return apps.get_model(label)._default_manager.filter(recording=recording).count()


def test_whatever_hangs_on_a_recording_goes_with_its_record_or_says_why_it_stays() -> None:
    hanging = {each.related_model._meta.label for each in Recording._meta.related_objects}
    assert hanging == GOES | set(STAYS)
    assert all(STAYS.values())


def test_no_name_is_left_in_the_tables_of_recordings(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    sent(unit)
    names = ("Ada", "ADA", "Quill", "Solicitor")
    assert {name for name in names if name in _all_that_is_written()} == set(names)
    erased(unit, auditor, years_on(7))

    assert not [name for name in names if name in _all_that_is_written()]
    assert not Upload.objects.exclude(person=None).exists()


def _all_that_is_written() -> str:
    """Return every row of the stages a recording's record is in, as text."""
    stages = ("intake", "recordings", "retention")
    tables = (model for stage in stages for model in apps.get_app_config(stage).get_models())
    return "\n".join(str(row) for table in tables for row in table._default_manager.values())


def test_the_inventory_finds_nothing_wrong_afterwards(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    other = delivered("r2", serial="Q1")
    sent(unit)
    before = take_inventory(by=ENGINE, at=years_on(7)).look.figures
    erased(unit, auditor, years_on(7))

    after = take_inventory(by=ENGINE, at=years_on(7) + DAY).look.figures
    assert after == replace(before, size=after.size)
    assert Upload.objects.get(source_key=gone.handle).camera == gone.camera
    assert Upload.objects.get(source_key="r2").camera == other.camera


def test_what_is_still_held_or_was_deleted_later_keeps_its_record(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    okafor = gone.wearer
    held, later = delivered(KEY, serial="Q2"), delivered("r3", serial="Q1")
    Recording.objects.filter(pk__in=[held.pk, later.pk]).update(wearer=okafor)
    classify(unit, held, "arrest", at=years_on(1))
    assert swept(years_on(2)).disposed == 1
    sent(unit)
    erased(unit, auditor, years_on(7))

    kept = Recording.objects.filter(wearer=okafor)
    assert {each.source_key for each in kept} == {KEY, "r3"}
    assert {each.source_key for each in Upload.objects.filter(camera=held.camera)} == {KEY}


def test_a_letter_that_is_still_owed_is_sent_first_and_nothing_is_erased(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    ask_for_erasure(unit, "the years are over", at=years_on(7))
    with pytest.raises(ErasureRefused, match="1 of those who were given"):
        agree_to_erasure(auditor, "checked", at=years_on(7))

    gone.refresh_from_db()
    assert gone.wearer is not None
    assert Recipient.objects.get().name == "A Solicitor"
    assert not Entry.objects.exclude(erased_in=None).exists()


def test_an_entry_without_its_deletion_lets_no_record_go(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    sent(unit)
    Recording.objects.filter(pk=gone.pk).update(state=State.COMPLETE)
    erased(unit, auditor, years_on(7))

    gone.refresh_from_db()
    assert gone.wearer is not None


def test_whoever_wore_it_no_longer_finds_it_among_their_own(
    gone: Recording, unit: Viewer, auditor: Viewer
) -> None:
    assert gone.wearer is not None
    okafor = gone.wearer.as_viewer("web")
    assert recordings_for(okafor).filter(pk=gone.pk).exists()
    sent(unit)
    erased(unit, auditor, years_on(7))

    assert not recordings_for(okafor).filter(pk=gone.pk).exists()
    assert recordings_for(unit).filter(pk=gone.pk).exists()
