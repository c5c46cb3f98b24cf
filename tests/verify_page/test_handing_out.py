"""The page as it is handed out: by the command and by the site, the same bytes, to anybody."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from tests.verify_page.page import built

from custodes.cli.main import main


def test_the_command_writes_the_page_once_and_says_its_fingerprint(tmp_path: Path) -> None:
    page, out = built().read_bytes(), tmp_path / "page.html"

    first = CliRunner().invoke(main, ["verifier", "--out", str(out), "--json"])
    again = CliRunner().invoke(main, ["verifier", "--out", str(out)])

    assert first.exit_code == 0
    digest = hashlib.sha256(page).hexdigest()
    assert json.loads(first.output) == {"sha256": digest, "file": str(out)}
    assert out.read_bytes() == page
    assert again.exit_code == 1
    assert "is there already" in again.output


@pytest.mark.django_db
def test_a_stranger_may_have_it_from_the_site() -> None:
    page = built().read_bytes()
    client = Client()

    about = client.get("/check")
    answer = client.get("/check/verify.html")

    assert hashlib.sha256(page).hexdigest() in about.content.decode()
    assert answer.content == page
    assert answer["Content-Disposition"] == 'attachment; filename="verify.html"'


def test_the_page_names_no_address_but_those_of_its_licences() -> None:
    script = built().read_text().partition("<script>")[2].partition("</script>")[0]

    allowed = ("http://www.w3.org/", "https://www.w3.org/")
    found = [part for part in script.split('"') if part.startswith(("http:", "https:"))]
    assert [each for each in found if not each.startswith(allowed)] == []
