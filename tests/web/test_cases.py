"""Cases from the pages: opened, filled, given to people, and what goes out to whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.cases.actions.assign import assign
from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.material import Assessment, add_recordings, assess
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case, Exhibit, Material
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import Part
from custodes.kernel.clock import now
from custodes.media.playable import why_not_playable
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.models import Copy, Recording
from custodes.retention.models import Hold

pytestmark = pytest.mark.django_db

GOOD = "PC Lewis arrests a man in a red jacket, who says he was not there."


@pytest.fixture
def case(station: Station) -> Case:
    """Return Okafor's case, with their recording in it."""
    okafor = station.okafor.as_viewer("test")
    case = open_case(okafor, NewCase("01MP/44/26", "Robbery at the station"), at=now())
    add_recordings(okafor, case, [station.recording], "", at=now())
    return case


@pytest.fixture
def sharma(db: None) -> Person:
    return force.person("Sharma", Role.INVESTIGATOR)


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def page(client: Client, name: str, *of: str) -> str:
    answer = client.get(reverse(name, args=of))
    assert answer.status_code == 200, answer.content
    return words(answer.content)


def test_an_officer_takes_their_own_recording_to_an_exhibit_that_is_held(station: Station) -> None:
    okafor, handle = signed_in(station.okafor), station.recording.handle
    assert "You work on no case that goes on" in page(okafor, "case-add", handle)
    given = {"urn": "01MP/44/26", "about": "Robbery", "recording": handle}
    opened = okafor.post(reverse("case-new"), given)
    case = Case.objects.get()
    assert opened["Location"] == reverse("material", args=[case.handle, handle])
    assert "Make it an exhibit" in page(okafor, "material", case.handle, handle)
    made = okafor.post(
        reverse("exhibit-new", args=[case.handle, handle]),
        {"item": "Video of the arrest", "initials": "AO", "document_type": "1030"},
    )

    exhibit = Exhibit.objects.get()
    assert made["Location"] == reverse("exhibit", args=[case.handle, exhibit.handle])
    assert "Exhibit AO/1 Video of the arrest" in page(
        okafor, "exhibit", case.handle, exhibit.handle
    )
    assert "Exhibit AO/1" in page(okafor, "case", case.handle)
    assert {hold.kind for hold in Hold.objects.all()} == {"case", "exhibit"}
    draft = page(okafor, "statement", case.handle, exhibit.handle)
    assert "I produce the recording that camera made as exhibit AO/1: Video of the arrest." in draft
    assert "[Not known: where on the body it was worn.]" in draft
    assert "Exhibit AO/1 in 01MP/00044/26: Video" in page(okafor, "recording", handle)


def test_a_recording_is_added_to_a_case_that_is_open(station: Station) -> None:
    okafor, handle = signed_in(station.okafor), station.recording.handle
    okafor.post(reverse("case-new"), {"urn": "01MP/44/26", "about": "Robbery"})
    case = Case.objects.get()

    added = okafor.post(reverse("case-add", args=[handle]), {"case": case.handle})

    assert added["Location"] == reverse("material", args=[case.handle, handle])
    assert "You work on no other case" in page(okafor, "case-add", handle)
    assert okafor.post(reverse("case-add", args=[handle]), {"case": "x" * 22}).status_code == 400


def test_what_is_wrong_with_a_case_is_said_beside_the_field_and_nothing_is_made(
    station: Station, case: Case
) -> None:
    okafor = signed_in(station.okafor)
    for given, said in (
        ({"urn": "44/26", "about": "x"}, "is not the reference of a case"),
        ({"urn": "01MP/44/26", "about": "x"}, "used already"),
        ({"urn": "", "about": "x"}, "Give the case"),
    ):
        answer = okafor.post(reverse("case-new"), given)
        assert answer.status_code == 400
        assert said in words(answer.content)
    assert Case.objects.count() == 1


