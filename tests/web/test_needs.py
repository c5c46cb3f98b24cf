"""The number at the top of every page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.fleet.actions import add_dock, hear_from
from custodes.fleet.models import Dock
from custodes.fleet.rules import DockKind
from custodes.kernel.clock import now
from custodes.recordings.actions.annotate import classify
from custodes.web import needs

pytestmark = pytest.mark.django_db

ELSEWHERE = "/account/tokens"


def number_at_the_top(browser: Client) -> int:
    page = browser.get(ELSEWHERE).content.decode()
    if "Nothing needs you" in page:
        return 0
    return int(page.partition('<span class="c-needs__count">')[2].partition("<")[0])


@pytest.fixture
def dock(station: Station) -> Dock:
    """Return a dock that falls silent without an entry: only the clock says so."""
    added, _ = add_dock("Lambeth 2", DockKind.AXIS, by=force.CLERK, at=now())
    hear_from(added, at=now())
    return added


def fell_silent(dock: Dock) -> None:
    Dock.objects.filter(pk=dock.pk).update(heard_at=now() - timedelta(minutes=50))


def test_it_is_not_counted_again_for_every_page(station: Station) -> None:
    okafor = signed_in(station.okafor)
    with CaptureQueriesContext(
        connection,
    ) as first:
        assert number_at_the_top(okafor) == 1
    with CaptureQueriesContext(connection) as second:
        assert number_at_the_top(okafor) == 1

    assert len(second) < len(first) / 2


def test_what_happens_is_counted_on_the_next_page(station: Station) -> None:
    okafor = signed_in(station.okafor)
    assert number_at_the_top(okafor) == 1

    classify(station.okafor.as_viewer("test"), station.recording, "arrest", at=now())
    assert number_at_the_top(okafor) == 0


def test_what_only_the_clock_tells_is_counted_within_seconds_and_on_the_page_of_today_at_once(
    station: Station, dock: Dock, monkeypatch: pytest.MonkeyPatch
) -> None:
    okafor = signed_in(station.okafor)
    assert number_at_the_top(okafor) == 1

    fell_silent(dock)

    assert "2</span>\n        things need you" in okafor.get("/").content.decode()
    later = needs.time.monotonic() + 15  # type: ignore[attr-defined]
    monkeypatch.setattr(needs.time, "monotonic", lambda: later)  # type: ignore[attr-defined]
    assert number_at_the_top(okafor) == 2


def test_one_persons_number_is_not_told_to_another(station: Station) -> None:
    assert number_at_the_top(signed_in(station.okafor)) == 1
    assert number_at_the_top(signed_in(station.stranger)) == 0
