"""PIP-12. Whoever watches is told once a session that a camera is not an eye."""

from __future__ import annotations

import pytest
from tests.web.conftest import Station, signed_in

pytestmark = pytest.mark.django_db
FILM_IS_LOOKED_AT = True
BEWARE = "A camera is not an eye"


def test_it_is_said_at_the_first_film_of_a_session_and_not_again(prepared: Station) -> None:
    browser = signed_in(prepared.okafor)
    page = f"/recordings/{prepared.recording.handle}"

    first, second = (browser.get(page).content.decode() for _ in range(2))

    assert BEWARE in first
    assert "pictures a second" in first
    assert BEWARE not in second
    assert BEWARE in signed_in(prepared.okafor).get(page).content.decode()


def test_who_only_reads_about_a_recording_is_not_told(prepared: Station) -> None:
    page = f"/recordings/{prepared.recording.handle}"

    assert BEWARE not in signed_in(prepared.lindqvist).get(page).content.decode()