def test_an_investigator_sees_the_case_and_plays_its_recording_once_assigned(
    station: Station, case: Case, sharma: Person
) -> None:
    mirza, investigator = signed_in(station.mirza), signed_in(sharma)
    hidden = [
        reverse("case", args=[case.handle]),
        reverse("recording", args=[station.recording.handle]),
    ]
    assert {investigator.get(url).status_code for url in hidden} == {404}
    assert "No case is open to you" in page(investigator, "cases")
    assert "There are no recordings yet" in page(investigator, "recordings")

    given = {"person": "sharma", "part": "works-on-it"}
    assert mirza.post(reverse("case-people", args=[case.handle]), given).status_code == 302

    assert {investigator.get(url).status_code for url in hidden} == {200}
    assert "Robbery at the station" in page(investigator, "cases")
    assert "1 recording in your cases waits" in page(investigator, "today")
    assert "Okafor" in page(investigator, "recordings")
    thumbnail = reverse("thumbnail", args=[station.recording.handle, 1])
    assert investigator.get(thumbnail).status_code == 404  # there is none yet; it is not refused

    off = reverse("case-off", args=[case.handle, sharma.handle])
    assert "loses what this case opens" in page(mirza, "case-off", case.handle, sharma.handle)
    assert mirza.post(off, {"because": "moved on"}).status_code == 302
    assert {investigator.get(url).status_code for url in hidden} == {404}


def test_who_may_not_assign_or_work_sees_no_button_and_is_refused(
    station: Station, case: Case, sharma: Person
) -> None:
    lindqvist = signed_in(station.lindqvist)
    body = page(lindqvist, "case", case.handle)
    for button in ("Make it an exhibit", "Put somebody on the case", "Enter a step", "Download it"):
        assert button not in body
    for name, given in (
        ("case-people", {"person": "sharma", "part": "works-on-it"}),
        ("case-parties", {"role": "victim", "name": "A"}),
        ("coverage-look", {}),
        ("case-take", {"paper": "mg6c:csv", "audience": "cps", "recipient": "x", "because": "y"}),
    ):
        answer = lindqvist.post(reverse(name, args=[case.handle]), given)
        assert answer.status_code == 403, name
    okafor, handle = station.okafor.handle, station.recording.handle
    for name, of in (
        ("case-step", ()),
        ("case-off", (okafor,)),
        ("exhibit-new", (handle,)),
        ("material-out", (handle,)),
    ):
        assert lindqvist.get(reverse(name, args=[case.handle, *of])).status_code == 403, name
    assert case.assignments.count() == 1


def test_a_thin_description_is_refused_on_the_page_and_a_good_one_is_on_the_schedule(
    station: Station, case: Case
) -> None:
    okafor = signed_in(station.okafor)
    url = reverse("material", args=[case.handle, station.recording.handle])

    thin = okafor.post(url, {"status": "unused", "description": "bodycam footage"})
    assert thin.status_code == 400
    assert "listed without sufficient description" in words(thin.content)
    assert Material.objects.get().status == Status.NOT_LOOKED_AT
    assert okafor.post(url, {"status": "unused", "description": GOOD}).status_code == 302

    assert GOOD in page(okafor, "unused", case.handle)
    assert "Unused: MG6C" in page(okafor, "case", case.handle)


def test_the_sensitive_schedule_is_downloaded_for_the_prosecutor_and_never_for_the_defence(
    station: Station, case: Case
) -> None:
    said = Assessment(Status.SENSITIVE, GOOD, "names an informant")
    assess(station.okafor.as_viewer("test"), case, station.recording, said, at=now())
    okafor, url = signed_in(station.okafor), reverse("case-take", args=[case.handle])
    for_whom = {"paper": "mg6d:csv", "recipient": "K Lane", "because": "charging decision"}

    refused = okafor.post(url, for_whom | {"audience": "defence"})
    assert refused.status_code == 400
    assert "never goes to the defence" in words(refused.content)
    assert b"informant" not in refused.content

    given = okafor.post(url, for_whom | {"audience": "cps"})
    assert given.status_code == 200
    assert b"names an informant" in given.content
    assert "mg6d-01MP0004426.csv" in given["Content-Disposition"]
    assert "took the schedule of sensitive material (MG6D)" in page(okafor, "case", case.handle)


def test_the_list_of_exhibits_is_downloaded_as_csv_and_as_json(
    station: Station, case: Case
) -> None:
    of = NewExhibit("Video of the arrest", "AO")
    number_exhibit(station.okafor.as_viewer("test"), case, station.recording, of, at=now())
    okafor, url = signed_in(station.okafor), reverse("case-take", args=[case.handle])
    for_whom = {"audience": "cps", "recipient": "K Lane", "because": "charging decision"}

    as_csv = okafor.post(url, for_whom | {"paper": "exhibits:csv"})
    as_json = okafor.post(url, for_whom | {"paper": "exhibits:json"})

    assert as_csv.content.decode().splitlines()[1] == "Video of the arrest,AO/1,Okafor,1030,"
    assert as_json.json()["exhibits"][0]["Reference"] == "AO/1"
    assert okafor.post(url, for_whom | {"paper": "coverage:csv"}).status_code == 404


