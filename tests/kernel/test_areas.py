"""A circle on the earth: what lies in it, and a box that never loses any of it."""

from __future__ import annotations

from math import asin, atan2, cos, degrees, radians, sin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custodes.kernel.areas import EARTH, FARTHEST, Area, area_around, metres_between

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
positions = st.tuples(latitudes, longitudes)
distances = st.floats(0.01, FARTHEST)
areas = st.builds(Area, latitudes, longitudes, distances)


def moved(area: Area, bearing: float, part: float) -> tuple[float, float]:
    """Return where somebody comes to who walks a part of the radius from the middle."""
    angle, turn = area.metres * part / EARTH, radians(bearing)
    north, east = radians(area.latitude), radians(area.longitude)
    to = asin(max(-1.0, min(1.0, sin(north) * cos(angle) + cos(north) * sin(angle) * cos(turn))))
    aside = atan2(sin(turn) * sin(angle) * cos(north), cos(angle) - sin(north) * sin(to))
    return degrees(to), (degrees(east + aside) + 180) % 360 - 180


def in_box(area: Area, position: tuple[float, float]) -> bool:
    box = area.box()
    beside = any(west <= position[1] <= east for west, east in box.longitudes)
    return box.south <= position[0] <= box.north and beside


def test_a_degree_of_latitude_is_as_long_as_it_is() -> None:
    assert metres_between((51.0, 0.0), (52.0, 0.0)) == pytest.approx(111_195, abs=1)
    assert metres_between((0.0, 179.999), (0.0, -179.999)) == pytest.approx(222.4, abs=0.1)
    assert metres_between((90.0, 0.0), (-90.0, 33.0)) == pytest.approx(20_015_115, abs=1)


def test_what_lies_in_the_circle_is_in_it_and_the_next_street_is_not() -> None:
    scene = Area(51.4613, -0.1156, 500)

    assert scene.holds((51.4613, -0.1156))
    assert scene.holds((51.4613 + 0.00449, -0.1156))
    assert not scene.holds((51.4613 + 0.00451, -0.1156))
    assert scene.holds((51.4613, -0.1156 + 0.0072))
    assert not scene.holds((51.4613, -0.1156 + 0.0073))
    assert not scene.holds(None)


@given(areas, positions, distances)
def test_what_lies_in_a_circle_stays_in_it_when_the_circle_grows(
    area: Area, position: tuple[float, float], more: float
) -> None:
    wider = Area(area.latitude, area.longitude, min(area.metres + more, FARTHEST))

    assert wider.holds(position) or not area.holds(position)


@given(areas, st.floats(0, 360), st.floats(0, 0.999))
@example(Area(90.0, 0.0, 500.0), 77.0, 0.5)
@example(Area(-89.9999, 170.0, 500.0), 77.0, 0.9)
@example(Area(0.0, 180.0, 500.0), 90.0, 0.9)
@example(Area(-17.0, -179.999, 500.0), 270.0, 0.9)
@example(Area(89.9, 12.0, 11_000.0), 90.0, 0.99)
def test_the_box_never_loses_what_the_circle_has(area: Area, bearing: float, part: float) -> None:
    position = moved(area, bearing, part)

    assert in_box(area, position)
    assert area.holds(position) or area.metres < 0.1  # where a rounded degree is too coarse


@given(areas, positions)
def test_whatever_a_circle_has_is_in_its_box(area: Area, position: tuple[float, float]) -> None:
    assert in_box(area, position) or not area.holds(position)


@given(areas)
def test_a_box_is_not_much_wider_than_the_circle(area: Area) -> None:
    box = area.box()

    assert (box.north - box.south) / 2 <= degrees(area.metres / EARTH) + 2e-6
    if abs(area.latitude) < 60:
        wide = sum(east - west for west, east in box.longitudes) / 2
        assert wide <= 2.1 * degrees(area.metres / EARTH) + 4e-6


@pytest.mark.parametrize(
    "words", ["51.4613, -0.1156", " 51.4613,-0.1156 ", "51.4613 -0.1156", "+51.4613 , \u22120.1156"]
)
def test_a_position_is_read_as_people_write_one(words: str) -> None:
    area = area_around(words, 500)

    assert area == Area(51.4613, -0.1156, 500)
    assert str(area) == "within 500 metres of 51.4613, -0.1156"


@pytest.mark.parametrize(
    ("words", "metres", "fault"),
    [
        ("Brixton Road", 500, "Give latitude and longitude in degrees, as in 51.4613, -0.1156."),
        ("51.4613", 500, "Give latitude and longitude"),
        ("51.4613, -0.1156, 12", 500, "Give latitude and longitude"),
        ("nan, nan", 500, "Give latitude and longitude"),
        ("91, 0", 500, "A latitude goes from -90 to 90 degrees, a longitude to 180."),
        ("0, -181", 500, "A latitude goes"),
        ("51, 0", 0, "Give a distance of up to 50,000 metres."),
        ("51, 0", 50_001, "Give a distance of up to"),
        ("51, 0", float("nan"), "Give a distance of up to"),
    ],
)
def test_what_is_no_circle_is_refused_in_a_sentence(words: str, metres: float, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        area_around(words, metres)
