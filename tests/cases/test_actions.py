"""Cases, their material and exhibits: what is written, held, refused, and never given again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.cases.conftest import LATER, NOON, Station
from tests.world import force

from custodes.cases.actions.exhibit import (
    NewExhibit,
    Why,
    explain_exhibit,
    number_exhibit,
    void_exhibit,
)
from custodes.cases.actions.material import Assessment, add_recordings, assess, take_out
from custodes.cases.actions.open import NewCase, correct_party, enter_party, open_case
from custodes.cases.actions.proceed import challenge_case, move_case
from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.actions.take import take_paper, take_statement
from custodes.cases.coverage import coverage_for, what_is_open_in
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case, Exhibit, Material, Party
from custodes.cases.papers import facts_for_statement
from custodes.cases.report import history_of_case
from custodes.cases.rules.audiences import Audience, Paper
from custodes.cases.rules.material import NOT_DESCRIBED, Status
from custodes.cases.rules.papers import read_exhibits_csv, read_exhibits_json
from custodes.cases.rules.proceeding import Move, PartyRole, State
from custodes.cases.rules.statement import as_text, draft
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.fleet.models import Camera
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.ledger.entry import parse_entry
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.errors import NeedsAReason
from custodes.recordings.models import Original, Place, Recording
from custodes.recordings.rules import LockKind
from custodes.retention.actions.hold import Wanted, agree_to_release, raise_hold
from custodes.retention.actions.proceedings import Challenge
from custodes.retention.models import HeldRecording, Hold, Matter
from custodes.retention.queries import explain
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.django_db

GOOD = "PC Lewis arrests a man in a red jacket, who says he was not there."
DAY = timedelta(days=1)
FOR_CPS = Handed("CPS London South", "charging decision")


def unchanged(act: Callable[[], object], words: str) -> None:
    """See that an act is refused with these words and changes nothing."""
    before = Entry.objects.count(), Hold.objects.count(), Material.objects.count()
    with pytest.raises(CaseRefused, match=words):
        act()
    assert (Entry.objects.count(), Hold.objects.count(), Material.objects.count()) == before


def test_a_case_is_opened_with_its_officer_and_nobody_elses_urn(station: Station) -> None:
    case = station.case

    assert (case.urn, str(case), str(case.team)) == ("01MP0004426", "01MP/00044/26", "Response A")
    assert force.kinds(case.handle) == ["case.opened", "matter.opened", "case.assigned"]
    again = NewCase("01MP0004426", "Theft")
    unchanged(lambda: open_case(station.officer, again, at=LATER), "used already")
    unchanged(lambda: open_case(station.officer, NewCase("44/26", "Theft"), at=LATER), "01MP/44/26")
    unchanged(lambda: open_case(station.officer, NewCase("01MP/45/26", " "), at=LATER), "about")


def test_material_is_looked_at_a_year_after_the_day_on_the_wall(station: Station) -> None:
    just_past_midnight = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 BST on 1 July

    add_recordings(
        station.officer, station.case, [station.okafors], "needed", at=just_past_midnight
    )

    station.case.refresh_from_db()
    assert station.case.hold is not None
    assert station.case.hold.review_on == date(2028, 7, 1)


def test_what_is_added_is_held_at_once_told_of_both_and_kept_past_its_date(
    station: Station,
) -> None:
    count = add_recordings(station.officer, station.case, [station.okafors], "", at=LATER)

    assert count == 1
    [held] = HeldRecording.objects.filter(recording=station.okafors)
    assert (held.hold.kind, held.hold.authority) == ("case", "01MP/00044/26")
    assert "recording.linked" in force.kinds(station.okafors.handle)
    assert "case.linked" in force.kinds(station.case.handle)
    far = NOON + timedelta(days=4000)
    assert explain(station.clerk, station.lewiss.handle, far).verdict.value == "dispose"
    decision = explain(station.clerk, station.okafors.handle, far)
    assert decision.verdict.value == "keep"
    assert "material of the case" in " ".join(decision.reasons)

    assert add_recordings(station.officer, station.case, [station.okafors], "", at=LATER) == 0


def test_taking_a_recording_out_lets_go_of_no_hold(station: Station) -> None:
    add_recordings(station.officer, station.case, [station.okafors], "", at=LATER)

    take_out(station.officer, station.case, station.okafors, "the wrong evening", at=now())

    assert Hold.objects.get().released_at is None
    assert not station.case.material.filter(taken_out_at=None).exists()
    assert force.kinds(station.okafors.handle)[-1] == "recording.unlinked"
    decision = explain(station.clerk, station.okafors.handle, NOON + timedelta(days=4000))
    assert decision.verdict.value == "keep"


def test_nothing_is_taken_out_of_a_case_that_has_ended(station: Station) -> None:
    officer, case = station.officer, station.case
    add_recordings(officer, case, [station.okafors], "", at=LATER)
    case = move_case(officer, case, Move(State.NO_ACTION, LATER.date(), "no suspect"), at=LATER)

    unchanged(
        lambda: take_out(officer, case, station.okafors, "wrong", at=LATER + 60 * DAY),
        "for as long as its outcome asks",
    )

    assert explain(station.clerk, station.okafors.handle, LATER + 61 * DAY).lines[0] == "E2"
    again = Move(State.INVESTIGATION, (LATER + 60 * DAY).date(), "a witness came forward")
    case = move_case(officer, case, again, at=LATER + 60 * DAY)
    take_out(officer, case, station.okafors, "another street", at=LATER + 60 * DAY)
    end = Move(State.NO_ACTION, (LATER + 61 * DAY).date(), "no suspect")
    move_case(officer, case, end, at=LATER + 61 * DAY)
    stays = explain(station.clerk, station.okafors.handle, LATER + 62 * DAY)
    assert (stays.verdict.value, stays.due) == ("keep", LATER + 75 * DAY)


def test_what_is_taken_out_is_held_until_the_case_ends_even_where_its_hold_was_released(
    station: Station,
) -> None:
    officer, case = station.officer, station.case
    add_recordings(officer, case, [station.okafors], "", at=LATER)
    case.refresh_from_db()
    assert case.hold is not None
    records = force.person("Records", Role.RECORDS).as_viewer("test")
    agree_to_release(records, case.hold, "not needed", at=LATER)

    take_out(station.clerk, case, station.okafors, "another street", at=LATER + 60 * DAY)

    decision = explain(station.clerk, station.okafors.handle, LATER + 4000 * DAY)
    assert "material of the case" in " ".join(decision.reasons)
    case.refresh_from_db()
    end = Move(State.NO_ACTION, (LATER + 61 * DAY).date(), "no suspect")
    move_case(officer, case, end, at=LATER + 61 * DAY)
    stays = explain(station.clerk, station.okafors.handle, LATER + 62 * DAY)
    assert (stays.verdict.value, stays.due) == ("keep", LATER + 75 * DAY)


def test_an_exhibit_gets_the_next_number_of_its_producer_and_holds_what_it_is_of(
    station: Station,
) -> None:
    of = NewExhibit("Body-worn video of the arrest", "AO")
    first = number_exhibit(station.officer, station.case, station.okafors, of, at=LATER)
    second = number_exhibit(station.officer, station.case, station.okafors, of, at=LATER)
    other = NewExhibit("Body-worn video of the chase", "LE")
    third = number_exhibit(station.clerk, station.case, station.lewiss, other, at=LATER)

    assert [str(each) for each in (first, second, third)] == ["AO/1", "AO/2", "LE/1"]
    assert (first.producer, first.producer_name) == (station.okafor, "PC 4711 Ada Okafor")
    reasons = set(Hold.objects.filter(kind="exhibit").values_list("reason", flat=True))
    assert "exhibit AO/1" in reasons
    assert force.kinds(station.okafors.handle).count("exhibit.numbered") == 2


def test_a_number_is_never_given_again_even_when_it_was_voided(station: Station) -> None:
    officer, case, of = station.officer, station.case, NewExhibit("Video", "AO")
    exhibit = number_exhibit(officer, case, station.okafors, of, at=LATER)
    void_exhibit(officer, exhibit, "numbered twice", at=LATER)

    after = number_exhibit(officer, case, station.okafors, of, at=LATER)

    assert str(after) == "AO/2"
    written = NewExhibit("Video", "", reference="AO/1")
    unchanged(
        lambda: number_exhibit(officer, case, station.okafors, written, at=LATER),
        "never given again",
    )
    unchanged(lambda: void_exhibit(officer, exhibit, "again", at=LATER), "already")
    kept = Hold.objects.filter(kind="exhibit", released_at=None)
    assert kept.count() == 2  # voiding lets go of no hold


def test_a_number_written_down_before_is_taken_and_counted_on_from(station: Station) -> None:
    officer, case = station.officer, station.case
    written = NewExhibit("Video", "", reference="ao/7")
    assert str(number_exhibit(officer, case, station.okafors, written, at=LATER)) == "AO/7"

    following = number_exhibit(officer, case, station.okafors, NewExhibit("More", "AO"), at=LATER)

    assert str(following) == "AO/8"


def test_a_clip_has_a_number_of_its_own_and_says_what_it_was_made_from(station: Station) -> None:
    officer, case = station.officer, station.case
    whole = number_exhibit(officer, case, station.okafors, NewExhibit("Video", "AO"), at=LATER)

    of = NewExhibit("The arrest, 1 min 20 s to 3 min 45 s", "AO", derived_from=whole)
    clip = number_exhibit(officer, case, station.okafors, of, at=LATER)

    assert (str(clip), clip.derived_from) == ("AO/2", whole)
    other = open_case(officer, NewCase("01MP/45/26", "Theft"), at=LATER)
    unchanged(lambda: number_exhibit(officer, other, station.okafors, of, at=LATER), "another case")


def test_an_exhibits_recording_stays_in_the_case_until_the_exhibit_is_voided(
    station: Station,
) -> None:
    officer, case = station.officer, station.case
    exhibit = number_exhibit(officer, case, station.okafors, NewExhibit("Video", "AO"), at=LATER)

    unchanged(lambda: take_out(officer, case, station.okafors, "wrong", at=LATER), "is an exhibit")
    void_exhibit(officer, exhibit, "wrong", at=LATER)
    take_out(officer, case, station.okafors, "wrong", at=LATER)

    assert not case.material.filter(taken_out_at=None).exists()


def test_a_charge_holds_all_that_is_in_the_case(station: Station) -> None:
    add_recordings(station.clerk, station.case, [station.okafors, station.lewiss], "", at=LATER)

    charged = Move(State.CHARGED, LATER.date(), "charged by CPS")
    case = move_case(station.officer, station.case, charged, at=LATER)

    assert case.state == State.CHARGED
    newest = Hold.objects.order_by("-pk")[:1].get()
    assert "charged" in newest.reason
    assert {each.recording for each in newest.held.all()} == {station.okafors, station.lewiss}
    back = Move(State.SUBMITTED, LATER.date(), "x")
    unchanged(lambda: move_case(station.officer, case, back, at=LATER), "does not become")


def test_an_outcome_is_entered_with_what_is_known_of_it(station: Station) -> None:
    officer, day = station.officer, LATER.date()
    case = move_case(officer, station.case, Move(State.CHARGED, day, "CPS"), at=LATER)
    convicted = Move(State.CONVICTED, day, "Crown Court", custodial=True, group=2)
    case = move_case(officer, case, convicted, at=LATER)

    released = Move(State.CONVICTED, day, "prison", custodial=True, released_on=date(2026, 11, 14))
    case = move_case(officer, case, released, at=LATER)

    matter = Matter.objects.get(handle=case.handle)
    assert (case.state, matter.released_on, matter.group) == ("convicted", date(2026, 11, 14), 2)
    assert force.kinds(case.handle).count("case.moved") == 3


def test_an_outcome_ends_what_the_case_held_and_the_laws_minimum_takes_over(
    station: Station,
) -> None:
    officer, day = station.officer, LATER.date()
    add_recordings(officer, station.case, [station.okafors], "", at=LATER)
    case = move_case(officer, station.case, Move(State.CHARGED, day, "CPS"), at=LATER)

    case = move_case(officer, case, Move(State.CONVICTED, day, "court", custodial=False), at=LATER)

    assert not Hold.objects.filter(released_at=None).exists()
    reasons = explain(station.clerk, station.okafors.handle, LATER + timedelta(days=100)).reasons
    assert "conviction in case 01MP/00044/26" in " ".join(reasons)


def test_a_case_that_ended_takes_nothing_more_until_it_goes_on_and_holds_again(
    station: Station,
) -> None:
    officer, day = station.officer, LATER.date()
    add_recordings(officer, station.case, [station.okafors], "", at=LATER)
    case = move_case(officer, station.case, Move(State.NO_ACTION, day, "CPS"), at=LATER)
    new = force.recording(force.camera("X5", station.okafor), "new")
    unchanged(lambda: add_recordings(officer, case, [new], "", at=LATER), "has ended")
    assert not Hold.objects.filter(released_at=None).exists()

    case = move_case(officer, case, Move(State.INVESTIGATION, day, "a new witness"), at=LATER)

    assert add_recordings(officer, case, [new], "", at=LATER) == 1
    [hold] = Hold.objects.filter(released_at=None)
    assert {each.recording for each in hold.held.all()} == {station.okafors, new}


def test_an_open_appeal_is_entered_and_decided(station: Station) -> None:
    officer, day = station.officer, LATER.date()
    charged = move_case(officer, station.case, Move(State.CHARGED, day, "CPS"), at=LATER)
    appeal = Challenge.APPEAL
    unchanged(lambda: challenge_case(officer, charged, appeal, None, at=LATER), "Only a conviction")
    case = move_case(officer, charged, Move(State.CONVICTED, day, "court"), at=LATER)

    challenge_case(officer, case, appeal, None, at=LATER)
    assert Matter.objects.get(handle=case.handle).appeal_open
    challenge_case(officer, case, appeal, day, at=LATER)

    assert not Matter.objects.get(handle=case.handle).appeal_open


def test_parties_are_told_apart_corrected_with_history_and_never_public(station: Station) -> None:
    case = station.case
    party = enter_party(station.officer, case, PartyRole.SUSPECT, "John Doe", at=LATER)
    correct_party(station.officer, party, PartyRole.CONVICTED, "Jon Doe", at=LATER)

    assert [(p.role, p.name) for p in Party.objects.all()] == [("convicted", "Jon Doe")]
    said = history_of_case(station.clerk, case).lines[-1].sentence
    assert said.endswith("entered Jon Doe as convicted person. Before: John Doe, suspect.")
    for entry in Entry.objects.all():
        public = bytes(entry.data).decode()
        assert "Doe" not in public
        assert "0004426" not in public
        if entry.kind.startswith(("case.", "exhibit.")):
            assert parse_entry(bytes(entry.data)).facts == {}


def test_a_thin_description_is_refused_in_the_prosecutors_words(station: Station) -> None:
    case = station.case
    add_recordings(station.officer, case, [station.okafors], "", at=LATER)

    thin = Assessment(Status.UNUSED, "bodycam footage")
    unchanged(lambda: assess(station.officer, case, station.okafors, thin, at=LATER), NOT_DESCRIBED)
    good = Assessment(Status.UNUSED, GOOD)
    material = assess(station.officer, case, station.okafors, good, at=LATER)

    assert (material.status, material.assessed_by) == ("unused", "PC 4711 Ada Okafor")


def test_sensitive_rows_are_on_their_own_schedule_and_never_reach_the_defence(
    station: Station,
) -> None:
    officer, case = station.officer, station.case
    add_recordings(station.clerk, case, [station.okafors, station.lewiss], "", at=LATER)
    assess(officer, case, station.okafors, Assessment(Status.UNUSED, GOOD), at=LATER)
    secret = Assessment(Status.SENSITIVE, GOOD + " An informant speaks.", "names an informant")
    assess(officer, case, station.lewiss, secret, at=LATER)

    def take(paper: Paper, audience: Audience) -> str:
        return take_paper(officer, case, paper, audience, FOR_CPS, at=LATER).content

    plain, sensitive = (
        take(Paper.UNUSED, Audience.DEFENCE),
        take(Paper.SENSITIVE, Audience.PROSECUTOR),
    )
    assert station.okafors.handle in plain
    assert station.lewiss.handle not in plain
    assert "informant" not in plain
    assert station.lewiss.handle in sensitive
    assert "names an informant" in sensitive
    for audience in (Audience.DEFENCE, Audience.COURT, Audience.SUBJECT, Audience.WATCHDOG):
        unchanged(lambda a=audience: take(Paper.SENSITIVE, a), "never goes to")
    assert force.kinds(case.handle).count("case.paper_taken") == 2
    with pytest.raises(NeedsAReason):
        take_paper(officer, case, Paper.UNUSED, Audience.DEFENCE, Handed("x", ""), at=LATER)


def test_the_record_of_exhibits_leaves_out_what_was_voided_and_reads_back(
    station: Station,
) -> None:
    officer, case = station.officer, station.case
    for item in ("Video", "More video"):
        exhibit = number_exhibit(officer, case, station.okafors, NewExhibit(item, "AO"), at=LATER)
    void_exhibit(officer, exhibit, "twice", at=LATER)

    rows = [
        take_paper(
            officer, case, Paper.EXHIBITS, Audience.PROSECUTOR, FOR_CPS, as_json=as_json, at=LATER
        ).content
        for as_json in (False, True)
    ]

    read = read_exhibits_csv(rows[0])
    assert read == read_exhibits_json(rows[1])
    assert [(r.item, r.reference, r.producer, int(r.document_type)) for r in read] == [
        ("Video", "AO/1", "PC 4711 Ada Okafor", 1030)
    ]


def test_other_cameras_are_found_by_those_who_reach_them_and_wait_for_a_word(
    station: Station,
) -> None:
    case = station.case
    add_recordings(station.officer, case, [station.okafors], "", at=LATER)
    alone = force.recording(force.camera("X9"), "other day", started=NOON - timedelta(days=1))
    assess(station.officer, case, station.okafors, Assessment(Status.UNUSED, GOOD), at=LATER)
    waits = coverage_for(station.officer, case)
    assert [row.recording for row in waits.rows] == [station.okafors]  # the other stays hidden
    assert not waits.is_whole
    [seen] = [row for row in coverage_for(station.clerk, case).rows if row.material is None]
    assert (seen.recording, "same team" in seen.why) == (station.lewiss, True)

    assert look_for_siblings(station.officer, case, at=LATER) == 0
    assert not coverage_for(station.officer, case).is_whole
    assert look_for_siblings(station.clerk, case, at=LATER) == 1

    waits = coverage_for(station.officer, case)
    assert [row.recording for row in waits.rows if row.is_open] == [station.lewiss]
    assert alone not in [row.recording for row in waits.rows]
    why = Assessment(Status.NOT_RELEVANT, reason="it shows only the inside of the van")
    assess(station.officer, case, station.lewiss, why, at=LATER)
    assert coverage_for(station.officer, case).is_whole
    assert HeldRecording.objects.filter(recording=station.lewiss).exists()


def test_what_is_hidden_from_somebody_is_not_counted_to_them_but_keeps_the_case_open(
    station: Station,
) -> None:
    case, cause = station.case, new_handle()
    add_recordings(station.clerk, case, [station.okafors, station.lewiss], "", at=LATER)
    look_for_siblings(station.clerk, case, at=LATER)
    assess(station.officer, case, station.okafors, Assessment(Status.UNUSED, GOOD), at=LATER)
    assert coverage_for(station.officer, case).open == (
        "Nobody has said what becomes of 1 recording.",
    )
    kept_apart = Locking(cause, LockKind.RESTRICTED, "because")
    lock([station.lewiss], kept_apart, by=force.CLERK, at=now())

    waits = coverage_for(station.officer, case)

    assert not waits.is_whole
    assert [each for each in waits.open if "other cameras" not in each] == []
    assert what_is_open_in(Case.objects.get()) == ("Nobody has said what becomes of 1 recording.",)


def test_a_camera_docked_late_opens_the_case_again(station: Station) -> None:
    case = station.case
    add_recordings(station.officer, case, [station.okafors], "", at=LATER)
    look_for_siblings(station.clerk, case, at=LATER)
    for recording in (station.okafors, station.lewiss):
        assess(station.officer, case, recording, Assessment(Status.UNUSED, GOOD), at=LATER)
    assert what_is_open_in(Case.objects.get()) == ()

    late = force.recording(force.camera("X7", station.lewis), "late")

    assert "other cameras" in what_is_open_in(Case.objects.get())[0]
    assert late in [row.recording for row in coverage_for(station.clerk, case).rows]


def test_what_is_held_for_the_same_death_is_found_whenever_it_was_filmed(station: Station) -> None:
    earlier = force.recording(force.camera("X8"), "earlier", started=NOON - timedelta(hours=9))
    both = Scope(recordings=frozenset({earlier.handle, station.okafors.handle}))
    raise_hold(
        Wanted(HoldKind.DSI, "shooting", (LATER + timedelta(days=90)).date(), both),
        by=force.CLERK,
        at=LATER,
    )
    add_recordings(station.officer, station.case, [station.okafors], "", at=LATER)

    found = {row.recording: row.why for row in coverage_for(station.clerk, station.case).rows}

    assert found[earlier] == "held for the same death or serious injury"


def test_who_may_see_a_case_but_not_work_on_it_changes_nothing(station: Station) -> None:
    records = force.person("R Osei", Role.RECORDS).as_viewer("test")

    for act in (
        lambda: add_recordings(records, station.case, [station.okafors], "", at=LATER),
        lambda: enter_party(records, station.case, PartyRole.VICTIM, "A", at=LATER),
        lambda: move_case(records, station.case, Move(State.CHARGED, NOON.date(), "x"), at=LATER),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert force.kinds(station.case.handle) == ["case.opened", "matter.opened", "case.assigned"]


def exhibited(station: Station) -> Exhibit:
    force.original(station.okafors, b"footage", "a.mp4")
    place, _ = Place.objects.get_or_create(name="Brixton Road")
    Recording.objects.filter(pk=station.okafors.pk).update(place=place, clock_offset_ms=1200)
    Original.objects.update(checked_at=LATER)
    of = NewExhibit("Body-worn video of the arrest", "AO")
    return number_exhibit(station.officer, station.case, station.okafors, of, at=LATER)


def read_again(exhibit: Exhibit) -> str:
    return as_text(facts_for_statement(Exhibit.objects.get(pk=exhibit.pk)))


def test_every_fact_of_the_draft_statement_is_in_the_database(station: Station) -> None:
    """Each row is given other values; whatever of the text does not follow is a bare sentence."""
    exhibit = exhibited(station)
    before = read_again(exhibit)
    Person.objects.filter(pk=station.okafor.pk).update(collar_number="9999")
    team = station.okafor.team
    assert team is not None
    team.name = "TEAM-OTHER"
    team.save()
    Camera.objects.filter(pk=station.okafors.camera_id).update(
        serial="SER-OTHER", model="M-OTHER", mount="head"
    )
    Recording.objects.filter(pk=station.okafors.pk).update(
        place=Place.objects.create(name="PLACE-OTHER"), clock_offset_ms=-3400, mount="head",
        started_at=NOON - timedelta(days=9, hours=3), ended_at=NOON - timedelta(days=9, hours=1),
    )  # fmt: skip
    Original.objects.update(
        name="NAME-OTHER", sha256="f" * 64, sealed_at=NOON - timedelta(days=8, hours=5),
        checked_at=NOON - timedelta(days=7, hours=4),
    )  # fmt: skip
    Exhibit.objects.update(item="ITEM-OTHER", producer_name="WHO-OTHER", number=42)
    Case.objects.update(urn="99ZZ9999999")
    Recording.objects.filter(pk=station.okafors.pk).update(handle="H" * 22)

    after = read_again(exhibit)

    facts = {
        "9999", "TEAM-OTHER", "SER-OTHER", "M-OTHER", "head", "PLACE-OTHER",
        "3.400 seconds ahead of", "5 November 2026, 09:00:00", "5 November 2026, 11:00:00",
        "2:00:00", "NAME-OTHER", "f" * 64, "6 November 2026, 07:00:00", "7 November 2026, 08:00:00",
        "ITEM-OTHER", "WHO-OTHER", "AO/42", "99ZZ/99999/99", "H" * 22,
    }  # fmt: skip
    assert {fact for fact in facts if fact not in after} == set()
    assert "[Not known" not in after
    # What is the same in both holds no fact: no digit stands in it but the names of forms.
    same = [word for word in re.findall(r"\S+", before) if word in after.split()]
    assert {word for word in same if re.search(r"\d", word)} <= {
        "(MG11)",
        "SHA-256",
        "November",
        "2026,",
    }


def test_only_the_wearer_says_that_they_wore_the_camera(station: Station) -> None:
    of = NewExhibit("Video", "LE", producer=station.lewis)
    exhibit = number_exhibit(station.officer, station.case, station.okafors, of, at=LATER)

    text = read_again(exhibit)

    assert "I am PC 2210 Lewis." in text
    assert "PC 4711 Ada Okafor wore body-worn camera X4711" in text
    assert "I wore" not in text


def test_what_is_not_known_is_said_to_be_missing(station: Station) -> None:
    recording = force.recording(force.camera("X0"), "bare")
    Camera.objects.filter(serial="X0").update(model="")
    Recording.objects.filter(pk=recording.pk).update(ended_at=None)
    exhibit = number_exhibit(
        station.clerk, station.case, recording, NewExhibit("V", "ZZ"), at=LATER
    )

    text = read_again(exhibit)

    missing = [sentence.missing for sentence in draft(facts_for_statement(exhibit))]
    assert len([each for each in missing if each]) == 10
    assert text.count("[Not known: ") == 10
    assert text.startswith("DRAFT")
    assert text.rstrip().endswith("signed it")


def test_the_draft_statement_goes_to_the_prosecutor_alone(station: Station) -> None:
    exhibit = exhibited(station)

    written = take_statement(station.officer, exhibit, Audience.PROSECUTOR, FOR_CPS, at=LATER)

    assert written.name == "DRAFT-mg11-01MP0004426-AO-1.txt"
    assert "DRAFT" in written.content
    unchanged(
        lambda: take_statement(station.officer, exhibit, Audience.DEFENCE, FOR_CPS, at=LATER),
        "never goes to the defence",
    )
    assert history_of(station.case.handle)[-1].kind == "case.paper_taken"


def test_why_all_of_it_is_given_or_nothing_hidden_is_told_of_both_and_of_no_voided_exhibit(
    station: Station,
) -> None:
    of = NewExhibit("Video", "AO")
    exhibit = number_exhibit(station.officer, station.case, station.okafors, of, at=LATER)
    for why, said in ((Why.WHOLE, "the whole recording is given"), (Why.UNHIDDEN, "nothing is")):
        unchanged(
            lambda w=why: explain_exhibit(station.officer, exhibit, w, " ", at=LATER),  # type: ignore[misc]
            "why",
        )
        explain_exhibit(station.officer, exhibit, why, "all of it matters", at=LATER)
        told = history_of(station.okafors.handle)[-1]
        assert (told.kind, told.fields["because"]) == ("exhibit.explained", "all of it matters")
        assert said in told.fields["what"]
    exhibit.refresh_from_db()
    assert exhibit.whole_because == exhibit.unhidden_because == "all of it matters"
    void_exhibit(station.officer, exhibit, "a mistake", at=LATER)
    unchanged(
        lambda: explain_exhibit(station.officer, exhibit, Why.WHOLE, "x", at=LATER), "was voided"
    )


def test_a_clip_of_what_was_searched_beside_opens_no_new_search(station: Station) -> None:
    add_recordings(station.officer, station.case, [station.okafors], "", at=LATER)
    look_for_siblings(station.clerk, station.case, at=LATER)

    number_exhibit(
        station.officer, station.case, station.okafors, NewExhibit("Video", "AO"), at=LATER
    )
    assert Case.objects.get().sought_at is not None
    number_exhibit(
        station.clerk, station.case, station.lewiss, NewExhibit("Another", "AL"), at=LATER
    )
    assert Case.objects.get().sought_at is None
