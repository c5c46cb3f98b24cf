"""Why a recording is kept, holds from the pages, and what is left of a deleted one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils.timezone import localdate, localtime
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.custody.rules import Actor
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import (
    add_note,
    classify,
    classify_from_camera,
    mark_moment,
    name_place,
)
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.models import Recording
from custodes.retention.actions import watch
from custodes.retention.actions.asked import rehearse_at_once, sweep_to_run
from custodes.retention.actions.hold import Wanted, place_hold, raise_hold
from custodes.retention.actions.night import sweep_if_due, take_notice
from custodes.retention.actions.notices import queue_notices
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.proceedings import link, open_matter, unlink
from custodes.retention.actions.sweep import agree_to_sweep, rehearse, run
from custodes.retention.agreeing import waits_for_two
from custodes.retention.coming import months_ahead
from custodes.retention.models import Hold, Notice, Outlook, Review, Sweep, Tombstone
from custodes.retention.rules import disposal
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.disposal import Stage
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.notices import Change
from custodes.retention.rules.periods import Period, in_words
from custodes.retention.rules.undated import Undated
from custodes.retention.rules.watching import hold_for
from custodes.web.forms import PURPOSES
from custodes.web.schedule_forms import ScheduleForm
from custodes.worker.errand import Asked
from custodes.worker.keeping import rehearse_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]

ENGINE = Actor(handle="", name="Custodes", door="worker")
AHEAD = f"{localdate() + timedelta(days=90)}"
SOON = "/keeping/soon"
LATER = localdate() + timedelta(days=99)
COMPLAINT = {"purpose": "To look into a complaint or conduct", "words": "PSD/12/26"}


@pytest.fixture
def yesterdays(station: Station) -> Recording:
    """Return a recording that Okafor made yesterday, whole."""
    return filmed_by(station.okafor, days_ago=1)


@pytest.fixture
def records(db: None) -> Person:
    return force.person("Records", Role.RECORDS)


@pytest.fixture
def standards(db: None) -> Person:
    return force.person("Standards", Role.STANDARDS)


def filmed_by(wearer: Person, *, days_ago: int, key: str = "y1") -> Recording:
    started = now() - timedelta(days=days_ago)
    recording = force.recording(force.camera(f"K{key}", wearer), key, started=started)
    force.original(recording, body=key.encode())
    complete(recording, by=force.CLERK, at=recording.received_at)
    look_ahead([recording.pk], at=now())
    recording.refresh_from_db()
    return recording


def swept() -> Sweep:
    at = now()
    return run(rehearse(by=ENGINE, at=at), by=ENGINE, at=at)


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def test_the_page_says_why_it_is_kept_until_when_and_what_happens_then(
    station: Station, yesterdays: Recording
) -> None:
    due = yesterdays.started_at + timedelta(minutes=1, days=31)

    page = words(signed_in(station.okafor).get(f"/recordings/{yesterdays.handle}").content)
    row = words(signed_in(station.okafor).get("/recordings").content)

    assert f"Kept until {due.day} {due:%B %Y}" in page
    assert "Metropolitan Police, recordings not needed are deleted within 31 days" in page
    assert "Then it is deleted by itself, unless it is held." in page
    assert f"deleted {due.day} {due:%b}" in row


def test_a_hold_placed_from_the_page_outlives_the_sweep(station: Station) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    mirza = signed_in(station.mirza)
    assert "Its time is over" in words(mirza.get(f"/recordings/{old.handle}").content)

    form = mirza.get(f"/keeping/holds/place?recordings={old.handle}")
    asked = {"kind": "civil", "reason": "claim by Mr Ade", "review_on": AHEAD,
             "recordings": f"https://custodes.example/recordings/{old.handle}"}  # fmt: skip
    told = mirza.post("/keeping/holds/place", asked | {"look": "1"})
    assert not Hold.objects.exists()
    placed = mirza.post("/keeping/holds/place", asked, follow=True)

    assert old.handle in form.content.decode()
    assert "Today this would keep 1 recording. Nothing has been placed yet." in words(told.content)
    assert "1 recording is held from now on." in words(placed.content)
    assert (swept().disposed, Hold.objects.get().placed_by) == (0, "Mirza")
    page = words(mirza.get(f"/recordings/{old.handle}").content)
    assert "Civil claim: claim by Mr Ade (placed by Mirza" in page


def test_the_wearer_learns_that_it_is_held_and_not_for_what(
    station: Station, yesterdays: Recording
) -> None:
    mirza = signed_in(station.mirza)
    mirza.post("/keeping/holds/place", {"kind": "other", "reason": "seeded reason",
               "review_on": AHEAD, "recordings": yesterdays.handle})  # fmt: skip

    page = signed_in(station.okafor).get(f"/recordings/{yesterdays.handle}").content.decode()
    why = page[page.index('id="kept"') : page.index("<h2>Category</h2>")]

    assert "A hold keeps it." in why
    assert "seeded reason" not in why


def test_who_watches_for_a_complaint_keeps_what_they_watch(prepared: Station) -> None:
    recording = prepared.recording
    mirza = signed_in(prepared.mirza)

    for _ in range(2):
        mirza.post(f"/recordings/{recording.handle}/why", COMPLAINT)

    hold = Hold.objects.get()
    assert (hold.kind, hold.reason) == ("complaint", f"{COMPLAINT['purpose']}: PSD/12/26")
    assert list(hold.held.values_list("recording", flat=True)) == [recording.pk]
    kinds = [told.kind for told in history_of(recording.handle)]
    assert kinds[-3:] == ["recording.viewed", "hold.placed", "recording.viewed"]


def test_of_the_purposes_on_offer_only_the_one_about_complaints_holds() -> None:
    assert [hold_for(each) is not None for each in PURPOSES] == [
        "complaint" in each for each in PURPOSES
    ]


def test_words_that_speak_of_a_complaint_keep_it_whatever_was_chosen(prepared: Station) -> None:
    mirza = signed_in(prepared.mirza)
    said = {"purpose": "Something else", "words": "PSD asked for it"}

    page = mirza.post(f"/recordings/{prepared.recording.handle}/why", said, follow=True)

    assert "A hold was placed" in page.content.decode()
    assert Hold.objects.get().reason == "PSD asked for it"


def test_who_takes_an_original_for_a_complaint_keeps_the_recording(prepared: Station) -> None:
    address = f"/recordings/{prepared.recording.handle}/files/1/download"
    mirza = signed_in(prepared.mirza)
    assert mirza.post(address, {"because": "exhibit AB/1"}).status_code == 200
    assert not Hold.objects.exists()

    for _ in range(2):
        taken = mirza.post(address, {"because": "the complaint of J. Ahmed"})
        assert b"".join(taken.streaming_content) == prepared.film  # type: ignore[attr-defined]

    hold = Hold.objects.get()
    assert (hold.kind, hold.reason) == ("complaint", "the complaint of J. Ahmed")
    assert hold.held.get().recording == prepared.recording
    kinds = [told.kind for told in history_of(prepared.recording.handle)]
    assert kinds[-3:] == ["recording.fetched", "hold.placed", "recording.fetched"]


def test_a_long_reason_for_taking_an_original_is_held_by_its_beginning(prepared: Station) -> None:
    why = "complaint " + "x" * 3000

    for _ in range(2):
        watch.fetch_and_keep(
            prepared.mirza.as_viewer("web"), prepared.recording.originals.get(), "original",
            why, at=now(),
        )  # fmt: skip

    assert Hold.objects.get().reason == why[:1000]
    assert history_of(prepared.recording.handle)[-1].fields["because"] == why


def test_an_original_is_not_handed_out_for_a_complaint_that_cannot_be_held(
    prepared: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "raise_hold", lambda *_, **__: 1 / 0)
    before = [told.kind for told in history_of(prepared.recording.handle)]

    with pytest.raises(ZeroDivisionError):
        watch.fetch_and_keep(
            prepared.mirza.as_viewer("web"), prepared.recording.originals.get(), "original",
            "complaint C/1", at=now(),
        )  # fmt: skip

    assert [told.kind for told in history_of(prepared.recording.handle)] == before


def test_a_hold_that_cannot_be_placed_lets_nobody_watch_for_it(
    prepared: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(watch, "raise_hold", fails)
    before = [told.kind for told in history_of(prepared.recording.handle)]

    with pytest.raises(RuntimeError):
        watch.watch_and_keep(
            prepared.mirza.as_viewer("web"), prepared.recording, "PSD/1", HoldKind.COMPLAINT,
            reason_needed=True, at=now(),
        )  # fmt: skip

    assert [told.kind for told in history_of(prepared.recording.handle)] == before


def test_what_was_deleted_a_moment_ago_is_not_watched_for_a_complaint(station: Station) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    swept()

    with pytest.raises(Refused, match="was deleted a moment ago"):
        watch.watch_and_keep(
            station.mirza.as_viewer("web"), old, "PSD/1", HoldKind.COMPLAINT,
            reason_needed=True, at=now(),
        )  # fmt: skip

    assert "recording.viewed" not in [told.kind for told in history_of(old.handle)]


def test_a_deleted_recording_leaves_a_page_and_no_place_in_lists(station: Station) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    assert swept().disposed == 1
    okafor = signed_in(station.okafor)

    page = words(okafor.get(f"/recordings/{old.handle}").content)

    assert "This recording was deleted" in page
    assert "under line N0 of version 1" in page
    assert "Done Its sealed bytes were removed from the store." in page
    assert "Still to come: Destroyed: the epoch key" in page
    assert "It was deleted under N0 of the schedule" in page, "its history stays"
    assert old.handle not in okafor.get("/recordings").content.decode()
    assert old.handle in okafor.get("/recordings?state=deleted").content.decode()
    assert "1 recording of yours has no category" in words(okafor.get("/").content)
    assert signed_in(station.stranger).get(f"/recordings/{old.handle}").status_code == 404


def test_what_a_deleted_recordings_page_says_is_left_is_what_is_left(station: Station) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    okafor = station.okafor.as_viewer("web")
    add_note(okafor, old, "he said the code word plover", at=now())
    name_place(okafor, old, "Heron Quay", at=now())
    mark_moment(okafor, old, old.started_at, "the heron rises", at=now())
    assert swept().disposed == 1

    page = words(signed_in(station.okafor).get(f"/recordings/{old.handle}").content)

    left, history = page.split("What is left", 1)[1].split("Custody history", 1)
    assert "Heron Quay" in history, "its sentences say the place"
    assert "the heron rises" in history, "and the bookmark"
    assert "plover" not in page, "the note stays sealed in its entry"
    assert "plover" in {told.fields.get("text", "")[-6:] for told in history_of(old.handle)}
    assert "Its sentences say which place and which bookmarks somebody entered." in left
    assert "The text of a note lies sealed in the details of its entry" in left
    deleted = localtime(Tombstone.objects.get().disposed_at)
    assert f"{deleted.day} {deleted:%B} {deleted.year + 7} at the earliest two people" in left
    assert "nobody can bring them back" not in left
    Tombstone.objects.update(stage=Stage.FINAL)
    page = words(signed_in(station.okafor).get(f"/recordings/{old.handle}").content)
    assert "The film and its copies are gone, and nobody can bring them back." in page


def test_a_complaint_is_let_go_by_two_people_and_the_page_says_what_is_missing(
    station: Station, yesterdays: Recording, records: Person, standards: Person
) -> None:
    signed_in(station.mirza).post("/keeping/holds/place", {"kind": "complaint",
        "reason": "PSD/1", "review_on": AHEAD, "recordings": yesterdays.handle})  # fmt: skip
    address = f"/keeping/holds/{Hold.objects.get().handle}"

    one = words(signed_in(records).post(address, {"reason": "closed"}, follow=True).content)
    other = words(signed_in(standards).post(address, {"reason": "closed"}, follow=True).content)

    assert "The hold still binds: A second person must agree." in one
    assert "The hold was released." in other
    assert Hold.objects.get().released_by == "Standards"


def test_the_page_says_since_when_an_agreement_counts_no_more(
    station: Station, yesterdays: Recording, records: Person, standards: Person
) -> None:
    signed_in(station.mirza).post("/keeping/holds/place", {"kind": "complaint",
        "reason": "PSD/1", "review_on": AHEAD, "recordings": yesterdays.handle})  # fmt: skip
    address = f"/keeping/holds/{Hold.objects.get().handle}"
    signed_in(records).post(address, {"reason": "closed"})
    before = words(signed_in(station.mirza).get(address).content)
    asked = {"renew": "1", "renew-reason": "not yet", "renew-review_on": f"{LATER}"}

    after = words(signed_in(station.mirza).post(address, asked, follow=True).content)

    assert "Who agreed that it may go has to agree again." in before
    assert "This counts no more" not in before
    assert "has to agree again" not in after
    assert ": closed This counts no more since" in after


def test_the_page_asks_on_which_day_an_appeal_was_decided(
    station: Station, yesterdays: Recording, records: Person
) -> None:
    signed_in(station.mirza).post("/keeping/holds/place", {"kind": "appeal",
        "reason": "44/26", "review_on": AHEAD, "recordings": yesterdays.handle})  # fmt: skip
    address = f"/keeping/holds/{Hold.objects.get().handle}"
    reader, today = signed_in(records), localdate()

    without = words(reader.post(address, {"reason": "dismissed"}).content)
    ahead = {"reason": "dismissed", "outcome_on": AHEAD}
    too_early = words(reader.post(address, ahead).content)
    assert Hold.objects.get().released_at is None
    done = reader.post(address, {"reason": "dismissed", "outcome_on": f"{today}"}, follow=True)

    assert "Say on which day it was decided. Until then it is kept." in without
    assert "The hold still binds" in too_early
    assert "The appeal cannot have been decided on a day that lies ahead." in too_early
    assert f"It was decided on {in_words(today)}." in words(done.content)


def test_who_placed_a_hold_reads_when_its_grace_begins_and_when_it_ends(
    station: Station, yesterdays: Recording, records: Person, standards: Person
) -> None:
    signed_in(station.mirza).post("/keeping/holds/place", {"kind": "civil",
        "reason": "claim 7", "review_on": AHEAD,
        "recordings": yesterdays.handle})  # fmt: skip
    address = f"/keeping/holds/{Hold.objects.get().handle}"
    told = "The hold for civil claim was released on"
    assert told not in words(signed_in(station.mirza).get("/").content)

    signed_in(records).post(address, {"reason": "settled"})

    for person in (station.mirza, records):
        page = signed_in(person).get("/").content
        assert told in words(page)
        assert f'href="{address}"' in page.decode()
    assert told not in words(signed_in(standards).get("/").content)
    assert told not in words(signed_in(station.okafor).get("/").content)

    Hold.objects.update(released_at=now() - timedelta(days=14, minutes=1))
    over = words(signed_in(station.mirza).get("/").content)
    Hold.objects.update(released_at=now() - timedelta(days=21, minutes=1))
    after = words(signed_in(station.mirza).get("/").content)

    assert told not in over
    assert "The time of grace after the hold for civil claim" in over
    assert "The time of grace" not in after


def test_a_hold_on_an_area_says_what_it_reaches_for(station: Station) -> None:
    there = filmed_by(station.okafor, days_ago=40)
    Recording.objects.filter(pk=there.pk).update(latitude=51.4620, longitude=-0.1150)
    asked = {"kind": "other", "reason": "why", "review_on": AHEAD, "standing": "on",
             "near": "51.4613, -0.1156", "metres": "500"}  # fmt: skip

    page = signed_in(station.mirza).post("/keeping/holds/place", asked, follow=True)

    assert "1 recording is held from now on." in words(page.content)
    assert "Everything within 500 metres of 51.4613, -0.1156." in words(page.content)
    assert swept().disposed == 0


def test_a_hold_that_reaches_for_nothing_or_nobody_is_refused(station: Station) -> None:
    mirza = signed_in(station.mirza)
    asked = {"kind": "other", "reason": "why", "review_on": AHEAD}

    for wrong in ({}, {"metres": "500"}, {"near": "the corner", "metres": "500"},
                  {"near": "51, 0"}, {"camera": "X4711", "review_on": "2090-01-01"},
                  {"camera": "NONE"}, {"wearer": "nobody"}, {"since": "2026-01-01"},
                  {"since": "2026-01-02", "until": "2026-01-01"},
                  {"since": "0001-01-01", "until": "9999-12-31"}):  # fmt: skip
        page = words(mirza.post("/keeping/holds/place", asked | wrong).content)
        assert "No hold was placed" in page, wrong
    assert not Hold.objects.exists()


def test_holds_are_shown_to_those_who_may_see_them(station: Station, standards: Person) -> None:
    assert signed_in(station.okafor).get("/keeping/holds").status_code == 403
    assert signed_in(station.okafor).get("/keeping/holds/place").status_code == 403
    assert signed_in(standards).get("/keeping/holds").status_code == 200


def test_the_schedule_is_read_and_taken_away(station: Station) -> None:
    assert signed_in(station.okafor).get("/keeping/schedule").status_code == 404
    swept()

    page = words(signed_in(station.okafor).get("/keeping/schedule", follow=True).content)
    table = signed_in(station.okafor).get("/keeping/schedule/1/csv").content.decode()

    assert "Routine footage 31 days the end of the recording deleted by itself" in page
    assert "N0,Routine footage,31 days,the end of the recording,deleted by itself" in table
    assert signed_in(station.okafor).get("/keeping/schedule/2").status_code == 404


def test_the_calendar_counts_each_day_and_a_day_says_why(
    station: Station, yesterdays: Recording, records: Person
) -> None:
    filmed_by(station.okafor, days_ago=40, key="old")
    due = yesterdays.started_at + timedelta(minutes=1, days=31)
    reader = signed_in(records)

    page = words(reader.get("/keeping").content)
    day = words(reader.get(f"/keeping/day?on={due:%Y-%m-%d}").content)

    assert "In the next five weeks 2 recordings are deleted by the clock" in page
    assert f"{due:%A} {due.day} {due:%B %Y}: 1 recording deleted by the clock" in page
    assert "It is deleted by the clock." in day
    assert f"Routine footage until {due.day} {due:%B %Y} (Metropolitan Police" in day
    assert "Routine footage: over on" in words(
        reader.get(f"/keeping/day?on={now():%Y-%m-%d}").content
    )
    assert reader.get("/keeping/day?on=soon").status_code == 404
    assert signed_in(station.okafor).get("/keeping").status_code == 403


def test_the_calendar_keeps_apart_what_is_deleted_looked_at_and_asked_again(
    station: Station, records: Person
) -> None:
    day = localdate(now()) + timedelta(days=9)
    for key in ("a", "b", "c"):
        filmed_by(station.okafor, days_ago=22, key=key)
    looked_at, held = (filmed_by(station.okafor, days_ago=22, key=key) for key in "lh")
    until = held.started_at + timedelta(days=31)
    sample = Wanted(HoldKind.SCRUTINY, "panel", LATER, Scope(recordings=frozenset({held.handle})),
                    until=until)  # fmt: skip
    raise_hold(sample, by=ENGINE, at=now())
    Outlook.objects.filter(recording=looked_at).update(line="E1")
    reader = signed_in(records)

    page = words(reader.get("/keeping").content)
    of_day = words(reader.get(f"/keeping/day?on={day}").content)

    told = f"{day:%A} {day.day} {day:%B %Y}: 3 recordings deleted by the clock"
    assert f"{told}, 1 looked at by a person, 1 asked again when a hold or a sample ends" in page
    assert "Deleted by the clock 3, by the sweep of the night after it" in of_day
    assert "Looked at by a person 1 Asked again 1, because a hold" in of_day
    assert "What keeps it ends, and it is asked again. The schedule" in of_day
    assert of_day.count("It is deleted by the clock.") == 4, "the rules are asked, not the note"


def test_the_calendar_lists_the_months_to_come_and_what_comes_after_them(
    yesterdays: Recording, records: Person
) -> None:
    today, later = localdate(now()), localdate(now()) + timedelta(days=200)
    Outlook.objects.filter(recording=yesterdays).update(due_at=now() + timedelta(days=200))
    there = months_ahead(records.as_viewer("web"), now(), after=35, months=12)

    page = words(signed_in(records).get("/keeping").content)

    assert (there[0].begins, len(there), there[-1].until) == (today + timedelta(days=35), 13, None)
    assert [each.begins.day for each in there[1:]] == [1] * 12
    assert all(one.until == other.begins for one, other in pairwise(there))
    [month] = [each for each in there if each.count]
    assert month.begins.replace(day=1) == later.replace(day=1)
    assert (month.deleted, month.looked_at, month.asked_again) == (1, 0, 0)
    assert f"{later:%B %Y} 1 0 0" in page
    assert "In the next five weeks 0 recordings are deleted" in page


def test_who_may_not_search_sees_numbers_and_no_recording(
    yesterdays: Recording, standards: Person
) -> None:
    due = yesterdays.started_at + timedelta(minutes=1, days=31)

    day = signed_in(standards).get(f"/keeping/day?on={due:%Y-%m-%d}").content.decode()

    said = "In the next five weeks 1 recording is deleted by the clock"
    assert said in words(signed_in(standards).get("/keeping").content)
    assert yesterdays.handle not in day
    assert "Your role shows numbers, not recordings" in day


def test_a_change_of_category_is_agreed_to_by_a_second_person_on_its_page(
    old: Recording, station: Station, records: Person
) -> None:
    Recording.objects.filter(pk=old.pk).update(wearer=station.okafor)
    url, okafor = f"/recordings/{old.handle}", signed_in(station.okafor)
    changed = okafor.post(f"{url}/category", {"category": "test"}, follow=True)
    assert "kept as before until a second person agrees" in words(changed.content)
    assert "It was in Arrest before; Okafor changed that" in words(changed.content)
    assert b"Agree to the change" not in changed.content
    look_ahead([old.pk], at=now())

    reader = signed_in(records)
    assert "1 change of category waits for a second person." in words(reader.get("/").content)
    assert old.handle in reader.get("/keeping/categories").content.decode()
    assert b"Agree to the change" in reader.get(url).content
    asked = {"category": "test", "because": "no arrest was made"}
    agreed = reader.post(f"{url}/category/agree", asked, follow=True)

    assert "Two people say now that the category is: Test or accidental." in words(agreed.content)
    assert "Nothing waits" in words(reader.get("/keeping/categories").content)
    assert okafor.get("/keeping/categories").status_code == 403
    again = okafor.post(f"{url}/category/agree", asked)
    assert "Nothing about the category of this recording waits" in words(again.content)


@pytest.fixture
def old(station: Station) -> Recording:
    """Return evidence of a year ago, which waits for review."""
    old = filmed_by(station.okafor, days_ago=300)
    Recording.objects.filter(pk=old.pk).update(started_at=now() - timedelta(days=400),
                                               ended_at=now() - timedelta(days=400))  # fmt: skip
    Recording.objects.filter(pk=old.pk).update(received_at=now() - timedelta(days=399))
    classify(station.mirza.as_viewer("web"), old, "arrest", at=now())
    look_ahead([old.pk], at=now())
    return old


def test_two_people_let_it_go_from_the_page(old: Recording, records: Person) -> None:
    url = f"/keeping/review/{old.handle}"
    second = signed_in(force.person("Second", Role.RECORDS))
    asked = {"answer": "go", "go-reason": "served its purpose"}

    without = signed_in(records).post(url, {"answer": "go"})
    once = signed_in(records).post(url, asked, follow=True)
    seen = second.get(url)
    twice = second.post(url, asked, follow=True)

    assert "Nothing goes without a reason." in words(without.content)
    assert "and do not play the film" in words(without.content), "a records manager plays none"
    assert "You have agreed. A second person must open it" in words(once.content)
    assert "Records agreed on" in words(seen.content)
    assert "Two people let it go. It stays at least until" in words(twice.content)
    assert "Nothing waits for review" in words(twice.content)
    assert Review.objects.get().keep_until is None


def test_a_review_keeps_with_a_reason_and_a_date_and_not_without(
    old: Recording, records: Person
) -> None:
    reader = signed_in(records)
    assert "1 recording waits for review." in words(reader.get("/").content)
    assert "a person decides, not the clock" in words(reader.get("/keeping/review").content)

    refused = reader.post(f"/keeping/review/{old.handle}", {"reason": "trial"})
    assert not Review.objects.exists()
    far = reader.post(
        f"/keeping/review/{old.handle}", {"reason": "for ever", "keep_until": "2090-05-01"}
    )
    assert not Review.objects.exists()
    asked = {"reason": "trial in May", "keep_until": AHEAD}
    kept = reader.post(f"/keeping/review/{old.handle}", asked, follow=True)

    assert "Say when somebody looks again." in words(refused.content)
    last = in_words(Period(years=1).after_date(localdate()))
    assert f"is looked at every 1 year: choose a day no later than {last}." in words(far.content)
    assert f"No later than {last}." in words(refused.content)
    assert f"It is kept, and looked at again on {in_words(date.fromisoformat(AHEAD))}." in words(
        kept.content
    )
    assert "Nothing waits for review" in words(kept.content)


def test_two_people_let_a_stopped_sweep_begin_and_the_engine_takes_it_up(
    station: Station, records: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    monkeypatch.setattr(disposal, "FEW", 0)
    sweep = rehearse(by=ENGINE, at=now())
    assert sweep_if_due(by=ENGINE, at=sweep.rehearsed_at) is None or not sweep.begun_at
    address = f"/keeping/sweeps/{sweep.handle}"
    first, second = signed_in(records), signed_in(station.lindqvist)
    assert "A sweep of 1 recording stopped: it waits for two people." in words(
        first.get("/").content
    )
    letter = words(first.get(address).content)
    assert "1 recording would be deleted. Nothing was deleted before it." in letter
    assert "It is the first time that anything is deleted." in letter

    one = words(first.post(address, {"because": "looked"}, follow=True).content)
    other = words(second.post(address, {"because": "looked too"}, follow=True).content)
    sweep_if_due(by=ENGINE, at=now())

    assert "A second person must agree" in one
    assert "Two people have agreed." in other
    sweep.refresh_from_db()
    assert sweep.disposed == 1
    certificate = words(first.get(f"{address}/certificate").content)
    assert "1 recording was deleted by the sweep" in certificate
    assert old.handle in certificate
    of_one = words(signed_in(station.okafor).get(f"/recordings/{old.handle}/certificate").content)
    assert "N0 Routine footage: kept for 31 days" in of_one
    hidden = signed_in(station.stranger).get(f"/recordings/{old.handle}/certificate")
    assert hidden.status_code == 404


def test_what_was_agreed_to_does_not_begin_once_something_else_is_in_doubt(
    station: Station, records: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    filmed_by(station.okafor, days_ago=40)
    monkeypatch.setattr(disposal, "FEW", 0)
    sweep = rehearse(by=ENGINE, at=now())
    for person in (records, station.lindqvist):
        signed_in(person).post(f"/keeping/sweeps/{sweep.handle}", {"because": "looked"})
    more = filmed_by(station.okafor, days_ago=41, key="more")
    look_ahead([more.pk], at=now())
    Recording.objects.filter(pk=more.pk).update(started_at=now() - timedelta(days=50))
    type(more.outlook).objects.filter(pk=more.pk).update(
        due_at=sweep.rehearsed_at - timedelta(days=1)
    )

    sweep_if_due(by=ENGINE, at=now())

    sweep.refresh_from_db()
    assert (sweep.begun_at, sweep.agreements.count()) == (None, 0)
    assert sweep.stopped == "2 recordings would go; the rehearsal found 1."


def test_today_warns_the_wearer_before_footage_goes(station: Station) -> None:
    soon = filmed_by(station.okafor, days_ago=29)
    due = soon.started_at + timedelta(minutes=1, days=31)

    page = words(signed_in(station.okafor).get("/").content)

    assert (
        "1 recording of yours goes within a week without a category; "
        f"it goes on {due.day} {due:%B %Y}."
    ) in page


def test_who_it_concerns_is_told_that_a_hold_ends_by_itself_before_it_does(
    station: Station, records: Person
) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    scope = Scope(recordings=frozenset({old.handle}))
    ends = now() + timedelta(days=9)
    wanted = Wanted(HoldKind.SUBJECT_ACCESS, "SAR/7", LATER, scope, until=ends)
    hold = place_hold(station.mirza.as_viewer("web"), wanted, at=now())
    on = in_words(localtime(ends).date())

    pages = {
        who: (words(signed_in(who).get("/").content), words(signed_in(who).get(SOON).content))
        for who in (station.okafor, records, station.mirza, station.stranger)
    }

    wearers, listed = pages[station.okafor]
    assert "1 recording of yours or of your cases goes within two weeks." in wearers
    assert "A hold keeps it and ends by itself on" in listed
    assert "SAR/7" not in listed
    today, after = pages[records]
    assert "1 recording that a hold kept, or keeps until a day, goes within two weeks." in today
    assert "A hold keeps it and ends by itself on" in after
    told = f"Your hold for subject access request ends by itself on {on}"
    assert [who.name for who, (page, _) in pages.items() if told in page] == ["Mirza"]
    assert (
        f'href="/keeping/holds/{hold.handle}"' in signed_in(station.mirza).get("/").content.decode()
    )
    assert "ends by itself" not in "".join(pages[station.stranger])


def test_pages_say_when_a_hold_ends_by_itself_and_that_it_has(
    station: Station, yesterdays: Recording
) -> None:
    mirza, ends = station.mirza.as_viewer("web"), now() + timedelta(days=40)
    scope = Scope(recordings=frozenset({yesterdays.handle}))
    wanted = Wanted(HoldKind.SUBJECT_ACCESS, "SAR/7", LATER, scope, until=ends)
    hold = place_hold(mirza, wanted, at=now())
    on, browser = in_words(localtime(ends).date()), signed_in(station.mirza)

    def read(address: str) -> str:
        return words(browser.get(address).content)

    for who in (station.mirza, station.okafor):
        page = words(signed_in(who).get(f"/recordings/{yesterdays.handle}").content)
        assert f"Nothing deletes it before the hold ends by itself on {on}" in page
        assert "before the hold is released" not in page
    shown = read(f"/keeping/holds/{hold.handle}")
    assert "In force Reason SAR/7" in shown
    assert f"Keeps 1 recording Ends by itself {on}" in shown
    assert f"In force until {on}" in read("/keeping/holds")
    assert "1 hold in force" in read("/keeping")

    Hold.objects.update(until=now() - timedelta(hours=1))

    shown = read(f"/keeping/holds/{hold.handle}")
    assert "Ended Reason SAR/7" in shown
    assert "Still here of what it kept 1 recording Ended by itself" in shown
    assert "Nobody has agreed" not in shown
    assert "SAR/7" not in read("/keeping/holds")
    assert "1 recording still here" in read("/keeping/holds?all")
    assert "Ended by itself on" in read("/keeping/holds?all")
    assert "0 holds in force" in read("/keeping")


def test_a_hold_that_is_still_needed_is_looked_at_again_later_and_keeps_its_end(
    station: Station, records: Person
) -> None:
    mirza = signed_in(station.mirza)
    mirza.post("/keeping/holds/place", {"kind": "dsi", "reason": "a fall",
        "recordings": "", "camera": "X4711", "review_on": AHEAD})  # fmt: skip
    hold = Hold.objects.get()
    address = f"/keeping/holds/{hold.handle}"
    asked = {"renew": "1", "renew-reason": "inquest open", "renew-review_on": f"{LATER}"}

    wrong = words(mirza.post(address, asked | {"renew-reason": ""}).content)
    past = words(mirza.post(address, asked | {"renew-review_on": "2020-01-01"}).content)
    other = signed_in(station.okafor).post(address, asked)

    assert "Say why. Your reason is kept with the entry." in wrong
    assert "must lie ahead" in past
    assert other.status_code in {403, 404}
    hold.refresh_from_db()
    assert f"{hold.review_on}" == AHEAD

    done = words(mirza.post(address, asked, follow=True).content)

    hold.refresh_from_db()
    assert (hold.review_on, hold.until, hold.released_at) == (LATER, None, None)
    assert f"It is looked at again on {in_words(LATER)}." in done
    [told] = [told for told in history_of(hold.handle) if told.kind == "hold.renewed"]
    assert "inquest open" in str(told)


def test_today_says_that_a_hold_is_to_be_looked_at(
    station: Station, yesterdays: Recording, records: Person
) -> None:
    signed_in(station.mirza).post("/keeping/holds/place", {"kind": "other", "reason": "why",
        "review_on": AHEAD, "recordings": yesterdays.handle})  # fmt: skip
    assert "to be looked at again" not in words(signed_in(records).get("/").content)
    for come in (now().date(), localdate() + timedelta(days=400)):
        Hold.objects.update(review_on=come)

        assert "1 hold is to be looked at again." in words(signed_in(records).get("/").content)


def test_a_notice_is_read_sent_and_noted(station: Station, records: Person) -> None:
    note_recipient(station.recording, Given("CPS London", "a package", contact="dx 7"), at=now())
    queue_notices([station.recording.pk], Change.RESTRICTED, by=ENGINE, at=now())
    browser = signed_in(records)
    url = f"/keeping/notices/{Notice.objects.get().handle}"

    today = browser.get("/")
    listed = browser.get("/keeping/notices")
    page = browser.get(url)
    without = browser.post(url, {"how": ""})
    noted = browser.post(url, {"how": "by secure e-mail"}, follow=True)

    assert "1 notice is to be sent to who was given a recording." in words(today.content)
    assert "CPS London" in words(listed.content)
    assert "Please do not use, copy or pass on what you hold" in words(page.content)
    assert "Say how it was sent." in words(without.content)
    assert "It is noted that CPS London was told." in words(noted.content)
    assert "Nothing is to be sent" in words(noted.content)
    assert "by secure e-mail" in words(browser.get("/keeping/notices?sent").content)
    assert signed_in(station.okafor).get(url).status_code == 403


def test_a_rehearsal_is_asked_for_from_the_page_and_deletes_nothing(
    station: Station, records: Person
) -> None:
    filmed_by(station.okafor, days_ago=40)
    browser = signed_in(records)

    asked = browser.post("/keeping/sweeps", {"ask": "1"}, follow=True)
    again = browser.post("/keeping/sweeps", {"ask": "1"})
    entry = Entry.objects.get(kind="sweep.asked")
    rehearse_now(
        Asked(entry.index, entry.kind, entry.subject, {}, b"", last_try=False, keep_going=int)
    )
    done = browser.get("/keeping/sweeps")

    assert "It is being worked out. Nothing is deleted by it." in words(asked.content)
    assert again.status_code == 400
    assert "Rehearse now" in words(done.content)
    assert "Rehearsed" in words(done.content)
    assert Sweep.objects.get().due == 1
    assert not Tombstone.objects.exists()
    assert signed_in(station.mirza).post("/keeping/sweeps", {"ask": "1"}).status_code == 400


def test_the_wearer_reads_what_goes_within_two_weeks_and_why(station: Station) -> None:
    filmed_by(station.okafor, days_ago=20)
    browser = signed_in(station.okafor)

    assert "1 recording of yours or of your cases goes within two weeks." in words(
        browser.get("/").content
    )
    page = words(browser.get("/keeping/soon").content)
    assert "Routine footage until" in page
    assert "After a hold" not in page
    assert "Nothing of yours goes" in words(
        signed_in(station.stranger).get("/keeping/soon").content
    )


def test_a_supervisor_says_why_something_was_docked_late(station: Station) -> None:
    late = filmed_by(station.okafor, days_ago=30)
    Recording.objects.filter(pk=late.pk).update(received_at=now(), completed_at=now())
    take_notice(late.handle, by=ENGINE, at=now())
    supervisor = signed_in(station.harding)
    url = f"/keeping/late/{late.handle}"

    assert "1 recording was docked late; nobody has said why." in words(supervisor.get("/").content)
    assert "Nobody has said" in words(supervisor.get("/keeping/late").content)
    refused = supervisor.post(url, {"words": "x"})
    said = supervisor.post(url, {"reason": "away", "words": ""}, follow=True)

    assert "Choose why it was docked late." in words(refused.content)
    assert "The wearer was on leave or ill (Harding)" in words(said.content)
    assert signed_in(station.okafor).get("/keeping/late").status_code == 403


def test_the_certificate_tells_of_backups_where_their_end_is_declared(
    station: Station, settings: object
) -> None:
    gone = filmed_by(station.okafor, days_ago=40)
    swept()
    browser = signed_in(station.mirza)
    url = f"/recordings/{gone.handle}/certificate"
    assert "the last backup" not in words(browser.get(url).content).lower()
    config = settings.CUSTODES  # type: ignore[attr-defined]
    settings.CUSTODES = config.model_copy(update={"backups_kept_days": 35})  # type: ignore[attr-defined]

    assert "Still to come: The last backup that held its sealed bytes has expired." in words(
        browser.get(url).content
    )
    Tombstone.objects.update(stage=disposal.Stage.BACKUPS_GONE)
    assert "Done The last backup that held its sealed bytes has expired." in words(
        browser.get(url).content
    )


def test_a_letter_says_what_it_touches_what_is_odd_and_what_went_last_time(
    station: Station, records: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    filmed_by(station.okafor, days_ago=41, key="first")
    swept()
    old = filmed_by(station.okafor, days_ago=40)
    other = filmed_by(station.okafor, days_ago=39, key="other")
    add_note(station.mirza.as_viewer("web"), old, "look at this", at=now())
    matter = open_matter("01MP/44/26", by=ENGINE, at=now())
    link(matter, [old], by=ENGINE, at=now())
    unlink(matter, [old], "another camera", by=ENGINE, at=now() - timedelta(days=20))
    soon = (now() + timedelta(days=200)).date()
    wanted = Wanted(HoldKind.COURT_ORDER, "claim by Mr Seeded", soon,
                    Scope(recordings=frozenset({old.handle})), authority="CL/7")  # fmt: skip
    hold = place_hold(station.mirza.as_viewer("web"), wanted, at=now() - timedelta(days=30))
    Hold.objects.filter(pk=hold.pk).update(released_at=now() - timedelta(days=20))
    look_ahead([old.pk], at=now())
    monkeypatch.setattr(disposal, "FEW", 0)

    sweep = rehearse(by=ENGINE, at=now())
    body = signed_in(records).get(f"/keeping/sweeps/{sweep.handle}").content
    page = words(body)

    assert "2 recordings would be deleted. That is 100 % more than last time" in page
    assert "Most of the difference: 1 more of no category." in page
    assert "Once in a case, and taken out 1 01MP/44/26: 1. Under investigation" in page
    assert "Once held for: court order 1 CL/7 : 1. Ended on" in page
    assert f'href="/keeping/holds/{hold.handle}"' in body.decode()
    assert "Seeded" not in page
    assert "1 : Somebody wrote a note about it, and nobody chose a category." in page
    strangest = page[page.index("The strangest") : page.index("The oldest")]
    assert "Somebody wrote a note" in strangest
    assert "no category 2 1" in page, "the counts stand beside those of last time"
    assert other.handle in body.decode()


def test_a_letter_of_which_nothing_is_odd_says_so(station: Station, records: Person) -> None:
    filmed_by(station.okafor, days_ago=40)
    sweep = rehearse(by=ENGINE, at=now())

    page = words(signed_in(records).get(f"/keeping/sweeps/{sweep.handle}").content)

    assert "None of these recordings is or was in a case" in page
    assert "Nothing: no note, mark or clip" in page


def test_agreeing_is_offered_only_where_it_helps_and_else_what_to_clear_up(
    station: Station, records: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    monkeypatch.setattr(disposal, "FEW", 0)
    older = rehearse(by=ENGINE, at=now())
    strongroom.vault().store.shred(old.originals.get().handle)
    newest = rehearse(by=ENGINE, at=now())
    browser = signed_in(records)

    lost = browser.get(f"/keeping/sweeps/{newest.handle}").content
    before = words(browser.get(f"/keeping/sweeps/{older.handle}").content)
    tried = browser.post(f"/keeping/sweeps/{newest.handle}", {"because": "looked"})

    assert "nobody can agree that away" in words(lost)
    assert "Agree that it may begin" not in words(lost)
    assert 'href="/inventory"' in lost.decode()
    assert "A newer rehearsal has taken the place of this one" in before
    assert "Agree that it may begin" not in before
    assert "You have not agreed, and nothing was deleted." in words(tried.content)
    assert not newest.agreements.exists()
    assert "A sweep of 1 recording stopped: something is in doubt." in words(
        browser.get("/").content
    )


def test_what_stopped_once_two_had_agreed_is_not_offered_again(
    station: Station, records: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    filmed_by(station.okafor, days_ago=40)
    monkeypatch.setattr(disposal, "FEW", 0)
    sweep = rehearse(by=ENGINE, at=now())
    assert waits_for_two(sweep)

    Sweep.objects.update(stopped="2 recordings would go; the rehearsal found 1.")
    sweep.refresh_from_db()

    assert not waits_for_two(sweep)


def test_at_the_server_nobody_makes_void_what_somebody_has_agreed_to(
    station: Station, records: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    filmed_by(station.okafor, days_ago=40)
    monkeypatch.setattr(disposal, "FEW", 0)
    sweep = rehearse(by=ENGINE, at=now())
    agree_to_sweep(records.as_viewer("web"), sweep, "looked", at=now())

    for again in (rehearse_at_once, sweep_to_run):
        with pytest.raises(Refused, match="Somebody has agreed"):
            again(by=ENGINE, at=now())
    assert Sweep.objects.get() == sweep

    agree_to_sweep(station.lindqvist.as_viewer("web"), sweep, "looked too", at=now())
    assert sweep_to_run(by=ENGINE, at=now()) == sweep


def test_what_is_kept_with_no_date_is_listed_and_its_category_gets_a_line(
    station: Station, records: Person
) -> None:
    swept()
    odd = filmed_by(station.okafor, days_ago=1)
    classify_from_camera(odd, "K9", by=force.CLERK, at=now(), name="Dog unit")
    plain = filmed_by(station.okafor, days_ago=2, key="y2")
    look_ahead([odd.pk, plain.pk], at=now())
    browser = signed_in(records)

    overview = words(browser.get("/keeping").content)
    page = browser.get("/keeping/kept").content
    group = browser.get(f"/keeping/kept/{Undated.NO_LINE.value}").content
    form = browser.get("/keeping/schedule/propose").content.decode()
    filters = browser.get("/recordings").content.decode()

    assert "kept with no date" in overview
    assert "1 category without a line" in overview
    assert "The schedule has no line for its category or its case 1 Propose a line" in words(page)
    assert "Dog unit 1" in words(page)
    assert odd.handle in group.decode()
    assert "The schedule has no line for K9." in words(group)
    assert "Category Dog unit, which has no line yet" in form
    assert '<option value="K9"' in filters or 'value="K9"' in filters
    assert "N0 Routine footage" in words(page)
    assert browser.get("/keeping/kept/99").status_code == 404
    assert signed_in(station.okafor).get("/keeping/kept").status_code == 403


def test_a_proposal_gives_a_category_a_line_or_leaves_it_without() -> None:
    schedule, names = DEFAULT, {"K9": "Dog unit"}
    form = ScheduleForm(schedule, names)
    given = {name: field.initial or "" for name, field in form.fields.items()}
    given["because"] = "dogs"

    for chosen, lines in (("", schedule.by_category),
                          ("E0", (*schedule.by_category, ("K9", "E0")))):  # fmt: skip
        bound = ScheduleForm(schedule, names, data={**given, "category-K9": chosen})
        assert bound.is_valid(), bound.errors
        assert bound.proposed(now()).by_category == lines
