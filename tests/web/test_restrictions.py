"""A request to erase footage is entered, answered by a letter, and lifted in the right order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate, localtime
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.kernel.clock import now
from custodes.people.rules import Role
from custodes.retention.models import Restriction

pytestmark = pytest.mark.django_db


def test_a_request_from_entering_to_lifting(station: Station, settings: Any) -> None:
    ours = {"force_name": "Midshire Police"}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=ours)
    browser = signed_in(force.person("Singh", Role.INFORMATION_RIGHTS))
    film = f"/recordings/{station.recording.handle}"
    form = {
        "subject": "John Doe", "ground": "erase", "asked_on": f"{localdate()}",
        "reference": "IR/7", "because": "It shows me at home.",
        "recordings": f"http://localhost{film}",
    }  # fmt: skip
    wrong = browser.post("/keeping/restricted/enter", form | {"recordings": "x" * 22})
    assert wrong.status_code == 400
    assert "There is no recording" in wrong.content.decode()

    page = browser.post("/keeping/restricted/enter", form, follow=True).content.decode()
    assert "1 recording restricted. Nothing was deleted." in page
    assert signed_in(station.okafor).get(film).status_code == 404
    assert "IR/7, John Doe" in browser.get("/keeping/restricted").content.decode()
    one = f"/keeping/restricted/{Restriction.objects.get().handle}"

    letter = browser.post(f"{one}/letter").content.decode()
    assert "From Midshire Police" in letter
    assert "To John Doe" in letter
    assert "You may complain to the Information Commissioner" in letter
    until = f"{localtime(now() + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    use = {"act": "use", "person": "4711", "because": "claim 7", "until": until}
    assert browser.post(one, use).status_code == 302
    assert signed_in(station.okafor).get(film).status_code == 200

    early = browser.post(one, {"act": "lift", "because": "withdrawn"})
    assert "told before the restriction is lifted" in early.content.decode()
    assert signed_in(station.stranger).get(film).status_code == 404
    told = {"act": "told", "on": f"{localdate()}", "how": "by letter"}
    assert browser.post(one, told).status_code == 302
    assert browser.post(one, {"act": "lift", "because": "withdrawn"}).status_code == 302
    assert signed_in(station.mirza).get(film).status_code == 200


@pytest.mark.parametrize("who", ["okafor", "harding", "mirza", "lindqvist", "byrne"])
def test_nobody_else_opens_requests(station: Station, who: str) -> None:
    browser = signed_in(getattr(station, who))

    refused = browser.get("/keeping/restricted")
    assert refused.status_code == 403
    assert "These roles open it: Information rights, Records manager." in refused.content.decode()
    assert browser.get("/keeping/restricted/enter").status_code == 403
