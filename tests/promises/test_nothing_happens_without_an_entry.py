"""Promise 2. Nothing happens without an entry: act and entry commit together.

Every action is done twice: once to see its entry, and once with a log that cannot
be written (the database itself refuses), to see that nothing else changed either.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate
from tests.promises.conftest import an_original
from tests.world import force
from tests.world.standing import Standing, standing

from custodes.cases.actions import (
    assign,
    exhibit,
    material,
    prepare,
    proceed,
    siblings,
    take,
    take_report,
)
from custodes.cases.actions import open as cases
from custodes.cases.rules.audiences import Audience, Paper
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import Move, Part, PartyRole
from custodes.cases.rules.proceeding import State as Stage
from custodes.custody import erasing
from custodes.custody.actions import record
from custodes.custody.errors import NotInATransaction
from custodes.custody.events import PersonChanged
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.custody.rules import LOG_PURPOSES
from custodes.fleet import actions as fleet
from custodes.fleet.rules import DockKind, Grade, Mount
from custodes.incidents.actions import access, declare
from custodes.incidents.actions import proceed as procedure
from custodes.incidents.rules import Harm, Link, window_around
from custodes.incidents.rules import Stage as Account
from custodes.intake import actions as intake
from custodes.intake.models import Upload
from custodes.intake.rules import Kind, Promise, State
from custodes.kernel.clock import now, rfc3339
from custodes.kernel.ids import new_handle
from custodes.oversight.actions import handling, register, sample
from custodes.oversight.models import Sample, Sampled
from custodes.oversight.rules import Entered
from custodes.oversight.rules import Kind as RegisterKind
from custodes.oversight.rules import Outcome as Answered
from custodes.people import actions as people
from custodes.people.models import Person, Token
from custodes.people.rules import Role
from custodes.recordings.actions import (
    annotate,
    arrive,
    arrive_together,
    check,
    clip,
    deliver,
    deliver_together,
    describe,
    find,
    gaps,
    lock,
    look,
    prove_clips,
    read_log,
    recipients,
    scrub,
    things,
    watch,
)
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.arriving import Announcement
from custodes.recordings.models import Category, Copy, Gap, Original, Recording, Thing
from custodes.recordings.origins import Origin, Source
from custodes.recordings.reports import Stretch
from custodes.recordings.rules import LockKind, OpenFor, Purpose
from custodes.retention.actions import (
    asked,
    hold,
    inventory,
    notices,
    place,
    proceedings,
    proposal,
    restrict,
    review,
    sweep,
)
from custodes.retention.inventory import looking
from custodes.retention.models import Notice
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.erasure import Ground
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.notices import Change
from custodes.retention.rules.periods import Period
from custodes.retention.rules.proceedings import Outcome
from custodes.retention.rules.schedule import Schedule

pytestmark = pytest.mark.django_db

SOURCES = Path(__file__).resolve().parents[2] / "src" / "custodes"
BY = force.CLERK
MUCH_LATER = now() + timedelta(days=365 * 8)


@pytest.fixture(autouse=True)
def _no_moment_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an inventory not wait for the rows of what other tests left in the store."""
    monkeypatch.setattr(looking, "_A_MOMENT", 0.0)


