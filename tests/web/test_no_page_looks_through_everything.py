"""No page of every day makes SQLite look through all recordings of a force, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.retention.actions.hold import Wanted, raise_hold
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its plans")

PAGES = (
    "/", "/keeping", "/keeping/soon", "/keeping/late", "/keeping/holds", "/keeping/review",
    "/recordings", "/cases", "/sharing", "/inventory", "/gaps",
)  # fmt: skip


@pytest.fixture
def everything(station: Station) -> Person:
    """Return somebody who may know of every recording and answers for keeping; one is held."""
    wanted = Wanted(
        HoldKind.COMPLAINT,
        "CO/1",
        localdate(now() + timedelta(days=30)),
        Scope(recordings=frozenset({station.recording.handle})),
    )
    raise_hold(wanted, by=force.CLERK, at=now())
    return force.person("Shaw", Role.EVIDENCE_UNIT, Role.RECORDS)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_page_finds_its_recordings_by_an_index(everything: Person, path: str) -> None:
    browser = signed_in(everything)

    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200

    assert list(looked_through(asked)) == []


@pytest.mark.django_db
def test_the_calendar_counts_by_the_index_of_what_is_due(everything: Person) -> None:
    with CaptureQueriesContext(connection) as asked:
        signed_in(everything).get("/keeping")

    counts = [each["sql"] for each in asked.captured_queries if 'AS "again"' in each["sql"]]
    assert len(counts) == 35 + 13, "one range each, and no day made of each moment"
    for sql in counts:
        with connection.cursor() as cursor:
            steps = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
        assert any(re.match(r"SEARCH retention_outlook USING .*outlook_due", s) for s in steps), sql


def looked_through(asked: CaptureQueriesContext) -> Iterator[str]:
    """Yield the questions that walk through the recordings, without those that stop early."""
    for each in asked.captured_queries:
        sql = each["sql"]
        if not sql.startswith("SELECT"):
            continue
        names = {
            "recordings_recording",
            *re.findall(r'"recordings_recording" (?:AS )?"?(\w\d+)', sql),
        }
        with connection.cursor() as cursor:
            steps = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
        walks = [step for step in steps if re.match(rf"SCAN ({'|'.join(names)})\b", step)]
        if walks and not re.search(r" LIMIT \d+(\) subquery)?$", sql):
            yield f"{walks}: {sql}"
