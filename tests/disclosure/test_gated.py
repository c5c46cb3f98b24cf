"""What the gate does not let through is not shared; a camera may be passed over with a reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.disclosure.conftest import Matter
from tests.world import force

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit, void_exhibit
from custodes.cases.actions.material import Assessment, assess
from custodes.cases.models import Case
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.disclosure.actions.revoke import revoke
from custodes.disclosure.actions.share import release
from custodes.disclosure.errors import ShareRefused
from custodes.disclosure.models import Share
from custodes.disclosure.rules.serving import Thing
from custodes.disclosure.waiting import waiting_to_be_served
from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.models import Copy
from custodes.web.today import what_needs

pytestmark = pytest.mark.django_db


def refused(matter: Matter, says: str, **other: Any) -> None:
    """See that a share is refused with these words, and that nothing changed."""
    before = Share.objects.count(), Entry.objects.count()
    with pytest.raises(ShareRefused, match=says):
        matter.shared(**other)
    assert (Share.objects.count(), Entry.objects.count()) == before


def test_what_is_not_ready_is_not_shared_whatever_is_said_about_it(matter: Matter) -> None:
    Copy.objects.filter(pk=matter.clip.pk).update(about={"begins": 1.0, "ends": 3.0})

    for despite in ("", "the hearing is tomorrow"):
        refused(matter, "Multi-media BWV not in playable format", despite=despite)


def test_a_whole_recording_nobody_gave_a_reason_for_is_not_clipped(matter: Matter) -> None:
    matter.case.exhibits.update(whole_because="")

    refused(matter, "Multi-media BWV not clipped", things=matter.keys(Thing.RECORDING))
    assert matter.shared().items.count() == 1


def test_a_camera_is_passed_over_only_with_a_reason_that_goes_with_it(matter: Matter) -> None:
    Case.objects.update(sought_at=None)
    refused(matter, "look for other cameras")
    refused(matter, "look for other cameras", despite=" " * 5)

    given = matter.shared(despite="charging decision due tonight")

    assert given.despite == "charging decision due tonight"
    for subject in (matter.case.handle, matter.recording.handle):
        told = [each for each in history_of(subject) if each.kind == "share.created"]
        assert told[-1].fields["despite"] == given.despite
    okafor = Client()
    okafor.force_login(matter.okafor)
    assert (
        "charging decision due tonight"
        in okafor.get(reverse("share", args=[given.handle])).content.decode()
    )


def test_a_reason_that_was_not_needed_is_not_kept(matter: Matter) -> None:
    assert matter.shared(despite="just in case").despite == ""


def test_what_became_sensitive_since_is_not_released(matter: Matter) -> None:
    given = matter.shared(audience=Audience.DEFENCE)
    said = "A witness gives her address to PC Okafor at her door."
    sensitive = Assessment(Status.SENSITIVE, said, "It names where a witness lives.")
    assess(matter.officer, matter.case, matter.recording, sensitive, at=now())

    with pytest.raises(ShareRefused, match=r"sensitive unused material \(MG6D\)"):
        release(matter.osei.as_viewer("test"), given, at=now())
    given.refresh_from_db()
    assert given.released_at is None


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def test_the_gate_leads_to_the_share_with_what_was_ticked_and_only_when_nothing_keeps_it(
    matter: Matter,
) -> None:
    of = NewExhibit("The arrest", "AO", clip=matter.clip.handle)
    number_exhibit(matter.officer, matter.case, matter.recording, of, at=now())
    okafor = signed_in(matter.okafor)
    gate = reverse("gate", args=[matter.case.handle])
    key = f"{matter.original.handle}:{matter.clip.handle}"

    page = okafor.get(gate, {"only": "1", "item": key}).content.decode()
    [link] = re.findall(r'href="([^"]*/share\?[^"]*)"', page)
    ticked = re.findall(
        r'value="([^"]*)" checked', okafor.get(link.replace("&amp;", "&")).content.decode()
    )
    assert ticked == matter.keys(Thing.CLIP)

    assert "Next: share it" not in words(okafor.get(gate, {"only": "1"}).content)
    Case.objects.update(sought_at=None)
    assert "Next: share it" in words(okafor.get(gate, {"only": "1", "item": key}).content)
    assert "Next: share it" not in words(
        signed_in(matter.vale).get(gate, {"audience": "sar"}).content
    )


def test_clips_wait_for_who_serves_them_and_are_known_to_who_looks_after_those(
    matter: Matter,
) -> None:
    harding = force.person("Harding", Role.SUPERVISOR, team="A")
    other = force.person("Reed", Role.SUPERVISOR, team="B")
    assert list(waiting_to_be_served(matter.officer)) == []
    of = NewExhibit("The arrest", "AO", clip=matter.clip.handle)
    exhibit = number_exhibit(matter.officer, matter.case, matter.recording, of, at=now())

    def told(person: Person) -> list[tuple[bool, str]]:
        found = what_needs(person.as_viewer("test"))
        return [(one.needs, one.text[:18]) for one in found if "served" in one.text]

    assert told(matter.okafor) == told(matter.mirza) == [(True, "1 clip waits to be")]
    assert told(harding) == [(False, "1 clip waits to be")]
    assert told(other) == told(matter.stranger) == []
    page = words(signed_in(harding).get(reverse("clips-waiting")).content)
    assert f"{exhibit} : The arrest" in page
    assert "Nothing waits" in words(signed_in(other).get(reverse("clips-waiting")).content)

    given = matter.shared()
    assert told(matter.okafor) == []
    revoke(matter.officer, given, "the wrong clip", at=now())
    assert told(matter.okafor) == [(True, "1 clip waits to be")]
    void_exhibit(matter.officer, exhibit, "the wrong clip", at=now())
    assert told(matter.okafor) == []