class World:
    """Somebody of everything, ready to be acted on."""

    def __init__(self, original: Original) -> None:
        self.original = original
        self.recording = original.recording
        self.camera = original.recording.camera
        self.officer = original.recording.wearer
        self.clerk = force.person("S Mirza", Role.EVIDENCE_UNIT)
        self.viewer = self.clerk.as_viewer("test")
        self.dock, _ = fleet.add_dock("Dock 1", DockKind.AXIS, by=BY, at=now())
        find.note_search(self.viewer, {}, "1", at=now())
        self.records = force.person("R Osei", Role.RECORDS).as_viewer("test")
        self.auditor = force.person("A Lindqvist", Role.AUDITOR).as_viewer("test")
        erasing.plan_erasure(7, by=self.records.actor, because="old", at=MUCH_LATER)
        gaps.note_reading(self.camera, reading("seen.mp4"), by=BY, at=now())
        gaps.miss_what_is_overdue(by=BY, at=now() + timedelta(days=2))
        self.gap = Gap.objects.order_by("pk")[0]
        self.elsewhere = force.recording(force.camera("X900"), "elsewhere")
        self.manager = force.person("M Adeyemi", Role.POST_INCIDENT)
        self.manages = self.manager.as_viewer("test")
        self.colleague = force.person("A Colleague")
        self.apart = force.recording(force.camera("X901", self.colleague), "apart")
        self.incident = declare.declare(self.manages, death(self.colleague), at=now())
        self.named = lock.name_to(
            self.incident.handle, self.clerk, OpenFor.DEBRIEF, "why", by=BY, at=now()
        )
        self.decision = access.let_in(self.manages, self.incident, letting(self), at=now())
        self.restricted = restrict.restrict(self.records, asked_to_erase(self.apart), at=now())
        self.hold = hold.raise_hold(wanted(self.recording), by=BY, at=now())
        recipients.note_recipient(self.recording, recipients.Given("CPS", "a clip"), at=now())
        notices.queue_notices([self.recording.pk], Change.ERASED, by=BY, at=now())
        self.notice = Notice.objects.get()
        self.proposal = proposal.propose(self.records, changed(60), "panels", at=now())
        proposal.work_out(self.proposal.handle, by=BY, at=now())
        self.new = proposal.propose(self.records, changed(40), "panels", at=now())
        self.matter = proceedings.open_matter("01MP/44/26", by=BY, at=now())
        self.panel = force.person("M Hale", Role.PANEL)
        drawn = Sample.objects.create(
            day=now().date(), drawn_at=now(), size=1, seed=b"", percent=1, candidates=1, document={}
        )
        self.sampled = Sampled.objects.create(
            sample=drawn, recording=self.recording, stratum="all", hold=self.hold
        )
        self.judge = force.person("J Ito", Role.PANEL)
        self.allotted = sample.allot(self.records, self.sampled, self.judge, 3, at=now())
        reach = wanted(self.recording).scope
        self.request = register.enter(self.records, request("R/1"), reach, at=now())
        self.vane, self.ekblad = (force.person(name, Role.STANDARDS) for name in ("Vane", "Ekblad"))
        complaint = Entered(RegisterKind.COMPLAINT, "C/1", now().date(), "the arrest")
        standards = self.vane.as_viewer("test")
        self.complaint = register.enter(standards, complaint, reach, at=now())
        handling.give_complaint(self.records, self.complaint.handle, self.vane, at=now())
        self.sweep = sweep.rehearse(by=BY, at=now())
        # It stops for what this world's store lacks, and to that nobody can agree.
        self.sweep.stopped = ""
        self.sweep.save(update_fields=["stopped"])
        self.case = cases.open_case(
            self.viewer, cases.NewCase("01MP/44/26", "Robbery", self.officer), at=now()
        )
        self.convicted = cases.open_case(
            self.viewer, cases.NewCase("01MP/46/26", "Theft", self.officer), at=now()
        )
        for to in (Stage.CHARGED, Stage.CONVICTED):
            move = Move(to, now().date(), "the court")
            proceed.move_case(self.viewer, self.convicted, move, at=now())
        self.party = cases.enter_party(self.viewer, self.case, PartyRole.VICTIM, "A", at=now())
        assign.assign(self.viewer, self.case, self.clerk, Part.WORKS, at=now())
        seen = force.recording(self.camera, "r2")
        of = exhibit.NewExhibit("Video", "AB")
        self.exhibit = exhibit.number_exhibit(self.viewer, self.case, seen, of, at=now())
        self.spare = force.recording(self.camera, "r3")
        things.say_origin(self.spare, a_disk("his"), by_hand=True, by=BY, at=now())
        self.thing = Thing.objects.get()
        material.add_recordings(self.viewer, self.case, [self.spare], "", at=now())
        self.received = self._received("b.bin", b"more footage")
        self.again = self._received(original.name, b"frames " * 60_000)
        self.begun = self._begun("c.bin")
        self.delivery = self._delivery()
        self.odd = force.original(self.recording, b"no film", "odd.mp4", Kind.VIDEO)
        says = {"browser": {"plays": False}, "pictures_decoded": 1}
        Original.objects.filter(pk=self.odd.pk).update(described={"probe": says})
        self.clip = Copy.objects.create(
            original=original, purpose=Purpose.CLIP, size=1, sha256="0" * 64, made_at=now()
        )

    @cached_property
    def draft(self) -> describe.CopyDraft:
        """Return a copy that was begun: an open file, which no world can keep for another."""
        begun = describe.CopyDraft(self.original, Purpose.WAVEFORM, "application/json")
        begun.write(b"{}")
        return begun

    def _begun(self, name: str) -> Upload:
        offer = intake.Offer(
            door="test", name=name, kind=Kind.OTHER, source_key=self.recording.source_key,
            camera=self.camera, promise=Promise(), told={},
        )  # fmt: skip
        return intake.begin_upload(offer, at=now())

    def _delivery(self) -> deliver_together.Delivery:
        started = rfc3339(self.recording.started_at)
        said = {"filename": "d.bin", "camera": self.camera.serial, "started_at": started}
        sender = deliver.Sender("import", BY)
        upload = deliver.begin_delivery(said, 4, sender, at=now())
        return deliver_together.Delivery(upload, intake.receive_all(upload, [b"film"]))

    def _received(self, name: str, body: bytes) -> Upload:
        upload = self._begun(name)
        received = intake.receive_all(upload, [body])
        return intake.conclude(upload, received, Promise(), by=BY, at=now())