def test_every_camera_is_drawn_and_brought_in_by_who_reaches_them_all(
    station: Station, case: Case
) -> None:
    lewis = force.person("Lewis", team="A")
    force.recording(force.camera("X2210", lewis), "l1", started=force.NOON + timedelta(seconds=30))
    okafor, mirza = signed_in(station.okafor), signed_in(station.mirza)
    assert "1 case waits for somebody to look for other cameras." in page(mirza, "today")
    assert "look for other cameras" not in page(okafor, "today")
    assert b"01MP/00044/26" in mirza.get(reverse("cases") + "?search").content
    assert "Lewis" not in page(okafor, "coverage", case.handle)
    assert "has to look for other cameras" in page(okafor, "coverage", case.handle)
    assert "same team" in page(mirza, "coverage", case.handle)
    assert "Not in the case yet" in page(mirza, "coverage", case.handle)

    looked = mirza.post(reverse("coverage-look", args=[case.handle]), follow=True)

    assert "1 recording of other cameras came into the case" in words(looked.content)
    assert b"01MP/00044/26" not in mirza.get(reverse("cases") + "?search").content
    drawn = okafor.get(reverse("coverage", args=[case.handle])).content.decode()
    assert re.findall(r'c-cameras__film--needs" x="(\d+)" width="(\d+)"', drawn) == [
        ("0", "667"),
        ("333", "667"),
    ]
    assert "has to look for other cameras" not in drawn
    assert "Nobody has said what becomes of 2 recordings." in drawn


def test_parties_steps_and_appeals_are_entered_on_the_case(station: Station, case: Case) -> None:
    okafor = signed_in(station.okafor)
    okafor.post(
        reverse("case-parties", args=[case.handle]), {"role": "suspect", "name": "John Doe"}
    )
    party = case.parties.get()
    corrected = {"role": "convicted", "name": "John Doe"}
    okafor.post(reverse("case-party", args=[case.handle, party.handle]), corrected)
    today = f"{now():%Y-%m-%d}"
    for to in ("charged", "convicted"):
        step = {"to": to, "on": today, "because": "Crown Court", "custodial": "", "group": ""}
        assert okafor.post(reverse("case-step", args=[case.handle]), step).status_code == 302, to

    okafor.post(reverse("case-challenge", args=[case.handle]), {"which": "appeal"})

    assert "The appeal was decided today" in page(okafor, "case-step", case.handle)
    attention = reverse("case-attention", args=[case.handle])
    assert okafor.post(attention, {"kind": "offence", "on": "never"}).status_code == 400
    okafor.post(attention, {"kind": "offence", "on": today})
    assert "so far it did on" in page(okafor, "case-step", case.handle)
    body = page(okafor, "case", case.handle)
    assert "John Doe: convicted person" in body
    assert "Convicted since" in body
    wrong = {"to": "submitted", "on": today, "because": "x"}
    answer = okafor.post(reverse("case-step", args=[case.handle]), wrong)
    assert answer.status_code == 400
    assert okafor.get(reverse("cases") + "?all").content.count(b"01MP/00044/26") == 1
    assert b"01MP/00044/26" not in okafor.get(reverse("cases")).content


def test_a_recording_is_taken_out_and_an_exhibit_voided_for_a_reason(
    station: Station, case: Case
) -> None:
    okafor, viewer = signed_in(station.okafor), station.okafor.as_viewer("test")
    exhibit = number_exhibit(viewer, case, station.recording, NewExhibit("Video", "AO"), at=now())
    out = reverse("material-out", args=[case.handle, station.recording.handle])
    refused = okafor.post(out, {"because": "wrong"})
    assert "It is an exhibit of this case. Void the exhibit first." in words(refused.content)

    void = reverse("exhibit-void", args=[case.handle, exhibit.handle])
    assert okafor.post(void, {"because": ""}).status_code == 400
    assert okafor.post(void, {"because": "numbered twice"}).status_code == 302
    assert "numbered twice" in page(okafor, "exhibit", case.handle, exhibit.handle)
    assert okafor.post(out, {"because": "wrong"}).status_code == 302

    assert "Voided" in page(okafor, "case", case.handle)
    assert (
        Recording.objects.filter(material__taken_out_at=None, material__isnull=False).count() == 0
    )


