"""Keeping and deleting in a real browser: by keyboard, on a desk and on a phone, with axe."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.web.conftest import Station
from tests.web.test_in_a_browser import AXE, on_both_screens, sign_in
from tests.world import force
from tests.world.browser import open_browser
from tests.world.keeping import ENGINE

from custodes.kernel.clock import now
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import classify
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.models import Category, Recording
from custodes.retention.actions.night import take_notice
from custodes.retention.actions.notices import queue_notices
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.proposal import work_out
from custodes.retention.actions.schedule import publish_first
from custodes.retention.models import ScheduleProposal
from custodes.retention.rules.notices import Change

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vault_of_its_own"),
]


@pytest.fixture
def address(station: Station, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop beside us
    # What a flush between tests takes away of the first migration's categories.
    for code, name in (("arrest", "Arrest"), ("stop-search", "Stop and search")):
        Category.objects.get_or_create(code=code, defaults={"name": name})
    force.person("Osei", Role.RECORDS)
    publish_first(by=ENGINE, at=now())
    return live_server.url  # type: ignore[no-any-return]


def filmed(station: Station, key: str, days_ago: int) -> Recording:
    started = now() - timedelta(days=days_ago)
    recording = force.recording(force.camera(f"K{key}", station.okafor), key, started=started)
    force.original(recording, body=key.encode())
    complete(recording, by=force.CLERK, at=recording.received_at)
    look_ahead([recording.pk], at=now())
    return recording


def test_a_schedule_is_proposed_and_approved_by_keyboard(address: str, station: Station) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; frontend/README.md says how")
    for number in range(3):
        recording = filmed(station, f"k{number}", days_ago=number + 1)
    classify(force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web"), recording, "stop-search",
             at=now())  # fmt: skip
    wrong = []
    with open_browser() as page:
        sign_in(page, address, "osei", force.PASSWORD)
        page.goto(f"{address}/keeping/schedule/propose")
        wrong += on_both_screens(page, "propose")
        page.locator("summary", has_text="N0 Routine footage").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type("60 days")
        for part in ("Add a line", "Recordings", "Cases", "After a hold was released"):
            page.locator("summary", has_text=part).focus()
            page.keyboard.press("Enter")
        page.get_by_label("Acquitted").focus()
        page.keyboard.type("E3")
        wrong += on_both_screens(page, "propose-open")
        page.get_by_label("Why should it change?").focus()
        page.keyboard.type("The panel meets every quarter.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=It is being worked out")
        proposal = ScheduleProposal.objects.get()
        work_out(proposal.handle, by=ENGINE, at=now())

        page.context.clear_cookies()
        sign_in(page, address, "lindqvist", force.PASSWORD)
        page.goto(f"{address}/keeping/schedule/proposals")
        wrong += on_both_screens(page, "proposals")
        page.goto(f"{address}/keeping/schedule/proposals/{proposal.handle}")
        page.wait_for_selector("text=Outcome acquitted: E3, not E2.")
        wrong += on_both_screens(page, "proposal")
        page.get_by_label("Why?").focus()
        page.keyboard.type("Read and agreed.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=It is published as version 2")
        page.goto(f"{address}/keeping/schedule/2")
        wrong += on_both_screens(page, "schedule")
    assert wrong == []


def test_a_recording_is_let_go_by_keyboard(address: str, station: Station) -> None:
    old = filmed(station, "old", days_ago=300)
    Recording.objects.filter(pk=old.pk).update(
        started_at=now() - timedelta(days=400), ended_at=now() - timedelta(days=400),
        received_at=now() - timedelta(days=399),
    )  # fmt: skip
    classify(force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web"), old, "arrest", at=now())
    look_ahead([old.pk], at=now())
    with open_browser() as page:
        sign_in(page, address, "osei", force.PASSWORD)
        page.goto(f"{address}/keeping/review/{old.handle}")
        wrong = on_both_screens(page, "review")
        page.get_by_label("Why is it not needed any more?").focus()
        page.keyboard.type("The case is over.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Your agreement is kept.")
        wrong += on_both_screens(page, "review-agreed")
    assert wrong == []


def test_a_change_of_category_is_agreed_to_by_keyboard(address: str, station: Station) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; frontend/README.md says how")
    recording = filmed(station, "arrest", days_ago=3)
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    for code in ("arrest", "stop-search"):
        classify(unit, recording, code, at=now())
    look_ahead([recording.pk], at=now())
    with open_browser() as page:
        sign_in(page, address, "osei", force.PASSWORD)
        page.goto(f"{address}/keeping/categories")
        wrong = on_both_screens(page, "categories")
        page.goto(f"{address}/recordings/{recording.handle}")
        wrong += on_both_screens(page, "category-waits")
        page.get_by_label("Why Stop and search is right").focus()
        page.keyboard.type("Nobody was arrested.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Two people say now that the category is")
    assert wrong == []


def test_what_goes_what_came_late_and_what_is_owed_is_read_on_any_screen(
    address: str, station: Station
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; frontend/README.md says how")
    going, late = filmed(station, "soon", days_ago=20), filmed(station, "late", days_ago=30)
    Recording.objects.filter(pk=late.pk).update(received_at=now(), completed_at=now())
    take_notice(late.handle, by=ENGINE, at=now())
    note_recipient(going, Given("CPS London", "a package with its films"), at=now())
    queue_notices([going.pk], Change.RESTRICTED, by=ENGINE, at=now())
    wrong = []
    with open_browser() as page:
        sign_in(page, address, "harding", force.PASSWORD)
        page.goto(f"{address}/keeping/late")
        wrong += on_both_screens(page, "late")
        page.goto(f"{address}/keeping/late/{late.handle}")
        wrong += on_both_screens(page, "late-one")
        page.get_by_label("The wearer was on leave or ill").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Note why").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("text=It is noted why it was docked late.")
        page.context.clear_cookies()
        sign_in(page, address, "okafor", force.PASSWORD)
        page.goto(f"{address}/keeping/soon")
        wrong += on_both_screens(page, "soon")
        page.context.clear_cookies()
        sign_in(page, address, "osei", force.PASSWORD)
        page.goto(f"{address}/keeping")
        wrong += on_both_screens(page, "keeping")
        page.goto(f"{address}/keeping/sweeps")
        wrong += on_both_screens(page, "sweeps")
        page.goto(f"{address}/keeping/notices")
        wrong += on_both_screens(page, "notices")
        page.get_by_role("link", name="CPS London").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("text=The letter")
        wrong += on_both_screens(page, "notice")
        page.get_by_label("How was it sent?").focus()
        page.keyboard.type("by secure e-mail")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=It is noted that CPS London was told.")
    assert wrong == []
