"""Clips and stills from the page of a recording."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.urls import reverse
from tests.web.conftest import Station, signed_in, why
from tests.world.force import kinds

from custodes.custody.queries import history_of
from custodes.media.playable import why_not_playable
from custodes.recordings.models import Copy, Original

pytestmark = pytest.mark.django_db
FILM_IS_LOOKED_AT = True
ASKED = {"from": "0:01.000", "to": "0:02.000", "how": "exact", "because": "The arrest."}


def page_of(station: Station, rest: str = "") -> str:
    return f"/recordings/{station.recording.handle}{rest}"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_officer_makes_a_clip_of_their_own_footage_and_takes_it_away(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    page = okafor.post(page_of(prepared, "/clips"), ASKED | {"what": "clip"}, follow=True)
    clip = Copy.objects.get(purpose="clip")
    taken = okafor.post(page_of(prepared, f"/clips/{clip.handle}"), {"because": "for the CPS"})

    said = words(page.content.decode())
    assert "The clip was made" in said
    assert "Made by Okafor" in said
    assert "The arrest." in said
    assert taken["Content-Disposition"].startswith("attachment;")
    assert len(b"".join(taken.streaming_content)) == clip.size  # type: ignore[attr-defined]
    assert kinds(prepared.recording.handle)[-1] == "clip.fetched"


def test_the_page_says_that_a_clip_for_a_complaint_placed_a_hold(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)
    said = "A hold was placed: nothing deletes this recording until it is released."

    for_it = ASKED | {"what": "clip", "because": "complaint CO/7"}
    page = okafor.post(page_of(prepared, "/clips"), for_it, follow=True)
    assert said in words(page.content.decode())
    clip = Copy.objects.get(purpose="clip")
    okafor.post(page_of(prepared, f"/clips/{clip.handle}"), {"because": "complaint CO/7"})

    assert said in words(okafor.get(page_of(prepared)).content.decode()), "after a download too"


def test_an_officer_takes_a_clip_away_with_its_proof(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)
    okafor.post(page_of(prepared, "/clips"), ASKED | {"what": "clip"})
    clip = Copy.objects.get(purpose="clip")
    to = {"recipient": "Dana Reed, CPS", "because": "for the charging decision"}

    page = okafor.get(page_of(prepared)).content.decode()
    taken = okafor.post(page_of(prepared, f"/clips/{clip.handle}/package"), to)

    assert "Take it with its proof" in words(page)
    assert taken["Content-Disposition"].startswith("attachment;")
    sent = b"".join(taken.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(sent)) as package:
        names = {name.partition("/")[2] for name in package.namelist()}
    assert {"proof.json", f"data/clip-{clip.handle}.mp4", "README.txt"} <= names
    assert not any(name.startswith("data/original") for name in names)
    told = history_of(prepared.recording.handle)[-1]
    assert (told.kind, told.fields["recipient"]) == ("clips.packaged", "Dana Reed, CPS")


def test_a_clip_is_not_handed_out_with_its_proof_to_nobody(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)
    okafor.post(page_of(prepared, "/clips"), ASKED | {"what": "clip"})
    clip = Copy.objects.get(purpose="clip")

    refused = okafor.post(
        page_of(prepared, f"/clips/{clip.handle}/package"), {"recipient": " ", "because": "x"}
    )

    assert "nobody said who it is for" in words(refused.content.decode())
    assert "clips.packaged" not in kinds(prepared.recording.handle)


def test_no_two_parts_of_the_page_have_one_name_when_two_clips_are_of_one_moment(
    prepared: Station,
) -> None:
    okafor = signed_in(prepared.okafor)
    for _ in range(2):
        okafor.post(page_of(prepared, "/clips"), ASKED | {"what": "clip"})

    page = okafor.get(page_of(prepared)).content.decode()

    parts = re.findall(r'<section[^>]* aria-labelledby="([\w-]+)"', page)
    named = {part: re.search(rf'id="{part}"[^>]*>(.*?)</h', page) for part in parts}
    names = [found[1] for found in named.values() if found]
    assert "Clips and stills" in names
    assert len(names) == len(parts) == len(set(names))


def test_a_still_is_taken_of_the_first_moment(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    okafor.post(page_of(prepared, "/clips"), ASKED | {"what": "still", "to": ""})

    still = Copy.objects.get(purpose="still")
    assert still.about["begins"] == pytest.approx(1.0, abs=0.05)
    assert kinds(prepared.recording.handle)[-1] == "still.made"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"because": " "}, "No clip was made."),
        ({"from": "soon"}, "no moment of the film"),
        ({"to": "5:00"}, "ends before that, at 0:04. Nothing was made. End the clip at 0:04;"),
        ({"from": "4:00", "to": "5:00"}, "Nothing was filmed at this moment."),
    ],
)
def test_what_makes_no_clip_is_refused_in_words_and_keeps_nothing(
    prepared: Station, change: dict[str, str], says: str
) -> None:
    answer = signed_in(prepared.okafor).post(page_of(prepared, "/clips"), ASKED | change)

    assert says in words(answer.content.decode())
    assert not Copy.objects.filter(purpose="clip").exists()
    assert "clip.made" not in kinds(prepared.recording.handle)


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/recordings?team=A&page=2#list", "/recordings?team=A&amp;page=2#list"),
        ("http://elsewhere.example/recordings", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_refusal_leads_back_to_the_page_of_ours_that_was_left(
    prepared: Station, came_from: str, back: str | None
) -> None:
    browser = signed_in(prepared.okafor)

    asked = ASKED | {"from": "soon"}
    answer = browser.post(page_of(prepared, "/clips"), asked, HTTP_REFERER=came_from)

    page = answer.content.decode()
    link = f'<a class="c-link" href="{back}">Go back to where you were</a>'
    assert link in page if back else "Go back" not in page
    assert f'href="{reverse("today")}">Go to Today' in page


def test_a_refusal_leads_nowhere_that_would_be_refused_again(prepared: Station) -> None:
    address = page_of(prepared, "/clips")

    asked = ASKED | {"from": "soon"}
    answer = signed_in(prepared.okafor).post(
        address, asked, HTTP_REFERER=f"http://testserver{address}"
    )

    assert "Go back" not in answer.content.decode()


def test_who_may_not_play_sees_no_form_and_makes_nothing(prepared: Station) -> None:
    lindqvist = signed_in(prepared.lindqvist)

    page = lindqvist.get(page_of(prepared)).content.decode()
    answer = lindqvist.post(page_of(prepared, "/clips"), ASKED)

    assert 'id="clip-form"' not in page
    assert answer.status_code == 403
    assert history_of(prepared.lindqvist.handle)[-1].kind == "access.denied"
    assert not Copy.objects.filter(purpose="clip").exists()


def test_the_form_stands_on_the_page_of_who_may_play(prepared: Station) -> None:
    mirza = signed_in(prepared.mirza)
    mirza.post(page_of(prepared, "/why"), why())

    assert 'id="clip-form"' in mirza.get(page_of(prepared)).content.decode()


def test_a_clip_is_made_anew_where_that_is_asked_for(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    page = okafor.post(page_of(prepared, "/clips"), ASKED | {"how": "playable"}, follow=True)

    clip = Copy.objects.get(purpose="clip")
    assert clip.about["new"] == clip.about["packets"]
    assert clip.recipe["task"] == "playable"
    assert "Encoded anew from the first picture to the last" in words(page.content.decode())
    assert why_not_playable(clip.about["profile"]) == ()


def test_a_film_not_every_player_shows_is_made_anew_unless_somebody_says_otherwise(
    prepared: Station,
) -> None:
    okafor = signed_in(prepared.okafor)
    chosen = re.compile(r'value="(\w+)" checked> (?:At|So)')
    assert chosen.findall(okafor.get(page_of(prepared)).content.decode()) == ["exact"]

    original = Original.objects.get()
    original.described["probe"]["tracks"][0]["codec"] = "hevc"
    original.save()
    page = okafor.get(page_of(prepared)).content.decode()
    assert chosen.findall(page) == ["playable"]
    assert "films need it" in page

    Original.objects.update(commitment='{"tracks": [{"container": "matroska"}]}')
    page = okafor.get(page_of(prepared)).content.decode()
    assert 'value="exact"' not in page
    assert 'value="playable" checked' in page


def test_a_clip_some_player_does_not_show_says_so_in_the_list(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)
    okafor.post(page_of(prepared, "/clips"), ASKED)
    clip = Copy.objects.get(purpose="clip")
    assert "Not every player" not in okafor.get(page_of(prepared)).content.decode()

    clip.about["profile"]["tracks"][0]["codec"] = "hevc"
    clip.save()

    assert "Its pictures are HEVC, not H.264." in words(
        okafor.get(page_of(prepared)).content.decode()
    )
