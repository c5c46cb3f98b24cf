"""The engine deletes what is due and nothing else, and leaves behind what shows it."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.utils import timezone
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, kinds_of, server_runs_until, swept

from custodes.custody import strongroom
from custodes.custody.checkpoints import beat_if_due
from custodes.custody.models import Entry, Head
from custodes.intake.actions import Offer, begin_upload, conclude, receive_all
from custodes.intake.rules import Kind, Promise
from custodes.intake.rules import State as UploadState
from custodes.kernel.clock import rfc3339
from custodes.kernel.errors import NotFound
from custodes.ledger.entry import parse_entry
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import add_note, classify, name_place
from custodes.recordings.actions.arrive import complete, take_in
from custodes.recordings.models import Copy, Note, Original, Recording
from custodes.recordings.rules import State
from custodes.retention.actions import outlook, unlink
from custodes.retention.actions import sweep as sweep_actions
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.review import keep_after_review, let_go_after_review
from custodes.retention.actions.schedule import publish
from custodes.retention.actions.sweep import agree_to_sweep, rehearse, run
from custodes.retention.coming import holds_to_look_at, reasons_of
from custodes.retention.errors import ScheduleRefused, SweepStopped
from custodes.retention.models import (
    HeldRecording,
    Hold,
    Outlook,
    ScheduleVersion,
    Tombstone,
    Unlinking,
)
from custodes.retention.proposals import schedule_to_change
from custodes.retention.queries import explain
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.disposal import Stage
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.periods import Period
from custodes.vault.removing import Removing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def standards() -> Viewer:
    return force.person("Standards", Role.STANDARDS).as_viewer("web")


@pytest.fixture
def unit() -> Viewer:
    return force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")


def test_a_recording_goes_when_its_time_is_over_and_not_a_millisecond_before() -> None:
    recording = delivered()
    original = recording.originals.get()

    early = swept(DUE - timedelta(milliseconds=1))
    assert (early.due, early.disposed) == (0, 0)
    assert strongroom.vault().store.holds(original.handle)

    done = swept(DUE)

    assert (done.due, done.disposed, done.kept) == (1, 1, 0)
    recording.refresh_from_db()
    assert recording.state == State.DISPOSED
    assert not strongroom.vault().store.holds(original.handle)
    assert not Original.objects.filter(recording=recording).exists()
    assert kinds_of(recording)[-1] == "recording.deleted"


def test_while_it_goes_on_a_process_of_its_own_removes_what_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlook, "_BATCH", 1)
    monkeypatch.setattr(sweep_actions, "_REMOVED_TOGETHER", 1)
    begun: list[Removing] = []
    monkeypatch.setattr(
        unlink, "Removing", lambda *told: begun.append(Removing(*told)) or begun[-1]
    )
    for key in range(4):
        delivered(f"r{key}")
    kept = delivered("kept", started=force.NOON + DAY)

    assert swept(DUE).disposed == 4

    assert begun
    assert set(Tombstone.objects.values_list("stage", flat=True)) == {Stage.UNLINKED}
    assert not Unlinking.objects.exists()
    assert list(strongroom.vault().store.sealed_handles()) == [kept.originals.get().handle]


def test_what_a_process_of_its_own_did_not_remove_the_sweep_removes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(outlook, "_BATCH", 1)
    monkeypatch.setattr(sweep_actions, "_REMOVED_TOGETHER", 1)
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr(strongroom, "store_folder", lambda: nowhere)
    nowhere.write_bytes(b"no folder")
    for key in range(3):
        delivered(f"r{key}")

    assert swept(DUE).disposed == 3

    assert set(Tombstone.objects.values_list("stage", flat=True)) == {Stage.UNLINKED}
    assert not list(strongroom.vault().store.sealed_handles())


def test_the_entry_lets_an_outsider_recompute_when_it_was_due() -> None:
    recording = delivered()
    kid = recording.originals.get().kid
    swept(DUE + DAY)

    deleted = Entry.objects.get(subject=recording.handle, kind="recording.deleted")
    facts = parse_entry(bytes(deleted.data)).facts
    policy = Entry.objects.get(subject=facts["pol"], kind="policy.publish")
    completed = Entry.objects.get(subject=recording.handle, kind="recording.completed")
    rule = parse_entry(bytes(policy.data)).facts["rules"][facts["rule"]]
    ended = datetime.fromisoformat(parse_entry(bytes(completed.data)).facts["e"])

    assert facts["mode"] == "scheduled"
    assert facts["kids"] == [kid]
    assert rule["from"] == "ended"
    assert rfc3339(ended + timedelta(days=rule["days"])) == facts["due"]


def test_its_certificate_has_the_moments_to_the_microsecond(unit: Viewer) -> None:
    recording = delivered(started=force.NOON + timedelta(microseconds=7_001))
    at = DUE + DAY + timedelta(microseconds=13_000)

    swept(at)

    stone = Tombstone.objects.get(handle=recording.handle)
    assert stone.due_at == DUE + timedelta(microseconds=7_001)
    assert stone.disposed_at == at


def test_nothing_that_tells_what_was_on_it_is_left(unit: Viewer) -> None:
    recording = delivered()
    Recording.objects.update(told={"officer": "PC Seeded"})
    name_place(unit, recording, "Seeded Street", at=force.NOON)
    add_note(unit, recording, "Seeded note", at=force.NOON)
    sealed = recording.originals.get().upload
    thumbnail = Copy.objects.create(
        original=recording.originals.get(), purpose="thumbnail", size=1, sha256="0" * 64,
        media_type="image/webp", made_at=force.NOON,
    )  # fmt: skip
    key, _ = strongroom.ring().new_key()
    sealing = strongroom.vault().begin(thumbnail.handle, "thumbnail", key)
    sealing.write(b"x")
    sealing.finish()

    swept(DUE)

    stone = Tombstone.objects.get(handle=recording.handle)
    recording.refresh_from_db()
    sealed.refresh_from_db()
    assert (bytes(sealed.wrapped), sealed.name, sealed.sha256) == (b"", "", "")
    assert not Note.objects.exists()
    assert not Copy.objects.exists()
    assert (recording.place, recording.told) == (None, {})
    written = " ".join(str(value) for value in vars(stone).values())
    leaf = bytes(Entry.objects.get(index=stone.entry).data).decode()
    assert "Seeded" not in written + leaf
    assert stone.stage == Stage.UNLINKED
    assert not strongroom.vault().store.holds(thumbnail.handle)


def test_a_held_recording_stays_and_goes_14_days_after_its_release(
    unit: Viewer, records: Viewer
) -> None:
    recording = delivered()
    wanted = Wanted(
        HoldKind.OTHER, "claim 7", DUE.date() + DAY, Scope(recordings=frozenset({recording.handle}))
    )
    hold = place_hold(unit, wanted, at=force.NOON + DAY)

    assert swept(DUE + 30 * DAY).disposed == 0
    assert agree_to_release(records, hold, "settled", at=DUE + 30 * DAY) == ()
    assert swept(DUE + 43 * DAY).disposed == 0
    assert swept(DUE + 44 * DAY).disposed == 1
    assert kinds_of(recording)[-3:] == ["hold.placed", "hold.released", "recording.deleted"]


def test_what_an_inquest_held_is_never_deleted_by_itself(unit: Viewer, records: Viewer) -> None:
    recording = delivered()
    scope = Scope(recordings=frozenset({recording.handle}))
    wanted = Wanted(HoldKind.CORONER, "inquest 3", DUE.date() + DAY, scope)
    hold = place_hold(unit, wanted, at=force.NOON + DAY)
    released = DUE + 30 * DAY
    assert agree_to_release(records, hold, "concluded", at=released) == ()

    assert swept(released + 5000 * DAY).disposed == 0
    assert explain(unit, recording.handle, released + 5000 * DAY).verdict is Verdict.REVIEW

    for viewer in (records, force.person("Second", Role.RECORDS).as_viewer("web")):
        let_go_after_review(viewer, recording, "no use", at=released + 5000 * DAY)
    assert swept(released + 5014 * DAY).disposed == 1


def test_what_was_held_until_a_day_goes_on_that_day_and_not_before(unit: Viewer) -> None:
    recording, until = delivered(), DUE + 30 * DAY
    scope = Scope(recordings=frozenset({recording.handle}))
    wanted = Wanted(HoldKind.OTHER, "the panel", until.date(), scope, until=until)
    place_hold(unit, wanted, at=force.NOON + DAY)

    assert swept(DUE).disposed == 0
    assert swept(until - timedelta(milliseconds=1)).disposed == 0
    assert swept(until).disposed == 1
    assert kinds_of(recording)[-1] == "recording.deleted"


def test_what_a_clock_ahead_kept_is_looked_at_again_once_the_clock_is_reached() -> None:
    recording = delivered()
    ahead = DUE + 5 * DAY
    Recording.objects.filter(pk=recording.pk).update(ended_at=ahead)

    assert swept(DUE).disposed == 0
    assert swept(ahead).disposed == 0
    assert swept(ahead + 31 * DAY).disposed == 1


def test_a_standing_hold_keeps_what_is_docked_later(unit: Viewer) -> None:
    camera = force.camera("X7")
    scope = Scope(cameras=frozenset({camera.handle}))
    wanted = Wanted(HoldKind.DSI, "DSI 3", DUE.date(), scope, standing=True)
    place_hold(unit, wanted, at=force.NOON)
    recording = delivered(serial="X7")

    assert swept(DUE).disposed == 0
    assert HeldRecording.objects.filter(recording=recording).count() == 1
    assert explain(unit, recording.handle, DUE).verdict is Verdict.KEEP


def test_what_is_categorised_as_evidence_waits_for_a_person(unit: Viewer, records: Viewer) -> None:
    recording = delivered()
    classify(unit, recording, "arrest", at=force.NOON + DAY)
    later = DUE + 400 * DAY

    done = swept(later)

    # The letter speaks of what would be deleted, and this would not be.
    assert (done.due, done.letter["due"], done.letter["waiting"]) == (0, 0, 1)
    assert (done.disposed, done.kept) == (0, 0)
    assert Outlook.objects.get(recording=recording).verdict == Verdict.REVIEW

    keep_after_review(records, recording, "trial next year", (later + 90 * DAY).date(), at=later)
    assert explain(records, recording.handle, later).verdict is Verdict.KEEP


def test_a_hold_row_that_is_lost_keeps_the_recording_all_the_same(unit: Viewer) -> None:
    recording = delivered()
    scope = Scope(recordings=frozenset({recording.handle}))
    place_hold(unit, Wanted(HoldKind.COMPLAINT, "CO/1", DUE.date(), scope), at=force.NOON)
    HeldRecording.objects.all().delete()
    Outlook.objects.all().delete()

    done = swept(DUE + DAY)

    assert (done.due, done.disposed, done.kept) == (1, 0, 1)
    recording.refresh_from_db()
    assert recording.state == State.COMPLETE


def test_what_is_still_arriving_or_has_no_end_stays() -> None:
    arriving = force.recording(force.camera("X9"))
    endless = delivered("r2")
    Recording.objects.filter(pk=endless.pk).update(ended_at=None, seconds=0)

    assert swept(DUE + 1000 * DAY).disposed == 0
    assert Recording.objects.filter(pk__in=[arriving.pk, endless.pk]).count() == 2


def test_a_clock_that_jumped_back_or_a_lost_file_stops_everything() -> None:
    recording = delivered()
    other = delivered("r2")

    with pytest.raises(SweepStopped, match="clock stands before the last entry"):
        run(rehearse(by=ENGINE, at=DUE), by=ENGINE, at=force.NOON - DAY)

    strongroom.vault().store.shred(other.originals.get().handle)
    with pytest.raises(SweepStopped, match="1 sealed files are not in the store"):
        swept(DUE)
    assert Recording.objects.exclude(state=State.DISPOSED).count() == 2
    assert strongroom.vault().store.holds(recording.originals.get().handle)


@pytest.mark.silence
def test_a_clock_that_jumped_ahead_stops_every_sweep_until_two_people_say_it_is_right(
    records: Viewer,
) -> None:
    recording = delivered()
    server_runs_until(force.NOON + 5 * DAY)
    at = DUE + DAY
    for _ in range(3):  # the server goes on, by the wrong clock
        beat_if_due(by=ENGINE, at=at)
        with pytest.raises(SweepStopped, match="is its clock wrong"):
            run(rehearse(by=ENGINE, at=at), by=ENGINE, at=at)
        at += DAY
    assert Recording.objects.get(pk=recording.pk).state == State.COMPLETE

    sweep = rehearse(by=ENGINE, at=at)
    for viewer in (records, force.person("P Osei", Role.RECORDS).as_viewer("test")):
        agree_to_sweep(viewer, sweep, "The server was off in the summer.", at=at)
    run(sweep, by=ENGINE, at=at)

    assert Recording.objects.get(pk=recording.pk).state == State.DISPOSED
    server_runs_until(at + 3 * DAY)
    assert rehearse(by=ENGINE, at=at + 3 * DAY).stopped == ""


def test_an_unreadable_schedule_stops_everything() -> None:
    delivered()
    rehearse(by=ENGINE, at=force.NOON + DAY)
    ScheduleVersion.objects.update(document="{}")

    with pytest.raises(SweepStopped, match="The schedule cannot be read: not a schedule"):
        swept(DUE)
    assert not Tombstone.objects.exists()


def test_while_the_schedule_cannot_be_read_people_still_hold_and_nothing_forgets_to_ask(
    unit: Viewer, records: Viewer
) -> None:
    recording = delivered()
    rehearse(by=ENGINE, at=force.NOON + DAY)
    first = ScheduleVersion.objects.get()
    document = first.document
    ScheduleVersion.objects.update(document="{}")
    scope = Scope(recordings=frozenset({recording.handle}))

    hold = place_hold(unit, Wanted(HoldKind.OTHER, "x", DUE.date(), scope), at=force.NOON + DAY)
    agree_to_release(records, hold, "not needed", at=force.NOON + 2 * DAY)
    assert reasons_of([recording], DUE) == {}
    with pytest.raises(ScheduleRefused, match="can be read is in force"):
        explain(unit, recording.handle, DUE)
    with pytest.raises(ScheduleRefused, match="version 1, cannot be read"):
        schedule_to_change(records)

    ScheduleVersion.objects.update(document=document)
    assert swept(DUE).disposed == 1


def test_a_version_that_takes_effect_while_a_sweep_goes_on_stops_it_and_nothing_goes(
    records: Viewer,
) -> None:
    """The record's time is ahead of the sweep's: whoever checks finds the newer version."""
    recording = delivered()
    sweep = rehearse(by=ENGINE, at=DUE)
    longer = replace(DEFAULT.lines[0], keep=Period(days=60))
    newer = replace(
        DEFAULT, lines=(longer, *DEFAULT.lines[1:]), effective_at=DUE + timedelta(minutes=1)
    )
    publish(records, newer, "60 days", "somebody else", at=DUE)
    force.person("Who comes", Role.OFFICER)
    Head.objects.update(at=DUE + timedelta(minutes=1))

    with pytest.raises(SweepStopped, match="Another version of the schedule took effect"):
        run(sweep, by=ENGINE, at=DUE)

    recording.refresh_from_db()
    sweep.refresh_from_db()
    assert (recording.state, recording.originals.count()) == (State.COMPLETE, 1)
    assert not Entry.objects.filter(kind="recording.deleted").exists()
    assert (sweep.disposed, sweep.ended_at) == (0, DUE)
    assert "Another version" in sweep.interrupted
    assert swept(DUE + timedelta(minutes=2)).disposed == 0


def test_the_notes_that_would_never_ask_again_are_made_anew() -> None:
    again = importlib.import_module("custodes.retention.migrations.0012_look_again")
    forgotten, waiting = delivered("r1"), delivered("r2")
    rehearse(by=ENGINE, at=force.NOON)
    Outlook.objects.filter(recording=forgotten).update(due_at=None, held=True)
    Outlook.objects.filter(recording=waiting).update(due_at=None, verdict=Verdict.REVIEW)

    again.forget(apps, None)

    assert [each.recording_id for each in Outlook.objects.all()] == [waiting.pk]
    assert swept(DUE).disposed == 1
    forgotten.refresh_from_db()
    assert forgotten.state == State.DISPOSED


def test_nothing_is_said_of_what_was_deleted_before_its_hold_was_released(
    unit: Viewer, records: Viewer
) -> None:
    gone, stays = delivered("r1"), delivered("r2")
    until = DUE + 3 * DAY
    scope = Scope(recordings=frozenset({gone.handle, stays.handle}))
    wanted = Wanted(HoldKind.OTHER, "the panel", DUE.date(), scope, until=until)
    hold = place_hold(unit, wanted, at=force.NOON + DAY)
    assert list(holds_to_look_at(records, DUE)) == [hold]
    keep = Wanted(
        HoldKind.CIVIL, "a claim", DUE.date(), Scope(recordings=frozenset({stays.handle}))
    )
    place_hold(unit, keep, at=force.NOON + DAY)
    assert swept(until).disposed == 1
    Hold.objects.filter(pk=hold.pk).update(until=None)

    agree_to_release(records, hold, "over", at=until + DAY)

    assert kinds_of(gone)[-1] == "recording.deleted"
    assert kinds_of(stays)[-1] == "hold.released"


def test_a_hold_that_keeps_nothing_any_more_is_not_to_be_looked_at(
    unit: Viewer, records: Viewer
) -> None:
    recording, until = delivered(), DUE + DAY
    scope = Scope(recordings=frozenset({recording.handle}))
    wanted = Wanted(HoldKind.OTHER, "the panel", DUE.date(), scope, until=until)
    hold = place_hold(unit, wanted, at=force.NOON + DAY)
    everything = Scope(cameras=frozenset({recording.camera.handle}))
    standing = place_hold(
        unit,
        Wanted(HoldKind.OTHER, "x", DUE.date(), everything, standing=True),
        at=force.NOON + DAY,
    )
    assert list(holds_to_look_at(records, until - DAY)) == [standing, hold]

    assert list(holds_to_look_at(records, until)) == [standing]
    agree_to_release(records, standing, "not needed", at=until)
    Hold.objects.filter(pk=hold.pk).update(until=None)
    Recording.objects.update(state=State.DISPOSED)
    assert list(holds_to_look_at(records, until)) == []


def test_a_jump_needs_two_people_who_agree_to_this_sweep(
    monkeypatch: pytest.MonkeyPatch, records: Viewer, standards: Viewer
) -> None:
    monkeypatch.setattr("custodes.retention.rules.disposal.FEW", 1)
    for number in range(3):
        delivered(f"r{number}")
    sweep = rehearse(by=ENGINE, at=DUE)
    assert sweep.stopped == "It is the first time that anything is deleted."

    with pytest.raises(SweepStopped, match="first time"):
        run(sweep, by=ENGINE, at=DUE)
    assert not agree_to_sweep(records, sweep, "looked through", at=DUE)
    assert not agree_to_sweep(records, sweep, "again", at=DUE)
    with pytest.raises(SweepStopped, match="first time"):
        run(sweep, by=ENGINE, at=DUE)
    with pytest.raises(SweepStopped, match="None of your roles"):
        agree_to_sweep(force.person("Okafor").as_viewer("web"), sweep, "yes", at=DUE)

    auditor = force.person("Auditor", Role.AUDITOR).as_viewer("web")
    assert agree_to_sweep(auditor, sweep, "looked through", at=DUE)
    assert run(sweep, by=ENGINE, at=DUE).disposed == 3


def test_a_letter_counts_what_has_no_unit_once() -> None:
    delivered("r1")
    officer = force.person("Okafor", team="A")
    force.camera("X200", officer)
    delivered("r2", serial="X200")

    letter = rehearse(by=ENGINE, at=DUE).letter

    assert letter["by_unit"] == [["", 2]]
    assert letter["by_month"] == [["2026-11", 2]]


def test_a_letter_counts_by_the_months_of_the_force_s_own_clock() -> None:
    begun = ["2026-03-31T23:30:00Z", "2026-03-31T22:59:59Z", "2026-05-31T22:59:59.999Z"]
    for number, moment in enumerate(begun):
        Recording.objects.filter(pk=delivered(f"r{number}").pk).update(started_at=moment)

    with timezone.override("Europe/London"):  # an hour ahead from 29 March to 25 October
        letter = rehearse(by=ENGINE, at=DUE).letter

    assert letter["by_month"] == [["2026-03", 1], ["2026-04", 1], ["2026-05", 1]]


def test_a_letter_about_nothing_counts_no_month() -> None:
    assert rehearse(by=ENGINE, at=DUE).letter["by_month"] == []


def test_without_an_entry_nothing_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = delivered()
    original = recording.originals.get()
    sweep = rehearse(by=ENGINE, at=DUE)

    def cannot_be_written(*_: object, **__: object) -> None:
        raise DatabaseError("the log cannot be written")

    monkeypatch.setattr("custodes.retention.actions.dispose.record_all", cannot_be_written)
    with pytest.raises(DatabaseError, match="cannot be written"):
        run(sweep, by=ENGINE, at=DUE)

    recording.refresh_from_db()
    assert recording.state == State.COMPLETE
    assert recording.originals.get() == original
    assert strongroom.vault().store.holds(original.handle)
    assert Outlook.objects.filter(recording=recording).exists()


def test_what_became_due_since_the_rehearsal_waits_for_the_next() -> None:
    delivered()
    sweep = rehearse(by=ENGINE, at=DUE - DAY)

    assert run(sweep, by=ENGINE, at=DUE).disposed == 0
    with pytest.raises(SweepStopped, match="has ended already"):
        run(sweep, by=ENGINE, at=DUE)


def test_a_deleted_recording_cannot_be_explained_as_if_it_were_there(unit: Viewer) -> None:
    recording = delivered()
    swept(DUE)

    with pytest.raises(NotFound, match="has been deleted"):
        explain(unit, recording.handle, DUE)


def test_a_file_that_comes_after_its_recording_was_deleted_is_kept_apart() -> None:
    recording = delivered()
    swept(DUE)
    promise = Promise(size=4)
    offer = Offer(
        door="test", name="b.bin", kind=Kind.OTHER, source_key=recording.source_key,
        camera=recording.camera, promise=promise, told={},
    )  # fmt: skip
    upload = begin_upload(offer, at=DUE)
    conclude(upload, receive_all(upload, [b"late"]), promise, by=force.CLERK, at=DUE)

    taken = take_in(recording, upload, by=force.CLERK, at=DUE)

    assert taken.original is None
    assert upload.state == UploadState.QUARANTINED
    complete(recording, by=force.CLERK, at=DUE)
    recording.refresh_from_db()
    assert recording.state == State.DISPOSED
