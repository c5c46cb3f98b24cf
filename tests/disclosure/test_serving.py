"""What may go to whom: the rule says no first, and no order of questions opens it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.rules.serving import why_not_to, why_not_until

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)


@given(audience=st.sampled_from(Audience), exhibited=st.booleans())
def test_sensitive_material_reaches_the_prosecutor_and_the_watchdog_only(
    audience: Audience, exhibited: bool
) -> None:
    why = why_not_to(audience, Status.SENSITIVE, exhibited=exhibited)

    assert (why == "") == (audience in {Audience.PROSECUTOR, Audience.WATCHDOG})


@given(status=st.sampled_from(Status), exhibited=st.booleans())
def test_no_link_is_made_for_the_person_in_the_footage(status: Status, exhibited: bool) -> None:
    assert why_not_to(Audience.SUBJECT, status, exhibited=exhibited)


@pytest.mark.parametrize("audience", [Audience.DEFENCE, Audience.COURT])
def test_what_nobody_has_looked_at_does_not_leave_the_prosecution(audience: Audience) -> None:
    assert "Nobody has said" in why_not_to(audience, Status.NOT_LOOKED_AT, exhibited=False)
    assert why_not_to(audience, Status.NOT_LOOKED_AT, exhibited=True) == ""
    assert why_not_to(Audience.PROSECUTOR, Status.NOT_LOOKED_AT, exhibited=False) == ""


@given(hours=st.integers(-1000, 10_000), days=st.integers(1, 366))
def test_a_link_is_open_from_now_until_some_days_and_no_longer(hours: int, days: int) -> None:
    why = why_not_until(NOON + timedelta(hours=hours), NOON, days)

    assert (why == "") == (0 < hours <= 24 * days)
