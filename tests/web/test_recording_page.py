"""One recording: who may see it, watch it, write about it, take it away."""

from __future__ import annotations

import json
import re

import pytest
from tests.web.conftest import Station, signed_in, why
from tests.world import force

from custodes.custody.queries import history_of

pytestmark = pytest.mark.django_db


def page_of(station: Station, more: str = "") -> str:
    return f"/recordings/{station.recording.handle}{more}"


def media_of(station: Station) -> str:
    return page_of(station, "/files/1/media")


def kinds(station: Station) -> list[str]:
    return [told.kind for told in history_of(station.recording.handle)]


def without_tokens(body: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", body)


def test_a_hidden_recording_and_a_missing_one_answer_alike(station: Station) -> None:
    stranger = signed_in(station.stranger)

    hidden = stranger.get(page_of(station))
    missing = stranger.get("/recordings/AAAAAAAAAAAAAAAAAAAAAA")

    assert hidden.status_code == missing.status_code == 404
    assert without_tokens(hidden.content) == without_tokens(missing.content)
    assert dict(hidden.items()) == dict(missing.items())


@pytest.mark.parametrize("part", ["media", "thumbnail", "filmstrip", "waveform", "track"])
def test_no_byte_of_a_hidden_recording_goes_out(prepared: Station, part: str) -> None:
    answer = signed_in(prepared.stranger).get(page_of(prepared, f"/files/1/{part}"))

    assert answer.status_code == 404
    assert "recording.viewed" not in kinds(prepared)


@pytest.mark.parametrize("deed", ["why", "category", "notes", "bookmarks", "check"])
def test_nobody_acts_on_a_hidden_recording(station: Station, deed: str) -> None:
    before = kinds(station)

    answer = signed_in(station.stranger).post(page_of(station, f"/{deed}"), why() | {"at": "1"})

    assert answer.status_code == 404
    assert kinds(station) == before


def test_ones_own_footage_plays_without_a_question_and_is_recorded(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    page = okafor.get(page_of(prepared))
    answer = okafor.get(media_of(prepared))

    assert b'id="recording-data"' in page.content
    assert b"".join(answer.streaming_content) == prepared.film
    told = history_of(prepared.recording.handle)[-1]
    assert (told.kind, told.fields["because"]) == ("recording.viewed", "their own footage")
    assert kinds(prepared).count("recording.viewed") == 1


def test_footage_of_others_does_not_go_out_before_a_reason_is_given(prepared: Station) -> None:
    mirza = signed_in(prepared.mirza)

    page = mirza.get(page_of(prepared))
    refused = mirza.get(media_of(prepared))

    assert b"Why do you need to watch this?" in page.content
    assert b"recording-data" not in page.content
    assert refused.status_code == 403
    assert "recording.viewed" not in kinds(prepared)


def test_with_a_reason_it_plays_and_the_reason_is_in_the_history(prepared: Station) -> None:
    mirza = signed_in(prepared.mirza)

    mirza.post(page_of(prepared, "/why"), why())
    answer = mirza.get(media_of(prepared))

    assert answer.status_code == 200
    told = history_of(prepared.recording.handle)[-1]
    assert told.kind == "recording.viewed"
    assert told.fields["because"] == "To review what happened: 01MP/44/26"


def test_something_else_is_no_reason_without_words(prepared: Station) -> None:
    mirza = signed_in(prepared.mirza)

    answer = mirza.post(page_of(prepared, "/why"), {"purpose": "Something else", "words": " "})

    assert answer.status_code == 400
    assert b"Say what it is." in answer.content
    assert mirza.get(media_of(prepared)).status_code == 403


def test_a_reason_lasts_an_hour_and_no_longer(
    prepared: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirza = signed_in(prepared.mirza)
    mirza.post(page_of(prepared, "/why"), why())
    session = mirza.session
    session["watching"] = {prepared.recording.handle: force.NOON.timestamp()}
    session.save()

    assert mirza.get(media_of(prepared)).status_code == 403


def test_an_auditor_reads_the_history_but_gets_no_picture(prepared: Station) -> None:
    lindqvist = signed_in(prepared.lindqvist)

    page = lindqvist.get(page_of(prepared))

    assert b"Your role does not play footage" in page.content
    assert b"Custody history" in page.content
    assert lindqvist.get(media_of(prepared)).status_code == 403
    assert lindqvist.get(page_of(prepared, "/files/1/thumbnail")).status_code == 403
    assert lindqvist.post(page_of(prepared, "/why"), why()).status_code == 403
    assert "recording.viewed" not in kinds(prepared)


def test_who_looked_without_playing_is_recorded_once(prepared: Station) -> None:
    lindqvist = signed_in(prepared.lindqvist)

    lindqvist.get(page_of(prepared))
    lindqvist.get(page_of(prepared))

    assert kinds(prepared).count("recording.opened_page") == 1


def test_the_player_is_told_where_everything_is(prepared: Station) -> None:
    page = signed_in(prepared.okafor).get(page_of(prepared)).content.decode()

    opening = '<script id="recording-data" type="application/json">'
    found = page.split(opening)[1].split("</script>")[0]
    told = json.loads(found)

    assert [part["src"] for part in told["parts"]] == [media_of(prepared)]
    assert told["parts"][0]["type"] == "video/mp4"
    assert told["parts"][0]["start"] == 0
    assert told["frame_rate"] == pytest.approx(25, abs=0.5)
    assert told["clock_offset_seconds"] is None
    # A zone that is none stops the player's clock.
    assert told["time_zone"] == "Europe/London"
    assert told["filmstrips"][0]["count"] > 1
    assert len(told["waveforms"][0]["peaks"]) > 10
    assert told["urls"]["bookmark"] == page_of(prepared, "/bookmarks")


def test_a_category_a_note_and_a_bookmark_are_kept_and_recorded(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    okafor.post(page_of(prepared, "/category"), {"category": "arrest"})
    okafor.post(page_of(prepared, "/notes"), {"text": "First account at the door."})
    marked = okafor.post(page_of(prepared, "/bookmarks"), {"at": "1.500", "label": "the door"})
    page = okafor.get(page_of(prepared)).content.decode()

    assert marked.status_code == 201
    assert marked.json() == {"at": 1.5, "label": "the door", "by": "Okafor"}
    assert "The category is now: Arrest." in page
    assert "First account at the door." in page
    events = ["recording.classified", "recording.noted", "recording.bookmarked"]
    assert [kind for kind in kinds(prepared) if kind in events] == events


def test_a_bookmark_outside_the_recording_is_refused_and_changes_nothing(station: Station) -> None:
    okafor = signed_in(station.okafor)

    for at in ("1:61:00", "-3", "nan", "1e400", "soon", ""):
        answer = okafor.post(page_of(station, "/bookmarks"), {"at": at})
        assert answer.status_code == 400, at
        assert b"Nothing was changed" in answer.content

    assert "recording.bookmarked" not in kinds(station)


def test_a_check_says_what_it_proved_and_enters_it(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    page = okafor.post(page_of(prepared, "/check"), follow=True).content.decode()

    assert "Proven just now" in page
    assert "bit for bit" in page
    assert kinds(prepared)[-2:] == ["recording.checked", "recording.viewed"]


def test_the_original_is_handed_out_whole_with_the_reason_recorded(prepared: Station) -> None:
    mirza = signed_in(prepared.mirza)
    download = page_of(prepared, "/files/1/download")

    refused = mirza.post(download, {"because": "  "})
    answer = mirza.post(download, {"because": "for the defence expert"})

    assert refused.status_code == 403
    assert b"".join(answer.streaming_content) == prepared.film
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    told = history_of(prepared.recording.handle)[-1]
    assert (told.kind, told.fields["because"]) == ("recording.fetched", "for the defence expert")


def test_an_officer_may_not_take_the_original_away(prepared: Station) -> None:
    okafor = signed_in(prepared.okafor)

    answer = okafor.post(page_of(prepared, "/files/1/download"), {"because": "mine"})

    assert answer.status_code == 403
    assert "recording.fetched" not in kinds(prepared)
    assert history_of(prepared.okafor.handle)[-1].kind == "access.denied"


def test_plain_film_plays_before_anybody_has_looked_at_it(station: Station) -> None:
    page = signed_in(station.okafor).get(page_of(station)).content.decode()

    assert station.original.described is None
    assert "<custodes-player" in page


def test_what_is_still_being_prepared_says_so(station: Station) -> None:
    # of a file without committed packets nothing is known until the sandbox has looked
    type(station.original).objects.update(commitment="")
    page = signed_in(station.okafor).get(page_of(station)).content.decode()

    assert "Being prepared for viewing" in page
    assert "Still arriving" in page


def test_a_note_is_shown_as_text_and_never_as_markup(station: Station) -> None:
    okafor = signed_in(station.okafor)

    okafor.post(page_of(station, "/notes"), {"text": "<script>alert(1)</script>"})
    page = okafor.get(page_of(station)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
