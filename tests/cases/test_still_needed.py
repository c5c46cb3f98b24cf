"""What is kept for an open case is looked at once a year, and nothing is deleted by looking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import LATER, NOON, Station
from tests.world import force

from custodes.cases.actions.material import add_recordings
from custodes.cases.actions.proceed import look_over, move_case
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case
from custodes.cases.rules.proceeding import Move, State
from custodes.cases.still_needed import look_due_on, to_look_over
from custodes.kernel.clock import now
from custodes.recordings.models import Recording
from custodes.retention.actions.schedule import publish_first
from custodes.retention.models import ScheduleVersion

pytestmark = pytest.mark.django_db

A_YEAR_ON = NOON.replace(year=NOON.year + 1)
DAY = timedelta(days=1)


def test_an_open_case_asks_for_a_look_once_a_year_and_deletes_nothing(station: Station) -> None:
    officer, case = station.officer, station.case
    assert to_look_over(officer, A_YEAR_ON) == []
    add_recordings(officer, case, [station.okafors], "arrest", at=LATER)
    assert to_look_over(officer, A_YEAR_ON - DAY) == []
    assert to_look_over(officer, A_YEAR_ON) == [case]
    assert to_look_over(force.person("Nobody").as_viewer("test"), A_YEAR_ON) == []
    with pytest.raises(CaseRefused, match="why it is still needed"):
        look_over(officer, case, " ", at=A_YEAR_ON)

    look_over(officer, case, "the prosecutor decides in May", at=A_YEAR_ON)

    assert to_look_over(officer, A_YEAR_ON) == []
    assert look_due_on(officer, case, A_YEAR_ON) == A_YEAR_ON.replace(year=NOON.year + 2).date()
    assert force.kinds(case.handle)[-1] == "case.looked_over"
    assert Recording.objects.get(pk=station.okafors.pk).state == "complete"


def test_one_that_has_ended_is_not_asked_about(station: Station) -> None:
    officer, case = station.officer, station.case
    add_recordings(officer, case, [station.okafors], "arrest", at=LATER)
    move_case(officer, case, Move(State.NO_ACTION, NOON.date(), "CPS"), at=LATER)

    assert to_look_over(officer, A_YEAR_ON) == []
    assert look_due_on(officer, Case.objects.get(pk=case.pk), A_YEAR_ON) is None
    with pytest.raises(CaseRefused, match="has ended"):
        look_over(officer, case, "why", at=A_YEAR_ON)


def test_without_a_schedule_that_can_be_read_it_is_asked_all_the_same(station: Station) -> None:
    add_recordings(station.officer, station.case, [station.okafors], "arrest", at=LATER)
    publish_first(by=force.CLERK, at=LATER)
    ScheduleVersion.objects.update(document="{}")

    assert to_look_over(station.officer, A_YEAR_ON) == [station.case]


def test_today_asks_and_the_case_takes_the_answer(station: Station) -> None:
    case = station.case
    add_recordings(station.officer, case, [station.okafors], "arrest", at=LATER)
    Case.objects.filter(pk=case.pk).update(opened_at=now() - timedelta(days=367))
    browser = Client()
    browser.force_login(station.okafor)
    assert "kept for 1 case of yours is still needed" in browser.get("/").content.decode()
    page = reverse("case", args=[case.handle])
    assert "Is what is kept for this case still needed?" in browser.get(page).content.decode()

    browser.post(reverse("case-looked-over", args=[case.handle]), {"because": "it goes to court"})

    assert "of yours is still needed" not in browser.get("/").content.decode()
    assert "still needed on" in browser.get(page).content.decode()
