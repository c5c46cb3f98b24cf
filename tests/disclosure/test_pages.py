"""The pages on which something is shared: for whom, what, the link, and calling it back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from tests.disclosure.conftest import Matter, in_days, signed_in

from custodes.cases.actions.material import Assessment, assess
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.actions.share import share
from custodes.disclosure.days import last_moment_of
from custodes.disclosure.links import link_of
from custodes.disclosure.models import Share
from custodes.disclosure.rules.serving import Thing, why_not_until
from custodes.kernel.clock import now
from custodes.web.share_forms import ShareForm

pytestmark = pytest.mark.django_db


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def page(client: Client, name: str, *of: str, query: str = "") -> str:
    answer = client.get(reverse(name, args=of) + query)
    assert answer.status_code == 200, answer.content
    return words(answer.content)


def filled_in(matter: Matter) -> dict[str, object]:
    return {
        "things": matter.keys(Thing.CLIP),
        "recipient": "Pat Quill",
        "organisation": "CPS",
        "email": "pat@cps.example",
        "until": localdate(in_days(5)).isoformat(),
        "because": "charge",
    }


def test_an_officer_shares_from_the_case_in_two_pages_and_is_shown_the_link(
    matter: Matter,
) -> None:
    okafor, case = signed_in(matter.okafor), matter.case.handle
    assert "Share something of it" in page(okafor, "case", case)
    assert "For whom is it?" in page(okafor, "share-new", case)
    assert "Clip of AO/1" in page(okafor, "share-new", case, query="?for=cps")

    sent = okafor.post(reverse("share-new", args=[case]) + "?for=cps", filled_in(matter))

    made = Share.objects.get()
    assert sent["Location"] == reverse("share", args=[made.handle])
    shown = okafor.get(sent["Location"]).content.decode()
    assert link_of(made) in shown
    assert "Pat Quill" in page(okafor, "case-shares", case)
    assert "Pat Quill" in page(okafor, "shares")


def test_what_may_not_go_to_the_defence_has_no_box_to_tick_and_is_refused_when_sent(
    matter: Matter,
) -> None:
    okafor, sent = signed_in(matter.okafor), filled_in(matter)
    said = Assessment(Status.SENSITIVE, "An informant gives the address of the man.", "informant")
    assess(matter.officer, matter.case, matter.recording, said, at=now())
    url = reverse("share-new", args=[matter.case.handle])

    shown = okafor.get(url + "?for=defence").content.decode()
    answer = okafor.post(url + "?for=defence", sent)

    assert 'type="checkbox"' not in shown
    assert "never goes to the defence" in shown
    assert answer.status_code == 400
    assert "never goes to the defence" in words(answer.content)
    assert not Share.objects.exists()


def test_a_release_takes_another_person_and_the_link_is_shown_only_then(matter: Matter) -> None:
    wanted = matter.wanted(audience=Audience.DEFENCE)
    given = share(matter.vale.as_viewer("test"), matter.case, wanted, at=now())
    vale, osei = signed_in(matter.vale), signed_in(matter.osei)
    assert "waits for a second person" in page(vale, "share", given.handle)
    assert "Release it to" not in page(vale, "share", given.handle)
    assert link_of(given) not in vale.get(reverse("share", args=[given.handle])).content.decode()
    assert "Release it to Pat Quill" in page(osei, "share", given.handle)

    assert vale.post(reverse("share-release", args=[given.handle])).status_code == 400
    assert osei.post(reverse("share-release", args=[given.handle])).status_code == 302

    assert link_of(given) in vale.get(reverse("share", args=[given.handle])).content.decode()


def test_it_is_called_back_for_a_reason(matter: Matter) -> None:
    given, okafor = matter.shared(), signed_in(matter.okafor)
    url = reverse("share-back", args=[given.handle])
    assert "opens nothing from then on" in page(okafor, "share-back", given.handle)
    assert okafor.post(url, {"because": ""}).status_code == 400

    okafor.post(url, {"because": "the wrong clip"})

    assert "the wrong clip" in page(okafor, "share", given.handle)
    assert link_of(given) not in okafor.get(reverse("share", args=[given.handle])).content.decode()


def test_who_may_not_know_of_the_case_finds_no_share_of_it(matter: Matter) -> None:
    given, stranger = matter.shared(), signed_in(matter.stranger)

    for name in ("share", "share-back"):
        assert stranger.get(reverse(name, args=[given.handle])).status_code == 404
    assert stranger.post(reverse("share-release", args=[given.handle])).status_code == 404
    for name in ("share-new", "case-shares"):
        assert stranger.get(reverse(name, args=[matter.case.handle])).status_code == 404
    assert "Nothing has been shared" in page(stranger, "shares")


@pytest.mark.parametrize("days", [1, 28])
def test_the_day_that_stands_in_the_form_is_one_that_may_be_chosen(
    matter: Matter, settings: Any, days: int
) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"share_days": days})

    until = ShareForm([])["until"].initial

    assert why_not_until(last_moment_of(until), now(), days) == ""


def test_who_says_why_a_camera_is_passed_over_is_warned_who_reads_it(matter: Matter) -> None:
    okafor, case = signed_in(matter.okafor), matter.case.handle

    shown = page(okafor, "share-new", case, query="?for=defence")

    assert "Whoever gets this reads it, the defence too: name nothing sensitive" in shown