def test_a_case_that_has_ended_offers_no_way_to_take_anything_out(
    station: Station, case: Case
) -> None:
    okafor = signed_in(station.okafor)
    out = reverse("material-out", args=[case.handle, station.recording.handle])
    assert out in okafor.get(reverse("case", args=[case.handle])).content.decode()
    offered = page(okafor, "material-out", case.handle, station.recording.handle)
    assert "it stays at least 14 days after that" in offered

    step = {"to": "no-further-action", "on": f"{now():%Y-%m-%d}", "because": "no suspect"}
    assert okafor.post(reverse("case-step", args=[case.handle]), step).status_code == 302

    assert out not in okafor.get(reverse("case", args=[case.handle])).content.decode()
    for answer in (okafor.get(out), okafor.post(out, {"because": "wrong"})):
        assert answer.status_code == 400
        assert "kept for as long as its outcome asks" in words(answer.content)
    assert Material.objects.get().taken_out_at is None


def test_looking_at_a_case_is_on_the_record_once_an_hour(station: Station, case: Case) -> None:
    okafor = signed_in(station.okafor)
    for _ in range(2):
        page(okafor, "case", case.handle)
        page(okafor, "coverage", case.handle)

    assert force.kinds(case.handle).count("case.viewed") == 1


def test_the_draft_statement_is_handed_out_once_it_is_said_for_whom(
    station: Station, case: Case
) -> None:
    viewer = station.okafor.as_viewer("test")
    exhibit = number_exhibit(viewer, case, station.recording, NewExhibit("Video", "AO"), at=now())
    okafor = signed_in(station.okafor)
    url = reverse("statement-take", args=[case.handle, exhibit.handle])

    assert okafor.post(url, {"recipient": "PC Okafor", "because": ""}).status_code == 403
    given = okafor.post(url, {"recipient": "PC Okafor", "because": "to sign"})

    assert given.content.startswith(b"DRAFT")
    assert "DRAFT-mg11-01MP0004426-AO-1.txt" in given["Content-Disposition"]


def test_somebody_assigned_may_be_given_charge_of_the_case(
    station: Station, case: Case, sharma: Person
) -> None:
    assign(station.mirza.as_viewer("test"), case, sharma, Part.OFFICER, at=now())

    body = page(signed_in(sharma), "case", case.handle)

    assert "Sharma : officer in the case" in body or "Sharma: officer in the case" in body


def test_a_clip_is_an_exhibit_of_its_own_and_the_draft_says_what_of_the_recording_it_is(
    prepared: Station, case: Case
) -> None:
    okafor, handle = signed_in(prepared.okafor), prepared.recording.handle
    sent = {"from": "0:01", "to": "0:02", "because": "The arrest.", "what": "clip"}
    okafor.post(reverse("clips", args=[handle]), sent)
    clip = Copy.objects.get(purpose="clip")
    asked = reverse("exhibit-new", args=[case.handle, handle])
    assert f'<option value="{clip.handle}" selected>' in (
        okafor.get(f"{asked}?clip={clip.handle}").content.decode()
    )

    given = {"item": "The arrest", "initials": "AO", "document_type": "1030"}
    assert okafor.post(asked, given | {"clip": "x" * 22}).status_code == 400
    okafor.post(asked, given | {"clip": clip.handle})
    okafor.post(asked, given | {"whole_because": "Every minute of it counts."})

    one, whole = Exhibit.objects.all()
    assert (one.clip, whole.clip) == (clip.handle, "")
    assert whole.whole_because == "Every minute of it counts."
    assert clip.sha256 in page(okafor, "exhibit", case.handle, one.handle)
    assert "All of it: Every minute" in page(okafor, "exhibit", case.handle, whole.handle)
    assert f"SHA-256 {clip.sha256}, of the recording that camera made as exhibit AO/1" in page(
        okafor, "statement", case.handle, one.handle
    )
    assert why_not_playable(clip.about["profile"]) == ()
