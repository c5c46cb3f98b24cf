"""The recipient's door: a link and a code open one share, as long as it is open, and no more."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from tests.disclosure.conftest import Matter, film, in_days, signed_in
from tests.world import force

from custodes.cases.rules.audiences import Audience
from custodes.custody.errors import LogBehind
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.disclosure.actions import use
from custodes.disclosure.actions.enter import enter, make_code
from custodes.disclosure.actions.revoke import revoke
from custodes.disclosure.codes import figures_of
from custodes.disclosure.links import token_of
from custodes.disclosure.models import AccessCode, Item, Share, Sitting, Wish
from custodes.disclosure.rules.codes import FROM_ONE, TRIES, Way
from custodes.disclosure.rules.serving import Thing
from custodes.disclosure.rules.watching import MOST_KEPT
from custodes.kernel.clock import now
from custodes.kernel.errors import Damaged
from custodes.people.rules import Role
from custodes.recordings.actions.dispose import find_footage, forget_footage
from custodes.recordings.actions.lock import Locking, lock
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind
from custodes.retention.rules.rehearsed import Touch
from custodes.retention.touched import touched_by

pytestmark = pytest.mark.django_db


class Browser:
    """A browser in which somebody opened the link of a share."""

    def __init__(self, given: Share) -> None:
        self.client, self.given, self.token = Client(), given, token_of(given)

    def get(self, name: str = "shared", *of: Any, **headers: str) -> HttpResponse:
        url = reverse(name, args=[self.token, *of])
        answer: HttpResponse = self.client.get(url, headers=headers)  # type: ignore[assignment]
        return answer

    def post(self, name: str, *of: Any, **form: str) -> HttpResponse:
        url = reverse(name, args=[self.token, *of])
        answer: HttpResponse = self.client.post(url, form)  # type: ignore[assignment]
        return answer

    def enter(self, code: str) -> HttpResponse:
        return self.post("shared-code", code=code)

    def moved_to(self, address: str) -> Browser:
        """Go on from another network."""
        self.client.defaults["REMOTE_ADDR"] = address
        return self


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def told(subject: str, kind: str) -> list[str]:
    """Return the sentences' parts of all entries of a kind, as one text each."""
    return [json.dumps(each.fields) for each in history_of(subject) if each.kind == kind]


@pytest.fixture
def inside(matter: Matter) -> Browser:
    """Return the recipient's browser, once the code was right."""
    given = matter.shared(things=matter.keys(Thing.CLIP) + matter.keys(Thing.RECORDING))
    browser = Browser(given)
    assert browser.enter(make_code(matter.officer, given, at=now())).status_code == 302
    return browser


def test_a_link_says_for_whom_it_is_and_nothing_of_what_is_behind_it(matter: Matter) -> None:
    browser = Browser(matter.shared())

    shown = words(browser.get())

    assert "Shared with Pat Quill" in shown
    for secret in ("01MP", "AO/1", "Robbery", "Okafor", "pat.quill"):
        assert secret not in shown
    for name, of in (("shared-item", [1]), ("shared-media", [1])):
        assert browser.get(name, *of).status_code == 403
    for name, of in (("shared-take", [1]), ("shared-seen", [1]), ("shared-received", [])):
        assert browser.post(name, *of).status_code == 403
    assert force.kinds(matter.case.handle)[-1] == "share.created"


