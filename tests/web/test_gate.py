"""The gate from its page: ticked by the system, or with what puts each fault right."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit, void_exhibit
from custodes.cases.actions.material import Assessment, add_recordings, assess
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.models import Case, Exhibit
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.checks import Chosen, exhibits_to_give, open_lines
from custodes.disclosure.rules.lines import Check, Redaction
from custodes.kernel.clock import now
from custodes.recordings.actions.clip import Stretch, make_clip
from custodes.recordings.models import Copy

pytestmark = pytest.mark.django_db
FILM_IS_LOOKED_AT = True


@pytest.fixture
def case(prepared: Station) -> Case:
    """Return Okafor's case with a clip of their recording as exhibit AO/1, every camera sought."""
    okafor = prepared.okafor.as_viewer("test")
    case = open_case(okafor, NewCase("01MP/44/26", "Robbery at the station"), at=now())
    prepared.original.refresh_from_db()
    clip = make_clip(okafor, prepared.original, Stretch(1, 2), "The arrest.", at=now())
    of = NewExhibit("The arrest", "AO", clip=clip.handle)
    number_exhibit(okafor, case, prepared.recording, of, at=now())
    look_for_siblings(prepared.mirza.as_viewer("test"), case, at=now())
    return case


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


def asked(client: Client, case: Case, **of: Any) -> str:
    answer = client.get(reverse("gate", args=[case.handle]), of)
    assert answer.status_code == 200
    return words(answer.content)


def still_open(station: Station, case: Case, audience: Audience = Audience.PROSECUTOR) -> list[Any]:
    viewer = station.okafor.as_viewer("test")
    chosen = exhibits_to_give(viewer, case)
    return [line.check for line in open_lines(viewer, case, chosen, audience)]


def test_a_clip_that_plays_is_ready_for_everybody_in_court(prepared: Station, case: Case) -> None:
    for audience in (Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT):
        assert still_open(prepared, case, audience) == []
    page = asked(signed_in(prepared.okafor), case)

    assert "Ready for the prosecutor?" in page
    assert "Ready. Nothing below keeps it from the prosecutor." in page
    assert "Nothing is hidden in AO/1" in page  # advice, as the policy is until a force sets it


def test_a_whole_recording_is_sent_back_in_the_prosecutor_s_words_until_a_reason_is_given(
    prepared: Station, case: Case
) -> None:
    okafor = signed_in(prepared.okafor)
    viewer = prepared.okafor.as_viewer("test")
    void_exhibit(viewer, Exhibit.objects.get(), "a clip of too little", at=now())
    assert "Multi-media BWV not provided" in asked(okafor, case)
    whole = number_exhibit(viewer, case, prepared.recording, NewExhibit("All", "AO"), at=now())
    assert "The prosecutor would answer: Multi-media BWV not clipped" in asked(okafor, case)

    given = {"why": "whole", "because": "It is all one act.", "asked": "audience=cps&only=1"}
    explain = reverse("exhibit-explain", args=[case.handle, whole.handle])
    answer = okafor.post(explain, given)

    assert answer["Location"] == reverse("gate", args=[case.handle]) + "?audience=cps&only=1"
    assert "Multi-media BWV" not in asked(okafor, case)
    assert still_open(prepared, case) == []
    assert okafor.post(explain, given | {"why": "x"}).status_code == 404
    assert signed_in(prepared.lindqvist).post(explain, given).status_code == 403


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "Nobody has looked whether it plays."),
        (
            {"container": "MP4", "tables_first": True, "pictures_decoded": 3,
             "tracks": [{"kind": "video", "codec": "hevc"}]},
            "Its pictures are HEVC, not H.264.",
        ),
    ],
)  # fmt: skip
def test_a_clip_some_player_does_not_show_or_nobody_looked_at_is_not_playable(
    prepared: Station, case: Case, found: Any, said: str
) -> None:
    clip = Copy.objects.get(purpose="clip")
    clip.about["profile"] = found
    clip.save()

    page = asked(signed_in(prepared.okafor), case)

    assert "Multi-media BWV not in playable format" in page
    assert said in page
    assert still_open(prepared, case) == [Check.PLAYABLE]


def test_a_camera_nobody_sought_keeps_it_and_can_be_passed_over_with_a_reason(
    prepared: Station, case: Case
) -> None:
    Case.objects.update(sought_at=None)
    viewer = prepared.okafor.as_viewer("test")

    [line] = open_lines(viewer, case, exhibits_to_give(viewer, case), Audience.PROSECUTOR)

    assert (line.check, line.overridable) == (Check.COVERAGE, True)
    assert "It can go all the same" in asked(signed_in(prepared.okafor), case)


def test_sensitive_material_is_never_ready_for_the_defence_exhibit_or_not(
    prepared: Station, case: Case
) -> None:
    viewer = prepared.okafor.as_viewer("test")
    said = "A witness gives her address to PC Okafor at her door."
    sensitive = Assessment(Status.SENSITIVE, said, "It names where a witness lives.")
    assess(viewer, case, prepared.recording, sensitive, at=now())

    assert still_open(prepared, case) == []
    for audience in (Audience.DEFENCE, Audience.COURT, Audience.SUBJECT):
        assert Check.SENSITIVE in still_open(prepared, case, audience)


