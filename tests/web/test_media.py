"""Film goes out by range, with the right type, and never for longer than one answer may take."""

from __future__ import annotations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import Station, signed_in

from custodes.kernel.ranges import Unsatisfiable, stretch_for

SIZE, CAP = 1000, 100


@pytest.mark.parametrize(
    ("asked", "start", "end", "partial"),
    [
        (None, 0, 1000, False),
        ("bytes=0-", 0, 100, True),
        ("bytes=950-", 950, 1000, True),
        ("bytes=0-0", 0, 1, True),
        ("bytes=10-499", 10, 500, True),
        ("bytes=10-5000", 10, 1000, True),
        ("bytes=-5", 995, 1000, True),
        ("bytes=-5000", 0, 1000, True),
        ("bytes=-", 0, 1000, False),
        ("bytes=5-2", 0, 1000, False),
        ("bytes=0-1,5-9", 0, 1000, False),
        ("lines=1-2", 0, 1000, False),
        ("bytes=٣-", 0, 1000, False),
    ],
)
def test_a_range_is_read_as_the_standard_says(
    asked: str | None, start: int, end: int, partial: bool
) -> None:
    stretch = stretch_for(asked, SIZE, at_most=CAP)

    assert (stretch.start, stretch.end, stretch.partial) == (start, end, partial)


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_range_past_the_end_is_refused(asked: str) -> None:
    with pytest.raises(Unsatisfiable):
        stretch_for(asked, SIZE, at_most=CAP)


@given(st.text(max_size=40).map(lambda text: f"bytes={text}"), st.integers(0, 10**12))
def test_no_range_ever_leaves_the_file(asked: str, size: int) -> None:
    try:
        stretch = stretch_for(asked, size, at_most=CAP)
    except Unsatisfiable:
        return
    assert 0 <= stretch.start <= stretch.end <= size


@pytest.fixture
def url(prepared: Station) -> str:
    return f"/recordings/{prepared.recording.handle}/files/1/media"


pytestmark = pytest.mark.django_db
FILM_IS_LOOKED_AT = True


def test_part_of_a_film_is_that_part(prepared: Station, url: str) -> None:
    answer = signed_in(prepared.okafor).get(url, headers={"range": "bytes=100-199"})

    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes 100-199/{len(prepared.film)}"
    assert answer["Content-Length"] == "100"
    assert b"".join(answer.streaming_content) == prepared.film[100:200]


def test_film_is_named_what_it_is_and_can_do_nothing_else(prepared: Station, url: str) -> None:
    answer = signed_in(prepared.okafor).get(url)

    assert answer["Content-Type"] == "video/mp4"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline;")
    assert answer["Cache-Control"] == "no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Accept-Ranges"] == "bytes"


def test_a_head_request_says_the_size_and_sends_nothing(prepared: Station, url: str) -> None:
    answer = signed_in(prepared.okafor).head(url)

    assert answer["Content-Length"] == str(len(prepared.film))
    assert answer.content == b""


def test_if_range_with_another_tag_gets_the_whole_film(prepared: Station, url: str) -> None:
    okafor = signed_in(prepared.okafor)
    tag = okafor.head(url)["ETag"]

    same = okafor.get(url, headers={"range": "bytes=0-9", "if-range": tag})
    other = okafor.get(url, headers={"range": "bytes=0-9", "if-range": '"another"'})

    assert same.status_code == 206
    assert other.status_code == 200
    assert b"".join(other.streaming_content) == prepared.film


def test_a_range_past_the_end_is_answered_416(prepared: Station, url: str) -> None:
    answer = signed_in(prepared.okafor).get(url, headers={"range": "bytes=99999999-"})

    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(prepared.film)}"


def test_a_flipped_bit_in_the_store_is_never_sent(prepared: Station, url: str) -> None:
    [sealed] = (settings.CUSTODES.home / "vault").rglob(f"{prepared.original.handle}*")
    sealed.chmod(0o600)
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.write_bytes(data)

    okafor = signed_in(prepared.okafor)
    page = okafor.post(url.replace("/files/1/media", "/check"), follow=True).content.decode()
    assert "Not as it was sealed" in page
