"""What a case says of something after it was given: it stops, and nobody outside learns why."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.conftest import Matter, in_days, signed_in, viewer_of_unit
from tests.disclosure.test_portal import Browser, words

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit, void_exhibit
from custodes.cases.actions.material import Assessment, add_recordings, assess, take_out
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case
from custodes.cases.rules.audiences import Audience, sees_sensitive
from custodes.cases.rules.material import Status
from custodes.disclosure.actions.enter import make_code
from custodes.disclosure.actions.hand_over import fetch_package, release_package
from custodes.disclosure.actions.share import release
from custodes.disclosure.checks import exhibits_to_give, open_lines
from custodes.disclosure.errors import PackageRefused, ShareRefused
from custodes.disclosure.models import Package, Packaged, Share
from custodes.disclosure.offers import on_offer
from custodes.disclosure.rules.lines import Check
from custodes.disclosure.rules.serving import (
    AUDIENCES,
    Stands,
    Thing,
    why_not_any_more,
    why_not_to,
)
from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.web.today import what_needs

WHERE_SHE_LIVES = Assessment(
    Status.SENSITIVE,
    "A witness gives her address to PC Okafor at her door.",
    "It names where a witness lives.",
)
UNUSED = Assessment(Status.UNUSED, WHERE_SHE_LIVES.description)
HELD_BACK = "The police are holding this back at the moment."
_CLIPS = st.frozensets(st.sampled_from(["", "clip", "other"]))


@given(st.sampled_from(AUDIENCES), st.sampled_from(Status), _CLIPS)
def test_a_clip_goes_on_as_long_as_it_could_be_shared_today(
    audience: Audience, status: Status, exhibits: frozenset[str]
) -> None:
    exhibited = bool(exhibits & {"", "clip"})

    since = why_not_any_more(audience, Stands(status, exhibits), Thing.CLIP, "clip")

    assert since == why_not_to(audience, status, exhibited=exhibited)
    if status is Status.SENSITIVE and not sees_sensitive(audience):
        assert since
    assert why_not_any_more(audience, Stands(None, exhibits), Thing.CLIP, "clip")


@given(st.sampled_from(AUDIENCES), st.sampled_from(Status), _CLIPS)
def test_a_whole_recording_goes_on_only_while_all_of_it_is_an_exhibit(
    audience: Audience, status: Status, exhibits: frozenset[str]
) -> None:
    since = why_not_any_more(audience, Stands(status, exhibits), Thing.RECORDING, "")

    assert bool(since) == ("" not in exhibits or bool(why_not_to(audience, status, exhibited=True)))


def opened(matter: Matter, audience: Audience) -> Browser:
    """Return the recipient's browser, with the clip and the whole exhibit in it."""
    things = matter.keys(Thing.CLIP) + matter.keys(Thing.RECORDING)
    shared = matter.shared(things=things, audience=audience)
    if audience is Audience.DEFENCE:
        release(matter.osei.as_viewer("test"), shared, at=now())
    browser = Browser(shared)
    assert browser.enter(make_code(matter.officer, shared, at=now())).status_code == 302
    return browser


def statuses(browser: Browser) -> list[int]:
    """Return how each thing of a share answers when it is played, in their order."""
    return [browser.get("shared-media", number).status_code for number in (1, 2)]


@pytest.mark.django_db
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_became_sensitive_stops_for_the_defence_and_the_court_and_nothing_says_so(
    matter: Matter, audience: Audience
) -> None:
    browser = opened(matter, audience)
    assert statuses(browser) == [200, 200]

    assess(matter.officer, matter.case, matter.recording, WHERE_SHE_LIVES, at=now())

    if sees_sensitive(audience):
        assert statuses(browser) == [200, 200]
        return
    assert statuses(browser) == [410, 410]
    assert browser.post("shared-take", 1).status_code == 410
    assert browser.post("shared-seen", 1, stretches="[[0, 1]]").status_code == 410
    for answer in (browser.get(), browser.get("shared-item", 1), browser.get("shared-media", 1)):
        said = words(answer)
        assert HELD_BACK in said
        assert not re.search("sensitive|unused|MG6|relevant", said, re.IGNORECASE)

    assess(matter.officer, matter.case, matter.recording, UNUSED, at=now())
    assert statuses(browser) == [200, 200]


@pytest.mark.django_db
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_sensitive_in_another_case_is_so_in_this_one_and_goes_on_when_it_is_not(
    matter: Matter, audience: Audience
) -> None:
    browser, things = opened(matter, audience), matter.keys_of_all()
    unit = viewer_of_unit()
    other = open_case(unit, NewCase("01MP/99/26", "Another matter", matter.stranger), at=now())
    add_recordings(unit, other, [matter.recording], "it is of this, too", at=now())

    assess(unit, other, matter.recording, WHERE_SHE_LIVES, at=now())

    offers = on_offer(matter.officer, matter.case)
    exhibits = exhibits_to_give(matter.officer, matter.case)
    lines = open_lines(matter.officer, matter.case, exhibits, audience)
    if sees_sensitive(audience):
        assert statuses(browser) == [200, 200]
        assert not any(each.why_not_to(audience) for each in offers)
        return
    assert statuses(browser) == [410, 410]
    assert HELD_BACK in words(browser.get())
    assert not re.search("sensitive|MG6|another case", words(browser.get()), re.IGNORECASE)
    assert all("in this case or another" in each.why_not_to(audience) for each in offers)
    assert Check.SENSITIVE in {line.check for line in lines}
    with pytest.raises(ShareRefused, match="in this case or another"):
        matter.shared(things=things, audience=audience)
    assert len([one for one in what_needs(matter.officer) if "held back" in one.text]) == 1

    take_out(unit, other, matter.recording, "not of it", at=now())
    assert statuses(browser) == [200, 200]