def test_the_force_s_policy_says_whether_hiding_is_asked_for(
    prepared: Station, case: Case, settings: Any
) -> None:
    policy = {Audience.PROSECUTOR: Redaction.REQUIRED, Audience.DEFENCE: Redaction.OFF}
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"redaction": policy})
    assert still_open(prepared, case) == [Check.REDACTED]
    assert still_open(prepared, case, Audience.DEFENCE) == []

    given = {"why": "unhidden", "because": "Nobody else is in it."}
    exhibit = Exhibit.objects.get()
    signed_in(prepared.okafor).post(
        reverse("exhibit-explain", args=[case.handle, exhibit.handle]), given
    )
    assert still_open(prepared, case) == []


def test_only_what_is_ticked_is_asked_about(prepared: Station, case: Case) -> None:
    okafor = signed_in(prepared.okafor)
    viewer = prepared.okafor.as_viewer("test")
    number_exhibit(viewer, case, prepared.recording, NewExhibit("All", "AO"), at=now())
    clip, whole = exhibits_to_give(viewer, case)
    assert (clip.copy, whole.copy) == (Copy.objects.get(purpose="clip").handle, "")

    assert "AO/2 is a whole recording" in asked(okafor, case)
    assert "AO/2 is a whole recording" not in asked(okafor, case, only=1, item=clip.key)
    assert "Multi-media BWV not provided" in asked(okafor, case, only=1)


def test_what_is_hidden_or_not_of_the_case_cannot_be_chosen(prepared: Station, case: Case) -> None:
    viewer = prepared.okafor.as_viewer("test")
    apart = force.original(force.recording(force.camera("X9", prepared.stranger), "other"), b"x")

    for chosen in (Chosen(apart.handle), Chosen("x" * 22), Chosen(prepared.original.handle, "y")):
        [line, *_] = open_lines(viewer, case, [chosen], Audience.PROSECUTOR)
        assert line.check is Check.PROVIDED
        assert line.faults[0].recording == ""


def test_unused_material_without_a_description_keeps_it(prepared: Station, case: Case) -> None:
    viewer = prepared.okafor.as_viewer("test")
    other = force.recording(prepared.recording.camera, "r2")
    add_recordings(viewer, case, [other], "", at=now())
    case.material.filter(recording=other).update(status=Status.UNUSED, description="video")

    assert Check.DESCRIBED in still_open(prepared, case)
    page = asked(signed_in(prepared.okafor), case)
    assert "The prosecutor would answer: listed without sufficient description" in page


def test_who_may_not_know_of_the_case_finds_no_gate(prepared: Station, case: Case) -> None:
    stranger = signed_in(prepared.stranger)

    assert stranger.get(reverse("gate", args=[case.handle])).status_code == 404
    assert "Save the reason" not in asked(signed_in(prepared.lindqvist), case)


GIVEN = {"item": "The arrest", "initials": "AO"}


def given_from(station: Station, client: Client, **more: str) -> Any:
    clip = Copy.objects.filter(purpose="clip").latest("pk")
    url = reverse("clip-give", args=[station.recording.handle, clip.handle])
    return client.get(url) if not more else client.post(url, GIVEN | more)


def test_an_officer_gives_a_clip_of_theirs_to_a_case_they_are_on_or_to_a_new_one(
    prepared: Station, case: Case
) -> None:
    okafor = signed_in(prepared.okafor)
    page = words(given_from(prepared, okafor).content)
    assert "01MP/00044/26: Robbery at the station" in page
    assert "A new case" in page

    into = given_from(prepared, okafor, case=case.handle)
    new = given_from(prepared, okafor, case="new", urn="01MP/45/26", about="Theft")

    one, two, three = Exhibit.objects.order_by("pk")
    clip = Copy.objects.get(purpose="clip").handle
    assert (one.clip, two.clip, three.clip) == (clip, clip, clip)
    assert [str(each) for each in (two, three)] == ["AO/2", "AO/1"]
    assert str(three.case) == "01MP/00045/26"
    key = f"item={prepared.original.handle}%3A{clip}"
    assert into["Location"] == f"/cases/{case.handle}/gate?audience=cps&only=1&{key}"
    page = words(okafor.get(new["Location"]).content)
    assert "Clip Exhibit Check Share Ready for the prosecutor?" in page


def test_what_is_wrong_with_it_is_said_and_neither_case_nor_exhibit_is_made(
    prepared: Station, case: Case
) -> None:
    okafor = signed_in(prepared.okafor)
    for more, says in (
        ({"case": "new", "urn": "44/26", "about": "x"}, "is not the reference of a case"),
        ({"case": "new", "urn": "01MP/46/26", "about": "x", "initials": "1"}, "initials are two"),
        ({"case": "x" * 22}, "Select a valid choice"),
        ({"case": case.handle, "item": ""}, "Say what it is."),
    ):
        answer = given_from(prepared, okafor, **more)
        assert answer.status_code == 400
        assert says in words(answer.content)
    assert (Case.objects.count(), Exhibit.objects.count()) == (1, 1)


def test_who_may_not_make_clips_of_it_gives_none_away(prepared: Station, case: Case) -> None:
    assert given_from(prepared, signed_in(prepared.stranger)).status_code == 404
    assert given_from(prepared, signed_in(prepared.lindqvist)).status_code in {403, 404}
    assert "Give it to the prosecutor" in words(
        signed_in(prepared.okafor).get(f"/recordings/{prepared.recording.handle}").content
    )
