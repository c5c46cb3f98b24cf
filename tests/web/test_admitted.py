"""Film goes on playing without the same questions, until anything at all has changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.conftest import Station, signed_in
from tests.world.wsgi import Answer, ask

from custodes.recordings.models import Recording
from custodes.web import admitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nobody_is_admitted_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(admitted, "_SECONDS", 60.0)  # however busy the machine is
    admitted._admissions.clear()
    yield
    admitted._admissions.clear()


@pytest.fixture
def url(station: Station) -> str:
    return f"/recordings/{station.recording.handle}/files/1/media"


def stretch(client: Client, url: str, start: int) -> tuple[Answer, int]:
    """Ask for ten bytes; return the answer and how many questions the database was asked."""
    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, url, range=f"bytes={start}-{start + 9}")
    return answer, len(asked)


def playing(station: Station, url: str) -> Client:
    """Return a browser that was let in: the first answer wrote an entry, so ask twice."""
    okafor = signed_in(station.okafor)
    for start in (0, 10):
        assert stretch(okafor, url, start)[0].status == 206
    return okafor


def test_the_next_stretch_is_the_same_answer_without_the_questions(
    station: Station, url: str
) -> None:
    okafor = playing(station, url)
    admitted._admissions.clear()

    long, questions = stretch(okafor, url, 100)
    quick, questions_now = stretch(okafor, url, 200)

    assert questions > 3
    assert questions_now <= 1  # PostgreSQL is asked for its mark
    assert quick.body == station.film[200:210]
    assert (quick.status, quick.but("Content-Range")) == (long.status, long.but("Content-Range"))
    assert quick.headers["Content-Range"] == f"bytes 200-209/{len(station.film)}"


def test_everything_is_asked_again_once_anything_was_committed(station: Station, url: str) -> None:
    okafor = playing(station, url)
    Recording.objects.filter(pk=station.recording.pk).update(mount="head")

    _, questions = stretch(okafor, url, 100)

    assert questions > 3


def test_everything_is_asked_again_when_the_time_is_over(
    station: Station, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitted, "_SECONDS", 0.0)
    okafor = playing(station, url)

    _, questions = stretch(okafor, url, 100)

    assert questions > 3


def test_being_admitted_is_worth_nothing_to_anybody_else(station: Station, url: str) -> None:
    playing(station, url)
    stranger = Client()

    assert stretch(stranger, url, 0)[0].status == 302


def test_being_admitted_to_one_film_opens_no_other(station: Station, url: str) -> None:
    okafor = playing(station, url)

    assert stretch(okafor, url.replace("/files/1/", "/files/2/"), 0)[0].status == 404


def test_film_that_is_gone_from_the_store_is_refused_in_words(station: Station, url: str) -> None:
    okafor = playing(station, url)
    [sealed] = (django_settings.CUSTODES.home / "vault").rglob(f"{station.original.handle}*")
    sealed.unlink()

    answer = stretch(okafor, url, 0)[0]

    assert answer.status == 404
    assert b"Not found" in answer.body
