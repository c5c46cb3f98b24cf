"""The gate's lines: the prosecutor's words, what nobody knows fails, and no way round."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.rules.gate import judge, open_among, path_of
from custodes.disclosure.rules.lines import AboutTheCase, Check, Fix, Item, Line, Redaction
from custodes.disclosure.rules.names import faults_of_paths, file_name
from custodes.disclosure.rules.sizes import AIM, COURT_TAKES, parts_of

CASE = AboutTheCase("01MP/00044/26")
GOOD = Item(
    key="clip:1",
    label="AO/1",
    recording="r1",
    sha256="a" * 64,
    status=Status.NOT_LOOKED_AT,
    size=1_000_000,
    seconds=15.0,
    exhibit="e1",
    item="The arrest",
    is_clip=True,
    covers=0.1,
)
ITEMS = st.lists(
    st.builds(
        Item,
        key=st.text(min_size=1, max_size=3),
        label=st.sampled_from(["AO/1", "AO/2", "ao/1", "the clip of 12:00"]),
        recording=st.just("r"),
        sha256=st.sampled_from(["a", "b", ""]),
        status=st.sampled_from(Status),
        size=st.integers(0, 3 * COURT_TAKES),
        seconds=st.floats(0, 10_000),
        exhibit=st.sampled_from(["e", ""]),
        item=st.text(max_size=300),
        is_clip=st.booleans(),
        covers=st.floats(0, 1),
        not_playable=st.sampled_from([(), ("It is HEVC.",)]),
        whole_because=st.sampled_from(["", "all of it matters"]),
    ),
    max_size=4,
)


def line(
    check: Check,
    *items: Item,
    audience: Audience = Audience.PROSECUTOR,
    case: AboutTheCase = CASE,
    redaction: Redaction = Redaction.OFF,
) -> Line:
    lines = judge(items, case, audience, redaction)
    return next(each for each in lines if each.check is check)


def test_a_clipped_exhibit_in_the_playable_profile_passes_for_everybody_in_court() -> None:
    for audience in (Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT):
        lines = judge([GOOD], CASE, audience, Redaction.OFF)
        assert open_among(lines) == ()
        assert not any(each.faults for each in lines)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], "Multi-media BWV not provided"),
        ([replace(GOOD, size=0)], "Multi-media BWV not provided"),
        ([replace(GOOD, is_clip=False, covers=1.0)], "Multi-media BWV not clipped"),
        ([replace(GOOD, covers=0.99)], "Multi-media BWV not clipped"),
        (
            [replace(GOOD, not_playable=("Its pictures are HEVC, not H.264.",))],
            "Multi-media BWV not in playable format",
        ),
    ],
)
def test_each_of_the_prosecutor_s_three_reasons_comes_in_its_own_words(
    items: list[Item], words: str
) -> None:
    [only] = open_among(judge(items, CASE, Audience.PROSECUTOR, Redaction.OFF))

    assert only.words == words
    assert not only.overridable


def test_a_whole_recording_needs_a_reason_and_passes_with_one() -> None:
    whole = replace(GOOD, is_clip=False, covers=1.0)

    [fault] = line(Check.CLIPPED, whole).faults
    assert (fault.fix, fault.item) == (Fix.SAY_WHY_WHOLE, "clip:1")
    assert not line(Check.CLIPPED, replace(whole, whole_because="It is all one act.")).is_open
    assert line(Check.CLIPPED, replace(whole, exhibit="")).faults[0].fix is Fix.NUMBER


def test_what_is_no_exhibit_is_pointed_out_and_goes_all_the_same() -> None:
    found = line(Check.EXHIBIT, replace(GOOD, exhibit="", label="the clip of 12:00"))

    assert [(each.fix, each.advised) for each in found.faults] == [(Fix.NUMBER, True)]
    assert not found.is_open
    assert found.words == ""


def test_a_file_that_is_too_large_stops_at_the_court_and_is_advice_to_others() -> None:
    whole = tuple((2.0 * nth, 1_000_000 * nth) for nth in range(1000))
    large = replace(GOOD, size=1_000_000_000, seconds=2000.0, begins=30.0, whole=whole)

    assert not line(Check.SIZE, replace(GOOD, size=COURT_TAKES), audience=Audience.COURT).is_open
    at_court = line(Check.SIZE, large, audience=Audience.COURT)
    [fault] = at_court.faults
    assert at_court.is_open
    assert fault.sentence == (
        "AO/1 has 1,000 MB; courts take 500 MB a file. Make 3 clips of it instead."
    )
    assert [(part.begins, part.ends) for part in fault.parts] == [
        (30.0, 930.0),
        (930.0, 1830.0),
        (1830.0, 2030.0),
    ]
    assert not line(Check.SIZE, large).is_open
    assert line(Check.SIZE, large).faults


def test_unused_material_and_other_cameras_come_from_the_case() -> None:
    case = AboutTheCase("01MP/00044/26", ("Nobody has looked.",), (("r7", "It is too thin."),))

    assert [each.recording for each in line(Check.DESCRIBED, GOOD, case=case).faults] == ["r7"]
    assert line(Check.DESCRIBED, GOOD, case=case).words == "listed without sufficient description"
    coverage = line(Check.COVERAGE, GOOD, case=case)
    assert coverage.is_open
    assert coverage.overridable


@pytest.mark.parametrize(
    ("policy", "is_open", "faults"),
    [(Redaction.OFF, False, 0), (Redaction.WARN, False, 1), (Redaction.REQUIRED, True, 1)],
)
def test_what_is_asked_about_hiding_is_the_force_s_policy(
    policy: Redaction, is_open: bool, faults: int
) -> None:
    found = line(Check.REDACTED, GOOD, redaction=policy)

    assert (found.is_open, len(found.faults)) == (is_open, faults)
    for enough in (replace(GOOD, unhidden_because="nobody else"), replace(GOOD, is_redacted=True)):
        assert line(Check.REDACTED, enough, redaction=policy).faults == ()


@given(items=ITEMS, audience=st.sampled_from(Audience), policy=st.sampled_from(Redaction))
def test_no_order_and_no_company_lets_sensitive_material_or_a_fault_through(
    items: list[Item], audience: Audience, policy: Redaction
) -> None:
    lines = judge(items, CASE, audience, policy)
    hard = {each.check for each in open_among(lines) if not each.overridable}

    turned = judge(items[::-1], CASE, audience, policy)
    assert {each.check for each in open_among(turned)} == {each.check for each in open_among(lines)}
    if audience in {Audience.DEFENCE, Audience.COURT, Audience.SUBJECT} and any(
        each.status is Status.SENSITIVE for each in items
    ):
        assert Check.SENSITIVE in hard
    if not items or any(not each.size for each in items):
        assert Check.PROVIDED in hard
    if audience is not Audience.WATCHDOG and any(i.not_playable and i.size for i in items):
        assert Check.PLAYABLE in hard


@given(
    sizes=st.lists(st.integers(1, 200), min_size=1, max_size=40),
    at_most=st.integers(1, 400),
)
def test_parts_cover_a_film_once_and_are_no_larger_than_whole_pictures_force_them_to_be(
    sizes: list[int], at_most: int
) -> None:
    whole = [(float(nth), sum(sizes[:nth])) for nth in range(len(sizes))]
    total, seconds = sum(sizes), float(len(sizes))

    parts = parts_of(seconds, total, whole, at_most)

    assert (parts[0].begins, parts[-1].ends) == (0.0, seconds)
    for one, after in pairwise(parts):
        assert one.ends == after.begins
        assert one.size + after.size > at_most
    assert sum(part.size for part in parts) == total
    starts = {at for at, _ in whole}
    if total > at_most and len(whole) > 1:
        assert {part.begins for part in parts} <= starts
        for part in parts:
            assert part.size <= at_most or part.ends - part.begins == 1.0


@given(seconds=st.floats(1, 1e5), size=st.integers(1, 20 * AIM))
def test_without_whole_pictures_parts_are_even_and_small_enough(seconds: float, size: int) -> None:
    parts = parts_of(seconds, size)

    assert all(part.size <= AIM for part in parts)
    assert parts[-1].ends == seconds
    assert len(parts) == max(1, -(-size // AIM))


def test_a_path_of_260_characters_passes_and_one_of_261_does_not() -> None:
    short = "data/native/" + "x" * (260 - len("bag/data/native/"))

    assert faults_of_paths([("e", short)], "bag") == {}
    assert "261 characters; 260 are taken" in faults_of_paths([("e", short + "x")], "bag")["e"]


def test_names_that_differ_by_the_case_of_letters_alone_are_not_told_apart() -> None:
    found = faults_of_paths([("a", "data/clips/AO-1.mp4"), ("b", "data/clips/ao-1.mp4")], "bag")

    assert set(found) == {"a", "b"}


@given(label=st.text(max_size=40), item=st.text(max_size=300))
def test_every_name_is_plain_and_short_whatever_the_exhibit_is_called(
    label: str, item: str
) -> None:
    name = file_name(label, item, "mp4")

    assert name.isascii()
    assert "/" not in name
    assert len(name) <= 120
    assert name.endswith(".mp4")


def test_a_film_is_not_given_twice_under_two_references() -> None:
    twin = replace(GOOD, key="clip:2", label="AO/2", exhibit="e2")

    [fault] = line(Check.NAMES, GOOD, twin).faults
    assert fault.sentence == "AO/2 and AO/1 are one film. Leave one of them out."
    assert path_of(GOOD) == "data/clips/AO-1_The-arrest.mp4"
    assert path_of(replace(GOOD, is_clip=False, name="GX 01.MP4")) == "data/native/AO-1_GX_01.MP4"