def a_disk(whose: str) -> Source:
    return Source(Origin.SEIZED, f"{whose} hard disk", "the shop")


def announcement(world: World) -> Announcement:
    return Announcement(
        camera=world.camera, source="test", source_key="new", times=world.recording.times, told={}
    )


def terms() -> look.Terms:
    return look.Terms(
        by=BY, keep_going=lambda: None, handle_for=lambda *_: new_handle(), last_try=True
    )


def request(reference: str) -> Entered:
    return Entered(RegisterKind.INFORMATION, reference, date(2026, 1, 5), "stops in May")


def reading(name: str) -> gaps.Reading:
    return gaps.Reading((gaps.Item(name, 1000),))


def changed(days: int) -> Schedule:
    routine = replace(DEFAULT.lines[0], keep=Period(days=days))
    return replace(DEFAULT, lines=(routine, *DEFAULT.lines[1:]))


def wanted(recording: Recording) -> hold.Wanted:
    scope = Scope(recordings=frozenset({recording.handle}))
    return hold.Wanted(HoldKind.CIVIL, "claim 7", localdate() + timedelta(days=90), scope)


def asked_to_erase(recording: Recording) -> restrict.Request:
    return restrict.Request(
        "J Doe", Ground.ERASE, "IR/7", now().date(), "at home", frozenset({recording.handle})
    )


def death(officer: Person) -> declare.Declaration:
    window = window_around(force.NOON)
    return declare.Declaration(
        Harm.DEATH, Link.CONTACT, force.NOON, "a street", window, officers=[officer]
    )


def token(world: World) -> Token:
    wanted = people.NewToken("A list", localdate(now()), reads_only=True)
    made, _ = people.make_token(world.officer.as_viewer("test"), wanted, at=now())
    return made


def letting(world: World) -> access.Letting:
    return access.Letting(world.manager, OpenFor.MANAGEMENT, "to manage it", "I Byrne", "2026/123")


def ended(world: World) -> int:
    for stage in Account:
        procedure.note_stage(world.manages, world.incident.witnesses.get(), stage, now(), at=now())
    lost = {each.camera.handle: "It was lost." for each in world.incident.cameras.all()}
    return procedure.end_procedure(
        world.manages, world.incident, "2026/123", "over", lost, at=now()
    )


