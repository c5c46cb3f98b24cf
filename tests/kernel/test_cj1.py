"""CJ1 has one spelling for each value and refuses every other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.kernel import cj1

texts = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=8)
scalars = st.one_of(texts, st.booleans(), st.integers(0, cj1.MAX_INTEGER))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(values)
def test_what_is_written_reads_back_as_the_same_value(value: object) -> None:
    try:
        written = cj1.dumps(value)
    except cj1.NotCanonical:
        return  # deeper than CJ1 goes

    assert cj1.loads(written) == value


def test_members_are_sorted_and_nothing_is_padded() -> None:
    assert (
        cj1.dumps({"b": 1, "a": ["x", True], "é": ""}) == '{"a":["x",true],"b":1,"é":""}'.encode()
    )


@pytest.mark.parametrize(
    "value",
    [None, 1.5, -1, 2**53, {"a": None}, b"bytes", {1: "x"}, "\ud800", {"\U0001f600": 1}],
)
def test_a_value_outside_cj1_is_refused(value: object) -> None:
    with pytest.raises(cj1.NotCanonical):
        cj1.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1.0}',
        b'{"a":01}',
        b'"\\u0041"',
        b"[1]\n",
        b"\xff",
        b"[" * 100_000,
        b"NaN",
    ],
)
def test_bytes_in_any_other_spelling_are_refused(data: bytes) -> None:
    with pytest.raises(cj1.NotCanonical):
        cj1.loads(data)


def test_more_than_four_levels_or_4096_bytes_are_refused() -> None:
    assert cj1.dumps([[[["deep"]]]])
    with pytest.raises(cj1.NotCanonical, match="deeper"):
        cj1.dumps([[[[["deeper"]]]]])
    with pytest.raises(cj1.NotCanonical, match="limit of 4096"):
        cj1.dumps("x" * 4096)
