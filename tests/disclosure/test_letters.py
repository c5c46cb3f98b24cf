"""E-mail through a real server: what goes, what never does, and what happens when it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.conftest import Matter, signed_in
from tests.world import force
from tests.world.mail import MailServer, mail_server

from custodes.cases.rules.audiences import Audience
from custodes.custody.queries import history_of
from custodes.custody.report import sentence
from custodes.disclosure import mailing
from custodes.disclosure.actions import letters, use
from custodes.disclosure.actions.enter import make_code
from custodes.disclosure.actions.revoke import revoke
from custodes.disclosure.actions.share import release
from custodes.disclosure.guests import guest_with
from custodes.disclosure.links import link_of, token_of
from custodes.disclosure.models import AccessCode, Letter, Share
from custodes.disclosure.rules.codes import FROM_ONE
from custodes.disclosure.rules.letters import wait_after
from custodes.kernel.clock import now
from custodes.worker import posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        named = {
            "smtp_host": "127.0.0.1",
            "smtp_port": running.port,
            "smtp_security": "none",
            "mail_from": "evidence@police.example",
            "force_name": "Midshire Police",
        }
        settings.CUSTODES = settings.CUSTODES.model_copy(update=named)
        yield running


def sent(*, after: timedelta = timedelta(0)) -> int:
    return letters.send_what_is_due(mailing.post, by=force.CLERK, at=now() + after)


def test_the_link_goes_by_e_mail_and_nothing_of_the_case_with_it(
    matter: Matter, server: MailServer
) -> None:
    share = matter.shared()
    assert server.came == []  # the page waits for no mail server

    posting.keep_posting("worker", now())

    to, subject, text = server.newest()
    assert to == "pat.quill@cps.example"
    assert subject == "Midshire Police has shared something with you"
    assert link_of(share) in text
    for secret in ("01MP", "AO/1", "Robbery", "Okafor", "clip", "arrest"):
        assert secret not in text + subject
    assert server.came[-1]["Auto-Submitted"] == "auto-generated"
    assert len(server.came[-1].as_bytes()) < 4000
    assert force.kinds(matter.case.handle)[-1] == "share.mailed"
    posting.keep_posting("worker", now())
    assert len(server.came) == 1


def test_a_code_goes_to_the_recipients_own_address_without_the_link_and_opens_once(
    matter: Matter, server: MailServer
) -> None:
    share, browser = matter.shared(), Client()
    door = reverse("shared", args=[token_of(share)])
    assert "p…@cps.example" in browser.get(door).content.decode()

    asked = browser.post(reverse("shared-send-code", args=[token_of(share)]))
    sent()

    assert "on its way" in browser.get(asked["Location"]).content.decode()
    to, subject, text = server.newest()
    figures = re.search(r"(\d{4}) (\d{4})", text)
    assert (to, subject, bool(figures)) == ("pat.quill@cps.example", "Your code", True)
    assert token_of(share) not in text
    enter = reverse("shared-code", args=[token_of(share)])
    assert figures
    assert browser.post(enter, {"code": figures[0]}).status_code == 302
    assert Client().post(enter, {"code": figures[0]}).status_code == 403
    [opened] = [each for each in history_of(matter.case.handle) if each.kind == "share.opened"]
    assert sentence(opened).endswith(", from 127.0.0.1, with a code sent by e-mail.")


def test_a_code_by_e_mail_is_over_after_ten_minutes_sent_or_not(
    matter: Matter, server: MailServer
) -> None:
    share = matter.shared()
    sent()
    assert letters.send_code(share, "here", at=now() - timedelta(minutes=11)) == ""

    assert sent() == 0

    assert len(server.came) == 1
    assert Letter.objects.get(about="code").given_up_at
    assert not AccessCode.objects.get().as_rule().opens(now())


def test_who_has_codes_sent_again_and_again_shuts_out_their_network_and_not_the_recipient(
    matter: Matter, server: MailServer
) -> None:
    share = matter.shared()

    came = [letters.send_code(share, "198.51.100.7", at=now()) for _ in range(FROM_ONE + 3)]

    assert came[:FROM_ONE] == [""] * FROM_ONE
    assert all("Too many codes were asked for from your network" in why for why in came[FROM_ONE:])
    assert force.kinds(matter.case.handle).count("share.refused") == 1
    assert letters.send_code(share, "203.0.113.1", at=now()) == ""
    assert letters.send_code(share, "198.51.100.7", at=now() + timedelta(hours=1)) == ""


def test_no_more_than_so_many_codes_are_sent_in_a_day_and_that_is_on_record(
    matter: Matter, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "SENT_A_DAY", 3)
    share = matter.shared()

    came = [letters.send_code(share, f"198.51.100.{nth}", at=now()) for nth in range(6)]

    assert [why[:47] for why in came] == [""] * 3 + [
        "Too many codes were asked for within a day. Ask"
    ] * 3
    assert force.kinds(matter.case.handle).count("share.refused") == 1


def test_a_recall_and_an_answer_are_told_by_e_mail(matter: Matter, server: MailServer) -> None:
    share = matter.shared()
    sent()
    figures = make_code(matter.officer, share, at=now())
    browser = Client()
    token = token_of(share)
    browser.post(reverse("shared-code", args=[token]), {"code": figures})
    guest = guest_with(share, browser.cookies["custodes_shared"].value, now())
    assert guest
    use.answer(matter.officer, use.wish(guest, "The street name?", at=now()), "No.", at=now())
    sent()
    assert "street" not in server.newest()[2]
    assert "has answered you" in server.newest()[1]

    revoke(matter.officer, share, "an informant is heard", at=now())
    sent()

    assert "do not use it" in server.newest()[2]
    assert "informant" not in server.newest()[2]


def test_what_waits_for_release_is_not_told_of_before(matter: Matter, server: MailServer) -> None:
    share = matter.shared(audience=Audience.DEFENCE)
    revoked = matter.shared(audience=Audience.DEFENCE)
    revoke(matter.officer, revoked, "wrong", at=now())
    assert not Letter.objects.exists()

    release(matter.osei.as_viewer("test"), share, at=now())

    assert sent() == 1


def test_a_server_that_is_down_is_tried_again_and_said_where_it_matters(
    matter: Matter, server: MailServer, settings: Any
) -> None:
    up = settings.CUSTODES
    settings.CUSTODES = up.model_copy(update={"smtp_port": 1})
    share, okafor = matter.shared(), signed_in(matter.okafor)
    assert sent() == 0
    page = okafor.get(reverse("share", args=[share.handle])).content.decode()
    assert "did not take it" in page
    assert sent(after=timedelta(seconds=5)) == 0
    assert Letter.objects.get().tries == 1  # not every two seconds

    settings.CUSTODES = up
    assert sent(after=timedelta(minutes=1)) == 1
    assert len(server.came) == 1


def test_an_address_that_is_refused_for_good_is_given_up_and_told_of(
    matter: Matter, server: MailServer
) -> None:
    share, okafor = matter.shared(), signed_in(matter.okafor)
    server.refuses = "550 nobody of this name"

    assert sent() == 0

    assert Letter.objects.get().given_up_at
    assert "did not go" in okafor.get(reverse("today")).content.decode()
    server.refuses = ""
    okafor.post(reverse("share-send", args=[share.handle]))
    assert sent() == 1


def test_an_address_nothing_can_be_sent_to_holds_up_no_other(
    matter: Matter, server: MailServer
) -> None:
    matter.shared(email="pat@" + "\u00e9" * 63 + ".example")
    matter.shared()

    assert sent() == 1

    assert [each.said for each in Letter.objects.exclude(given_up_at=None)] == [
        "Nothing can be sent to this address."
    ]


def test_what_is_called_back_while_others_are_sent_is_not_sent_and_nobody_is_asked_about_it(
    matter: Matter, server: MailServer
) -> None:
    _, second = matter.shared(), matter.shared(recipient="Sam Hart")
    went: list[str] = []

    def slowly(to: str, _subject: str, text: str) -> None:
        went.append(text)
        if second.revoked_at is None:
            second.revoked_at = now()
            second.save()

    letters.send_what_is_due(slowly, by=force.CLERK, at=now())

    assert len(went) == 1
    assert "did not go" not in signed_in(matter.okafor).get(reverse("today")).content.decode()


def test_without_a_mail_server_the_page_offers_the_link_and_says_so(matter: Matter) -> None:
    share = matter.shared()
    page = signed_in(matter.okafor).get(reverse("share", args=[share.handle])).content.decode()

    assert "This installation sends no e-mail" in page
    assert link_of(share) in page
    assert "Make a code to tell them" in page
    assert not Letter.objects.exists()
    door = Client().get(reverse("shared", args=[token_of(share)])).content.decode()
    assert "Send me a code" not in door
    assert "by telephone or in person" in door
    answer = Client().post(reverse("shared-send-code", args=[token_of(share)]))
    assert answer.status_code == 403
    assert Share.objects.get().codes.count() == 0


@given(st.integers(0, 10_000))
def test_the_wait_grows_and_has_an_end(tries: int) -> None:
    assert timedelta(seconds=30) <= wait_after(tries) <= wait_after(tries + 1) <= timedelta(hours=1)
