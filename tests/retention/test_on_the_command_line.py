"""What the commands about keeping say to whoever reads them, with a number that may be one."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.utils.timezone import localdate
from tests.world.keeping import DAY, DUE, delivered

from custodes.cli.hold import place
from custodes.cli.retention import explain
from custodes.retention.rules.periods import in_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]


def test_one_recording_is_explained_and_held_in_words_a_person_reads() -> None:
    one = delivered("r1").handle
    held = [one, "--kind", "other", "--because", "a claim", "--review-on", f"{localdate() + DAY}"]

    why = CliRunner().invoke(explain, [one]).stdout
    would = CliRunner().invoke(place, [*held, "--only-count"]).stdout
    does = CliRunner().invoke(place, held).stdout

    assert f"Looked at again on {in_words(DUE)}, 12:01 GMT." in why
    assert would == "Recordings it would keep today: 1. Nothing was placed.\n"
    assert does.startswith("Recordings held: 1. The hold is ")
