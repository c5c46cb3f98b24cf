"""No test sees what another one changed in a world that stands for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.world import force
from tests.world.standing import Standing, standing

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.people.models import Person
from custodes.recordings.models import Original


@pytest.fixture(scope="class")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing[Original]]:
    def make() -> Original:
        return force.original(force.recording(force.camera("X100")), b"footage")

    with standing(django_db_blocker, tmp_path_factory.mktemp("world"), make) as world:
        yield world


class TestThoseThatShareIt:
    @pytest.mark.django_db
    @pytest.mark.parametrize("number", [1, 2])
    def test_rows_files_and_fields_are_found_as_they_were_made(
        self, made: Standing[Original], settings: Any, tmp_path: Path, number: int
    ) -> None:
        original = made.found_in(tmp_path / "home", settings)
        key = strongroom.ring().unwrap(original.key)
        path = (
            tmp_path / "home" / "vault" / "sealed" / original.handle[:2] / f"{original.handle}.floe"
        )

        with strongroom.vault().open(original.handle, "original", key) as sealed:
            assert sealed.read_at(0, sealed.size) == b"footage"
        assert original.name == "a.bin"
        assert not Person.objects.exists()
        assert Entry.objects.count() == 3, "a camera, a recording, an original"

        path.unlink()
        original.name = "changed"
        original.save()
        force.person("Somebody Else")


def test_nothing_of_it_is_left_for_those_that_do_not(db: None) -> None:
    assert not Original.objects.exists()
    assert not Entry.objects.exists()