# name of the action → how to do it so that it changes something
ACTIONS: dict[str, Callable[[World], Any]] = {
    "people.add_person": lambda w: force.person("New One"),
    "people.set_roles": lambda w: people.set_roles(w.officer, [Role.RECORDS], by=BY, at=now()),
    "people.note_sign_in": lambda w: people.note_sign_in(
        w.officer, address="127.0.0.1", by=BY, at=now()
    ),
    "people.make_token": token,
    "people.revoke_token": lambda w: people.revoke_token(
        w.officer.as_viewer("test"), token(w), at=now()
    ),
    "fleet.add_dock": lambda w: fleet.add_dock("Dock 2", DockKind.AGENT, by=BY, at=now()),
    "fleet.note_system": lambda w: fleet.note_system(w.dock, "s", {"a": "b"}, by=BY, at=now()),
    "fleet.enrol_camera": lambda w: fleet.enrol_camera(
        "X200", by=BY, at=now(), grade=Grade.NONE
    ),
    "fleet.change_source_type": lambda w: fleet.change_source_type(
        w.camera, "egt", by=BY, at=now()
    ),
    "fleet.announce_wearer": lambda w: fleet.announce_wearer("u-1", by=BY, at=now(), name="PC 1"),
    "fleet.issue_camera": lambda w: fleet.issue_camera(
        w.camera, w.clerk, Mount.CHEST, by=BY, at=now()
    ),
    "intake.quarantine": lambda w: intake.quarantine(w.received, "why", by=BY, at=now()),
    "intake.discard": lambda w: intake.discard(w.begun, "why", by=BY, at=now()),
    "intake.refuse_arrival": lambda w: intake.refuse_arrival(
        "n", "why", subject=w.dock.handle, by=BY, at=now()
    ),
    "recordings.open_recording": lambda w: arrive.open_recording(
        announcement(w), by=BY, at=now()
    ),
    "recordings.tell_more": lambda w: arrive.tell_more(
        w.recording, w.recording.times, {"a": "b"}, by=BY, at=now()
    ),
    "recordings.tell_of_file": lambda w: arrive.tell_of_file(
        w.recording, w.original.name, {"a": "b"}, by=BY, at=now()
    ),
    "recordings.take_in": lambda w: arrive.take_in(w.recording, w.received, by=BY, at=now()),
    "recordings.take_in again": lambda w: arrive.take_in(w.recording, w.again, by=BY, at=now()),
    "recordings.complete": lambda w: arrive.complete(w.recording, by=BY, at=now()),
    "recordings.classify": lambda w: annotate.classify(
        w.viewer, w.recording, Category.objects.filter(is_offered=True)[0].code, at=now()
    ),
    "recordings.settle_category": lambda w: annotate.settle_category(
        w.recording, "it is", by=BY, at=now()
    ),
    "recordings.name_place": lambda w: annotate.name_place(
        w.viewer, w.recording, "Brixton Road", at=now()
    ),
    "recordings.note_search": lambda w: find.note_search(w.viewer, {}, "1", at=now()),
    "recordings.add_note": lambda w: annotate.add_note(w.viewer, w.recording, "Hm.", at=now()),
    "recordings.mark_moment": lambda w: annotate.mark_moment(
        w.viewer, w.recording, w.recording.started_at, "here", at=now()
    ),
    "recordings.bookmark_from_camera": lambda w: annotate.bookmark_from_camera(
        w.recording, w.recording.started_at, "here", {}, by=BY, at=now()
    ),
    "recordings.classify_from_camera": lambda w: annotate.classify_from_camera(
        w.recording, "new-code", by=BY, at=now()
    ),
    "recordings.classify_together": lambda w: annotate.classify_together(
        {w.recording.pk: annotate.Chosen("arrest")}, by=BY, at=now()
    ),
    "recordings.take_in_together": lambda w: arrive_together.take_in_together(
        [arrive_together.Arrival(announcement(w), w.received)], by=BY, at=now()
    ),
    "recordings.deliver_together": lambda w: deliver_together.deliver_together(
        [w.delivery], by=BY, at=now()
    ),
    "recordings.describe": lambda w: describe.describe(
        w.original, {"seconds": 3.0, "faults": ["It is short."]}, by=BY, at=now()
    ),
    "recordings.keep_copy": lambda w: describe.keep_copy(
        w.draft, about={}, recipe={}, by=BY, at=now()
    ),
    "recordings.look_at": lambda w: look.look_at(w.original.handle, terms()),
    "recordings.copy_for_viewing": lambda w: look.copy_for_viewing(w.odd.handle, terms()),
    "recordings.check_recording": lambda w: check.check_recording(w.recording, by=BY, at=now()),
    "recordings.scrub_store": lambda w: scrub.scrub_store(by=BY, at=now()),
    "recordings.begin_viewing": lambda w: watch.begin_viewing(
        w.viewer, w.recording, "a complaint", reason_needed=True, at=now()
    ),
    "recordings.open_page": lambda w: watch.open_page(w.viewer, w.recording, at=now()),
    "recordings.fetch": lambda w: watch.fetch(
        w.viewer, w.original, "original", "a complaint", at=now()
    ),
    "recordings.note_packaged": lambda w: prove_clips.note_packaged(
        w.viewer, w.recording, [w.clip], Handed("CPS", "a trial"), at=now()
    ),
    "recordings.fetch_clip": lambda w: clip.fetch_clip(w.viewer, w.clip, "a trial", at=now()),
    "recordings.read_log": lambda w: read_log.read_log(
        w.auditor, w.officer, Stretch(now(), now()), next(iter(LOG_PURPOSES)), "asked", at=now()
    ),
    "recordings.note_reading": lambda w: gaps.note_reading(
        w.camera, reading("other.mp4"), by=BY, at=now()
    ),
    "recordings.say_origin": lambda w: things.say_origin(
        w.recording, a_disk("hers"), by_hand=True, by=BY, at=now()
    ),
    "recordings.return_thing": lambda w: things.return_thing(
        w.viewer, w.thing.handle, now().date(), "the owner", at=now()
    ),
    "recordings.keep_thing": lambda w: things.keep_thing(
        w.viewer, w.thing.handle, "to be examined", now().date() + timedelta(30), at=now()
    ),
    "recordings.explain_gap": lambda w: gaps.explain_gap(
        w.viewer, w.gap.handle, "it fell into the river", at=now()
    ),
    "custody.plan_erasure": lambda w: erasing.plan_erasure(
        7, by=BY, because="old", at=MUCH_LATER
    ),
    "custody.erase_details": lambda w: erasing.erase_details(
        by=w.auditor.actor, because="old", at=MUCH_LATER, forget=lambda ended: ended.count()
    ),
    "retention.raise_hold": lambda w: hold.raise_hold(wanted(w.recording), by=BY, at=now()),
    "retention.renew_hold": lambda w: hold.renew_hold(
        w.records, w.hold, "still needed", localdate() + timedelta(days=99), at=now()
    ),
    "retention.agree_to_release": lambda w: hold.agree_to_release(
        w.records, w.hold, "settled", at=now()
    ),
    "retention.keep_after_review": lambda w: review.keep_after_review(
        w.records, w.recording, "trial", localdate() + timedelta(days=9), at=now()
    ),
    "retention.queue_notices": lambda w: notices.queue_notices(
        [w.recording.pk], Change.CORRECTED, by=BY, at=now()
    ),
    "retention.name_place_and_tell": lambda w: place.name_place_and_tell(
        w.viewer, w.recording, "Brixton Road", at=now()
    ),
    "retention.note_sent": lambda w: notices.note_sent(w.viewer, w.notice, "by hand", at=now()),
    "retention.propose": lambda w: proposal.propose(w.records, changed(50), "why", at=now()),
    "retention.count_anew": lambda w: proposal.count_anew(by=BY, at=now() + timedelta(days=2)),
    "retention.work_out": lambda w: proposal.work_out(w.new.handle, by=BY, at=now()),
    "retention.approve": lambda w: proposal.approve(w.auditor, w.proposal, "read", at=now()),
    "retention.withdraw": lambda w: proposal.withdraw(w.auditor, w.proposal, "no", at=now()),
    "retention.ask_for_rehearsal": lambda w: asked.ask_for_rehearsal(w.records, at=now()),
    "retention.open_matter": lambda w: proceedings.open_matter("01MP/45/26", by=BY, at=now()),
    "retention.link": lambda w: proceedings.link(w.matter, [w.recording], by=BY, at=now()),
    "retention.record_outcome": lambda w: proceedings.record_outcome(
        w.matter, Outcome.ACQUITTED, decided_on=now().date(), by=BY, at=now()
    ),
    "retention.rehearse": lambda w: sweep.rehearse(by=BY, at=now()),
    "retention.agree_to_sweep": lambda w: sweep.agree_to_sweep(
        w.records, w.sweep, "looked through", at=now()
    ),
    "cases.open_case": lambda w: cases.open_case(
        w.viewer, cases.NewCase("01MP/45/26", "Theft", w.officer), at=now()
    ),
    "cases.enter_party": lambda w: cases.enter_party(
        w.viewer, w.case, PartyRole.SUSPECT, "B", at=now()
    ),
    "cases.correct_party": lambda w: cases.correct_party(
        w.viewer, w.party, PartyRole.WITNESS, "A", at=now()
    ),
    "cases.look_at_case": lambda w: cases.look_at_case(w.viewer, w.case, at=now()),
    "cases.assign": lambda w: assign.assign(
        w.viewer, w.case, w.clerk, Part.OFFICER, at=now()
    ),
    "cases.put_on": lambda w: assign.put_on(
        w.case, w.clerk, Part.DISCLOSURE, by=BY, at=now()
    ),
    "cases.unassign": lambda w: assign.unassign(w.viewer, w.case, w.clerk, "left", at=now()),
    "cases.add_recordings": lambda w: material.add_recordings(
        w.viewer, w.case, [w.recording], "", at=now()
    ),
    "cases.take_out": lambda w: material.take_out(w.viewer, w.case, w.spare, "no", at=now()),
    "cases.assess": lambda w: material.assess(
        w.viewer, w.case, w.spare,
        material.Assessment(Status.NOT_RELEVANT, reason="it is of another day altogether"),
        at=now(),
    ),
    "cases.look_for_siblings": lambda w: siblings.look_for_siblings(w.viewer, w.case, at=now()),
    "cases.number_exhibit": lambda w: exhibit.number_exhibit(
        w.viewer, w.case, w.recording, exhibit.NewExhibit("Video", "AB"), at=now()
    ),
    "cases.explain_exhibit": lambda w: exhibit.explain_exhibit(
        w.viewer, w.exhibit, exhibit.Why.WHOLE, "all of it matters", at=now()
    ),
    "cases.make_exhibit_of": lambda w: prepare.make_exhibit_of(
        w.viewer, w.clip, cases.NewCase("01MP/77/26", "Theft", w.clerk),
        exhibit.NewExhibit("A clip", "AB"), at=now(),
    ),
    "cases.void_exhibit": lambda w: exhibit.void_exhibit(w.viewer, w.exhibit, "no", at=now()),
    "cases.move_case": lambda w: proceed.move_case(
        w.viewer, w.case, Move(Stage.CHARGED, now().date(), "CPS"), at=now()
    ),
    "cases.challenge_case": lambda w: proceed.challenge_case(
        w.viewer, w.convicted, proceedings.Challenge.APPEAL, None, at=now()
    ),
    "cases.look_over": lambda w: proceed.look_over(w.viewer, w.case, "CPS", at=now()),
    "cases.note_attention_in_case": lambda w: proceed.note_attention_in_case(
        w.viewer, w.convicted, proceedings.Attention.OFFENCE, now().date(), at=now()
    ),
    "cases.take_paper": lambda w: take.take_paper(
        w.viewer, w.case, Paper.EXHIBITS, Audience.PROSECUTOR, Handed("CPS", "charge"), at=now()
    ),
    "cases.take_case_report": lambda w: take_report.take_case_report(
        w.viewer, w.case, Audience.COURT, Handed("Judge Ito", "ordered"), at=now()
    ),
    "cases.take_statement": lambda w: take.take_statement(
        w.viewer, w.exhibit, Audience.PROSECUTOR, Handed("CPS", "charge"), at=now()
    ),
    "oversight.enter": lambda w: register.enter(
        w.records, request("R/2"), wanted(w.recording).scope, at=now()
    ),
    "oversight.allot": lambda w: sample.allot(w.records, w.sampled, w.panel, 3, at=now()),
    "oversight.judge": lambda w: sample.judge(
        w.judge.as_viewer("test"), w.allotted, "calm", at=now()
    ),
    "oversight.close": lambda w: register.close(
        w.records, w.request.handle, Answered.GIVEN, "a copy", at=now()
    ),
    "oversight.give_complaint": lambda w: handling.give_complaint(
        w.records, w.complaint.handle, w.ekblad, at=now()
    ),
    "oversight.take_complaint": lambda w: handling.take_complaint(
        w.records, w.complaint.handle, w.vane, "on leave", at=now()
    ),
    "retention.take_inventory": lambda w: inventory.take_inventory(by=BY, at=now()),
    "recordings.lock": lambda w: lock.lock(
        [w.elsewhere], lock.Locking("m", LockKind.RESTRICTED, "why"), by=BY, at=now()
    ),
    "recordings.lift": lambda w: lock.lift(w.incident.handle, "over", by=BY, at=now()),
    "recordings.name_to": lambda w: lock.name_to(
        w.incident.handle, w.officer, OpenFor.LEGAL, "why", by=BY, at=now()
    ),
    "recordings.name_no_more": lambda w: lock.name_no_more(w.named, "why", by=BY, at=now()),
    "recordings.note_withheld": lambda w: lock.note_withheld(
        w.viewer, w.recording.handle, "GET /", at=now()
    ),
    "incidents.declare": lambda w: declare.declare(w.manages, death(w.officer), at=now()),
    "incidents.widen": lambda w: declare.widen(
        w.manages, w.incident, cameras=[w.elsewhere.camera], at=now()
    ),
    "incidents.let_in": lambda w: access.let_in(w.manages, w.incident, letting(w), at=now()),
    "incidents.decide_anew": lambda w: access.decide_anew(
        w.manages, w.decision, letting(w), at=now()
    ),
    "incidents.end_access": lambda w: access.end_access(w.manages, w.decision, "why", at=now()),
    "incidents.note_stage": lambda w: procedure.note_stage(
        w.manages, w.incident.witnesses.get(), Account.BASIC_FACTS, now(), at=now()
    ),
    "incidents.refer": lambda w: procedure.refer(w.manages, w.incident, now(), "2026/1", at=now()),
    "incidents.link_monitoring": lambda w: procedure.link_monitoring(
        w.manages, w.incident, w.elsewhere.handle, "it shows the room", at=now()
    ),
    "incidents.end_procedure": ended,
    "retention.restrict": lambda w: restrict.restrict(
        w.records, asked_to_erase(w.elsewhere), at=now()
    ),
    "retention.take_letter": lambda w: restrict.take_letter(w.records, w.restricted, at=now()),
    "retention.let_use": lambda w: restrict.let_use(
        w.records, w.restricted, w.clerk, "claim 7", MUCH_LATER, at=now()
    ),
    "retention.announce_lifting": lambda w: restrict.announce_lifting(
        w.records, w.restricted, now().date(), "by letter", at=now()
    ),
    "retention.lift_restriction": lambda w: (
        restrict.announce_lifting(w.records, w.restricted, now().date(), "by letter", at=now()),
        restrict.lift_restriction(w.records, w.restricted, "withdrawn", at=now()),
    ),
    "recordings.deny": lambda w: watch.deny(w.viewer, "to play it", at=now()),
}  # fmt: skip

