"""A stretch in which nothing was entered is found wherever it lies, and the first of several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from custodes.custody.actions import record
from custodes.custody.events import Heartbeat
from custodes.custody.queries import Silence, silence_after
from custodes.custody.rules import SYSTEM
from custodes.kernel.ids import new_handle

pytestmark = pytest.mark.django_db

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONGER = 48 * HOUR
_OF_A_FUNCTION = HealthCheck.function_scoped_fixture


def first_silence(times: Sequence[datetime]) -> Silence | None:
    """Find it by looking at each stretch."""
    stretches = map(Silence, times, times[1:])
    return next((each for each in stretches if each.until - each.since > LONGER), None)


@settings(max_examples=40, deadline=None, suppress_health_check=[_OF_A_FUNCTION])
@given(
    hours=st.lists(st.sampled_from([0, 1, 23, 47, 48, 49, 200]), min_size=1, max_size=12),
    since=st.integers(0, 12),
)
@example(hours=[48, 48, 48], since=0)
@example(hours=[1, 49], since=0)
@example(hours=[49, 1, 1], since=1)
def test_it_is_what_looking_at_every_entry_finds(hours: list[int], since: int) -> None:
    times = [BEGUN]
    with transaction.atomic():
        for passed in hours:
            record(Heartbeat(), subject=new_handle(), by=SYSTEM, at=times[-1])
            times.append(times[-1] + passed * HOUR)
        found = silence_after(min(since, len(hours) - 1), times[-1], LONGER)
        transaction.set_rollback(True)

    assert found == first_silence(times[min(since, len(hours) - 1) :])


def test_an_empty_record_is_not_silent() -> None:
    assert silence_after(0, BEGUN, LONGER) is None