def test_a_right_code_opens_the_share_and_is_on_record(matter: Matter) -> None:
    browser = Browser(matter.shared())
    figures = make_code(matter.officer, browser.given, at=now())

    answer = browser.enter(f"{figures[:4]} {figures[4:]}")

    assert answer["Location"] == reverse("shared", args=[browser.token])
    cookie = browser.client.cookies["custodes_shared"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["path"] == reverse("shared", args=[browser.token])
    assert "Clip of AO/1" in words(browser.get())
    [opened] = told(matter.case.handle, "share.opened")
    assert "127.0.0.1" in opened
    assert '"way": "told by an officer"' in opened
    for secret in (figures, browser.token, cookie.value):
        assert secret not in json.dumps([*AccessCode.objects.values()], default=str)
        assert secret not in json.dumps([*Sitting.objects.values()], default=str)
        assert not any(secret in json.dumps(each.fields) for each in history_of(matter.case.handle))


def not_the_code(figures: str) -> str:
    return f"{(int(figures) + 1) % 10**8:08}"


def test_who_gets_a_code_wrong_five_times_shuts_out_their_network_and_not_the_recipient(
    matter: Matter,
) -> None:
    given = matter.shared()
    figures = make_code(matter.officer, given, at=now())
    stranger, recipient = Browser(given).moved_to("2001:db8::7"), Browser(given)

    answers = [words(stranger.enter(not_the_code(figures))) for _ in range(FROM_ONE)]
    after = Entry.objects.count()
    stranger.moved_to("2001:db8::8")  # the same network
    shut = [words(stranger.enter(figures)) for _ in range(30)]

    assert ["not right" in said for said in answers] == [True] * FROM_ONE
    assert ["Too many codes from your network" in said for said in answers] == [False] * 4 + [True]
    assert all("Try again after" in said for said in shut)
    assert len(told(matter.case.handle, "share.refused")) == FROM_ONE + 1
    assert Entry.objects.count() == after + 1  # said once an hour, or the record would be filled
    assert "2001:db8" not in json.dumps(Share.objects.get().calls)
    assert not Sitting.objects.exists()
    assert recipient.enter(figures).status_code == 302


def test_a_network_may_try_again_after_an_hour_or_with_a_new_code(matter: Matter) -> None:
    given, then = matter.shared(), now()
    wrong = not_the_code(make_code(matter.officer, given, at=then))
    for _ in range(FROM_ONE):
        enter(given, wrong, "198.51.100.7", at=then)

    figures = make_code(matter.officer, given, at=then)

    assert enter(given, figures, "198.51.100.7", at=then).key
    for _ in range(FROM_ONE):
        enter(given, not_the_code(figures), "198.51.100.7", at=then)
    assert not enter(given, figures, "198.51.100.7", at=then + timedelta(minutes=59)).key
    assert enter(given, figures, "198.51.100.7", at=then + timedelta(minutes=60)).key


def test_a_code_is_over_once_it_was_wrong_too_often_in_all_from_wherever(
    matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRIES, Way.HAND, 6)
    given = matter.shared()
    figures = make_code(matter.officer, given, at=now())
    for nth in range(5):
        enter(given, not_the_code(figures), f"198.51.100.{nth}", at=now())
    assert enter(given, figures, "203.0.113.1", at=now()).key  # and what was wrong stays counted

    enter(given, not_the_code(figures), "198.51.100.5", at=now())

    assert "No code was made" in enter(given, figures, "203.0.113.1", at=now()).why_not


def test_behind_a_proxy_it_is_counted_and_on_record_what_the_proxy_saw(
    matter: Matter, settings: Any
) -> None:
    browser = Browser(matter.shared())
    figures = make_code(matter.officer, browser.given, at=now())
    said = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
    url = reverse("shared-code", args=[browser.token])

    browser.client.post(url, {"code": not_the_code(figures)}, headers=said)
    public = {"public_url": "https://evidence.police.example"}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=public)
    browser.client.post(url, {"code": not_the_code(figures)}, headers=said)
    browser.client.post(url, {"code": figures}, headers={"X-Forwarded-For": "no address"})

    direct, behind = told(matter.case.handle, "share.refused")
    assert ("127.0.0.1" in direct, "198.51.100.7" in behind, "192.0.2.1" in behind) == (
        True, True, False,
    )  # fmt: skip
    assert "127.0.0.1" in told(matter.case.handle, "share.opened")[0]


def test_a_code_told_by_telephone_opens_again_on_the_day_and_a_new_one_ends_it(
    matter: Matter,
) -> None:
    given = matter.shared()
    figures = make_code(matter.officer, given, at=now())
    assert [Browser(given).enter(figures).status_code for _ in range(2)] == [302, 302]

    make_code(matter.officer, given, at=now())

    assert Browser(given).enter(figures).status_code == 403


