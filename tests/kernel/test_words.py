"""Time is aware, digests have one spelling, spans are half-open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.kernel.digest import b64u, unb64u
from custodes.kernel.ids import handles_in, is_handle, new_handle
from custodes.kernel.spans import Span

NINE = datetime(2026, 11, 3, 9, 15, 2, 123_999, tzinfo=UTC)


def test_a_time_is_written_in_utc_to_the_millisecond() -> None:
    assert rfc3339(NINE) == "2026-11-03T09:15:02.123Z"
    assert rfc3339(NINE.astimezone(timezone(timedelta(hours=5)))) == "2026-11-03T09:15:02.123Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        rfc3339(NINE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="no time zone"):
        parse_rfc3339("2026-11-03T09:15:02")


@given(st.binary(max_size=40))
def test_base64url_reads_back_and_has_no_padding(data: bytes) -> None:
    assert unb64u(b64u(data)) == data
    assert "=" not in b64u(data)


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A+/B", "AA\n"])
def test_a_second_spelling_of_the_same_bytes_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        unb64u(text)


def test_handles_are_new_every_time_and_know_their_shape() -> None:
    handles = {new_handle() for _ in range(1000)}

    assert len(handles) == 1000
    assert all(is_handle(handle) for handle in handles)
    assert not any(handle.startswith("-") for handle in handles)
    assert not is_handle("../../etc/passwd......")


def test_handles_are_found_in_what_people_paste() -> None:
    one, other = new_handle(), new_handle()
    pasted = f"https://example.test/recordings/{one}/history, and {other}; not {'a' * 23}"

    assert handles_in(pasted) == [one, other]


def test_a_span_holds_its_start_but_not_its_end() -> None:
    span = Span(NINE, NINE + timedelta(seconds=1))

    assert span.contains(span.start)
    assert not span.contains(span.end)
    assert not span.overlaps(Span(span.end, span.end + timedelta(seconds=1)))
    assert span.length == timedelta(seconds=1)


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Span(NINE, NINE - timedelta(seconds=1))
