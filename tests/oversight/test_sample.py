"""A sample that nobody chose: drawn again by anybody, kept 120 days, seen by the panel alone."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from tests.world import force

from custodes.custody.checkpoints import close_day_if_due
from custodes.custody.genesis import begin_log
from custodes.custody.queries import history_of
from custodes.fleet.actions import issue_camera
from custodes.fleet.rules import Mount
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.oversight.actions.sample import (
    allot,
    document_of,
    draw_if_due,
    judge,
    lock_what_is_over,
)
from custodes.oversight.errors import ScrutinyRefused
from custodes.oversight.models import Sample, Sampled
from custodes.oversight.rules import sample_of
from custodes.oversight.scrutiny import allotment_for, allotted_to, samples_for
from custodes.people.actions import set_roles
from custodes.people.models import Person
from custodes.people.rules import Permission, Role, Viewer
from custodes.recordings import granted, locks
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for, recordings_for, within_reach
from custodes.retention.actions.hold import Wanted, agree_to_release, raise_hold
from custodes.retention.actions.outlook import look_ahead_at_all
from custodes.retention.errors import HoldRefused
from custodes.retention.facts import facts_of, schedule_at
from custodes.retention.models import Outlook
from custodes.retention.rules.decision import Verdict, decide
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.django_db(transaction=True)

STARTED = now() - timedelta(days=45)
ENDED = STARTED + timedelta(minutes=1)
DUE = ENDED + timedelta(days=31)
DRAWN = DUE - timedelta(days=1, hours=6)
NUMBER = 20


@pytest.fixture(autouse=True)
def _ten_in_a_hundred(settings: Any, tmp_path: Any) -> None:
    changed = {"scrutiny_percent": 20, "home": tmp_path}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=changed)


@pytest.fixture
def okafor() -> Person:
    return force.person("Okafor", team="A")


@pytest.fixture
def archive(okafor: Person) -> list[Recording]:
    begin_log(by=force.CLERK, at=STARTED)
    camera = force.camera("X1")
    issue_camera(camera, okafor, Mount.CHEST, by=force.CLERK, at=STARTED - timedelta(days=1))
    made = [force.recording(camera, f"r{number}", started=STARTED) for number in range(NUMBER)]
    for recording in made:
        complete(recording, by=force.CLERK, at=STARTED + timedelta(hours=1))
    look_ahead_at_all(at=STARTED + timedelta(hours=2))
    close_day_if_due(DRAWN)
    return made


@pytest.fixture
def records() -> Viewer:
    return force.person("Osei", Role.RECORDS).as_viewer("web")


@pytest.fixture
def panel() -> Person:
    return force.person("M. Hale", Role.PANEL)


def drawn_at(at: datetime = DRAWN) -> Sample:
    sample = draw_if_due(by=force.CLERK, at=at)
    assert sample is not None
    return sample


def test_anybody_who_has_the_list_draws_the_same_again(archive: list[Recording]) -> None:
    sample = drawn_at()

    document = document_of(sample)
    value = json.loads(document)
    seed = base64.urlsafe_b64decode(value["seed"] + "=")
    [(kind, stratum)] = value["strata"].items()
    ranked = sorted(
        stratum["stood"], key=lambda h: hashlib.sha256(seed + b"\n" + h.encode()).digest()
    )
    assert (kind, ranked[:4]) == ("not sorted, A", stratum["drawn"])
    assert set(stratum["stood"]) == {recording.handle for recording in archive}
    told = history_of(sample.handle)[-1]
    digest = base64.urlsafe_b64encode(hashlib.sha256(document).digest()).rstrip(b"=").decode()
    assert told.facts == {"z": value["size"], "c": NUMBER, "n": 4, "d": digest}


def test_another_seed_draws_others_and_every_kind_gives_at_least_one() -> None:
    handles = [f"handle-{number}" for number in range(200)]

    one, other = sample_of(b"a" * 32, handles, 5), sample_of(b"b" * 32, handles, 5)

    assert len(one) == len(other) == 10
    assert set(one) != set(other)
    assert len(sample_of(b"a" * 32, handles[:3], 1)) == 1
    assert sample_of(b"a" * 32, [], 50) == ()


def test_it_is_drawn_once_a_day_and_only_from_what_goes_next(archive: list[Recording]) -> None:
    assert archive
    assert not Sample.objects.exists()
    drawn_at()

    assert draw_if_due(by=force.CLERK, at=DRAWN + timedelta(hours=1)) is None
    assert Sampled.objects.count() == 4


def test_what_was_drawn_stays_for_120_days_and_then_goes(archive: list[Recording]) -> None:
    assert archive
    drawn_at()
    one = Sampled.objects.all()[0].recording
    schedule = schedule_at(DUE)
    assert schedule is not None

    def verdict(at: datetime) -> Verdict:
        return decide(facts_of([one.pk])[one.pk], schedule, at).verdict

    ends = Sampled.objects.all()[0].hold.until
    assert ends is not None
    assert localdate(ends) == localdate(DRAWN) + timedelta(days=120)
    assert verdict(ends - timedelta(microseconds=1)) is Verdict.KEEP
    assert verdict(ends) is Verdict.DISPOSE


def test_nobody_lets_a_sample_go_before_its_day(archive: list[Recording], records: Viewer) -> None:
    assert archive
    drawn_at()
    hold = Sampled.objects.all()[0].hold
    ends = hold.until
    assert ends is not None
    entries = history_of(hold.handle)

    for who in (records, force.person("Adeyemi", Role.STANDARDS).as_viewer("web")):
        with pytest.raises(HoldRefused, match="kept for the panel until"):
            agree_to_release(who, hold, "it is in the way", at=ends - timedelta(seconds=1))

    hold.refresh_from_db()
    assert hold.released_at is None
    assert not hold.agreements.exists()
    assert history_of(hold.handle) == entries


def test_from_its_due_date_on_only_the_panel_sees_it(
    archive: list[Recording], okafor: Person, records: Viewer, panel: Person
) -> None:
    assert archive
    drawn_at()
    sampled = Sampled.objects.all()[0]
    officer, member = okafor.as_viewer("web"), panel.as_viewer("web")
    allot(records, sampled, panel, 60, at=DRAWN)
    assert within_reach(officer, Permission.PLAY, sampled.recording)
    assert not lock_what_is_over(by=force.CLERK, at=DRAWN + timedelta(hours=1))

    assert lock_what_is_over(by=force.CLERK, at=DUE + timedelta(hours=1)) == 4

    for viewer in (officer, records):
        with pytest.raises(NotFound):
            recording_for(viewer, sampled.recording.handle)
    found = recording_for(member, sampled.recording.handle)
    assert within_reach(member, Permission.PLAY, found)
    assert not within_reach(member, Permission.FETCH_ORIGINAL, found)
    assert list(recordings_for(member)) == [found]
    set_roles(panel, [Role.OFFICER], by=force.CLERK, at=now())
    with pytest.raises(NotFound):
        recording_for(Person.objects.get(pk=panel.pk).as_viewer("web"), found.handle)


def test_what_something_else_keeps_by_then_is_the_panels_alone_no_more(
    archive: list[Recording], okafor: Person, records: Viewer
) -> None:
    assert archive
    drawn_at()
    lock_what_is_over(by=force.CLERK, at=DUE + timedelta(hours=1))
    one = Sampled.objects.all()[0].recording
    reach = Scope(recordings=frozenset({one.handle}))
    later = DUE + timedelta(hours=2)
    wanted = Wanted(HoldKind.OTHER, "asked for", (later + timedelta(days=9)).date(), reach)
    raise_hold(wanted, by=force.CLERK, at=later)

    lock_what_is_over(by=force.CLERK, at=later)

    assert recording_for(records, one.handle) == one
    assert recording_for(okafor.as_viewer("web"), one.handle) == one
    assert history_of(one.handle)[-1].kind == "recording.unlocked"
    assert Sampled.objects.exclude(locked_at=None).count() == 3


def test_what_was_drawn_once_is_not_drawn_again_and_no_day_is_left_out(
    archive: list[Recording],
) -> None:
    assert archive
    drawn_at()
    once = Sampled.objects.all()[0].recording
    other = Recording.objects.filter(sampled=None)[0]
    line = Outlook.objects.get(recording=other).line
    next_day, just_after = DRAWN + timedelta(days=1, hours=9), DRAWN + timedelta(days=2, hours=1)
    notes = Outlook.objects.filter(recording__in=[once, other])
    notes.update(due_at=just_after, held=False, line=line)
    assert draw_if_due(by=force.CLERK, at=next_day) is None  # its day is not closed yet
    close_day_if_due(next_day)

    again = drawn_at(next_day)

    assert again.candidates == 1
    assert Sampled.objects.filter(sample=again).get().recording == other


def test_nobody_of_the_panel_sees_what_was_not_given_to_them_or_longer_than_it_was(
    archive: list[Recording], records: Viewer, panel: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert archive
    drawn_at()
    one = Sampled.objects.all()[0]
    member = panel.as_viewer("web")
    assert not recordings_for(member).exists()
    given = allot(records, one, panel, 30, at=DRAWN)
    assert list(recordings_for(member)) == [one.recording]

    over = DRAWN + timedelta(days=30)
    monkeypatch.setattr(granted, "now", lambda: over)
    monkeypatch.setattr(locks, "now", lambda: over)

    assert not recordings_for(member).exists()
    assert not allotted_to(member, over)
    with pytest.raises(NotFound):
        allotment_for(member, given.pk, over)
    with pytest.raises(NotFound):
        judge(member, given, "Too late.", at=over)
    allot(records, one, panel, 3, at=over)
    assert list(recordings_for(member)) == [one.recording]


def test_what_the_panel_says_is_kept_once_and_under_its_name(
    archive: list[Recording], records: Viewer, panel: Person
) -> None:
    assert archive
    drawn_at()
    given = allot(records, Sampled.objects.all()[0], panel, 14, at=DRAWN)

    judge(panel.as_viewer("web"), given, "A calm stop, well explained.", at=DRAWN)

    told = history_of(given.sampled.recording.handle)[-1]
    assert told.fields["said"] == "A calm stop, well explained."
    assert told.fields["actor"] == "M. Hale"
    with pytest.raises(ScrutinyRefused, match="You have said"):
        judge(panel.as_viewer("web"), given, "Another word.", at=DRAWN)
    with pytest.raises(NotFound):
        judge(records, given, "Not mine to say.", at=DRAWN)


def test_what_is_not_right_is_refused(
    archive: list[Recording], okafor: Person, records: Viewer, panel: Person
) -> None:
    assert archive
    drawn_at()
    one = Sampled.objects.all()[0]

    with pytest.raises(ScrutinyRefused, match="None of your roles"):
        allot(okafor.as_viewer("web"), one, panel, 3, at=DRAWN)
    with pytest.raises(ScrutinyRefused, match="not of the scrutiny panel"):
        allot(records, one, okafor, 3, at=DRAWN)
    with pytest.raises(ScrutinyRefused, match="1 to 120"):
        allot(records, one, panel, 500, at=DRAWN)
    allot(records, one, panel, 3, at=DRAWN)
    with pytest.raises(ScrutinyRefused, match="already"):
        allot(records, one, panel, 3, at=DRAWN)
    assert not samples_for(okafor.as_viewer("web")).exists()