def test_a_new_code_lets_out_whoever_was_in_with_the_one_before_and_says_so(
    matter: Matter, inside: Browser
) -> None:
    mailed = AccessCode.objects.create(
        share=inside.given, way=Way.MAIL, made_at=now(), until=in_days(1)
    )
    by_mail, elsewhere = Browser(inside.given), Browser(matter.shared())
    assert by_mail.enter(figures_of(mailed)).status_code == 302
    assert elsewhere.enter(make_code(matter.officer, elsewhere.given, at=now())).status_code == 302
    assert inside.get("shared-media", 1).status_code == 200

    figures = make_code(matter.officer, inside.given, at=now())

    assert inside.get("shared-media", 1).status_code == 403
    assert [each.get("shared-media", 1).status_code for each in (by_mail, elsewhere)] == [200, 200]
    said = [each for each in told(matter.case.handle, "share.code_made") if "let out" in each]
    assert len(said) == 1
    assert inside.enter(figures).status_code == 302


def test_the_code_and_key_of_one_share_open_no_other(matter: Matter, inside: Browser) -> None:
    other = Browser(matter.shared(recipient="Sam Hart"))
    make_code(matter.officer, other.given, at=now())
    figures = make_code(matter.officer, inside.given, at=now())
    assert inside.enter(figures).status_code == 302

    assert other.enter(figures).status_code == 403
    other.client.cookies = inside.client.cookies
    for morsel in other.client.cookies.values():
        morsel["path"] = "/"

    assert other.get("shared-media", 1).status_code == 403
    assert "Your code" in words(other.get())


def test_a_clip_plays_by_range_and_is_taken_away_byte_for_byte(
    matter: Matter, inside: Browser
) -> None:
    stretch = inside.get("shared-media", 1, Range="bytes=0-99")
    assert (stretch.status_code, len(body(stretch))) == (206, 100)
    inside.get("shared-media", 1, Range="bytes=100-199")

    taken = body(inside.post("shared-take", 1))

    item = Item.objects.get(number=1)
    assert hashlib.sha256(taken).hexdigest() == item.sha256 == matter.clip.sha256
    assert item.opened_at
    assert item.taken_at
    for subject in (matter.case.handle, matter.recording.handle):
        kinds = force.kinds(subject)
        assert (kinds.count("share.streamed"), kinds.count("share.downloaded")) == (1, 1)


def test_a_whole_recording_is_watched_and_does_not_leave(inside: Browser) -> None:
    assert body(inside.get("shared-media", 2)) == film()

    refused = inside.post("shared-take", 2)

    assert (refused.status_code, "watched here" in words(refused)) == (410, True)
    assert Item.objects.get(number=2).taken_at is None


def test_what_was_watched_is_counted_once_and_on_record(matter: Matter, inside: Browser) -> None:
    for stretches in ([[0, 1.0]], [[0.5, 1.5]], "nonsense", [[0, 1e9]]):
        assert inside.post("shared-seen", 1, stretches=json.dumps(stretches)).status_code == 204

    assert Item.objects.get(number=1).seen == [[0.0, 1.5]]
    assert len(told(matter.recording.handle, "share.seen")) == 2
    assert "0:02 of 0:02" in words(inside.get())  # 1.5 s, rounded as players do


def test_whatever_a_player_sends_is_passed_over_if_it_is_no_stretch(inside: Browser) -> None:
    for said in ("[" * 100_000, f"[[0, 1{'0' * 400}]]", "[[NaN, 1]]", "", "{}"):
        assert inside.post("shared-seen", 1, stretches=said).status_code == 204

    assert Item.objects.get(number=1).seen == []


def test_a_report_that_is_sent_again_and_again_fills_no_record(inside: Browser) -> None:
    inside.post("shared-seen", 1, stretches="[[0, 1]]")
    entries = Entry.objects.count()

    for stretches in ("[[0, 1]]", "[[0.5, 0.75]]", "[[0, 1]]"):
        inside.post("shared-seen", 1, stretches=stretches)
    pieces = [[1 + nth / 5000, 1 + (nth + 0.5) / 5000] for nth in range(2400)]
    for first in range(0, len(pieces), 200):
        stretches = json.dumps(pieces[first : first + 200])
        inside.post("shared-seen", 1, stretches=stretches)

    assert len(Item.objects.get(number=1).seen) <= MOST_KEPT
    assert Entry.objects.count() <= entries + 2 * MOST_KEPT / 200


