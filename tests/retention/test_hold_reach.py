"""What a hold reaches for: the table says what the rule says, and what nothing has is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from click.testing import CliRunner
from django.db.models import QuerySet
from django.utils.timezone import localdate
from tests.world import force
from tests.world.keeping import DAY, DUE, delivered, swept

from custodes.cli.hold import list_holds, place, release, renew
from custodes.custody.models import Entry
from custodes.custody.queries import tell
from custodes.kernel.areas import Area
from custodes.kernel.ids import new_handle
from custodes.kernel.spans import Span
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind
from custodes.recordings.where import position_of
from custodes.retention.actions import hold as hold_actions
from custodes.retention.actions.hold import (
    Wanted,
    catch,
    in_reach,
    place_hold,
    raise_hold,
    renew_hold,
)
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.sweep import rehearse
from custodes.retention.certificates import letter_of
from custodes.retention.errors import HoldRefused
from custodes.retention.models import Hold
from custodes.retention.queries import (
    holds_in_force,
    number_held,
    number_in_reach,
    numbers_held,
)
from custodes.retention.rules.holds import Filmed, HoldKind, Scope
from custodes.retention.writing import scope_from, scope_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
MINUTE = timedelta(minutes=1)
AT = force.NOON + DAY


@pytest.fixture
def unit() -> Viewer:
    return force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")


def wanted(scope: Scope) -> Wanted:
    return Wanted(HoldKind.OTHER, "a claim", DUE.date(), scope)


def filmed(of: Recording) -> Filmed:
    offset = timedelta(milliseconds=of.clock_offset_ms or 0)
    return Filmed(of.handle, of.camera.handle, of.started_at, of.ended_at, offset=offset)


@pytest.mark.parametrize(("many", "named"), [(1, "{handle!r}"), (5_000, "'recordings': 5001")])
def test_thousands_of_recordings_are_counted_by_the_entry_of_their_hold(
    many: int, named: str, unit: Viewer
) -> None:
    recording = delivered("r1")
    others = (new_handle() for _ in range(many))
    reach = Scope(recordings=frozenset([recording.handle, *others]))

    hold = raise_hold(wanted(reach), by=unit.actor, at=AT)

    opened = tell(Entry.objects.get(kind="hold.opened", subject=hold.handle))
    assert named.format(handle=recording.handle) in opened.fields["reach"]
    assert hold.reach() == reach
    assert "hold.placed" in force.kinds(recording.handle)


def test_the_table_answers_as_the_rule_does_whichever_clock_was_right() -> None:
    camera = force.camera()
    offsets = (None, 0, 1, 600_000, -600_000, 86_400_000 * 20_000, -86_400_000 * 3, 7_200_001)
    made = []
    for number, offset in enumerate(offsets):
        for hours in (-30, -1, 0, 1, 72):
            started = force.NOON + timedelta(hours=hours)
            one = force.recording(camera, f"r{number}/{hours}", started=started)
            if offset is not None and offset > 86_400_000 * 1000:
                started -= timedelta(milliseconds=offset)
            Recording.objects.filter(pk=one.pk).update(
                clock_offset_ms=offset, started_at=started,
                ended_at=None if hours == 72 else started + MINUTE,
            )  # fmt: skip
            made.append(Recording.objects.get(pk=one.pk))

    for span in (
        Span(force.NOON, force.NOON + 2 * MINUTE),
        Span(force.NOON + 10 * MINUTE, force.NOON + 11 * MINUTE),
        Span(force.NOON - 10 * MINUTE, force.NOON - 9 * MINUTE),
    ):
        scope = Scope(span=span)
        caught = {each.handle for each in made if scope.catches(filmed(each))}
        assert set(in_reach(scope).values_list("handle", flat=True)) == caught
        assert 0 < len(caught) < len(made)


def test_the_table_answers_as_the_rule_does_for_either_kind_of_reach_and_keeps_it_written() -> None:
    ann, bob = force.person("Ann"), force.person("Bob")
    one, other = force.camera("X1", ann), force.camera("X2", bob)
    made = [
        force.recording(one, "by one"),
        force.recording(other, "by the other"),
        force.recording(other, "at the place", place="Brixton Road"),
        force.recording(one, "the day after", started=AT),
    ]
    span = Span(force.NOON, force.NOON + MINUTE)
    for each in (
        Scope(span, wearers=frozenset({bob.handle}), either=True),
        Scope(span, cameras=frozenset({one.handle}), either=True),
        Scope(span, places=frozenset({"Brixton Road"}), either=True),
    ):
        caught = {
            recording.handle
            for recording in Recording.objects.select_related("camera", "wearer", "place")
            if each.catches(
                replace(
                    filmed(recording),
                    wearer=recording.wearer.handle if recording.wearer else "",
                    place=recording.place.name if recording.place else "",
                )
            )
        }
        assert set(in_reach(each).values_list("handle", flat=True)) == caught
        assert 0 < len(caught) < len(made)
        assert scope_from(scope_to(each)) == each
    assert not in_reach(Scope(span, either=True)).exists()


def test_the_table_answers_as_the_rule_does_for_areas_and_keeps_them_written() -> None:
    made = [
        force.recording(force.camera("X1"), f"{latitude} {longitude}", position=position)
        for latitude in (-89.9999, -17.0, 0.0, 51.4613, 51.4650, 51.4659, 89.9999)
        for longitude in (-180.0, -179.999, -0.1156, -0.1084, -0.1083, 179.999)
        for position in [(latitude, longitude)]
    ]
    unknown = force.recording(force.camera("X2"), "no position")
    day = Span(force.NOON, force.NOON + DAY)
    for each, number in (
        (Scope(areas=frozenset({Area(51.4613, -0.1156, 500)})), 3),
        (Scope(day, areas=frozenset({Area(51.4613, -0.1156, 501), Area(0, 180, 500)})), 6),
        (Scope(day, areas=frozenset({Area(-17.0, -179.9995, 500)}), either=True), 3),
        (Scope(areas=frozenset({Area(90, 12.0, 50)})), 6),
        (Scope(areas=frozenset({Area(-90, 0, 50)}), wearers=frozenset("x")), 0),
        (Scope(areas=frozenset({Area(-90, 0, 50)}), wearers=frozenset("x"), either=True), 6),
    ):
        caught = {
            one.handle
            for one in [*made, unknown]
            if each.catches(replace(filmed(one), position=position_of(one)))
        }
        assert set(in_reach(each).values_list("handle", flat=True)) == caught
        assert len(caught) == number
        assert scope_from(json.loads(json.dumps(scope_to(each)))) == each
    assert scope_from({"wearers": ["a"]}) == Scope(wearers=frozenset("a"))


def test_a_standing_hold_on_an_area_catches_what_is_docked_there_later(unit: Viewer) -> None:
    area = Scope(Span(force.NOON, AT), areas=frozenset({Area(51.4613, -0.1156, 500)}))
    place_hold(unit, replace(wanted(area), standing=True), at=AT)
    camera = force.camera()
    there = force.recording(camera, "r1", position=(51.4620, -0.1150))
    elsewhere = force.recording(camera, "r2", position=(51.4700, -0.1156))
    nowhere = force.recording(camera, "r3")

    assert catch([there.pk, elsewhere.pk, nowhere.pk], by=force.CLERK, at=AT) == 1

    assert Hold.objects.get().held.get().recording_id == there.pk


def test_a_name_that_nothing_has_is_refused_and_nothing_is_held(unit: Viewer) -> None:
    recording = force.recording(force.camera())
    entries = Entry.objects.count()
    unknown = "x" * 22

    for scope, what in (
        (Scope(recordings=frozenset({recording.handle, unknown})), "recording"),
        (Scope(wearers=frozenset({unknown})), "person"),
        (Scope(cameras=frozenset({unknown})), "camera"),
    ):
        with pytest.raises(HoldRefused, match=f"There is no {what} {unknown} here"):
            place_hold(unit, wanted(scope), at=AT)

    assert not Hold.objects.exists()
    assert Entry.objects.count() == entries


def test_what_a_lock_keeps_from_somebody_is_neither_counted_nor_named_to_them(
    unit: Viewer,
) -> None:
    shut, seen = delivered("r1"), delivered("r2")
    scope = Scope(cameras=frozenset({shut.camera.handle}))
    hold = place_hold(unit, wanted(scope), at=AT)
    assert (number_held(unit, hold), number_in_reach(unit, scope)) == (2, 2)
    Hold.objects.update(released_at=AT)
    look_ahead([shut.pk, seen.pk], at=AT)
    sweep = rehearse(by=force.CLERK, at=DUE + 30 * DAY)

    lock([shut], Locking(new_handle(), LockKind.RESTRICTED, "a request"), by=force.CLERK, at=AT)

    assert (number_held(unit, hold), number_in_reach(unit, scope)) == (1, 1)
    assert numbers_held(unit, [hold]) == {hold.pk: 1}
    assert {each["handle"] for each in sweep.letter["oldest"]} == {shut.handle, seen.handle}
    letter = letter_of(unit, sweep)
    for key in ("oldest", "longest"):
        assert [each["handle"] for each in letter[key]] == [seen.handle]
    officer = force.person("Okafor").as_viewer("web")
    assert letter_of(officer, sweep) == {}
    assert number_in_reach(officer, scope) == 0


def test_what_was_deleted_after_a_hold_ended_is_not_counted_as_kept(unit: Viewer) -> None:
    gone, here = delivered("r1"), delivered("r2", serial="X200")
    scope = Scope(recordings=frozenset({gone.handle, here.handle}))
    hold = place_hold(unit, replace(wanted(scope), until=DUE), at=AT)
    place_hold(unit, wanted(Scope(recordings=frozenset({here.handle}))), at=AT)

    assert [each.pk for each in holds_in_force(unit, DUE - MINUTE)][-1] == hold.pk
    assert hold not in holds_in_force(unit, DUE)
    assert swept(DUE + DAY).disposed == 1
    assert (number_held(unit, hold), numbers_held(unit, [hold])) == (1, {hold.pk: 1})
    listed = json.loads(CliRunner().invoke(list_holds, ["--json"]).stdout)
    ended = next(each for each in listed if each["hold"] == hold.handle)
    assert (ended["held"], ended["released_at"]) == (1, None)


def test_a_standing_hold_that_is_let_go_at_that_moment_catches_nothing(
    unit: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = force.camera()
    reach = Scope(cameras=frozenset({camera.handle}))
    place_hold(unit, replace(wanted(reach), standing=True), at=AT)
    late = force.recording(camera)
    whole = hold_actions.lock_recordings

    def meanwhile(found: QuerySet[Recording]) -> list[Recording]:
        Hold.objects.update(released_at=AT)
        return whole(found)

    monkeypatch.setattr(hold_actions, "lock_recordings", meanwhile)

    assert catch([late.pk], by=force.CLERK, at=AT) == 0
    assert not late.holds.exists()


def test_a_command_moves_the_day_of_the_next_look_and_nothing_else(unit: Viewer) -> None:
    recording = force.recording(force.camera())
    hold = place_hold(unit, wanted(Scope(recordings=frozenset({recording.handle}))), at=AT)

    def run(day: str) -> Any:
        words = [hold.handle, "--because", "the claim goes on", "--review-on", day, "--json"]
        return json.loads(CliRunner().invoke(renew, words).stdout)

    later = localdate() + 99 * DAY
    assert "must lie ahead" in run("2020-01-01")["refused"]
    assert "A hold is looked at every 1 year" in run("2091-02-03")["refused"]
    assert run(f"{later}") == {"hold": hold.handle, "review_on": f"{later}"}
    with pytest.raises(HoldRefused, match="None of your roles"):
        renew_hold(force.person("Okafor").as_viewer("web"), hold, "x", later + DAY, at=AT)
    renewed = Hold.objects.get()
    assert (renewed.review_on, renewed.until, renewed.released_at) == (later, None, None)
    assert force.kinds(hold.handle) == ["hold.opened", "hold.renewed"]


def test_a_command_places_a_hold_that_stands_for_a_person_a_place_and_days(unit: Viewer) -> None:
    okafor = force.person("Okafor", number="4471")
    camera = force.camera("X300", okafor)
    caught = force.recording(camera, "r1")
    force.recording(camera, "r2", started=force.NOON + 9 * DAY)
    named = force.recording(force.camera("X400"), "r3")
    at = f"https://custodes.example/recordings/{named.handle}"
    words = ["--kind", "complaint", "--because", "a fall", "--review-on", f"{localdate() + DAY}"]
    reach = ["--person", "4471", "--place", "Brixton Road", "--filmed-from", "2026-11-14",
             "--filmed-to", "2026-11-14", "--standing", at]  # fmt: skip
    there = force.recording(force.camera("X500"), "r4", position=(51.4620, -0.1150))
    near = ["--near", "51.4613,-0.1156", "--metres", "150", "--only-count", "--json"]
    assert json.loads(CliRunner().invoke(place, [*words, *near]).stdout)["held"] == 1
    nearer = json.loads(CliRunner().invoke(place, [*words, *near, "--metres", "50"]).stdout)
    assert (nearer["held"], there.holds.exists()) == (0, False)

    counted = json.loads(
        CliRunner().invoke(place, [*words, *reach, "--only-count", "--json"]).stdout
    )
    assert (counted, Hold.objects.exists()) == ({"hold": None, "held": 2}, False)
    placed = json.loads(CliRunner().invoke(place, [*words, *reach, "--json"]).stdout)

    hold = Hold.objects.get()
    assert (placed, hold.standing) == ({"hold": hold.handle, "held": 2}, True)
    kept = set(hold.held.values_list("recording", flat=True))
    assert kept == {caught.pk, named.pk}
    start = datetime(2026, 11, 14, tzinfo=UTC)
    assert hold.reach() == Scope(
        span=Span(start, start + DAY), wearers=frozenset({okafor.handle}),
        places=frozenset({"Brixton Road"}), recordings=frozenset({named.handle}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        ([], "A hold must say what it is for"),
        (["--person", "nobody"], "Nobody, or more than one person, goes by nobody."),
        (["--camera", "NONE"], "No camera with the serial number NONE"),
        (["--near", "the corner"], "Give latitude and longitude in degrees"),
        (["--near", "51.4613,-0.1156", "--metres", "0"], "Give a distance of up to 50,000 metres"),
        (["--filmed-from", "2026-11-14"], "A stretch of time needs both its days."),
        (["--filmed-from", "2026-11-14", "--filmed-to", "2026-11-13"], "before the first"),
        (["--filmed-from", "0001-01-01", "--filmed-to", "9999-12-31"], "too far away"),
    ],
)
def test_the_command_refuses_what_the_page_refuses(
    unit: Viewer, reach: list[str], said: str
) -> None:
    words = ["--kind", "other", "--because", "why", "--review-on", f"{localdate() + DAY}"]

    refused = CliRunner().invoke(place, [*words, *reach, "--json"])

    assert said in json.loads(refused.stdout)["refused"]
    assert refused.exit_code == 1
    assert not Hold.objects.exists()


def test_a_command_that_lets_a_hold_go_asks_for_what_the_sign_in_page_asks_for(
    unit: Viewer,
) -> None:
    records = force.person("Records", Role.RECORDS)
    recording = force.recording(force.camera())
    hold = place_hold(unit, wanted(Scope(recordings=frozenset({recording.handle}))), at=AT)
    secret = generate_totp_secret()
    TOTP.activate(records, secret)
    words = [hold.handle, "--as", "records", "--password", force.PASSWORD, "--because", "settled"]

    def said(*more: str) -> str:
        return CliRunner().invoke(release, [*words, *more]).output

    assert "signs in with a second factor, and none was given" in said()
    assert "This code is not right" in said("--code", "12")
    hold.refresh_from_db()
    assert hold.released_at is None
    counter = next(iter(yield_hotp_counters_from_time()))
    assert "The hold was released" in said("--code", format_hotp_value(hotp_value(secret, counter)))


def test_where_everybody_needs_a_second_factor_a_password_alone_lets_nothing_go(
    unit: Viewer, settings: object
) -> None:
    config = settings.CUSTODES  # type: ignore[attr-defined]
    needed = config.model_copy(update={"second_factor_required": True})
    settings.CUSTODES = needed  # type: ignore[attr-defined]
    force.person("Records", Role.RECORDS)
    recording = force.recording(force.camera())
    hold = place_hold(unit, wanted(Scope(recordings=frozenset({recording.handle}))), at=AT)
    words = [hold.handle, "--as", "records", "--password", force.PASSWORD, "--because", "settled"]

    result = CliRunner().invoke(release, words)

    assert result.exit_code == 1
    assert "no second factor yet" in result.output
    hold.refresh_from_db()
    assert hold.released_at is None
