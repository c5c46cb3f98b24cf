"""What arrived is what was promised, or the reasons say why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from custodes.intake.rules import (
    Arrival,
    Promise,
    broken_promises,
    is_safe_name,
    why_not_storable,
)

NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
CAME = Arrival(size=10, sha256="ab" * 32, md5="cd" * 16)


def test_a_kept_promise_gives_no_reason() -> None:
    assert broken_promises(Promise(10, "AB" * 32, "CD" * 16), CAME) == ()
    assert broken_promises(Promise(), CAME) == ()


def test_every_broken_promise_has_a_reason_of_its_own() -> None:
    reasons = broken_promises(Promise(11, "00" * 32, "00" * 16), CAME)

    assert [reason.split()[0] for reason in reasons] == ["10", "The", "The"]
    assert "11 were promised" in reasons[0]
    assert "SHA-256" in reasons[1]
    assert "MD5" in reasons[2]


@pytest.mark.parametrize(
    ("started", "ended", "reason"),
    [
        (None, None, "no start time"),
        (datetime(1970, 1, 1, tzinfo=UTC), None, "clock was not set"),
        (NOON + timedelta(days=3), None, "in the future"),
        (NOON, NOON, "no duration"),
        (NOON, NOON - timedelta(seconds=1), "no duration"),
        (NOON, NOON + timedelta(seconds=4_294_967), "longer than 48 hours"),
    ],
)
def test_a_recording_that_cannot_be_is_never_storable(
    started: datetime | None, ended: datetime | None, reason: str
) -> None:
    assert reason in str(why_not_storable(started, ended, NOON))


def test_an_ordinary_recording_is_storable_while_it_still_runs_and_after() -> None:
    assert why_not_storable(NOON, None, NOON) is None
    assert why_not_storable(NOON, NOON + timedelta(minutes=17), NOON) is None
    assert why_not_storable(NOON + timedelta(days=1), None, NOON) is None


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\x00b", "a\nb", "x" * 256])
def test_a_name_that_could_be_a_path_or_a_trick_is_not_kept(name: str) -> None:
    assert not is_safe_name(name)


@pytest.mark.parametrize("name", ["a.mp4", "4711_X1_20261114T120000Z", "Übung 3.mkv", "..a"])
def test_an_ordinary_name_is_kept(name: str) -> None:
    assert is_safe_name(name)
