"""A made-up year is the same each time, adds up, and looks as was published."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.cases.rules.urn import read_urn
from custodes.media.commitment import commit
from custodes.media.sandbox import BytesReader
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.schedule import End
from custodes.simulation import chances
from custodes.simulation.casework import Case, cases_of
from custodes.simulation.films import film_of, make_films
from custodes.simulation.met_2017 import MET_2017
from custodes.simulation.year import Film, Force

SMALL = Force(MET_2017, 0.01)
EVEN = st.floats(0, 1, exclude_max=True)


def films_of(force: Force) -> list[Film]:
    moments = (force.moment(number) for number in range(len(force)))
    return list(chain.from_iterable(moment.films for moment in moments))


def of_the_year(force: Force) -> list[Case]:
    return [case for n in range(len(force)) for case in cases_of(force, force.moment(n))]


FILMS = films_of(SMALL)
CASES = of_the_year(SMALL)


def test_every_film_of_the_year_is_docked_and_no_two_have_one_name() -> None:
    assert len(FILMS) == len({film.key for film in FILMS}) == SMALL.recordings == 7_850


def test_the_same_seed_gives_the_same_moment_by_itself_and_another_seed_another() -> None:
    assert Force(MET_2017, 0.01).moment(200) == SMALL.moment(200)
    assert Force(MET_2017, 0.01, seed=2).moment(200) != SMALL.moment(200)


def test_cameras_are_handed_out_once_and_none_films_before_it_is() -> None:
    moments = [SMALL.moment(number) for number in range(len(SMALL))]
    out = SMALL.issued_at_first
    for moment in moments:
        assert all(film.camera.number < out for film in moment.films)
        assert moment.issued.start >= out
        out = moment.issued.stop
    assert out == 175
    assert moments[-1].stocked == range(175, 220)


def test_nothing_is_docked_before_it_ended_and_no_two_films_of_a_visit_overlap() -> None:
    for moment in (SMALL.moment(number) for number in range(len(SMALL))):
        assert all(film.ended_at <= moment.at for film in moment.films)
        for one, other in pairwise(moment.films):
            if one.camera == other.camera and other.started_at >= one.started_at:
                assert one.ended_at <= other.started_at


def test_the_fleet_grows_and_with_it_what_is_docked() -> None:
    quarter = len(SMALL) // 4
    first = sum(len(SMALL.moment(number).films) for number in range(quarter))
    last = sum(len(SMALL.moment(len(SMALL) - 1 - number).films) for number in range(quarter))

    assert last > 3 * first


def test_a_film_lasts_thirteen_minutes_on_average() -> None:
    mean = sum((film.length for film in FILMS), timedelta()) / len(FILMS)

    assert timedelta(minutes=12) < mean < timedelta(minutes=14)


def test_the_schedule_lets_as_much_go_as_was_published() -> None:
    lines = dict.fromkeys((name for name, _ in MET_2017.categories))
    goes = {name for name in lines if DEFAULT.line_for(name, "tus").end is End.DISPOSE}  # type: ignore[union-attr]
    last_month = SMALL.ends - timedelta(days=31)
    gone = sum(film.category in goes and film.ended_at < last_month for film in FILMS)

    # 460,000 of 785,000
    assert gone / len(FILMS) == pytest.approx(0.586, abs=0.012)


def test_a_recording_is_in_one_case_at_most_and_only_what_may_be_evidence_is_in_any() -> None:
    inside = [film.key for case in CASES for film in case.films]

    assert len(inside) == len(set(inside))
    assert all(f.category in MET_2017.evidence for case in CASES for f in case.films)
    assert all({f.camera.base for f in case.films} == {case.base} for case in CASES)
    evidence = sum(film.category in MET_2017.evidence for film in FILMS)
    assert len(inside) / evidence == pytest.approx(MET_2017.in_cases, rel=0.4)


def test_every_case_has_a_reference_of_its_own_and_its_days_follow_one_another() -> None:
    assert len({read_urn(case.urn) for case in CASES}) == len(CASES) > 0
    for case in CASES:
        days = (0, case.opened, case.shared, case.looked_at)
        known = [day for day in days if day is not None]
        assert known == sorted(set(known))
        assert case.shared is not None or case.looked_at is None
        assert (case.ended is None) == (case.ending == "")
        assert case.ended is None or case.ended > (case.shared or case.opened)


def test_the_same_seed_gives_the_same_cases_by_themselves_and_another_seed_others() -> None:
    again = Force(MET_2017, 0.01)
    assert of_the_year(again) == CASES
    assert of_the_year(Force(MET_2017, 0.01, seed=2)) != CASES


def test_every_category_of_the_mixture_is_one_that_is_offered() -> None:
    mixtures = (*MET_2017.categories, *MET_2017.categories_on_the_head)

    assert {name for name, _ in mixtures} - {""} <= dict(DEFAULT.by_category).keys()


@given(EVEN)
def test_a_length_is_never_nothing_and_never_a_shift(chance: float) -> None:
    drawn = chances.length(chance, timedelta(minutes=13))

    assert timedelta(seconds=20) <= drawn <= timedelta(minutes=90)


@given(EVEN, EVEN)
def test_a_larger_chance_never_gives_a_shorter_film(one: float, two: float) -> None:
    low, high = sorted((one, two))

    mean = timedelta(minutes=13)
    assert chances.length(low, mean) <= chances.length(high, mean)


def test_each_name_is_picked_as_often_as_its_share_says() -> None:
    shares = (("a", 1.0), ("b", 3.0), ("c", 6.0))
    picked = Counter(chances.picked(number / 1000, shares) for number in range(1000))

    assert picked == {"a": 100, "b": 300, "c": 600}


def test_films_are_tiny_real_and_no_two_files_are_alike() -> None:
    films = make_films()
    files = [film_of(films, look / 100, f"film {look}") for look in range(100)]

    assert len(set(files)) == 100
    assert max(map(len, files)) < 8_000
    for file in files[::10]:
        [track] = commit(BytesReader(file)).tracks
        assert track.header["codec"] == "h264"