# Public functions that call ``record`` but are not in the table, and where they are held to it.
ELSEWHERE = {
    "disclosure.make_code": "tests/disclosure/test_every_act_is_entered.py, with all of its acts",
    "disclosure.send_code": "the same",
    "disclosure.note_sent": "the same",
    "disclosure.send_link_again": "the same",
    "disclosure.leave": "the same",
    "disclosure.wish": "the same",
    "disclosure.answer": "the same",
    "custody.begin_log": "below, by itself: it writes only into an empty log",
    "retention.agree_to_loss": "tests/retention/test_accept_loss.py: it needs a loss",
    "retention.withdraw_loss": "the same",
    "retention.notice_lateness": "tests/retention/test_late.py: it needs one that came late",
    "retention.explain_lateness": "the same",
    "retention.let_go_after_review": "tests/retention/test_review.py: it needs one that waits",
    "retention.agree_to_category": (
        "tests/retention/test_category_changes.py: it needs a change that waits"
    ),
    "oversight.draw_if_due": "tests/oversight/test_sample.py: it needs a day that was closed",
    "retention.run": "tests/retention/test_sweep.py: each of its batches is an act of its own",
    "custody.beat_if_due": "the entry is all it does",
    "custody.note_release": "the entry is all it does",
    "people.note_own_change": "tests/web/test_account_changes.py: the change is allauth's",
    "custody.stamp": "below, by itself: it asks an authority first",
    "custody.recover_from": "tests/custody/test_guard.py: it needs a log that lost its end",
    "custody.begin_successor": "the same; the entry is all it does",
}


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of ours, as the database has it."""
    tables = [m for m in apps.get_models() if m.__module__.startswith("custodes.")]
    with connection.cursor() as cursor:
        return {model._meta.label: _rows(cursor, model._meta.db_table) for model in tables}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f'SELECT * FROM "{table}"')
    rows = cursor.fetchall()
    plain = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]
    return sorted(plain, key=repr)


@contextmanager
def a_log_that_cannot_be_written() -> Iterator[None]:
    """Let the database refuse every new entry, as a full disk or a broken table would."""
    with connection.cursor() as cursor:
        for statement in _REFUSE[connection.vendor]:
            cursor.execute(statement)
        yield
        cursor.execute(_ALLOW[connection.vendor])


_FUNCTION = """CREATE FUNCTION no_entries() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log cannot be written'; END $$"""
_ON_POSTGRESQL = """CREATE TRIGGER no_entries BEFORE INSERT ON custody_entry
    FOR EACH ROW EXECUTE FUNCTION no_entries()"""