def test_to_ask_how_long_something_is_is_not_to_look_at_it(matter: Matter, inside: Browser) -> None:
    url = reverse("shared-media", args=[inside.token, 1])

    assert inside.client.head(url).status_code == 200

    assert "share.streamed" not in force.kinds(matter.case.handle)
    assert Item.objects.get(number=1).opened_at is None


def test_receipt_is_acknowledged_once(matter: Matter, inside: Browser) -> None:
    for _ in range(2):
        assert inside.post("shared-received").status_code == 302

    assert "You acknowledged it" in words(inside.get())
    assert force.kinds(matter.case.handle).count("share.acknowledged") == 1
    assert force.kinds(matter.recording.handle).count("share.acknowledged") == 1
    officer = signed_in(matter.okafor)
    shown = officer.get(reverse("share", args=[inside.given.handle]))
    assert "Pat Quill acknowledged it" in words(shown)  # type: ignore[arg-type]


def test_what_is_asked_for_waits_for_the_officers_and_the_answer_comes_back(
    matter: Matter, inside: Browser
) -> None:
    assert inside.post("shared-wish", text=" ").status_code == 400
    assert inside.post("shared-wish", text="The minute before, please.").status_code == 302
    wish, okafor = Wish.objects.get(), signed_in(matter.okafor)
    assert "Pat Quill asks for more" in words(okafor.get(reverse("today")))  # type: ignore[arg-type]
    url = reverse("share-wish", args=[inside.given.handle, wish.handle])
    assert "The minute before" in words(okafor.get(url))  # type: ignore[arg-type]
    touches = {each["what"]: each for each in touched_by(Recording.objects.all())}
    assert touches[Touch.WISH]["most"][0]["called"] == str(matter.case)
    assert "Quill" not in str(touches), "a rehearsal that is kept names nobody"

    okafor.post(url, {"text": "Sent as another link."})

    assert "Sent as another link." in words(inside.get())
    assert "asks for more" not in words(okafor.get(reverse("today")))  # type: ignore[arg-type]
    assert Touch.WISH not in {each["what"] for each in touched_by(Recording.objects.all())}
    assert force.kinds(matter.case.handle)[-1] == "share.answered"
    assert signed_in(matter.stranger).get(url).status_code == 404


@pytest.mark.parametrize("end", ["called back", "over", "locked", "restricted", "deleted"])
def test_whatever_closes_it_stops_the_next_stretch_with_words(
    matter: Matter, inside: Browser, end: str
) -> None:
    assert inside.get("shared-media", 1, Range="bytes=0-9").status_code == 206
    said = {
        "called back": lambda: revoke(matter.officer, inside.given, "wrong", at=now()),
        "over": lambda: Share.objects.update(until=now()),
        "locked": lambda: locked(matter, LockKind.POST_INCIDENT),
        "restricted": lambda: locked(matter, LockKind.RESTRICTED),
        "deleted": lambda: forget_footage(find_footage([matter.recording.pk])),
    }
    said[end]()

    answer = inside.get("shared-media", 1, Range="bytes=10-19")

    assert answer.status_code in {403, 410}
    assert inside.post("shared-take", 1).status_code in {403, 410}
    shown = words(inside.get())
    reasons = {"called back": "called back", "over": "over", "deleted": "deleted"}
    assert reasons.get(end, "holding this back") in shown
    assert "Clip of AO/1" in shown or end in {"called back", "over"}


def locked(matter: Matter, kind: LockKind) -> None:
    lock([matter.recording], Locking("m", kind, "why"), by=force.CLERK, at=now())


def test_a_closed_link_is_refused_in_plain_words_and_on_record_once_an_hour(
    matter: Matter,
) -> None:
    browser = Browser(matter.shared())
    revoke(matter.officer, browser.given, "wrong", at=now())

    answers = [browser.get() for _ in range(3)]

    assert {answer.status_code for answer in answers} == {410}
    assert "was called back" in words(answers[0])
    [refused] = told(matter.case.handle, "share.refused")
    assert "127.0.0.1" in refused


def test_what_waits_for_release_opens_nothing_yet(matter: Matter) -> None:
    browser = Browser(matter.shared(audience=Audience.DEFENCE))

    assert "does not open yet" in words(browser.get())
    assert browser.enter("12345678").status_code == 410


