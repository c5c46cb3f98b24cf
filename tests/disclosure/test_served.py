"""The disclosure ledger: what was served, what became of it, and what is new since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.disclosure.conftest import Matter, cut, film, signed_in
from tests.disclosure.test_pages import page

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.actions.revoke import revoke
from custodes.disclosure.models import Item, Share
from custodes.disclosure.queries import shares_for
from custodes.disclosure.served import cases_with_news, lines_of, not_served_yet, totals_of
from custodes.kernel.clock import now
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.rules import LockKind

pytestmark = pytest.mark.django_db


def test_the_ledger_tells_what_was_served_opened_watched_and_is_outstanding(
    matter: Matter,
) -> None:
    given = matter.shared()
    okafor = signed_in(matter.okafor)
    assert "Not opened yet" in page(okafor, "case-shares", matter.case.handle)
    Share.objects.update(opened_at=now())
    Item.objects.update(seen=[[0, 1.5], [1, 2]])

    shown = page(okafor, "shares")
    assert "1 served, 1 opened, 0 acknowledged; 0:02 of film watched" in shown
    assert "Not acknowledged" in shown
    Share.objects.update(acknowledged_at=now())
    [line] = lines_of(shares_for(matter.officer), now())
    assert (line.watched, line.lasts, line.facts.outstanding(now())) == (2.0, 2.0, ())
    assert totals_of([line]).acknowledged == 1
    assert "Nothing is outstanding" in page(okafor, "shares", query="?open")
    assert "Pat Quill" not in page(okafor, "shares", query="?month=2026-01")
    assert "Pat Quill" in page(okafor, "shares", query="?month=9999-99")
    assert given.handle in okafor.get(reverse("shares")).content.decode()


def test_a_clip_made_since_is_offered_again_and_asked_for_on_today(matter: Matter) -> None:
    matter.shared(things=matter.keys_of_all())
    okafor = signed_in(matter.okafor)
    assert cases_with_news(matter.officer) == []
    assert "Not shared with" not in page(okafor, "case-shares", matter.case.handle)
    new = cut(matter.original, film(3), matter.officer)
    with CaptureQueriesContext(connection) as asked:
        assert [(str(c), n) for c, n in cases_with_news(matter.officer)] == [("01MP/00044/26", 1)]
    assert len(asked) <= 6

    assert "1 clip of case 01MP/00044/26 was made since" in page(okafor, "today")
    shown = okafor.get(reverse("case-shares", args=[matter.case.handle])).content.decode()
    assert "Not shared with the prosecutor yet" in shown
    assert f"for=cps&amp;things=clip%3A{new.handle}" in shown
    query = f"?for=cps&things=clip:{new.handle}"
    chosen = okafor.get(reverse("share-new", args=[matter.case.handle]) + query)
    assert chosen.content.decode().count("checked") == 1
    matter.shared(things=[f"clip:{new.handle}"])
    assert cases_with_news(matter.officer) == []
    assert not_served_yet(matter.officer, matter.case, Audience.PROSECUTOR) == []
    assert not_served_yet(matter.officer, matter.case, Audience.DEFENCE) == []


def test_what_was_called_back_counts_as_not_served(matter: Matter) -> None:
    matter.shared()
    other = matter.shared(things=matter.keys_of_all())
    revoke(matter.officer, other, "wrong", at=now())

    [offer] = not_served_yet(matter.officer, matter.case, Audience.PROSECUTOR)

    assert offer.kind == "recording"


def test_what_lies_unopened_for_days_is_asked_after(matter: Matter) -> None:
    matter.shared()
    okafor = signed_in(matter.okafor)
    assert "not been opened" not in page(okafor, "today")

    Share.objects.update(made_at=now() - timedelta(days=4))

    assert "1 share has not been opened, the oldest since" in page(okafor, "today")


def test_who_may_not_know_of_footage_is_offered_and_told_nothing_new_of_it(
    matter: Matter,
) -> None:
    matter.shared()
    cut(matter.original, film(3), matter.officer)
    lock([matter.recording], Locking("m", LockKind.POST_INCIDENT, "why"), by=matter.officer.actor,
         at=now())  # fmt: skip

    assert cases_with_news(matter.officer) == []
    assert not_served_yet(matter.officer, matter.case, Audience.PROSECUTOR) == []
    assert not lines_of(shares_for(matter.officer), now())
    assert cases_with_news(matter.stranger.as_viewer("test")) == []