_ON_SQLITE = """CREATE TRIGGER no_entries BEFORE INSERT ON custody_entry
    BEGIN SELECT RAISE(ABORT, 'the log cannot be written'); END"""
_REFUSE = {"sqlite": [_ON_SQLITE], "postgresql": [_FUNCTION, _ON_POSTGRESQL]}
_ALLOW = {
    "sqlite": "DROP TRIGGER no_entries",
    "postgresql": "DROP TRIGGER no_entries ON custody_entry",
}


@pytest.fixture(scope="class")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing[World]]:
    home = tmp_path_factory.mktemp("world")
    with standing(django_db_blocker, home, lambda: World(an_original())) as world:
        yield world


@pytest.fixture
def world(made: Standing[World], db: None, settings: Any, tmp_path: Path) -> World:
    """Return somebody of everything, as it was made."""
    return made.found_in(tmp_path / "home", settings)


class TestEachAction:
    """Every action, each in the same world as it was made."""

    @pytest.mark.parametrize("name", ACTIONS)
    def test_an_act_leaves_an_entry(self, world: World, name: str) -> None:
        before = Entry.objects.count()

        ACTIONS[name](world)

        assert Entry.objects.count() > before

    @pytest.mark.parametrize("name", ACTIONS)
    def test_an_act_whose_entry_cannot_be_written_does_not_happen(
        self, world: World, name: str
    ) -> None:
        before = snapshot()

        with (
            a_log_that_cannot_be_written(),
            pytest.raises(DatabaseError, match="cannot be written"),
            transaction.atomic(),
        ):
            ACTIONS[name](world)

        assert snapshot() == before

    @pytest.mark.parametrize("name", ACTIONS)
    def test_an_act_is_undone_by_the_action_itself_and_not_only_by_its_caller(
        self, world: World, name: str
    ) -> None:
        before = snapshot()

        with a_log_that_cannot_be_written(), pytest.raises(DatabaseError):
            ACTIONS[name](world)

        assert snapshot() == before


