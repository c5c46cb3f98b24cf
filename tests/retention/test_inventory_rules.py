"""Two lists read along once: what differs, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.retention.rules.inventory import (
    Balance,
    Folder,
    Kind,
    Verdict,
    differences,
    look_is_due,
    look_is_late,
    missing_with_folder,
    side_by_side,
    total_is_due,
    verdict,
)

T = TypeVar("T")
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WHOLE = Balance(
    wanted=1000,
    missing=0,
    forgotten=0,
    surviving=0,
    unexpected=0,
    in_lost_folders=0,
    is_blank=False,
    behind=False,
)
names = st.sets(st.text("abc", min_size=1, max_size=3))


@given(names, names)
def test_reading_along_finds_what_comparing_sets_finds(wanted: set[str], there: set[str]) -> None:
    found = list(differences([(name, Kind.COPY) for name in sorted(wanted)], sorted(there)))

    assert [name for name, _, _ in found] == sorted(wanted | there)
    assert {name for name, kind, _ in found if kind is Kind.NOBODYS} == there - wanted
    assert {name for name, _, is_there in found if not is_there} == wanted - there


def test_what_two_lists_ask_for_counts_once_as_what_it_was_first() -> None:
    wanted = [("a", Kind.ORIGINAL), ("a", Kind.FORGOTTEN), ("b", Kind.COPY)]

    assert list(differences(wanted, ["b"])) == [
        ("a", Kind.ORIGINAL, False),
        ("b", Kind.COPY, True),
    ]


def test_a_list_out_of_order_is_refused_because_it_would_find_losses_that_are_none() -> None:
    wanted = [("b", Kind.COPY), ("a", Kind.COPY)]
    with pytest.raises(ValueError, match=r"^a stands after b: what is wanted is not in order$"):
        list(differences(wanted, []))
    for there in (["b", "a"], ["b", "b"]):
        for asked in ([], [("b", Kind.COPY)], [("c", Kind.COPY)]):
            with pytest.raises(ValueError, match=r"^. stands after b: what is there is not in"):
                list(differences(asked, there))


def in_parts(listed: list[T], sizes: list[int]) -> Iterator[list[T]]:
    """Yield a list some at a time: as many as the sizes say, in turn."""
    left = listed
    for size in sizes:
        yield left[:size]
        left = left[size:]
    yield left


sizes = st.lists(st.integers(0, 3), max_size=8)


@given(names, names, names, sizes, sizes)
def test_lists_that_come_some_at_a_time_differ_as_whole_ones_do(
    tables: set[str], record: set[str], there: set[str], some: list[int], others: list[int]
) -> None:
    asked = sorted([*((n, Kind.COPY) for n in tables), *((n, Kind.FORGOTTEN) for n in record)])
    listed = sorted(there)

    stretches = list(side_by_side(in_parts(asked, some), in_parts(listed, others)))

    assert [each for pair in stretches for each in differences(*pair)] == [
        *differences(asked, listed)
    ]


def test_parts_that_begin_before_the_last_one_ended_are_refused() -> None:
    wanted = [[("b", Kind.COPY)], [("a", Kind.COPY)]]
    with pytest.raises(ValueError, match=r"^a stands after b: what is wanted is not in order$"):
        list(side_by_side(wanted, []))
    with pytest.raises(ValueError, match=r"^a stands after b: what is there is not in order$"):
        list(side_by_side([], [["b"], ["a"]]))


def test_handles_may_begin_with_any_of_their_characters() -> None:
    handles = ["-a", "0a", "Aa", "_a", "aa"]

    found = list(differences([(handle, Kind.COPY) for handle in handles], handles))

    assert found == [(handle, Kind.COPY, True) for handle in handles]
    assert [each[0] for each in differences([], handles)] == handles
    wanted = [(handle, Kind.COPY) for handle in handles]
    assert list(side_by_side([wanted], [handles])) == [(wanted, handles)]


def test_the_message_about_what_is_there_is_whole() -> None:
    with pytest.raises(ValueError, match=r"^a stands after b: what is there is not in order$"):
        list(differences([], ["b", "a"]))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Verdict.WHOLE),
        ({"wanted": 0}, Verdict.WHOLE),
        ({"is_blank": True, "wanted": 0}, Verdict.WHOLE),
        ({"behind": True}, Verdict.WHOLE),
        ({"accepted": True}, Verdict.ACCEPTED),
        ({"accepted": True, "surviving": 1}, Verdict.ODD),
        ({"accepted": True, "miscounted": 1}, Verdict.MISCOUNT),
        ({"surviving": 1}, Verdict.ODD),
        ({"unexpected": 1}, Verdict.ODD),
        ({"missing": 1}, Verdict.LOSS),
        ({"forgotten": 1}, Verdict.LOSS),
        ({"missing": 1, "unexpected": 1}, Verdict.LOSS),
        ({"missing": 999, "is_blank": True}, Verdict.LOSS),
        ({"missing": 1000}, Verdict.STORE_AWAY),
        ({"missing": 21, "wanted": 21}, Verdict.STORE_AWAY),
        ({"missing": 20, "wanted": 20}, Verdict.LOSS),
        ({"missing": 20, "wanted": 20, "is_blank": True}, Verdict.STORE_AWAY),
        ({"missing": 1, "wanted": 1, "is_blank": True}, Verdict.STORE_AWAY),
        ({"missing": 100, "in_lost_folders": 90}, Verdict.PARTS_AWAY),
        ({"missing": 100, "in_lost_folders": 89}, Verdict.LOSS),
        ({"missing": 1, "in_lost_folders": 0}, Verdict.LOSS),
        ({"missing": 1, "behind": True}, Verdict.OLD_DATABASE),
        ({"forgotten": 1, "behind": True}, Verdict.OLD_DATABASE),
        ({"unexpected": 1, "behind": True}, Verdict.OLD_DATABASE),
        ({"surviving": 1, "behind": True}, Verdict.ODD),
        ({"missing": 1000, "behind": True}, Verdict.OLD_DATABASE),
    ],
)
def test_what_it_comes_to(changed: dict[str, object], expected: Verdict) -> None:
    assert verdict(replace(WHOLE, **changed)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("folder", "went"),
    [
        (Folder(4, 0), 4),
        (Folder(190, 0), 190),
        (Folder(3, 0), 0),
        (Folder(190, 1), 0),
        (Folder(190, 190), 0),
    ],
)
def test_a_folder_is_not_there_when_several_should_be_in_it_and_none_is(
    folder: Folder, went: int
) -> None:
    assert missing_with_folder(folder) == went


def test_the_look_is_due_after_half_an_hour_the_total_after_a_day() -> None:
    second, half, day = timedelta(seconds=1), timedelta(minutes=30), timedelta(days=1)

    assert look_is_due(None, NOW)
    assert total_is_due(None, NOW)
    assert not look_is_due(NOW, NOW)
    assert not total_is_due(NOW, NOW)
    assert not look_is_due(NOW - half + second, NOW)
    assert look_is_due(NOW - half, NOW)
    assert not total_is_due(NOW - day + second, NOW)
    assert total_is_due(NOW - day, NOW)


def test_a_clock_that_was_put_back_does_not_stop_the_looking() -> None:
    assert look_is_due(NOW + timedelta(seconds=1), NOW)
    assert total_is_due(NOW + timedelta(seconds=1), NOW)


def test_nobody_having_looked_for_nearly_an_hour_is_late() -> None:
    assert not look_is_late(NOW - timedelta(minutes=55), NOW)
    assert look_is_late(NOW - timedelta(minutes=55, seconds=1), NOW)
