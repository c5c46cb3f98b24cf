"""Before anybody agrees, a rehearsal says what would go, what it touches and what is odd."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from tests.world import force
from tests.world.keeping import DAY, DUE, ENGINE, delivered, swept

from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import add_note, classify, mark_moment
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.models import Copy, Gap, Recording
from custodes.recordings.rules import LockKind, Purpose, Why
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.proceedings import link, open_matter, record_outcome, unlink
from custodes.retention.actions.restrict import Request, restrict
from custodes.retention.actions.review import let_go_after_review
from custodes.retention.actions.sweep import rehearse
from custodes.retention.certificates import letter_of
from custodes.retention.models import Sweep
from custodes.retention.rehearsal import letter_at
from custodes.retention.rules.erasure import Ground
from custodes.retention.rules.holds import HOLD_NAMES, HoldKind, Scope
from custodes.retention.rules.proceedings import Outcome
from custodes.retention.rules.rehearsed import ODD_NAMES, Odd, Touch, look_at, title_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
LATER = DUE + 60 * DAY


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def unit() -> Viewer:
    return force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")


def touched(letter: dict[str, object]) -> dict[str, tuple[int, int]]:
    """Return of each kind how many recordings, and of how many cases, holds or requests."""
    found: list[dict[str, object]] = letter["touched"]  # type: ignore[assignment]
    return {f"{each['what']} {each['kind']}".strip(): (each["recordings"], each["of"])  # type: ignore[misc]
            for each in found}  # fmt: skip


def odd(letter: dict[str, object]) -> dict[str, int]:
    found: list[dict[str, object]] = letter["odd"]  # type: ignore[assignment]
    return {each["what"]: each["recordings"] for each in found}  # type: ignore[misc]


def test_what_was_taken_out_of_a_case_is_told_with_the_case_and_what_is_known_of_it() -> None:
    one, other, nothing = delivered("r1"), delivered("r2"), delivered("r3")
    first = open_matter("01MP/44/26", by=ENGINE, at=force.NOON)
    second = open_matter("01MP/45/26", by=ENGINE, at=force.NOON)
    link(first, [one, other], by=ENGINE, at=force.NOON)
    link(second, [one], by=ENGINE, at=force.NOON)
    unlink(first, [one, other], "another camera", by=ENGINE, at=force.NOON)
    unlink(second, [one], "another camera", by=ENGINE, at=force.NOON)

    sweep = rehearse(by=ENGINE, at=DUE)

    assert sweep.due == 3
    assert touched(sweep.letter) == {"once-in-case": (2, 2)}
    [group] = sweep.letter["touched"]
    assert [(one["called"], one["recordings"]) for one in group["most"]] == [
        ("01MP/44/26", 2), ("01MP/45/26", 1),
    ]  # fmt: skip
    assert group["most"][0]["handle"] == first.handle
    assert "under investigation" in group["most"][0]["now"]
    assert nothing.handle not in str(group)


def test_what_two_people_let_go_of_a_case_that_is_over_is_told(records: Viewer) -> None:
    recording = delivered()
    matter = open_matter("01MP/44/26", by=ENGINE, at=force.NOON)
    link(matter, [recording], by=ENGINE, at=force.NOON)
    day = (force.NOON + DAY).date()
    record_outcome(matter, Outcome.ACQUITTED, decided_on=day, by=ENGINE, at=force.NOON + 2 * DAY)
    later = force.NOON + 7 * 366 * DAY
    assert rehearse(by=ENGINE, at=later).due == 0
    for viewer in (records, force.person("Second", Role.RECORDS).as_viewer("web")):
        let_go_after_review(viewer, recording, "not needed", at=later)

    sweep = rehearse(by=ENGINE, at=later + 15 * DAY)

    assert (sweep.due, touched(sweep.letter)) == (1, {"case": (1, 1)})
    assert "acquitted" in sweep.letter["touched"][0]["most"][0]["now"]


def test_what_was_once_held_is_told_by_kind_and_by_reference_without_the_reason(
    unit: Viewer, records: Viewer
) -> None:
    one, other = delivered("r1"), delivered("r2")
    both = Scope(recordings=frozenset({one.handle, other.handle}))
    for kind, scope, reference in (
        (HoldKind.COURT_ORDER, both, "CL/7"),
        (HoldKind.COURT_ORDER, Scope(recordings=frozenset({one.handle})), ""),
        (HoldKind.OTHER, both, "X/1"),
    ):
        wanted = Wanted(kind, "claim by Mr Seeded", LATER.date(), scope, authority=reference)
        hold = place_hold(unit, wanted, at=force.NOON + DAY)
        agree_to_release(records, hold, "settled", at=force.NOON + 2 * DAY)
    binding = delivered("r3")
    scope = Scope(recordings=frozenset({binding.handle}))
    place_hold(unit, Wanted(HoldKind.CORONER, "x", LATER.date(), scope), at=force.NOON + DAY)

    sweep = rehearse(by=ENGINE, at=DUE)

    assert (sweep.due, touched(sweep.letter)) == (
        2,
        {"held court-order": (2, 2), "held other": (2, 1)},
    )
    most = sweep.letter["touched"][0]["most"]
    assert [(one["called"], one["recordings"]) for one in most] == [
        ("CL/7", 2), ("placed on 15 November 2026", 1),
    ]  # fmt: skip
    assert most[0]["now"] == "ended on 16 November 2026"
    assert "Seeded" not in str(sweep.letter)


def test_what_somebody_asked_to_have_erased_is_told_while_the_request_is_open(
    records: Viewer,
) -> None:
    recording = delivered()
    asked = Request(
        "Ms Seeded", Ground.ERASE, "DP/4", force.NOON.date(), "erase me", [recording.handle]
    )
    restrict(records, asked, at=force.NOON + DAY)

    sweep = rehearse(by=ENGINE, at=DUE)

    assert (sweep.due, touched(sweep.letter)) == (1, {"restriction": (1, 1)})
    assert sweep.letter["touched"][0]["most"][0]["called"] == "DP/4"
    assert "Seeded" not in str(sweep.letter)


def test_the_odd_are_counted_and_the_strangest_named_with_every_reason(unit: Viewer) -> None:
    strange, marked, plain, evidence = (delivered(f"r{n}") for n in range(4))
    clipped, given, broken, short = (delivered(f"s{n}") for n in range(4))
    late = delivered("t1", serial="X7", started=force.NOON - 25 * DAY)
    for each in (strange, evidence):
        add_note(unit, each, "look at this", at=force.NOON)
    for each in (strange, marked):
        mark_moment(unit, each, each.started_at, "here", at=force.NOON)
    classify(unit, evidence, "stop-search", at=force.NOON)
    clip_of(clipped)
    note_recipient(given, Given("CPS London", "a package"), at=force.NOON)
    gap(recording=short)
    gap(recording=plain, closed_at=force.NOON)
    Recording.objects.filter(pk=broken.pk).update(fault="its film cannot be read")

    sweep = rehearse(by=ENGINE, at=DUE)

    assert odd(sweep.letter) == {
        "noted": 1, "marked": 2, "clipped": 1, "given": 1, "files-missing": 1, "faulty": 1,
    }  # fmt: skip
    first, *others = sweep.letter["strangest"]
    assert (first["handle"], first["why"]) == (strange.handle, ["noted", "marked"])
    assert {each["handle"] for each in others} == {
        each.handle for each in (marked, clipped, given, broken, short)
    }
    assert late.handle not in str(sweep.letter["strangest"])


def test_a_camera_that_is_short_of_footage_makes_what_is_left_of_it_odd() -> None:
    one, other = delivered("r1"), delivered("r2", serial="X7")
    gap(camera=one.camera)

    sweep = rehearse(by=ENGINE, at=DUE)

    assert (sweep.due, odd(sweep.letter)) == (2, {"camera-short": 1})
    assert [each["handle"] for each in sweep.letter["strangest"]] == [one.handle]
    assert other.handle != one.handle


def test_a_letter_is_compared_with_the_sweep_that_ended_last(unit: Viewer) -> None:
    first = delivered("r1")
    assert rehearse(by=ENGINE, at=force.NOON).letter["last"] is None
    classify(unit, first, "stop-search", at=force.NOON)
    swept(DUE)
    delivered("r2", started=force.NOON + DAY)
    delivered("r3", started=force.NOON + DAY)

    letter = rehearse(by=ENGINE, at=DUE + DAY).letter

    assert letter["by_category"] == [["", 2]]
    assert letter["last"]["by_category"] == [["Stop and search", 1]]
    assert (letter["last"]["disposed"], letter["last"]["due"]) == (1, 1)


def test_a_letter_of_before_is_compared_all_the_same(records: Viewer) -> None:
    delivered()
    swept(DUE)
    old = Sweep.objects.create(rehearsed_at=DUE + DAY, letter={"by_category": [["", 5]]}, due=5)

    letter = letter_of(records, old)

    assert letter["last"]["disposed"] == 1
    assert letter["by_category"] == [["", 5]]


def test_no_strange_recording_is_named_that_a_lock_keeps_from_the_reader(
    unit: Viewer, records: Viewer
) -> None:
    recording = delivered()
    add_note(unit, recording, "look", at=force.NOON)
    sweep = rehearse(by=ENGINE, at=DUE)
    assert letter_of(records, sweep)["strangest"]
    locking = Locking("incident", LockKind.POST_INCIDENT, "DSI 3")
    lock([recording], locking, by=ENGINE, at=DUE)

    letter = letter_of(records, sweep)

    assert (letter["strangest"], odd(letter)) == ([], {"noted": 1})


def test_what_would_go_is_counted_by_sets_however_much_it_is(unit: Viewer) -> None:
    def asked(at: object) -> int:
        with CaptureQueriesContext(connection) as queries:
            letter_at(at)  # type: ignore[arg-type]
        return len(queries)

    recording = delivered("r0")
    add_note(unit, recording, "look", at=force.NOON)
    rehearse(by=ENGINE, at=DUE)
    few = asked(DUE)
    for number in range(12):
        add_note(unit, delivered(f"r{number + 1}"), "look", at=force.NOON)
    rehearse(by=ENGINE, at=DUE)

    assert letter_at(DUE)["due"] == 13
    assert asked(DUE) == few


def test_everything_a_letter_points_out_has_words() -> None:
    assert set(ODD_NAMES) == set(Odd)
    assert all(look_at(each).strip() for each in Touch)
    assert {title_of(Touch.HELD, kind) for kind in HoldKind} == {
        f"Once held for: {name}" for name in HOLD_NAMES.values()
    }


def clip_of(recording: Recording) -> Model:
    return Copy.objects.create(
        original=recording.originals.get(), purpose=Purpose.CLIP, size=1, sha256="0" * 64,
        media_type="video/mp4", made_at=force.NOON,
    )  # fmt: skip


def gap(recording: Recording | None = None, **other: object) -> Model:
    camera = recording.camera if recording else other.pop("camera")
    return Gap.objects.create(
        camera=camera, recording=recording, grade="C", why=next(iter(Why)), count=1, still=1,
        what="one file", opened_at=force.NOON + timedelta(hours=1), **other,
    )  # fmt: skip