@pytest.mark.django_db
def test_the_officers_are_told_why_and_that_it_was_taken_away(matter: Matter) -> None:
    browser = opened(matter, Audience.DEFENCE)
    assert told(matter.okafor) == []
    browser.post("shared-take", 1)

    assess(matter.officer, matter.case, matter.recording, WHERE_SHE_LIVES, at=now())

    said = f"Something Pat Quill was given of case {matter.case} is held back since"
    assert told(matter.okafor) == told(matter.vale) == [f"{said}; they had taken it away."]
    assert told(matter.stranger) == []
    url = reverse("share", args=[browser.given.handle])
    shown = words(signed_in(matter.okafor).get(url))  # type: ignore[arg-type]
    assert shown.count("which never goes to the defence") == 2
    assert shown.count("They had taken it away") == 1
    signed_in(matter.okafor).post(
        reverse("share-back", args=[browser.given.handle]), {"because": "a witness"}
    )
    assert told(matter.okafor) == []


def told(person: Person) -> list[str]:
    return [each.text for each in what_needs(person.as_viewer("test")) if "held back" in each.text]


def void_all(matter: Matter) -> None:
    for exhibit in matter.case.exhibits.filter(voided_at=None):
        void_exhibit(matter.officer, exhibit, "the wrong one", at=now())


def take_it_out(matter: Matter) -> None:
    void_all(matter)
    take_out(matter.officer, matter.case, matter.recording, "another matter", at=now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("audience", "act", "after"),
    [
        (Audience.PROSECUTOR, void_all, [200, 410]),
        (Audience.COURT, void_all, [410, 410]),
        (Audience.PROSECUTOR, take_it_out, [410, 410]),
    ],
)
def test_what_is_no_exhibit_or_of_the_case_no_more_stops_until_it_is_again(
    matter: Matter, audience: Audience, act: Callable[[Matter], None], after: list[int]
) -> None:
    browser = opened(matter, audience)

    act(matter)
    assert statuses(browser) == after

    add_recordings(matter.officer, matter.case, [matter.recording], "it is", at=now())
    of = NewExhibit("Video of the arrest", "AO")
    number_exhibit(matter.officer, matter.case, matter.recording, of, at=now())
    assert statuses(browser) == [200, 200]


@pytest.mark.django_db
def test_what_is_no_exhibit_any_more_is_not_released(matter: Matter) -> None:
    prepared = matter.shared(audience=Audience.DEFENCE)
    Share.objects.update(despite="the hearing is tomorrow")
    void_all(matter)

    with pytest.raises(ShareRefused, match="Nobody has said yet what becomes of it"):
        release(matter.osei.as_viewer("test"), prepared, at=now())

    prepared.refresh_from_db()
    assert prepared.released_at is None


@pytest.mark.django_db
def test_a_camera_that_came_up_since_is_not_passed_over_at_release_for_no_reason(
    matter: Matter,
) -> None:
    prepared = matter.shared(audience=Audience.DEFENCE)
    Case.objects.update(sought_at=None)
    osei = matter.osei.as_viewer("test")

    with pytest.raises(ShareRefused, match="look for other cameras") as refused:
        release(osei, prepared, at=now())

    assert refused.value.advice.startswith("Nothing was released.")
    with_a_reason = matter.shared(audience=Audience.DEFENCE, despite="the hearing is tomorrow")
    assert release(osei, with_a_reason, at=now()).released_at


@pytest.mark.django_db
def test_a_package_for_the_defence_is_neither_released_nor_fetched_once_it_became_sensitive(
    matter: Matter,
) -> None:
    package = Package.objects.create(
        case=matter.case,
        audience=Audience.DEFENCE,
        recipient="Sam Hart",
        made_at=now(),
        until=in_days(14),
        maker=matter.vale,
    )
    Packaged.objects.create(package=package, recording=matter.recording, files=1)
    mirza, osei = matter.mirza.as_viewer("test"), matter.osei.as_viewer("test")
    assert Role.EVIDENCE_UNIT in matter.mirza.as_viewer("test").roles
    assess(matter.officer, matter.case, matter.recording, WHERE_SHE_LIVES, at=now())

    with pytest.raises(PackageRefused, match="never goes to the defence"):
        release_package(osei, package, at=now())
    Package.objects.update(released_at=now())
    with pytest.raises(PackageRefused, match="never goes to the defence"):
        fetch_package(mirza, package, "as a ZIP file", at=now())

    package.refresh_from_db()
    assert package.fetched_at is None
