"""The page about the API does what it says, block by block."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.conftest import DAY, Matter, Program

from custodes.disclosure.models import Package, Share
from custodes.site.wsgi import application

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-the-api.md"


def test_the_blocks_of_the_page_run_from_top_to_bottom(
    matter: Matter,
    officer: Program,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Client(httpx.Client):
        """A client that asks our application without a network."""

        def __init__(self, **given: Any) -> None:
            super().__init__(transport=httpx.WSGITransport(application), **given)

    monkeypatch.setattr(httpx, "Client", Client)
    monkeypatch.setenv("CUSTODES_URL", "http://custodes.example")
    monkeypatch.setenv("CUSTODES_TOKEN", officer.secret)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    known: dict[str, Any] = {"UNTIL": DAY}

    for block in blocks:
        exec(block, known)

    assert len(blocks) == 8
    assert known["share"]["link"].endswith(known["share"]["link"].rpartition("/")[2])
    assert known["problem"]["detail"] == "This URN is used already."
    assert str(matter.case) in [each["urn"] for each in known["cases"]]
    assert Share.objects.get().handle == known["share"]["id"]
    assert Package.objects.get().size == sum(map(len, known["parts"]))
    assert "ready Each of it is an exhibit" in capsys.readouterr().out