def test_the_first_entry_is_written_whole_or_not_at_all(db: None) -> None:
    before = snapshot()

    with a_log_that_cannot_be_written(), pytest.raises(DatabaseError):
        begin_log(by=BY, at=now())

    assert snapshot() == before


def test_a_discarded_uploads_bytes_stay_until_the_entry_is_committed(original: Original) -> None:
    world = World(original)
    reception = intake.open_reception(world.begun)
    reception.feed(b"half")
    reception.pause()
    reception.abandon()

    with a_log_that_cannot_be_written(), pytest.raises(DatabaseError):
        intake.discard(world.begun, "why", by=BY, at=now() + timedelta(days=9))

    assert Upload.objects.get(pk=world.begun.pk).state == State.RECEIVING
    assert world.begun.handle in set(describe.strongroom.vault().store.incoming_handles())


def test_no_action_is_missing_from_the_table() -> None:
    """An action that writes an entry and is not held to the promise here is found by this."""
    named = {name.split(" ")[0] for name in ACTIONS} | set(ELSEWHERE)

    missing = {action for action in recording_actions() if action not in named}

    assert not missing, f"add these to ACTIONS: {sorted(missing)}"


def recording_actions() -> Iterator[str]:
    """Yield every public function of a stage that calls ``record``, as stage.function."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if node.name != "record" and any(map(_records, ast.walk(node))):
                yield f"{path.relative_to(SOURCES).parts[0]}.{node.name}"


def _records(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record"
    )


@pytest.mark.django_db(transaction=True)
def test_an_entry_cannot_be_written_apart_from_its_act() -> None:
    with pytest.raises(NotInATransaction):
        record(PersonChanged(person="x", change="y"), subject=new_handle(), by=BY, at=now())

    assert not Entry.objects.exists()