def test_an_address_that_is_no_link_says_so_and_enters_nothing(matter: Matter) -> None:
    entries, stranger = Entry.objects.count(), Client()

    answer = stranger.get(reverse("shared", args=["x" * 32]))

    assert (answer.status_code, "no link of ours" in answer.content.decode()) == (404, True)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(("wrong", "status"), [(Damaged("a chunk"), 500), (LogBehind("it"), 503)])
def test_what_is_wrong_with_us_is_told_to_nobody_outside(
    inside: Browser, monkeypatch: pytest.MonkeyPatch, wrong: Exception, status: int
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise wrong

    monkeypatch.setattr(use, "begin_looking", fails)

    answer = inside.get("shared-media", 1)

    assert answer.status_code == status
    said = words(answer)
    assert "cannot be opened at the moment" in said
    assert not re.search("custodes doctor|Today|a chunk|repaired", said)


def test_the_server_s_log_names_no_link(inside: Browser) -> None:
    record = logging.getLogger("django.request").makeRecord(
        "django.request", logging.WARNING, "", 0, "%s: %s",
        ("Gone", reverse("shared-media", args=[inside.token, 1])), None,
    )  # fmt: skip

    for shown in settings.LOGGING["handlers"]["console"]["filters"]:
        named = settings.LOGGING["filters"][shown]["()"]
        assert import_string(named)().filter(record)

    assert record.getMessage() == "Gone: /shared/\u2026/1/media"


def test_who_closes_it_is_asked_for_a_code_again(inside: Browser) -> None:
    cookies = inside.client.cookies["custodes_shared"].value

    inside.post("shared-out")

    assert "Your code" in words(inside.get())
    inside.client.cookies["custodes_shared"] = cookies
    assert inside.get("shared-media", 1).status_code == 403


def test_a_sitting_ends_by_itself(inside: Browser) -> None:
    Sitting.objects.update(until=now() - timedelta(seconds=1))

    assert inside.get("shared-media", 1).status_code == 403


def test_a_code_is_made_by_who_may_share_and_shown_this_once(matter: Matter) -> None:
    given = matter.shared()
    url = reverse("share-code", args=[given.handle])
    harding = force.person("Harding", Role.SUPERVISOR, team="A")

    shown = signed_in(matter.okafor).post(url).content.decode()

    figures = re.search(r"(\d{4}) (\d{4})", shown)
    assert figures
    assert Browser(given).enter("".join(figures.groups())).status_code == 302
    assert signed_in(matter.stranger).post(url).status_code == 404
    assert signed_in(harding).post(url).status_code == 403
    assert in_days(19) < AccessCode.objects.get().until <= given.until


def test_who_blocks_cookies_is_told_so_and_opens_the_link_again(matter: Matter) -> None:
    browser = Browser(matter.shared())
    browser.client = Client(enforce_csrf_checks=True)

    answer = browser.enter("12345678")

    assert answer.status_code == 403
    said = words(answer)
    assert "blocks cookies for this site, or the page was open too long" in said
    assert f'href="{reverse("shared", args=[browser.token])}"' in answer.content.decode()
    assert "Today" not in said
    officers = browser.client.post(reverse("account_login")).content.decode()
    assert "The form was too old" in officers


@pytest.mark.parametrize("asked", [None, "bytes=0-", "bytes=0-999999999", "bytes=0-1,5-6"])
def test_no_answer_carries_more_film_than_a_stretch_but_a_clip_is_taken_away_whole(
    matter: Matter, inside: Browser, settings: Any, asked: str | None
) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"range_bytes": 1000})
    headers = {"Range": asked} if asked else {}

    first = inside.get("shared-media", 2, **headers)

    assert (first.status_code, body(first)) == (206, film()[:1000])
    assert first["Content-Range"] == f"bytes 0-999/{len(film())}"
    assert len(body(inside.post("shared-take", 1))) == Item.objects.get(number=1).size
    length = inside.client.head(reverse("shared-media", args=[inside.token, 2]))
    assert (length.status_code, length["Content-Length"]) == (200, str(len(film())))
    revoke(matter.officer, inside.given, "wrong", at=now())
    assert inside.get("shared-media", 2, Range="bytes=1000-").status_code == 403
